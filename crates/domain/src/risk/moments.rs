//! Times in a profile, with what happened then. A profile is opened and stored with every order, and most of it are times: so
//! they are written down as whole microseconds, each but the first as what passed since the one before it.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeStruct as _};

#[derive(Deserialize)]
struct Stored<T> {
    at: Vec<i64>,
    what: Vec<T>,
}

pub(super) fn serialize<S, T>(moments: &[(Timestamp, T)], serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    let mut before = 0;
    let since = |(at, _): &(Timestamp, T)| {
        let at = at.as_microsecond();
        at - std::mem::replace(&mut before, at)
    };
    let at: Vec<i64> = moments.iter().map(since).collect();
    let what: Vec<&T> = moments.iter().map(|(_, what)| what).collect();
    let mut stored = serializer.serialize_struct("Stored", 2)?;
    stored.serialize_field("at", &at)?;
    stored.serialize_field("what", &what)?;
    stored.end()
}

pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<Vec<(Timestamp, T)>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let Stored { at, what } = Stored::deserialize(deserializer)?;
    if at.len() != what.len() {
        return Err(D::Error::custom("as many times as things that happened then"));
    }
    let mut before: i64 = 0;
    let moment = |(since, what)| {
        before = before
            .checked_add(since)
            .ok_or_else(|| D::Error::custom("a time beyond all times"))?;
        Ok((
            Timestamp::from_microsecond(before).map_err(D::Error::custom)?,
            what,
        ))
    };
    at.into_iter().zip(what).map(moment).collect()
}
