//! The only SQL that names the ledger's tables.

use jiff::Timestamp;
use stockade_domain::{
    asset::Asset,
    ids::{AccountId, PostingId, UserId},
    ledger::{Balance, Bucket, House, LedgerAccount, Line, Posting},
};
use stockade_platform::db::{
    Bind as _, DbError, DbResult, FromRow, Query, Queryable, Row, Writable, insert_many, sql,
};
use uuid::Uuid;

use super::{accounts::Account, posting::Net};

/// The most a balance may hold, so that no sum of balances overflows.
const MOST: i64 = i64::MAX / 4;

pub(super) fn insert_account(
    on: &mut impl Writable,
    account: &Account,
    owner: UserId,
    at: Timestamp,
) -> DbResult<()> {
    sql("INSERT INTO accounts (id, owner_id, currency, opened_at) VALUES ($1, $2, $3, $4)")
        .bind(account.id)
        .bind(owner)
        .bind(account.currency.as_str())
        .bind(at)
        .later(on)
}

pub(super) async fn account_of(on: &mut impl Queryable, owner: UserId) -> DbResult<Option<Account>> {
    sql("SELECT id, currency FROM accounts WHERE owner_id = $1")
        .bind(owner)
        .optional(on)
        .await
}

/// An account by its id; for jobs, which act for nobody.
pub async fn account_by_id(on: &mut impl Queryable, account: AccountId) -> DbResult<Option<Account>> {
    sql("SELECT id, currency FROM accounts WHERE id = $1")
        .bind(account)
        .optional(on)
        .await
}

/// Whose account it is.
pub async fn owner_of(on: &mut impl Queryable, account: AccountId) -> DbResult<Option<UserId>> {
    sql("SELECT owner_id FROM accounts WHERE id = $1")
        .bind(account)
        .optional(on)
        .await
}

/// Lets one unit at a time pass for an account, until it ends.
pub async fn lock_account(on: &mut impl Writable, account: AccountId) -> DbResult<()> {
    let _: (AccountId,) = sql("SELECT id FROM accounts WHERE id = $1")
        .bind(account)
        .for_update()
        .one(on)
        .await?;
    Ok(())
}

impl FromRow for Account {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            currency: row.parse()?,
        })
    }
}

