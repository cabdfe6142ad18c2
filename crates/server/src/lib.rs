//! Stockade: a self-hosted investment platform with its security operations built in.

pub mod config;
pub mod core;
pub mod http;
