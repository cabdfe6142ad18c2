//! What the stories stand on.

pub mod authenticator;
pub mod checks;
pub mod database;
pub mod http;
pub mod http2;
pub mod listener;
pub mod listening;
pub mod outage;
pub mod passkey;
pub mod people;
pub mod post;
pub mod process;
pub mod providers;
pub mod shop;
pub mod socket;
pub mod visitor;
