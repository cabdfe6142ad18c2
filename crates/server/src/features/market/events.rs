//! What the log says of the market.

use serde_json::json;
use stockade_domain::symbol::Symbol;
use stockade_platform::market::Listing;

use crate::core::event::AuditEvent;

/// Prices of whole days were brought in.
pub(super) fn imported(symbols: &[Symbol], bars: usize) -> AuditEvent {
    AuditEvent::done("market.imported").with(json!({ "symbols": symbols, "bars": bars }))
}

/// An asset was listed, or its listing changed.
pub(super) fn listed(listing: &Listing) -> AuditEvent {
    let details = json!({
        "symbol": listing.symbol, "name": listing.name, "exchange": listing.exchange,
        "class": listing.class.as_str(), "tradable": listing.tradable, "fractionable": listing.fractionable,
    });
    AuditEvent::done("market.listed").with(details).about_nobody()
}
