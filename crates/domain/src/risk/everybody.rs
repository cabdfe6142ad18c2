//! What is usual among everybody: sign-ins counted by what they showed, transactions by amount and category.

use std::collections::{BTreeMap, HashMap};

use super::likelihood::{Crowd, Features, Population};

/// Steps of the histogram of amounts in one doubling; its median is right to some three per cent.
const STEPS: f64 = 24.0;

/// Everybody's past, counted in memory.
#[derive(Clone, Debug, Default)]
pub struct Everybody {
    sign_ins: Population,
    amounts: BTreeMap<i64, u64>,
    transactions: u64,
    categories: HashMap<String, u64>,
}

impl Everybody {
    /// One more sign-in that was learnt from; `first` when it is its person's first.
    pub fn signed_in(&mut self, features: &Features, first: bool) {
        self.sign_ins.add(features, first);
    }

    /// One more transaction that took effect.
    pub fn transacted(&mut self, cents: Option<i64>, category: Option<&str>) {
        self.transactions += 1;
        if let Some(cents) = cents.filter(|cents| *cents > 0) {
            let step = libm::floor(libm::log2(cents as f64) * STEPS) as i64;
            *self.amounts.entry(step).or_default() += 1;
        }
        if let Some(category) = category {
            *self.categories.entry(category.to_owned()).or_default() += 1;
        }
    }

    /// How common these are.
    #[must_use]
    pub fn crowd(&self, features: &Features) -> Crowd {
        self.sign_ins.crowd(features)
    }

    /// What transactions usually come to: the median, in cents.
    #[must_use]
    pub fn median_cents(&self) -> Option<i64> {
        let half = self.amounts.values().sum::<u64>().div_ceil(2);
        let mut below = 0;
        let found = self.amounts.iter().find(|(_, count)| {
            below += **count;
            below >= half
        });
        found.map(|(step, _)| libm::round(libm::exp2((*step as f64 + 0.5) / STEPS)) as i64)
    }

    /// How many thousandths of the transactions are of a category.
    #[must_use]
    pub fn share_of(&self, category: &str) -> Option<i64> {
        let times = self.categories.get(category).copied().unwrap_or(0);
        let thousandths = (times * 1_000).checked_div(self.transactions)?;
        i64::try_from(thousandths).ok()
    }

    /// Transactions counted.
    #[must_use]
    pub fn transactions(&self) -> u64 {
        self.transactions
    }
}
