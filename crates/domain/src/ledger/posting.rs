//! Postings: sets of lines that balance. What happens to money is said by their constructors.

use super::account::{Bucket, House, LedgerAccount};
use crate::asset::{Asset, AssetAmount};
use crate::ids::AccountId;
use crate::money::Money;
use crate::refusal::{Refusal, RefusalClass};
use crate::text::words;

words! {
    /// What a posting records.
    PostingKind, "kind" {
        /// Cash came in from outside.
        Deposit = "deposit",
        /// Cash went out.
        Withdrawal = "withdrawal",
        /// Cash or shares were reserved.
        Hold = "hold",
        /// Reserved cash or shares became free again.
        Release = "release",
        /// Cash and shares changed hands.
        Trade = "trade",
        /// A company paid its shareholders.
        Dividend = "dividend",
        /// Shares became more or fewer, all in the same ratio.
        Split = "split",
        /// A fraction of a share was paid out.
        CashInLieu = "cash_in_lieu",
    }
}

/// One side of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// Whose side.
    pub account: LedgerAccount,
    /// Of what.
    pub asset: Asset,
    /// Minor units of cash or 10⁻⁹ shares; positive into the account, negative out of it.
    pub amount: i64,
}

/// What a posting changes in one customer's balance of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The customer's account.
    pub account: AccountId,
    /// Of what.
    pub asset: Asset,
    /// Change of what is available, in the asset's unit.
    pub available: i64,
    /// Change of what is held, in the asset's unit.
    pub held: i64,
}

/// A balanced set of lines: not empty, no line of zero, each asset sums to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    kind: PostingKind,
    lines: Vec<Line>,
    movements: Vec<Movement>,
}

impl Posting {
    /// Builds a posting if its lines balance.
    ///
    /// # Errors
    /// See [`PostingError`].
    pub fn new(kind: PostingKind, lines: Vec<Line>) -> Result<Self, PostingError> {
        if lines.is_empty() {
            return Err(PostingError::Empty);
        }
        if lines.iter().any(|line| line.amount == 0) {
            return Err(PostingError::ZeroLine);
        }
        check_sums(&lines)?;
        let movements = movements(&lines)?;
        Ok(Self {
            kind,
            lines,
            movements,
        })
    }

    /// Cash from outside becomes available.
    ///
    /// # Errors
    /// When the amount is not positive.
    pub fn deposit(account: AccountId, amount: Money) -> Result<Self, PostingError> {
        let from = LedgerAccount::House(House::External);
        Self::transfer(
            PostingKind::Deposit,
            from,
            LedgerAccount::available(account),
            amount.into(),
        )
    }

    /// Held cash leaves for a bank.
    ///
    /// # Errors
    /// When the amount is not positive.
    pub fn withdrawal(account: AccountId, amount: Money) -> Result<Self, PostingError> {
        let to = LedgerAccount::House(House::External);
        Self::transfer(
            PostingKind::Withdrawal,
            LedgerAccount::held(account),
            to,
            amount.into(),
        )
    }

    /// Available cash or shares become held.
    ///
    /// # Errors
    /// When the amount is not positive.
    pub fn hold(account: AccountId, what: AssetAmount) -> Result<Self, PostingError> {
        let (from, to) = (LedgerAccount::available(account), LedgerAccount::held(account));
        Self::transfer(PostingKind::Hold, from, to, what)
    }

    /// Held cash or shares become available again.
    ///
    /// # Errors
    /// When the amount is not positive.
    pub fn release(account: AccountId, what: AssetAmount) -> Result<Self, PostingError> {
        let (from, to) = (LedgerAccount::held(account), LedgerAccount::available(account));
        Self::transfer(PostingKind::Release, from, to, what)
    }

    pub(super) fn transfer(
        kind: PostingKind,
        from: LedgerAccount,
        to: LedgerAccount,
        what: AssetAmount,
    ) -> Result<Self, PostingError> {
        if what.amount <= 0 {
            return Err(PostingError::NotPositive);
        }
        Self::new(kind, moved(from, to, what).to_vec())
    }

