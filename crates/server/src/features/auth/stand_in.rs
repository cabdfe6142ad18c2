//! What a password is compared with when nobody has the typed address, so that this takes as long as it would for somebody.
//!
//! Hashes of several kinds and costs may be stored at once: after the setting was changed, or after an import. A hash of
//! one kind for every unknown address would then tell it from a known one by time. So an address that nobody has behaves
//! like one that somebody has: a keyed tag of it picks one of the kinds that are stored, each as often as it is stored,
//! and picks it again the next time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use stockade_platform::{
    db::{DbResult, Reader},
    vault::MacKey,
};

use super::{password_hash, store::users};
use crate::{app::App, config::HashWork, http::error::ApiResult};

/// How old the count may be. Kinds become fewer as their owners sign in, which no single count reveals.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The stand-ins, and what picks among them.
pub(super) struct StandIns {
    key: MacKey,
    /// What is made now, for when nobody has a password.
    made: HashWork,
    counted: Mutex<Option<(Timestamp, Arc<Mix>)>>,
    /// Held by the request that counts anew; one that is given up lets go of it.
    counting: tokio::sync::Mutex<()>,
}

impl StandIns {
    pub(super) fn new(key: MacKey, made: HashWork) -> Self {
        Self {
            key,
            made,
            counted: Mutex::default(),
            counting: tokio::sync::Mutex::default(),
        }
    }

    /// What stands in for the hash of this address. Call it whether somebody has the address or not: it may have to
    /// count first.
    pub(super) async fn pick(&self, app: &App, address: &str) -> ApiResult<Arc<str>> {
        let mix = self.mix(app).await?;
        let tag = self.key.tag(address.trim().to_lowercase().as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&tag[..8]);
        Ok(mix.pick(u64::from_be_bytes(first)))
    }

    /// The newest count. One request of many counts anew, the others go on with what was counted before.
    async fn mix(&self, app: &App) -> ApiResult<Arc<Mix>> {
        let now = app.clock.now();
        let turn = self.counting.try_lock();
        let known = self
            .counted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((at, mix)) = known
            && (turn.is_err() || now.duration_since(at) < FRESH_FOR)
        {
            return Ok(mix);
        }
        let counted: DbResult<_> = app
            .read(async |reader: &mut Reader| users::kinds_of_hashes(reader).await)
            .await;
        let mix = Arc::new(Mix::of(self.made, counted?));
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&mix)));
        Ok(mix)
    }
}

/// Stand-ins in an order, each with how many hashes are of its kind or of one before.
struct Mix(Vec<(u64, Arc<str>)>);

impl Mix {
    /// Out of how many hashes are stored of each kind. The kind that is made now comes last: as hashes are upgraded, a
    /// stand-in changes only as a real one does, to that kind.
    fn of(made: HashWork, counts: Vec<(String, u64)>) -> Self {
        let ours = password_hash::work_of(made);
        let mut others: BTreeMap<String, u64> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        let current = others.remove(&ours);
        let current = current.or(others.is_empty().then_some(1));
        let mut upto = 0;
        let kinds = others.into_iter().chain(current.map(|count| (ours, count)));
        Self(
            kinds
                .map(|(work, count)| {
                    upto += count;
                    (upto, password_hash::like(&work).into())
                })
                .collect(),
        )
    }

    fn pick(&self, tag: u64) -> Arc<str> {
        let all = self.0.last().map_or(0, |(upto, _)| *upto);
        // Below `all`, since the tag is below 2^64.
        let place = ((u128::from(tag) * u128::from(all)) >> 64) as u64;
        let at = self.0.partition_point(|(upto, _)| *upto <= place);
        Arc::clone(&self.0[at.min(self.0.len() - 1)].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARGON2: HashWork = HashWork::Argon2id {
        memory_kib: 19_456,
        passes: 2,
    };
    const PLAIN: &str = "$2b$10$";

    fn picks(mix: &Mix, start: &str) -> usize {
        let tags = (0..1_000u64).map(|step| step * (u64::MAX / 1_000));
        tags.filter(|tag| mix.pick(*tag).starts_with(start)).count()
    }

    #[test]
    fn each_kind_is_picked_as_often_as_it_is_stored() {
        let ours = password_hash::work_of(ARGON2);
        let mix = Mix::of(ARGON2, vec![(ours.clone(), 750), (PLAIN.into(), 250)]);
        assert!((240..=260).contains(&picks(&mix, PLAIN)));
        assert!((740..=760).contains(&picks(&mix, &ours)));
        assert_eq!(mix.pick(7), mix.pick(7));
    }

    #[test]
    fn what_is_stored_alone_stands_in_alone() {
        let only = Mix::of(ARGON2, vec![(PLAIN.into(), 3)]);
        assert_eq!(picks(&only, PLAIN), 1_000);
        let none = Mix::of(HashWork::Bcrypt { cost: 12 }, Vec::new());
        assert_eq!(picks(&none, "$bcrypt-sha256$"), 1_000);
    }

    #[test]
    fn an_upgrade_moves_a_stand_in_only_to_what_is_made_now() {
        let ours = password_hash::work_of(ARGON2);
        let mix = |old| Mix::of(ARGON2, vec![(ours.clone(), 1_000 - old), (PLAIN.into(), old)]);
        let (before, after) = (mix(400), mix(100));
        for step in 0..1_000u64 {
            let tag = step * (u64::MAX / 1_000);
            let (was, is) = (before.pick(tag), after.pick(tag));
            assert!(
                is.starts_with(&ours) || was.starts_with(PLAIN),
                "{was} became {is}"
            );
        }
    }
}
