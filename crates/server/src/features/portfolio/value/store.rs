//! The only SQL that names `daily_values` and `valued_accounts`.

use std::collections::BTreeMap;

use stockade_domain::{ids::AccountId, symbol::Symbol};
use stockade_platform::db::{
    Bind as _, DbError, DbResult, FromRow, Queryable, Row, Writable, insert_many, sql,
};

use super::{DayValue, holdings::Holdings};

/// The next day of an account that is left alone.
const NEVER: i64 = i64::MAX;

/// Has an account valued from a day on.
pub(in crate::features::portfolio) fn enlist(
    on: &mut impl Writable,
    account: AccountId,
    day: i64,
) -> DbResult<()> {
    sql(
        "INSERT INTO valued_accounts (account_id, next_day) VALUES ($1, $2)
         ON CONFLICT (account_id) DO UPDATE SET next_day = excluded.next_day
         WHERE valued_accounts.next_day > excluded.next_day",
    )
    .bind(account)
    .bind(day)
    .later(on)
}

/// Accounts with days up to `last` that are not valued yet, and the first of these days.
pub(super) async fn due(on: &mut impl Queryable, last: i64, most: i64) -> DbResult<Vec<(AccountId, i64)>> {
    sql(
        "SELECT account_id, next_day FROM valued_accounts WHERE next_day <= $1
         ORDER BY next_day, account_id LIMIT $2",
    )
    .bind(last)
    .bind(most)
    .all(on)
    .await
}

/// Moves an account's next day, if it is still where it was.
pub(super) async fn move_on(
    on: &mut impl Writable,
    account: AccountId,
    from: i64,
    to: i64,
) -> DbResult<bool> {
    let moved = sql("UPDATE valued_accounts SET next_day = $3 WHERE account_id = $1 AND next_day = $2")
        .bind(account)
        .bind(from)
        .bind(to)
        .run(on)
        .await?;
    Ok(moved == 1)
}

/// Before which day everything of an account is valued; `None` when nothing is.
pub(in crate::features::portfolio) async fn valued_until(
    on: &mut impl Queryable,
    account: AccountId,
) -> DbResult<Option<i64>> {
    sql("SELECT next_day FROM valued_accounts WHERE account_id = $1")
        .bind(account)
        .optional(on)
        .await
}

/// Leaves an empty account alone until something happens to it.
pub(super) fn rest(on: &mut impl Writable, account: AccountId) -> DbResult<()> {
    sql("UPDATE valued_accounts SET next_day = $2 WHERE account_id = $1")
        .bind(account)
        .bind(NEVER)
        .later(on)
}

/// Puts days in the place of any that were there.
pub(super) fn write(on: &mut impl Writable, account: AccountId, days: &[DayValue]) -> DbResult<()> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(());
    };
    sql("DELETE FROM daily_values WHERE account_id = $1 AND day >= $2 AND day <= $3")
        .bind(account)
        .bind(first.day)
        .bind(last.day)
        .later(on)?;
    let rows = days.iter().map(|day| {
        vec![
            account.value(),
            day.day.value(),
            day.holdings.cash.value(),
            day.market_value.value(),
            day.inflow.value(),
            day.outflow.value(),
            day.traded.value(),
            shares_json(&day.holdings).value(),
        ]
    });
    insert_many(
        "INSERT INTO daily_values
             (account_id, day, cash, market_value, inflow, outflow, traded, holdings) VALUES",
        8,
        rows,
    )
    .later(on)
}

fn shares_json(holdings: &Holdings) -> serde_json::Value {
    let shares = holdings.shares.iter();
    shares
        .map(|(symbol, nanos)| (symbol.as_str().to_owned(), serde_json::Value::from(*nanos)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

impl FromRow for DayValue {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        let (day, cash, market_value) = (row.read()?, row.read()?, row.read()?);
        let (inflow, outflow, traded) = (row.read()?, row.read()?, row.read()?);
        let stored: serde_json::Value = row.read()?;
        let shares: BTreeMap<Symbol, i64> = serde_json::from_value(stored)
            .map_err(|error| DbError::Fault(format!("holdings of day {day} as stored: {error}")))?;
        Ok(Self {
            day,
            holdings: Holdings { cash, shares },
            market_value,
            inflow,
            outflow,
            traded,
        })
    }
}

const COLUMNS: &str = "SELECT day, cash, market_value, inflow, outflow, traded, holdings FROM daily_values WHERE account_id = $1";

/// The last day up to `day` that is valued.
pub(in crate::features::portfolio) async fn latest(
    on: &mut impl Queryable,
    account: AccountId,
    day: i64,
) -> DbResult<Option<DayValue>> {
    sql(format!("{COLUMNS} AND day <= $2 ORDER BY day DESC LIMIT 1"))
        .bind(account)
        .bind(day)
        .optional(on)
        .await
}

/// The valued days after `day`, oldest first.
pub(in crate::features::portfolio) async fn series(
    on: &mut impl Queryable,
    account: AccountId,
    day: i64,
) -> DbResult<Vec<DayValue>> {
    sql(format!("{COLUMNS} AND day > $2 ORDER BY day"))
        .bind(account)
        .bind(day)
        .all(on)
        .await
}

pub(in crate::features::portfolio) async fn forget(on: &mut impl Writable) -> DbResult<()> {
    sql("DELETE FROM daily_values").run(on).await?;
    sql("DELETE FROM valued_accounts").run(on).await?;
    Ok(())
}
