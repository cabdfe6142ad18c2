//! The New York Stock Exchange's holidays and half days, by rule (NYSE Rule 7.2 and its published calendars), from
//! 1998 on. Closures out of turn are not foretold by any rule and are not here.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

/// Whether there is a session on this date.
pub(super) fn is_trading_day(day: Date) -> bool {
    !is_weekend(day) && !is_holiday(day)
}

/// Whether the session on this trading day ends at one: before Independence Day, when that is not next to a weekend
/// on its early side; after Thanksgiving; on Christmas Eve.
pub(super) fn is_half_day(day: Date) -> bool {
    match (day.month(), day.day()) {
        // A third of July on a Friday is the holiday itself, observed.
        (7, 3) => !is_weekend(day),
        (11, _) => day.yesterday().is_ok_and(is_thanksgiving),
        (12, 24) => true,
        _ => false,
    }
}

fn is_holiday(day: Date) -> bool {
    let year = day.year();
    match day.month() {
        // A New Year's Day on a Saturday is not made up for: the year's last session is wanted for the books.
        1 => observed(day, date(year, 1, 1)) || is_nth(day, 3, Weekday::Monday),
        2 => is_nth(day, 3, Weekday::Monday),
        3 | 4 => day
            .checked_add(2.days())
            .is_ok_and(|sunday| sunday == easter(year)),
        5 => is_nth(day, -1, Weekday::Monday),
        6 => year >= 2022 && observed(day, date(year, 6, 19)),
        7 => observed(day, date(year, 7, 4)),
        9 => is_nth(day, 1, Weekday::Monday),
        11 => is_thanksgiving(day),
        12 => observed(day, date(year, 12, 25)),
        _ => false,
    }
}

/// Whether a feast is kept on this day: on the Friday before when it falls on a Saturday, on the Monday after when on
/// a Sunday. Feasts are looked for in their own month only.
fn observed(day: Date, feast: Date) -> bool {
    let kept = match feast.weekday() {
        Weekday::Saturday => feast.yesterday(),
        Weekday::Sunday => feast.tomorrow(),
        _ => Ok(feast),
    };
    kept.is_ok_and(|kept| kept == day)
}

fn is_thanksgiving(day: Date) -> bool {
    day.month() == 11 && is_nth(day, 4, Weekday::Thursday)
}

/// Whether the day is the `n`th such weekday of its month; −1 is the last.
fn is_nth(day: Date, n: i8, weekday: Weekday) -> bool {
    day.nth_weekday_of_month(n, weekday).is_ok_and(|nth| nth == day)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Easter Sunday of the Gregorian calendar (the anonymous rule of 1876, as in Meeus, Astronomical Algorithms, ch. 8).
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let correction = (century + 8) / 25;
    let epact = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let (month, day) = (days / 31, days % 31 + 1);
    date(
        year,
        i8::try_from(month).expect("Easter is in March or April"),
        i8::try_from(day).expect("a day of a month"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weekdays without a session, and half days, of a year.
    fn published(year: i16) -> (Vec<String>, Vec<String>) {
        let days = || {
            date(year, 1, 1)
                .series(1.day())
                .take_while(move |day| day.year() == year)
        };
        let text = |day: Date| day.strftime("%m-%d").to_string();
        let closed = days()
            .filter(|day| !is_weekend(*day) && !is_trading_day(*day))
            .map(text);
        let half = days()
            .filter(|day| is_trading_day(*day) && is_half_day(*day))
            .map(text);
        (closed.collect(), half.collect())
    }

    #[test]
    fn the_published_calendars_are_met() {
        for (year, closed, half) in [
            (
                2021,
                "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24",
                "11-26",
            ),
            (
                2022,
                "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26",
                "11-25",
            ),
            (
                2023,
                "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
                "07-03 11-24",
            ),
            (
                2024,
                "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
                "07-03 11-29 12-24",
            ),
            (
                2025,
                "01-01 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
                "07-03 11-28 12-24",
            ),
            (
                2026,
                "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
                "11-27 12-24",
            ),
            (
                2027,
                "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
                "11-26",
            ),
        ] {
            let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(published(year), (words(closed), words(half)), "{year}");
        }
    }

    #[test]
    fn easter_is_where_tables_have_it() {
        for (year, month, day) in [
            (1961, 4, 2),
            (1981, 4, 19),
            (2000, 4, 23),
            (2008, 3, 23),
            (2038, 4, 25),
        ] {
            assert_eq!(easter(year), date(year, month, day));
        }
    }
}
