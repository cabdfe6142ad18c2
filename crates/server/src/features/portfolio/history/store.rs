//! The only SQL that names `account_history` and `history_progress`.

use stockade_domain::{
    ids::{AccountId, PostingId},
    symbol::Symbol,
};
use stockade_platform::db::{
    Bind as _, DbError, DbResult, FromRow, Queryable, Row, Writable, insert_many, sql,
};
use uuid::Uuid;

use super::Entry;
use crate::features::ledger::{Effect, time_of};

/// Which entries are looked for.
#[derive(Clone, Debug)]
pub(in crate::features::portfolio) struct Wanted {
    /// From this posting on.
    pub(in crate::features::portfolio) from: PostingId,
    /// Before this one.
    pub(in crate::features::portfolio) before: PostingId,
    /// Of this kind.
    pub(in crate::features::portfolio) kind: Option<String>,
    /// Of this security.
    pub(in crate::features::portfolio) symbol: Option<Symbol>,
}

impl Wanted {
    pub(super) fn wants(&self, entry: &Entry) -> bool {
        let symbol = entry.shares.map(|(symbol, _)| symbol);
        self.from <= entry.posting
            && entry.posting < self.before
            && self.kind.as_ref().is_none_or(|kind| *kind == entry.kind)
            && self.symbol.is_none_or(|wanted| symbol == Some(wanted))
    }
}

/// Up to which posting the history is whole.
pub(in crate::features::portfolio) async fn covered(on: &mut impl Queryable) -> DbResult<PostingId> {
    let found: Option<PostingId> = sql("SELECT posting_id FROM history_progress WHERE name = 'ledger'")
        .optional(on)
        .await?;
    Ok(found.unwrap_or(PostingId::from_uuid(Uuid::nil())))
}

/// Moves the progress on, if it is still where it was. Only from the beginning is it written for the first time: who had
/// read further before everything was forgotten must not go on there.
pub(super) async fn move_on(on: &mut impl Writable, from: PostingId, to: PostingId) -> DbResult<bool> {
    let query = if from.as_uuid().is_nil() {
        "INSERT INTO history_progress (name, posting_id) VALUES ('ledger', $1)
         ON CONFLICT (name) DO UPDATE SET posting_id = excluded.posting_id
         WHERE history_progress.posting_id = $2"
    } else {
        "UPDATE history_progress SET posting_id = $1 WHERE name = 'ledger' AND posting_id = $2"
    };
    let moved = sql(query).bind(to).bind(from).run(on).await?;
    Ok(moved == 1)
}

pub(super) fn insert(on: &mut impl Writable, effects: &[Effect]) -> DbResult<()> {
    if effects.is_empty() {
        return Ok(());
    }
    let rows = effects.iter().map(|effect| {
        let entry = Entry::from(effect.clone());
        let symbol = entry.shares.map(|(symbol, _)| symbol.as_str().to_owned());
        vec![
            effect.account.value(),
            entry.posting.value(),
            entry.kind.value(),
            entry.cause.value(),
            entry.cash.value(),
            entry.fee.value(),
            entry.flow.value(),
            symbol.value(),
            entry.shares.map_or(0, |(_, shares)| shares).value(),
        ]
    });
    insert_many(
        "INSERT INTO account_history
             (account_id, posting_id, kind, cause_id, cash, fee, flow, symbol, shares) VALUES",
        9,
        rows,
    )
    .later(on)
}

impl FromRow for Entry {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (posting, kind, cause) = (row.read()?, row.read()?, row.read()?);
        let (cash, fee, flow) = (row.read()?, row.read()?, row.read()?);
        let (symbol, shares): (Option<String>, i64) = (row.read()?, row.read()?);
        let symbol: Option<Symbol> = symbol
            .map(|text| text.parse())
            .transpose()
            .map_err(|error| DbError::Fault(format!("the history of posting {posting}: {error}")))?;
        Ok(Self {
            posting,
            counts_from: time_of(posting),
            kind,
            cause,
            cash,
            fee,
            flow,
            shares: symbol.map(|symbol| (symbol, shares)),
        })
    }
}

const COLUMNS: &str =
    "SELECT posting_id, kind, cause_id, cash, fee, flow, symbol, shares FROM account_history";

/// Entries from a posting on, oldest first.
pub(super) async fn from(
    on: &mut impl Queryable,
    account: AccountId,
    from: PostingId,
) -> DbResult<Vec<Entry>> {
    sql(format!(
        "{COLUMNS} WHERE account_id = $1 AND posting_id >= $2 ORDER BY posting_id"
    ))
    .bind(account)
    .bind(from)
    .all(on)
    .await
}

/// Entries that are wanted, newest first.
pub(super) async fn page(
    on: &mut impl Queryable,
    account: AccountId,
    wanted: &Wanted,
    most: i64,
) -> DbResult<Vec<Entry>> {
    sql(format!(
        "{COLUMNS} WHERE account_id = $1 AND posting_id >= $2 AND posting_id < $3
             AND ($4 = '' OR kind = $4) AND ($5 = '' OR symbol = $5)
         ORDER BY posting_id DESC LIMIT $6"
    ))
    .bind(account)
    .bind(wanted.from)
    .bind(wanted.before)
    .bind(wanted.kind.as_deref().unwrap_or_default())
    .bind(wanted.symbol.as_ref().map_or("", Symbol::as_str))
    .bind(most)
    .all(on)
    .await
}

/// The shares of a security that an account had before a posting, in 10⁻⁹.
pub(in crate::features::portfolio) async fn shares_before(
    on: &mut impl Queryable,
    account: AccountId,
    symbol: Symbol,
    posting: PostingId,
) -> DbResult<i64> {
    sql(
        "SELECT CAST(COALESCE(SUM(shares), 0) AS BIGINT) FROM account_history
         WHERE account_id = $1 AND symbol = $2 AND posting_id < $3",
    )
    .bind(account)
    .bind(symbol.as_str())
    .bind(posting)
    .one(on)
    .await
}

/// The first posting of an account.
pub(super) async fn first(on: &mut impl Queryable, account: AccountId) -> DbResult<Option<PostingId>> {
    sql("SELECT posting_id FROM account_history WHERE account_id = $1 ORDER BY posting_id LIMIT 1")
        .bind(account)
        .optional(on)
        .await
}

/// Whether anything that is copied happened from a posting on.
pub(in crate::features::portfolio) async fn goes_on(
    on: &mut impl Queryable,
    account: AccountId,
    from: PostingId,
) -> DbResult<bool> {
    let found: Option<PostingId> =
        sql("SELECT posting_id FROM account_history WHERE account_id = $1 AND posting_id >= $2 LIMIT 1")
            .bind(account)
            .bind(from)
            .optional(on)
            .await?;
    Ok(found.is_some())
}

pub(super) async fn forget(on: &mut impl Writable) -> DbResult<()> {
    sql("DELETE FROM account_history").run(on).await?;
    sql("DELETE FROM history_progress").run(on).await?;
    Ok(())
}
