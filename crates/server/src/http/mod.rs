//! The HTTP side: the router, the frame around each request, bodies, errors, health.

pub mod about;
mod answers;
pub mod body;
pub mod client_address;
pub mod cors;
pub mod edge;
pub mod error;
pub mod frame;
pub mod health;
pub mod json;
pub mod listen;
pub mod mail_check;
pub mod metrics;
pub mod nearby;
pub mod operations;
pub mod page;
pub mod query;
pub mod router;
pub mod spans;
pub mod stream;
pub mod traffic;
pub mod web_page;
pub mod web_ui;
pub mod well_formed;
