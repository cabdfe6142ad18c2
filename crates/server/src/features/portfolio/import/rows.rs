//! Rows of an imported file: what they must hold, and what they are known by.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use stockade_domain::{
    amounts::{MAX_QUANTITY, max_amount},
    currency::Currency,
    money::Money,
    price::Price,
    quantity::Quantity,
    symbol::Symbol,
};
use uuid::Uuid;

use super::{
    Imported, MOST,
    file::{File, Line, unreadable},
};
use crate::{
    features::portfolio::transactions::HERE,
    http::error::{ApiResult, Problem},
};

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowProblem {
    pub(super) line: u64,
    pub(super) detail: String,
}

/// Rows with their lines.
type Rows = Vec<(u64, Imported)>;

/// The rows of a file, and what is wrong with the others.
pub(super) fn read(
    csv: &str,
    source: &str,
    currency: Currency,
    now: Timestamp,
) -> ApiResult<(Rows, Vec<RowProblem>)> {
    let file = File::read(csv)?;
    let is_dated = file.has("date") || file.has("at");
    if !is_dated || !file.has("type") {
        return Err(unreadable("it needs the columns date and type").into());
    }
    if file.lines.len() > MOST {
        return Err(unreadable(&format!(
            "it has more than {MOST} rows; import it in parts, by date"
        ))
        .into());
    }
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashMap<Vec<u8>, u64> = HashMap::new();
    for line in &file.lines {
        match row(&file, line, currency, now) {
            Ok(mut row) => {
                let known_by = known_by(&file, line, source, &row);
                let before = seen.entry(known_by.clone()).or_default();
                identify(&mut row, known_by, *before);
                *before += 1;
                source.clone_into(&mut row.source);
                rows.push((line.number, row));
            }
            Err(detail) => faults.push(RowProblem {
                line: line.number,
                detail,
            }),
        }
    }
    Ok((rows, faults))
}

/// A source's name: one that needs no quotes and no formula in a spreadsheet begins with.
pub(super) fn source(name: &str) -> ApiResult<String> {
    let name = name.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_');
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if name.len() <= 40 && begins_well && name.chars().all(allowed) && name != HERE {
        return Ok(name.to_owned());
    }
    let detail = "a source is named in 1 to 40 letters, digits, spaces, points, hyphens and underscores, \
                  and not stockade";
    Err(Problem::unprocessable("import.source", detail)
        .field("source", detail)
        .into())
}

fn row(file: &File, line: &Line, currency: Currency, now: Timestamp) -> Result<Imported, String> {
    let at = instant(
        file.cell(line, "at")
            .or_else(|| file.cell(line, "date"))
            .ok_or("there is no date")?,
    )?;
    if at > now + SignedDuration::from_hours(24) {
        return Err("it lies in the future".into());
    }
    if file
        .cell(line, "currency")
        .is_some_and(|code| code != currency.as_str())
    {
        return Err(format!("only {currency} can be imported into this account"));
    }
    let kind = file
        .cell(line, "type")
        .ok_or("there is no type")?
        .to_ascii_lowercase();
    let symbol = cell::<Symbol>(file, line, "symbol")?;
    let shares = cell::<Quantity>(file, line, "quantity")?;
    let price = cell::<Price>(file, line, "price")?;
    let money = |column: &str| {
        let text = file.cell(line, column);
        let read = text.map(|text| Money::from_text(text, currency)).transpose();
        read.map_err(|why| format!("{column}: {why}"))
    };
    let (amount, fee) = (money("amount")?, money("fee")?.map_or(0, Money::minor));
    check_sizes(shares, amount, fee, currency)?;
    let minor = || {
        amount
            .map(|amount| amount.minor().abs())
            .ok_or("there is no amount")
    };
    let of_shares = || {
        let symbol = symbol.ok_or("there is no symbol")?;
        let shares = shares
            .filter(|shares| !shares.is_zero())
            .ok_or("there is no quantity")?;
        Ok::<_, String>((symbol, shares))
    };
    let (symbol, shares, cash) = match kind.as_str() {
        "buy" | "sell" => {
            let (symbol, shares) = of_shares()?;
            let shares = Quantity::from_nanos(shares.nanos().abs());
            let sign = if kind == "buy" { 1 } else { -1 };
            let cash = match (amount, price) {
                (Some(amount), _) => -sign * amount.minor().abs(),
                (None, Some(price)) => {
                    let worth = price.times(shares, currency).map_err(|why| why.to_string())?;
                    -sign * worth.minor() - fee
                }
                (None, None) => return Err("there is neither an amount nor a price".into()),
            };
            (Some(symbol), Quantity::from_nanos(sign * shares.nanos()), cash)
        }
        "deposit" | "dividend" | "interest" => (symbol, Quantity::ZERO, minor()?),
        "withdrawal" | "fee" => (symbol, Quantity::ZERO, -minor()?),
        "split" => {
            let (symbol, shares) = of_shares()?;
            (Some(symbol), shares, 0)
        }
        "cash_in_lieu" => {
            let (symbol, shares) = of_shares()?;
            (
                Some(symbol),
                Quantity::from_nanos(-shares.nanos().abs()),
                minor()?,
            )
        }
        other => return Err(format!("{other} is no type of transaction")),
    };
    Ok(Imported {
        id: Uuid::nil(),
        identity: [0; 32],
        source: String::new(),
        at,
        kind,
        symbol,
        shares,
        price,
        cash,
        fee,
    })
}

