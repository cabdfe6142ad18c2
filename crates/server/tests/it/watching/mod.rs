//! What people keep an eye on: watchlists and price alerts.

mod alerts;
mod lists;
