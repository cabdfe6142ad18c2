//! The features, a folder each. They call each other only through `mod.rs`, and only downwards in the order that
//! ARCHITECTURE.md gives.

pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod cash;
pub mod closing;
pub mod devices;
pub mod forecasts;
pub mod incidents;
pub mod labels;
pub mod ledger;
pub mod mail;
pub mod market;
pub mod news;
pub mod notifications;
pub mod orders;
pub mod portfolio;
pub mod price_alerts;
pub mod profile;
pub mod quarantine;
pub mod reviews;
pub mod risk;
pub mod security_log;
pub mod stream;
pub mod watchlists;
pub mod webhooks;