/// Moves a balance if what must be there is there; changes no row otherwise.
pub(super) fn move_balance(net: &Net) -> Query {
    let ((account, asset), (available, held), (needs_available, needs_held)) =
        (net.key(), net.deltas(), net.needs());
    let query = if needs_available > 0 || needs_held > 0 {
        // Something must be there, so the row must exist.
        sql("UPDATE balances SET available = available + $3, held = held + $4
             WHERE account_id = $1 AND asset = $2 AND available >= $5 AND held >= $6
                 AND (CAST($3 AS BIGINT) + CAST($4 AS BIGINT) <= 0 OR available + held <= $7)")
    } else {
        sql("INSERT INTO balances (account_id, asset, available, held) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account_id, asset) DO UPDATE SET
                 available = balances.available + excluded.available, held = balances.held + excluded.held
             WHERE balances.available >= $5 AND balances.held >= $6 AND balances.available + balances.held <= $7")
    };
    query
        .bind(account)
        .bind(asset.to_string())
        .bind(available)
        .bind(held)
        .bind(needs_available)
        .bind(needs_held)
        .bind(MOST)
}

/// Writes the lines of a posting.
pub(super) fn insert_lines(
    on: &mut impl Writable,
    id: PostingId,
    cause: Uuid,
    posting: &Posting,
) -> DbResult<()> {
    let rows = (0i64..).zip(posting.lines()).map(|(number, line)| {
        let (account, side) = match line.account {
            LedgerAccount::Customer { account, bucket } => (account.as_uuid(), bucket.as_str()),
            LedgerAccount::House(house) => (Uuid::nil(), house.as_str()),
        };
        vec![
            id.value(),
            number.value(),
            posting.kind().as_str().value(),
            cause.value(),
            account.value(),
            side.value(),
            line.asset.to_string().value(),
            line.amount.value(),
        ]
    });
    insert_many(
        "INSERT INTO ledger_lines (posting_id, line, kind, cause_id, account_id, side, asset, amount) VALUES",
        8,
        rows,
    )
    .later(on)
}

/// One balance; `None` when the account never had any of the asset.
pub async fn balance(on: &mut impl Queryable, account: AccountId, asset: Asset) -> DbResult<Option<Balance>> {
    let found: Option<StoredBalance> =
        sql("SELECT account_id, asset, available, held FROM balances WHERE account_id = $1 AND asset = $2")
            .bind(account)
            .bind(asset.to_string())
            .optional(on)
            .await?;
    Ok(found.map(|stored| stored.balance))
}

/// All balances of an account, by asset.
pub async fn balances(on: &mut impl Queryable, account: AccountId) -> DbResult<Vec<(Asset, Balance)>> {
    let found: Vec<StoredBalance> =
        sql("SELECT account_id, asset, available, held FROM balances WHERE account_id = $1 ORDER BY asset")
            .bind(account)
            .all(on)
            .await?;
    Ok(found
        .into_iter()
        .map(|stored| (stored.asset, stored.balance))
        .collect())
}

/// A balance as it is stored.
pub(super) struct StoredBalance {
    pub(super) account: AccountId,
    pub(super) asset: Asset,
    pub(super) balance: Balance,
}

impl FromRow for StoredBalance {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (account, asset) = (row.read()?, row.parse()?);
        let balance = Balance::restore(row.read()?, row.read()?).ok_or_else(|| {
            DbError::Fault(format!("the balance of {asset} in account {account} is negative"))
        })?;
        Ok(Self {
            account,
            asset,
            balance,
        })
    }
}

/// Balances of all customers after `last`, in order.
pub(super) async fn all_balances(
    on: &mut impl Queryable,
    last: (AccountId, String),
    most: i64,
) -> DbResult<Vec<StoredBalance>> {
    sql("SELECT account_id, asset, available, held FROM balances
         WHERE account_id > $1 OR (account_id = $1 AND asset > $2) ORDER BY account_id, asset LIMIT $3")
    .bind(last.0)
    .bind(last.1)
    .bind(most)
    .all(on)
    .await
}

/// A line as it is stored.
pub(super) struct StoredLine {
    pub(super) posting: PostingId,
    pub(super) number: i64,
    pub(super) line: Line,
}

impl FromRow for StoredLine {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (posting, number) = (row.read()?, row.read()?);
        let account: Uuid = row.read()?;
        let account = match account.is_nil() {
            true => LedgerAccount::House(row.parse::<House>()?),
            false => LedgerAccount::Customer {
                account: AccountId::from_uuid(account),
                bucket: row.parse::<Bucket>()?,
            },
        };
        Ok(Self {
            posting,
            number,
            line: Line {
                account,
                asset: row.parse()?,
                amount: row.read()?,
            },
        })
    }
}

/// Lines after `last`, in order.
pub(super) async fn lines(
    on: &mut impl Queryable,
    last: (PostingId, i64),
    most: i64,
) -> DbResult<Vec<StoredLine>> {
    sql(
        "SELECT posting_id, line, account_id, side, asset, amount FROM ledger_lines
         WHERE posting_id > $1 OR (posting_id = $1 AND line > $2) ORDER BY posting_id, line LIMIT $3",
    )
    .bind(last.0)
    .bind(last.1)
    .bind(most)
    .all(on)
    .await
}

/// A line with what its owner may know of it.
pub(super) struct AccountLine {
    pub(super) posting: PostingId,
    pub(super) line: i64,
    pub(super) kind: String,
    pub(super) cause: Uuid,
    /// Nil for house accounts.
    pub(super) account: Uuid,
    pub(super) side: String,
    pub(super) asset: Asset,
    pub(super) amount: i64,
}

impl FromRow for AccountLine {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            posting: row.read()?,
            line: row.read()?,
            kind: row.read()?,
            cause: row.read()?,
            account: row.read()?,
            side: row.read()?,
            asset: row.parse()?,
            amount: row.read()?,
        })
    }
}

/// Lines of all accounts after `last`, in order.
pub(super) async fn account_lines(
    on: &mut impl Queryable,
    last: (PostingId, i64),
    most: i64,
) -> DbResult<Vec<AccountLine>> {
    sql(
        "SELECT posting_id, line, kind, cause_id, account_id, side, asset, amount FROM ledger_lines
         WHERE posting_id > $1 OR (posting_id = $1 AND line > $2) ORDER BY posting_id, line LIMIT $3",
    )
    .bind(last.0)
    .bind(last.1)
    .bind(most)
    .all(on)
    .await
}

/// Lines of all accounts in postings between two, in order.
pub(super) async fn lines_between(
    on: &mut impl Queryable,
    after: PostingId,
    before: PostingId,
    most: i64,
) -> DbResult<Vec<AccountLine>> {
    sql(
        "SELECT posting_id, line, kind, cause_id, account_id, side, asset, amount FROM ledger_lines
         WHERE posting_id > $1 AND posting_id < $2 ORDER BY posting_id, line LIMIT $3",
    )
    .bind(after)
    .bind(before)
    .bind(most)
    .all(on)
    .await
}
