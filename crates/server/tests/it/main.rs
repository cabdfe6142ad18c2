//! The integration tests: one binary, each story on SQLite and on PostgreSQL.

mod audit;
mod auth;
mod crash;
mod seam;
mod support;
mod trading;
