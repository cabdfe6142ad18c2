//! The integration tests: one binary, each story on SQLite and on PostgreSQL.
#![expect(unreachable_pub, reason = "nothing in a test binary is reached from outside")]
#![expect(clippy::unwrap_used, reason = "a story that does not go as told ends there")]

mod access;
mod answers;
mod audit;
mod auth;
mod backup;
mod clients;
mod closing;
mod compliance;
mod crash;
mod demo;
mod deployment;
mod desk;
mod devices;
mod edge;
mod feeds;
mod forecasts;
mod full;
mod incidents;
mod instances;
mod mail;
mod metrics;
mod migrations;
mod news;
mod postman;
mod profile;
mod readme;
mod risk;
mod seam;
mod security_log;
mod signing_clients;
mod spans;
mod streaming;
mod streams;
mod support;
mod trading;
mod vault;
mod watching;
mod web_ui;
mod webhooks;
