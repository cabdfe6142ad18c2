//! A statement as one table of CSV: what kind of line it is comes first. As in the list of transactions, no cell needs
//! quotes.

use super::content::Content;

const HEADER: &str = "section,at,type,symbol,quantity,price,amount,fee,currency\r\n";

/// The whole file.
pub(super) fn draw(of: &Content) -> String {
    let mut file = String::from(HEADER);
    let mut line = |cells: [String; 8]| {
        file.push_str(&cells.join(","));
        file.push(',');
        file.push_str(of.currency.as_str());
        file.push_str("\r\n");
    };
    let none = String::new;
    let known = |amount: Option<stockade_domain::money::Money>| amount.map_or_else(none, |a| a.to_string());
    let summary = [
        ("opening_value", known(of.opening)),
        ("deposits", of.deposits.to_string()),
        ("withdrawals", of.withdrawals.to_string()),
        ("dividends", of.dividends.to_string()),
        ("fees", of.fees.to_string()),
        ("cash", of.cash.to_string()),
        ("closing_value", known(of.closing)),
    ];
    for (name, amount) in summary {
        line([
            "summary".into(),
            none(),
            name.into(),
            none(),
            none(),
            none(),
            amount,
            none(),
        ]);
    }
    for position in &of.positions {
        let price = position.price.map_or_else(none, |price| price.to_string());
        let (symbol, qty) = (position.symbol.to_string(), position.qty.to_string());
        line([
            "holding".into(),
            none(),
            none(),
            symbol,
            qty,
            price,
            known(position.value),
            none(),
        ]);
    }
    for (symbol, amount) in &of.realized {
        let (symbol, amount) = (symbol.to_string(), amount.to_string());
        line([
            "realized".into(),
            none(),
            none(),
            symbol,
            none(),
            none(),
            amount,
            none(),
        ]);
    }
    for row in &of.transactions {
        line([
            "transaction".into(),
            row.at.to_string(),
            row.kind.clone(),
            row.symbol.map_or_else(none, |symbol| symbol.to_string()),
            row.qty.map_or_else(none, |qty| qty.to_string()),
            row.price.map_or_else(none, |price| price.to_string()),
            row.amount.to_string(),
            row.fee.to_string(),
        ]);
    }
    file
}