fn check_sizes(
    shares: Option<Quantity>,
    amount: Option<Money>,
    fee: i64,
    currency: Currency,
) -> Result<(), String> {
    let most = max_amount(currency).minor();
    let fits = |minor: i64| minor.checked_abs().is_some_and(|minor| minor <= most);
    let shares_fit = shares
        .and_then(|shares| shares.nanos().checked_abs())
        .is_none_or(|nanos| nanos <= MAX_QUANTITY.nanos());
    if !shares_fit || shares.is_some_and(|shares| shares.nanos() == i64::MIN) {
        return Err("the quantity is too large".into());
    }
    if !amount.is_none_or(|amount| fits(amount.minor())) || !fits(fee) {
        return Err("the amount is too large".into());
    }
    if fee < 0 {
        return Err("a fee is not negative".into());
    }
    Ok(())
}

fn cell<T: std::str::FromStr<Err: std::fmt::Display>>(
    file: &File,
    line: &Line,
    column: &str,
) -> Result<Option<T>, String> {
    let read = file.cell(line, column).map(str::parse).transpose();
    read.map_err(|why: T::Err| format!("{column}: {why}"))
}

/// An instant (RFC 3339), or a date, which stands for noon of its UTC day.
fn instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let unreadable =
        || format!("{text} is no date such as 2026-06-01, and no time such as 2026-06-01T12:00:00Z");
    let date: Date = text.parse().map_err(|_| unreadable())?;
    let noon = date
        .at(12, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_err(|_| unreadable())?;
    Ok(noon.timestamp())
}

