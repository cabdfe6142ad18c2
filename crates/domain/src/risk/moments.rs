//! Times in a profile, written down as whole microseconds: a profile is opened and stored with every order, and most of it are
//! times, which as text would be twice as long and take several times as long to read.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

pub(super) fn serialize<S, T>(moments: &[(Timestamp, T)], serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    serializer.collect_seq(moments.iter().map(|(at, what)| (at.as_microsecond(), what)))
}

pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<Vec<(Timestamp, T)>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let stored: Vec<(i64, T)> = Deserialize::deserialize(deserializer)?;
    let moment = |(at, what)| Ok((Timestamp::from_microsecond(at).map_err(D::Error::custom)?, what));
    stored.into_iter().map(moment).collect()
}
