//! Transactions as lines of CSV (RFC 4180). What is written here can be imported again.
//!
//! No cell needs quotes or could be taken for a formula by a spreadsheet: words, symbols, numbers, ids, and names of
//! sources, which have no signs but spaces, points, hyphens and underscores.

use axum::http::{HeaderName, HeaderValue, header};

use super::TransactionView;

/// The first line.
pub(in crate::features::portfolio) const HEADER: &str =
    "id,at,type,symbol,quantity,price,amount,fee,currency,source,cause\r\n";

/// The media type (RFC 7111).
pub(in crate::features::portfolio) const FILE_TYPE: HeaderValue =
    HeaderValue::from_static("text/csv; charset=utf-8; header=present");

/// The headers of a file to keep.
pub(in crate::features::portfolio) fn attachment(name: &str) -> [(HeaderName, HeaderValue); 2] {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    [
        (header::CONTENT_TYPE, FILE_TYPE),
        (
            header::CONTENT_DISPOSITION,
            disposition.unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ]
}

/// One line.
pub(in crate::features::portfolio) fn row(of: &TransactionView) -> String {
    let text = |value: Option<String>| value.unwrap_or_default();
    let cells = [
        of.id.to_string(),
        of.at.to_string(),
        of.kind.clone(),
        text(of.symbol.map(|symbol| symbol.to_string())),
        text(of.qty.map(|qty| qty.to_string())),
        text(of.price.map(|price| price.to_string())),
        of.amount.to_string(),
        of.fee.to_string(),
        of.currency.to_owned(),
        of.source.clone(),
        text(of.cause.map(|cause| cause.to_string())),
    ];
    format!("{}\r\n", cells.join(","))
}
