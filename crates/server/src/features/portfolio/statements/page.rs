//! A statement as a page to read and print.

use super::content::Content;
use crate::{core::actor::SignedIn, features::portfolio::value::date_of, http::web_page::escape};

/// The page's title.
pub(super) fn title(of: &Content) -> String {
    format!("Statement {}", of.month)
}

/// The page's content.
pub(super) fn draw(of: &Content, owner: &SignedIn) -> String {
    let (from, to) = (date_of(of.month.first_day()), date_of(of.month.last_day()));
    let holder = match &owner.name {
        Some(name) => format!("{} · {}", escape(name), escape(&owner.email)),
        None => escape(&owner.email),
    };
    let replayed = match of.feed {
        "replay" => {
            "<p>The market is replayed: these are prices of the past, played back, and no real money.</p>"
        }
        _ => "",
    };
    let (summary, positions, sales, transactions) = (summary(of), positions(of), sales(of), transactions(of));
    format!(
        "<h1>Account statement</h1>\n<p>{holder}<br>{from} to {to}, UTC. Amounts in {}.</p>\n{replayed}\n\
         <h2>Summary</h2>\n{summary}\n<h2>Holdings on {to}</h2>\n{positions}\n<h2>Realised profit and loss</h2>\n\
         {sales}\n<h2>Transactions</h2>\n{transactions}",
        of.currency
    )
}

fn summary(of: &Content) -> String {
    let unknown = || "not known: a price was missing".to_owned();
    let known =
        |amount: Option<stockade_domain::money::Money>| amount.map_or_else(unknown, |a| a.to_string());
    let rows = [
        ("Value at the beginning", known(of.opening)),
        ("Deposits", of.deposits.to_string()),
        ("Withdrawals", of.withdrawals.to_string()),
        ("Dividends", of.dividends.to_string()),
        ("Fees", of.fees.to_string()),
        ("Cash at the end", of.cash.to_string()),
        ("Value at the end", known(of.closing)),
    ];
    let rows = rows.map(|(name, amount)| vec![name.to_owned(), amount]);
    table(&["", of.currency.as_str()], rows)
}

fn positions(of: &Content) -> String {
    if of.positions.is_empty() {
        return "<p>None.</p>".into();
    }
    let rows = of.positions.iter().map(|position| {
        vec![
            position.symbol.to_string(),
            position.qty.to_string(),
            position
                .price
                .map_or("no price".into(), |price| price.to_string()),
            position.value.map_or(String::new(), |value| value.to_string()),
        ]
    });
    table(&["Symbol", "Shares", "Price", "Value"], rows)
}

fn sales(of: &Content) -> String {
    if of.realized.is_empty() {
        return "<p>Nothing was sold.</p>".into();
    }
    let rows = of.realized.iter();
    table(
        &["Symbol", "Profit or loss"],
        rows.map(|(symbol, amount)| vec![symbol.to_string(), amount.to_string()]),
    )
}

fn transactions(of: &Content) -> String {
    if of.transactions.is_empty() {
        return "<p>None.</p>".into();
    }
    let text = |value: Option<String>| value.unwrap_or_default();
    let rows = of.transactions.iter().map(|row| {
        vec![
            row.at.strftime("%Y-%m-%d %H:%M").to_string(),
            row.kind.replace('_', " "),
            text(row.symbol.map(|symbol| symbol.to_string())),
            text(row.qty.map(|qty| qty.to_string())),
            text(row.price.map(|price| price.to_string())),
            row.fee.to_string(),
            row.amount.to_string(),
        ]
    });
    table(
        &["Time", "Type", "Symbol", "Shares", "Price", "Fee", "Amount"],
        rows,
    )
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let cells = |cells: &mut dyn Iterator<Item = &str>, tag: &str| -> String {
        cells
            .map(|cell| format!("<{tag}>{}</{tag}>", escape(cell)))
            .collect()
    };
    let head = cells(&mut head.iter().copied(), "th");
    let rows: String = rows
        .into_iter()
        .map(|row| format!("<tr>{}</tr>\n", cells(&mut row.iter().map(String::as_str), "td")))
        .collect();
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>")
}
