//! Posting: the balances move and the lines are written, all in the caller's unit of work.

use stockade_domain::{
    asset::{Asset, AssetAmount},
    ids::{AccountId, PostingId},
    ledger::{Balance, BalanceRefused, Movement, Posting},
};
use stockade_platform::db::{DbError, Queryable};
use uuid::Uuid;

use super::store;
use crate::{
    core::change::Change,
    http::error::{ApiError, ApiResult},
};

/// What several postings of one unit do together to one balance.
pub(super) struct Net {
    account: AccountId,
    asset: Asset,
    available: i64,
    held: i64,
    /// What must be there beforehand, so that no posting on the way makes either part negative.
    needs_available: i64,
    needs_held: i64,
}

/// Writes postings caused by `cause` (an order, a deposit) in their order. `at_least` must be available beforehand,
/// even where the postings take less: an order pays what it costs, but must be able to pay its whole hold.
///
/// # Errors
/// `order.not_enough_cash`, `order.not_enough_shares` or `ledger.balance_too_large`.
pub async fn post(
    change: &mut Change<'_>,
    cause: Uuid,
    postings: &[Posting],
    at_least: Option<(AccountId, AssetAmount)>,
) -> ApiResult<()> {
    let nets = net(postings, at_least)?;
    let moves = nets.iter().map(store::move_balance).collect::<Vec<_>>();
    let moved = change.batch(moves).await?;
    for (net, moved) in nets.iter().zip(moved) {
        if moved == 0 {
            return Err(refusal(change, net).await?);
        }
    }
    for posting in postings {
        let id = PostingId::from_uuid(change.new_id());
        store::insert_lines(change, id, cause, posting)?;
    }
    Ok(())
}

/// Whether so much is available right now. Nothing is reserved.
///
/// # Errors
/// `order.not_enough_cash` or `order.not_enough_shares`.
pub async fn check_available(
    on: &mut impl Queryable,
    account: AccountId,
    what: AssetAmount,
) -> ApiResult<()> {
    let balance = store::balance(on, account, what.asset)
        .await?
        .unwrap_or(Balance::ZERO);
    let taken = Movement {
        account,
        asset: what.asset,
        available: what.amount.saturating_neg(),
        held: 0,
    };
    match balance.apply(&taken) {
        Ok(_) => Ok(()),
        Err(refused) => Err(ApiError::refusal(&refused)),
    }
}

/// Sums the postings up per balance, in the order in which rows are locked.
fn net(postings: &[Posting], at_least: Option<(AccountId, AssetAmount)>) -> ApiResult<Vec<Net>> {
    let mut nets: Vec<Net> = Vec::with_capacity(2);
    if let Some((account, amount)) = at_least {
        let mut net = Net::new(account, amount.asset);
        net.needs_available = amount.amount;
        nets.push(net);
    }
    for movement in postings.iter().flat_map(Posting::movements) {
        let known = nets
            .iter_mut()
            .find(|net| net.account == movement.account && net.asset == movement.asset);
        match known {
            Some(net) => net.add(movement)?,
            None => {
                let mut net = Net::new(movement.account, movement.asset);
                net.add(movement)?;
                nets.push(net);
            }
        }
    }
    // Rows are always locked in this order, so two units can never wait for each other.
    nets.sort_unstable_by_key(|net| (net.account, net.asset));
    Ok(nets)
}

impl Net {
    fn new(account: AccountId, asset: Asset) -> Self {
        Self {
            account,
            asset,
            available: 0,
            held: 0,
            needs_available: 0,
            needs_held: 0,
        }
    }

    fn add(&mut self, movement: &Movement) -> ApiResult<()> {
        let overflow = || ApiError::Fault("postings overflow".into());
        self.available = self
            .available
            .checked_add(movement.available)
            .ok_or_else(overflow)?;
        self.held = self.held.checked_add(movement.held).ok_or_else(overflow)?;
        self.needs_available = self
            .needs_available
            .max(self.available.checked_neg().ok_or_else(overflow)?);
        self.needs_held = self.needs_held.max(self.held.checked_neg().ok_or_else(overflow)?);
        Ok(())
    }

    pub(super) fn key(&self) -> (AccountId, Asset) {
        (self.account, self.asset)
    }

    pub(super) fn deltas(&self) -> (i64, i64) {
        (self.available, self.held)
    }

    pub(super) fn needs(&self) -> (i64, i64) {
        (self.needs_available, self.needs_held)
    }
}

/// Says what is missing, from the balance as it is.
async fn refusal(change: &mut Change<'_>, net: &Net) -> Result<ApiError, DbError> {
    let balance = store::balance(change, net.account, net.asset)
        .await?
        .unwrap_or(Balance::ZERO);
    let strictest = Movement {
        account: net.account,
        asset: net.asset,
        available: if net.needs_available > 0 {
            -net.needs_available
        } else {
            net.available
        },
        held: if net.needs_held > 0 { -net.needs_held } else { 0 },
    };
    Ok(match balance.apply(&strictest) {
        Err(refused) => ApiError::refusal(&refused),
        // Everything needed was there, so what stopped it is the upper bound.
        Ok(_) => ApiError::refusal(&BalanceRefused::TooLarge { asset: net.asset }),
    })
}
