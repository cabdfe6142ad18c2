//! The integration tests: one binary, each story on SQLite and on PostgreSQL.

mod seam;
mod support;
