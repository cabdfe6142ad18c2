//! A series of daily closes, and how it is read from CSV.

use std::str::FromStr;

use jiff::civil::Date;

use crate::SHORTEST;

/// Daily closes, oldest first, each above zero, on days that follow each other, enough of them to be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    days: Vec<Date>,
    logs: Vec<f64>,
}

/// Why closes make no series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SeriesRefused {
    /// A close is zero, negative or no number.
    #[error("the close of {0} is {1}; a close is a number above zero")]
    NotAPrice(Date, f64),
    /// A day is not after the one before it.
    #[error("{0} does not come after {1}; write each day once, oldest first")]
    OutOfOrder(Date, Date),
    /// Too few closes.
    #[error("{0} closes are too few; at least {SHORTEST} are needed to fit, to calibrate and to score")]
    TooShort(usize),
}

/// Why a text is not read as CSV of dates and closes. Lines count from 1, the header included.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CsvRefused {
    /// The header lacks a column, or there is none.
    #[error("line 1: no column {0:?}; the first line names the columns, as in date,close")]
    NoColumn(&'static str),
    /// A line has too few cells.
    #[error("line {0}: no cell under {1:?}")]
    NoCell(usize, &'static str),
    /// A date cannot be read.
    #[error("line {0}: {1:?} is not a date; write it as in 2022-12-27, or as in 12/27/2022")]
    NotADate(usize, String),
    /// A number cannot be read.
    #[error("line {0}: {1:?} is not a close; write a number above zero, as in 3783.22")]
    NotAClose(usize, String),
    /// The closes make no series.
    #[error(transparent)]
    Series(#[from] SeriesRefused),
}

impl Series {
    /// Checks what a series promises.
    ///
    /// # Errors
    /// See [`SeriesRefused`].
    pub fn new(closes: impl IntoIterator<Item = (Date, f64)>) -> Result<Self, SeriesRefused> {
        let (mut days, mut logs) = (Vec::new(), Vec::new());
        for (day, close) in closes {
            if !(close.is_finite() && close > 0.0) {
                return Err(SeriesRefused::NotAPrice(day, close));
            }
            if let Some(before) = days.last().filter(|before| **before >= day) {
                return Err(SeriesRefused::OutOfOrder(day, *before));
            }
            days.push(day);
            logs.push(libm::log(close));
        }
        if days.len() < SHORTEST {
            return Err(SeriesRefused::TooShort(days.len()));
        }
        Ok(Self { days, logs })
    }

    /// The days, oldest first.
    pub fn days(&self) -> &[Date] {
        &self.days
    }

    /// Natural logarithms of the closes.
    pub(crate) fn logs(&self) -> &[f64] {
        &self.logs
    }
}

/// CSV with a header that names a column `date` (ISO 8601, or month/day/year as American
/// sources write it) and a column `close`, in any order and case, among any others.
/// Where there are but two columns, the one that is not the date may have any name.
impl FromStr for Series {
    type Err = CsvRefused;

    fn from_str(text: &str) -> Result<Self, CsvRefused> {
        let mut lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
        let header = lines.next().map_or("", |(header, _)| header);
        let (date, close) = columns(header)?;
        let mut closes = Vec::new();
        for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
            let cell = |at, name| {
                let found = line.split(',').nth(at).map(bare);
                found.ok_or(CsvRefused::NoCell(number, name))
            };
            let (day, price) = (cell(date, "date")?, cell(close, "close")?);
            let day = date_of(day).ok_or_else(|| CsvRefused::NotADate(number, excerpt(day)))?;
            let number = price
                .parse()
                .ok()
                .filter(|price: &f64| price.is_finite() && *price > 0.0)
                .ok_or_else(|| CsvRefused::NotAClose(number, excerpt(price)))?;
            closes.push((day, number));
        }
        Ok(Self::new(closes)?)
    }
}

/// A day with the month first would mostly come out of order, and be refused, were it written with the day first.
fn date_of(cell: &str) -> Option<Date> {
    let Some((month, rest)) = cell.split_once('/') else {
        return cell.parse().ok();
    };
    let (day, year) = rest.split_once('/')?;
    let year = Some(year).filter(|year| year.len() == 4)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Where the dates and the closes stand.
fn columns(header: &str) -> Result<(usize, usize), CsvRefused> {
    let names: Vec<&str> = header.split(',').map(bare).collect();
    let position = |name: &'static str| {
        let found = names.iter().position(|cell| cell.eq_ignore_ascii_case(name));
        found.ok_or(CsvRefused::NoColumn(name))
    };
    let date = position("date")?;
    match position("close") {
        Err(_) if names.len() == 2 => Ok((date, 1 - date)),
        close => Ok((date, close?)),
    }
}

/// A cell without blanks and quotes around it.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let inner = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
    inner.unwrap_or(cell)
}

/// No message is longer for a file that is not CSV at all.
fn excerpt(cell: &str) -> String {
    cell.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> CsvRefused {
        text.parse::<Series>().unwrap_err()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        assert_eq!(read(""), CsvRefused::NoColumn("date"));
        assert_eq!(read("date,open,high\n"), CsvRefused::NoColumn("close"));
        assert_eq!(read("close,date\n1.5\n"), CsvRefused::NoCell(2, "date"));
        let cases = [
            ("date,close\n1/4/99,1228.1\n", "line 2: \"1/4/99\" is not a date"),
            (
                "Date,Close\n1999-01-04,1.5\n\n1999-01-05,\n",
                "line 4: \"\" is not a close",
            ),
            ("date,close\n1999-01-04,-1\n", "line 2: \"-1\" is not a close"),
            ("date,close\n1999-01-04,NaN\n", "is not a close"),
            ("date,close\n1999-01-04,1e999\n", "is not a close"),
            ("date,close\n31/1/1999,1\n", "line 2: \"31/1/1999\" is not a date"),
            (
                "date,close\n1/4/1999,1\n1999-01-04,2\n",
                "1999-01-04 does not come after 1999-01-04",
            ),
            (
                "date,close\n1999-01-05,1\n1999-01-05,2\n",
                "1999-01-05 does not come after 1999-01-05",
            ),
            ("date,close\n1999-01-04,1\n", "1 closes are too few; at least 860"),
        ];
        for (text, wanted) in cases {
            let said = read(text).to_string();
            assert!(said.contains(wanted), "{said}");
        }
    }

    #[test]
    fn columns_stand_in_any_order_and_two_need_no_second_name() {
        assert_eq!(columns("Open,\"CLOSE\", date "), Ok((2, 1)));
        assert_eq!(columns("Date,SP500"), Ok((0, 1)));
        assert_eq!(columns("SP500,Date"), Ok((1, 0)));
    }
}