    /// What the posting records.
    #[must_use]
    pub fn kind(&self) -> PostingKind {
        self.kind
    }

    /// Its lines, in the order in which they were given.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The changes to customers' balances, at most one for each account and asset, none that is zero.
    ///
    /// Sorted by account and asset, so that two postings never wait for each other's locks.
    #[must_use]
    pub fn movements(&self) -> &[Movement] {
        &self.movements
    }
}

/// The two lines that carry a positive amount from one account to another.
pub(super) fn moved(from: LedgerAccount, to: LedgerAccount, what: AssetAmount) -> [Line; 2] {
    [
        Line {
            account: from,
            asset: what.asset,
            amount: -what.amount,
        },
        Line {
            account: to,
            asset: what.asset,
            amount: what.amount,
        },
    ]
}

fn check_sums(lines: &[Line]) -> Result<(), PostingError> {
    // A posting has two or three assets, so a list beats a map.
    let mut sums: Vec<(Asset, i128)> = Vec::with_capacity(2);
    for line in lines {
        match sums.iter_mut().find(|(asset, _)| *asset == line.asset) {
            Some((_, sum)) => *sum += i128::from(line.amount),
            None => sums.push((line.asset, i128::from(line.amount))),
        }
    }
    match sums.into_iter().find(|(_, sum)| *sum != 0) {
        Some((asset, off_by)) => Err(PostingError::Unbalanced { asset, off_by }),
        None => Ok(()),
    }
}

fn movements(lines: &[Line]) -> Result<Vec<Movement>, PostingError> {
    let mut movements: Vec<Movement> = Vec::with_capacity(2);
    for line in lines {
        let LedgerAccount::Customer { account, bucket } = line.account else {
            continue;
        };
        let known = movements
            .iter()
            .position(|m| m.account == account && m.asset == line.asset);
        let at = known.unwrap_or_else(|| {
            movements.push(Movement {
                account,
                asset: line.asset,
                available: 0,
                held: 0,
            });
            movements.len() - 1
        });
        let change = match bucket {
            Bucket::Available => &mut movements[at].available,
            Bucket::Held => &mut movements[at].held,
        };
        *change = change.checked_add(line.amount).ok_or(PostingError::OutOfRange)?;
    }
    movements.retain(|m| m.available != 0 || m.held != 0);
    movements.sort_by_key(|m| (m.account, m.asset));
    Ok(movements)
}

/// Why lines are not a posting. Always a fault of the program: what people send is checked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// There are no lines.
    #[error("a posting needs lines")]
    Empty,
    /// A line moves nothing.
    #[error("a posting's lines must not be zero")]
    ZeroLine,
    /// An asset does not sum to zero.
    #[error("the posting is off by {off_by} of {asset}")]
    Unbalanced {
        /// The asset.
        asset: Asset,
        /// The sum of its lines, in the asset's unit.
        off_by: i128,
    },
    /// An amount to move is zero or negative.
    #[error("a posting's amount must be above zero")]
    NotPositive,
    /// The lines of one account do not fit together.
    #[error("the posting's amounts are too large")]
    OutOfRange,
}

