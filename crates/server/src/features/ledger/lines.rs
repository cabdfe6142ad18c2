//! The lines of one account, for the export of its owner's data.
//!
//! Lines lie in the order in which they were posted, whoever's they are, since an index by account would be one more
//! page to write for every order. So the ledger is read from the account's opening on, a bounded stretch at a time.

use serde::Serialize;
use stockade_domain::{
    asset::Asset,
    ids::{AccountId, PostingId},
    money::Money,
    quantity::Quantity,
};
use stockade_platform::db::{DbResult, Queryable};
use uuid::Uuid;

use super::store::{self, AccountLine};

/// Lines of all accounts looked at in one snapshot.
const STRETCH: i64 = 5_000;

/// One line of a posting.
#[derive(Serialize)]
pub struct LineView {
    posting: PostingId,
    line: i64,
    kind: String,
    /// The order or transfer that caused it.
    cause: Uuid,
    /// `available` or `held`
    side: String,
    asset: Asset,
    amount: String,
}

/// Where the next stretch begins.
#[derive(Clone, Copy, Debug)]
pub struct After(PostingId, i64);

/// The account's lines of the next stretch, and where the one after begins, unless this was the last.
pub async fn lines_of(
    on: &mut impl Queryable,
    account: AccountId,
    after: Option<After>,
) -> DbResult<(Vec<LineView>, Option<After>)> {
    let After(posting, line) = after.unwrap_or(After(opening(account), -1));
    let stretch = store::account_lines(on, (posting, line), STRETCH).await?;
    let next = stretch
        .last()
        .filter(|_| stretch.len() as i64 == STRETCH)
        .map(|last| After(last.posting, last.line));
    let own = stretch
        .into_iter()
        .filter(|line| line.account == account.as_uuid());
    Ok((own.map(view).collect(), next))
}

/// No posting of the account is older than the account, and the ids of both begin with the time (RFC 9562 §5.7).
fn opening(account: AccountId) -> PostingId {
    let id = account.as_uuid();
    let time = u128::from_be_bytes(id.into_bytes()) >> 80 << 80;
    let made_then = id.get_version_num() == 7;
    PostingId::from_uuid(Uuid::from_u128(if made_then { time } else { 0 }))
}

fn view(line: AccountLine) -> LineView {
    let amount = match line.asset {
        Asset::Cash(currency) => Money::new(line.amount, currency).to_string(),
        Asset::Security(_) => Quantity::from_nanos(line.amount).to_string(),
    };
    LineView {
        posting: line.posting,
        line: line.line,
        kind: line.kind,
        cause: line.cause,
        side: line.side,
        asset: line.asset,
        amount,
    }
}
