//! Securities that are not traded right now, because a corporate action changes what a share of them is.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use jiff::Timestamp;
use stockade_domain::symbol::Symbol;

/// From when on each of them stands still. Set anew as a whole.
#[derive(Default)]
pub struct Halts(RwLock<HashMap<Symbol, Timestamp>>);

impl Halts {
    /// Puts these in the place of all that were there; of several in one security the first counts.
    pub fn set(&self, halts: impl IntoIterator<Item = (Symbol, Timestamp)>) {
        let mut set: HashMap<Symbol, Timestamp> = HashMap::new();
        for (symbol, from) in halts {
            let first = set.entry(symbol).or_insert(from);
            *first = from.min(*first);
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set;
    }

    /// Whether a security stands still.
    pub fn stands_still(&self, symbol: Symbol, now: Timestamp) -> bool {
        let halts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        halts.get(&symbol).is_some_and(|from| *from <= now)
    }
}
