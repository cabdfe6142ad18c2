//! What postings did to customers' accounts, in the order of posting, for whoever keeps histories and values.
//!
//! The ids of postings begin with the time (RFC 9562 §5.7), so a stretch of time is a stretch of ids. On PostgreSQL a
//! posting may commit a little after a later one; whoever follows the ledger therefore stays a little behind the present.

use jiff::Timestamp;
use stockade_domain::{
    asset::Asset,
    ids::{AccountId, PostingId},
    ledger::House,
    symbol::Symbol,
};
use stockade_platform::db::{DbResult, Queryable};
use uuid::Uuid;

use super::store::{self, AccountLine};

/// Lines read at once: what they come to is written in one unit of bulk work.
const STRETCH: i64 = 600;

/// What one posting did to one account. Holding and releasing change nothing here: held or not, it is the customer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Whose.
    pub account: AccountId,
    /// The posting.
    pub posting: PostingId,
    /// What it records, as the ledger says it.
    pub kind: String,
    /// The order, transfer or corporate action that caused it.
    pub cause: Uuid,
    /// Change of cash, in minor units, fees included.
    pub cash: i64,
    /// What of it was a fee, in minor units.
    pub fee: i64,
    /// What of it came from outside, in minor units; negative what went there.
    pub flow: i64,
    /// Change of shares, in 10⁻⁹.
    pub shares: Option<(Symbol, i64)>,
}

impl Effect {
    /// When it was posted, to the millisecond.
    pub fn at(&self) -> Timestamp {
        time_of(self.posting)
    }
}

/// A stretch of the ledger.
pub struct Effects {
    /// In the order of their postings.
    pub items: Vec<Effect>,
    /// The last posting looked at, when there may be more after it.
    pub next: Option<PostingId>,
}

/// No posting made at `at` or later has a smaller id, none made earlier a larger one.
pub fn first_posting_at(at: Timestamp) -> PostingId {
    let millis = u128::try_from(at.as_millisecond()).unwrap_or(0);
    PostingId::from_uuid(Uuid::from_u128(millis << 80))
}

/// When a posting was made, to the millisecond.
pub fn time_of(posting: PostingId) -> Timestamp {
    let millis = u128::from_be_bytes(posting.as_uuid().into_bytes()) >> 80;
    i64::try_from(millis)
        .ok()
        .and_then(|millis| Timestamp::from_millisecond(millis).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What the postings after `after` and before `before` did, a bounded stretch at a time.
pub async fn effects(on: &mut impl Queryable, after: PostingId, before: PostingId) -> DbResult<Effects> {
    let mut lines = store::lines_between(on, after, before, STRETCH).await?;
    let is_full = lines.len() as i64 == STRETCH;
    if is_full {
        // The last posting may go on in the next stretch. None is nearly as long as a stretch.
        let last = lines.last().map(|line| line.posting);
        lines.retain(|line| Some(line.posting) != last);
    }
    let next = lines.last().map(|line| line.posting).filter(|_| is_full);
    let mut items = Vec::new();
    for posting in lines.chunk_by(|one, other| one.posting == other.posting) {
        items.extend(of_posting(posting));
    }
    Ok(Effects { items, next })
}

fn of_posting(lines: &[AccountLine]) -> Vec<Effect> {
    let house = |house: House| {
        let lines = lines.iter();
        lines.filter(move |line| line.account.is_nil() && line.side == house.as_str())
    };
    let is_outside = house(House::External).next().is_some();
    let fee: i64 = house(House::Fees).map(|line| line.amount).sum();
    let mut effects: Vec<Effect> = Vec::with_capacity(1);
    for line in lines.iter().filter(|line| !line.account.is_nil()) {
        let account = AccountId::from_uuid(line.account);
        let at = match effects.iter().position(|effect| effect.account == account) {
            Some(at) => at,
            None => {
                effects.push(Effect {
                    account,
                    posting: line.posting,
                    kind: line.kind.clone(),
                    cause: line.cause,
                    cash: 0,
                    fee,
                    flow: 0,
                    shares: None,
                });
                effects.len() - 1
            }
        };
        let effect = &mut effects[at];
        match line.asset {
            Asset::Cash(_) => effect.cash += line.amount,
            Asset::Security(symbol) => {
                let before = effect.shares.map_or(0, |(_, shares)| shares);
                effect.shares = Some((symbol, before + line.amount));
            }
        }
    }
    for effect in &mut effects {
        effect.flow = if is_outside { effect.cash } else { 0 };
        effect.shares = effect.shares.filter(|(_, shares)| *shares != 0);
    }
    effects.retain(|effect| effect.cash != 0 || effect.shares.is_some());
    effects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_instants_agree() {
        let at: Timestamp = "2026-06-01T12:00:00.123Z".parse().unwrap();
        let made = PostingId::from_uuid(stockade_platform::random::uuid_v7(at));
        assert_eq!(time_of(made), at);
        assert!(first_posting_at(at) < made);
        let later = at + jiff::SignedDuration::from_millis(1);
        assert!(made < first_posting_at(later));
    }
}