/// The row's own id, or else its content, written in one way only.
fn known_by(file: &File, line: &Line, source: &str, row: &Imported) -> Vec<u8> {
    let content = match file.cell(line, "id") {
        Some(id) => vec!["id".to_owned(), id.to_owned()],
        None => vec![
            "row".to_owned(),
            row.at.as_millisecond().to_string(),
            row.kind.clone(),
            row.symbol.map(|symbol| symbol.to_string()).unwrap_or_default(),
            row.shares.nanos().to_string(),
            row.price
                .map(|price| price.micros().to_string())
                .unwrap_or_default(),
            row.cash.to_string(),
            row.fee.to_string(),
        ],
    };
    let mut bytes = Vec::new();
    for part in std::iter::once(source).chain(content.iter().map(String::as_str)) {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// Gives a row its identity, and an id that begins with its time (RFC 9562 §5.7) and ends in the identity.
fn identify(row: &mut Imported, mut known_by: Vec<u8>, before: u64) {
    known_by.extend(before.to_be_bytes());
    let hash = digest(&SHA256, &known_by);
    row.identity.copy_from_slice(hash.as_ref());
    let millis = u64::try_from(row.at.as_millisecond()).unwrap_or(0);
    let mut tail = [0; 10];
    tail.copy_from_slice(&row.identity[..10]);
    row.id = uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(csv: &str) -> (Rows, Vec<RowProblem>) {
        let now = "2026-06-01T12:00:00Z".parse().unwrap();
        read(csv, "Old Broker", Currency::Usd, now).ok().unwrap()
    }

    fn told(csv: &str) -> Vec<(String, i64, i64)> {
        let (rows, faults) = rows(csv);
        assert_eq!(faults, []);
        rows.into_iter()
            .map(|(_, row)| (row.kind, row.shares.nanos(), row.cash))
            .collect()
    }

    #[test]
    fn signs_follow_from_the_type() {
        let csv = "date,type,symbol,quantity,price,amount,fee\n\
                   2026-01-02,BUY,KO,2,61.25,,1.00\n\
                   2026-01-02,buy,KO,2,,-123.50,1.00\n\
                   2026-01-03,sell,KO,-2,61.25,,1.00\n\
                   2026-01-04,withdrawal,,,,25,\n\
                   2026-01-05T10:00:00Z,dividend,KO,,,0.48,\n\
                   2026-01-06,split,KO,2,,,\n";
        let two = 2_000_000_000;
        let expected = [
            ("buy", two, -12_350),
            ("buy", two, -12_350),
            ("sell", -two, 12_150),
            ("withdrawal", 0, -2_500),
            ("dividend", 0, 48),
            ("split", two, 0),
        ];
        let expected = expected.map(|(kind, shares, cash)| (kind.to_owned(), shares, cash));
        assert_eq!(told(csv), expected);
    }

    #[test]
    fn twins_differ_and_the_same_file_gives_the_same_ids() {
        let csv =
            "date,type,amount,id\n2026-01-02,deposit,5,\n2026-01-02,deposit,5,\n2026-01-02,deposit,5,a\n";
        let ids = |csv: &str| {
            rows(csv)
                .0
                .into_iter()
                .map(|(_, row)| row.identity)
                .collect::<Vec<_>>()
        };
        let first = ids(csv);
        assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 3);
        assert_eq!(ids(csv), first);
        // Another way to write the same row, in other columns.
        assert_eq!(
            ids("type,date,amount\ndeposit,2026-01-02T12:00:00Z,5.00\n")[0],
            first[0]
        );
        // A row with an id of its own stays itself when its content is corrected.
        assert_eq!(ids("date,type,amount,id\n2026-01-03,deposit,6,a\n")[0], first[2]);
    }

    #[test]
    fn each_fault_is_named_with_its_line() {
        let csv = "date,type,symbol,quantity,price,amount,currency\n\
                   2026-13-02,deposit,,,,5,\n\
                   2026-01-02,gift,,,,5,\n\
                   2026-01-02,buy,KO,,,5,\n\
                   2026-01-02,buy,KO,1,,,\n\
                   2026-01-02,deposit,,,,5.001,\n\
                   2026-01-02,deposit,,,,5,EUR\n\
                   2027-01-02,deposit,,,,5,\n\
                   2026-01-02,buy,KO,-9223372036.854775808,,5,\n\
                   2026-01-02,deposit,,,,9999999999999.99,\n";
        let (read, faults) = rows(csv);
        assert!(read.is_empty());
        let lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, (2..=10).collect::<Vec<_>>());
        assert_eq!(faults[2].detail, "there is no quantity");
        assert!(faults[4].detail.starts_with("amount: "), "{}", faults[4].detail);
    }

    #[test]
    fn a_source_begins_no_formula() {
        for name in ["", "=1", "-a", "a,b", "a\"", "stockade", &"a".repeat(41)] {
            assert!(source(name).is_err(), "{name}");
        }
        assert_eq!(source(" Old Broker_1 ").ok().unwrap(), "Old Broker_1");
    }
}
