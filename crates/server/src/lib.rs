//! Stockade: a self-hosted investment platform with its security operations built in.

pub mod app;
pub mod backup;
pub mod cli;
pub mod config;
pub mod core;
pub mod demo;
pub mod features;
pub mod http;
pub mod security;
mod worker;
