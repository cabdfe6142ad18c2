//! The only SQL that names `imported_transactions`.

use std::collections::HashSet;

use jiff::Timestamp;
use stockade_domain::{ids::AccountId, symbol::Symbol};
use stockade_platform::db::{
    Bind as _, DbError, DbResult, FromRow, Queryable, Row, Writable, insert_many, sql,
};
use uuid::Uuid;

use super::Imported;
use crate::features::{ledger::time_of, portfolio::history::Wanted};

/// Rows written in one statement.
const CHUNK: usize = 200;

/// Which of these are not known yet.
pub(super) async fn unknown(
    on: &mut impl Queryable,
    account: AccountId,
    identities: &[[u8; 32]],
) -> DbResult<Vec<bool>> {
    let mut known: HashSet<[u8; 32]> = HashSet::new();
    for chunk in identities.chunks(CHUNK) {
        let places: Vec<String> = (0..chunk.len()).map(|n| format!("${}", n + 2)).collect();
        let mut query = sql(format!(
            "SELECT identity FROM imported_transactions WHERE account_id = $1 AND identity IN ({})",
            places.join(", ")
        ))
        .bind(account);
        for identity in chunk {
            query = query.bind(*identity);
        }
        let found: Vec<([u8; 32],)> = query.all(on).await?;
        known.extend(found.into_iter().map(|(identity,)| identity));
    }
    Ok(identities
        .iter()
        .map(|identity| !known.contains(identity))
        .collect())
}

/// Writes rows that are not known yet.
pub(super) fn insert(
    on: &mut impl Writable,
    account: AccountId,
    rows: &[&Imported],
    now: Timestamp,
) -> DbResult<()> {
    for chunk in rows.chunks(CHUNK) {
        let values = chunk.iter().map(|row| {
            vec![
                account.value(),
                row.id.value(),
                row.identity.value(),
                row.source.clone().value(),
                row.kind.clone().value(),
                row.symbol.map(|symbol| symbol.as_str().to_owned()).value(),
                row.shares.value(),
                row.price.value(),
                row.cash.value(),
                row.fee.value(),
                now.value(),
            ]
        });
        insert_many(
            "INSERT INTO imported_transactions
                 (account_id, id, identity, source, kind, symbol, shares, price, cash, fee, imported_at) VALUES",
            11,
            values,
        )
        .later(on)?;
    }
    Ok(())
}

impl FromRow for Imported {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let id: Uuid = row.read()?;
        let (identity, source, kind) = (row.read()?, row.read()?, row.read()?);
        let symbol: Option<String> = row.read()?;
        let symbol: Option<Symbol> = symbol
            .map(|text| text.parse())
            .transpose()
            .map_err(|error| DbError::Fault(format!("the imported transaction {id}: {error}")))?;
        Ok(Self {
            id,
            identity,
            source,
            at: time_of(stockade_domain::ids::PostingId::from_uuid(id)),
            kind,
            symbol,
            shares: row.read()?,
            price: row.read()?,
            cash: row.read()?,
            fee: row.read()?,
        })
    }
}

/// Those that are wanted, newest first.
pub(in crate::features::portfolio) async fn page(
    on: &mut impl Queryable,
    account: AccountId,
    wanted: &Wanted,
    source: Option<&str>,
    most: i64,
) -> DbResult<Vec<Imported>> {
    sql(
        "SELECT id, identity, source, kind, symbol, shares, price, cash, fee FROM imported_transactions
         WHERE account_id = $1 AND id >= $2 AND id < $3 AND ($4 = '' OR kind = $4)
             AND ($5 = '' OR symbol = $5) AND ($6 = '' OR source = $6)
         ORDER BY id DESC LIMIT $7",
    )
    .bind(account)
    .bind(wanted.from)
    .bind(wanted.before)
    .bind(wanted.kind.as_deref().unwrap_or_default())
    .bind(wanted.symbol.as_ref().map_or("", Symbol::as_str))
    .bind(source.unwrap_or_default())
    .bind(most)
    .all(on)
    .await
}

pub(super) fn forget(on: &mut impl Writable, account: AccountId) -> DbResult<()> {
    sql("DELETE FROM imported_transactions WHERE account_id = $1")
        .bind(account)
        .later(on)
}