impl Refusal for PostingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ledger.posting_empty",
            Self::ZeroLine => "ledger.zero_line",
            Self::Unbalanced { .. } => "ledger.unbalanced",
            Self::NotPositive => "ledger.not_positive",
            Self::OutOfRange => "ledger.out_of_range",
        }
    }

    fn class(&self) -> RefusalClass {
        RefusalClass::Fault
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::currency::Currency;

    const USD: Asset = Asset::Cash(Currency::Usd);
    const EUR: Asset = Asset::Cash(Currency::Eur);

    fn account(n: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(n))
    }

    fn line(account: LedgerAccount, asset: Asset, amount: i64) -> Line {
        Line {
            account,
            asset,
            amount,
        }
    }

    #[test]
    fn lines_that_do_not_balance_are_no_posting() {
        let (ana, bank) = (
            LedgerAccount::available(account(1)),
            LedgerAccount::House(House::External),
        );
        let post = |lines| Posting::new(PostingKind::Deposit, lines);
        assert_eq!(post(vec![]), Err(PostingError::Empty));
        assert_eq!(post(vec![line(ana, USD, 0)]), Err(PostingError::ZeroLine));
        let off = PostingError::Unbalanced {
            asset: USD,
            off_by: 1,
        };
        assert_eq!(post(vec![line(bank, USD, -99), line(ana, USD, 100)]), Err(off));
        let other = PostingError::Unbalanced {
            asset: USD,
            off_by: -5,
        };
        assert_eq!(post(vec![line(bank, USD, -5), line(ana, EUR, 5)]), Err(other));
    }

    #[test]
    fn sums_do_not_wrap_around() {
        let (ana, bank) = (
            LedgerAccount::available(account(1)),
            LedgerAccount::House(House::External),
        );
        // In 64 bits these four lines would sum to zero.
        let lines = vec![
            line(bank, USD, i64::MAX),
            line(bank, USD, i64::MAX),
            line(bank, USD, 1),
            line(ana, USD, 1),
        ];
        let refused = Posting::new(PostingKind::Deposit, lines).unwrap_err();
        assert_eq!(
            refused,
            PostingError::Unbalanced {
                asset: USD,
                off_by: 1 << 64
            }
        );
    }

    #[test]
    fn a_hold_moves_between_buckets_and_a_release_back() {
        let what = AssetAmount::from(Money::new(500, Currency::Usd));
        let hold = Posting::hold(account(1), what).unwrap();
        let movement = Movement {
            account: account(1),
            asset: USD,
            available: -500,
            held: 500,
        };
        assert_eq!(
            (hold.kind(), hold.movements()),
            (PostingKind::Hold, &[movement][..])
        );
        let release = Posting::release(account(1), what).unwrap();
        let back = Movement {
            account: account(1),
            asset: USD,
            available: 500,
            held: -500,
        };
        assert_eq!(
            (release.kind(), release.movements()),
            (PostingKind::Release, &[back][..])
        );
    }

    #[test]
    fn only_positive_amounts_move() {
        for minor in [0, -1, i64::MIN] {
            let amount = Money::new(minor, Currency::Usd);
            assert_eq!(
                Posting::deposit(account(1), amount),
                Err(PostingError::NotPositive)
            );
            assert_eq!(
                Posting::hold(account(1), amount.into()),
                Err(PostingError::NotPositive)
            );
            assert_eq!(
                Posting::release(account(1), amount.into()),
                Err(PostingError::NotPositive)
            );
        }
    }

    proptest! {
        #[test]
        fn every_posting_conserves_and_orders_its_movements(
            parts in prop::collection::vec((0_u128..4, any::<bool>(), -1_000_i64..1_000), 1..8),
        ) {
            let mut lines: Vec<Line> = parts
                .into_iter()
                .filter(|(_, _, amount)| *amount != 0)
                .map(|(n, held, amount)| {
                    let whose = if held { LedgerAccount::held(account(n)) } else { LedgerAccount::available(account(n)) };
                    line(whose, USD, amount)
                })
                .collect();
            let sum: i64 = lines.iter().map(|line| line.amount).sum();
            prop_assert_eq!(Posting::new(PostingKind::Trade, lines.clone()).is_ok(), sum == 0 && !lines.is_empty());
            if sum != 0 {
                lines.push(line(LedgerAccount::House(House::Market), USD, -sum));
            }
            if let Ok(posting) = Posting::new(PostingKind::Trade, lines) {
                let moved: i64 = posting.movements().iter().map(|m| m.available + m.held).sum();
                prop_assert_eq!(moved, sum);
                prop_assert!(posting.movements().windows(2).all(|pair| pair[0].account < pair[1].account));
            }
        }
    }
}
