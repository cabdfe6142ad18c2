//! The outside world behind plain types. Driver types and their generics stop here.

pub mod background;
pub mod clock;
pub mod db;
pub mod feed;
pub mod geo;
pub mod mail;
pub mod market;
pub mod random;
pub mod shared;
pub mod socket;
pub mod syslog;
pub mod tls;
pub mod tls_server;
pub mod vault;
pub mod web_client;
