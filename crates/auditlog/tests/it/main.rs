//! The log's tests through its public face: reference vectors, properties, and damage made in real exports.

#![allow(
    clippy::unwrap_used,
    reason = "in a test, what cannot be unwrapped is the failure"
)]

mod appender;
mod damage;
mod export;
mod log;
mod program;
mod proof;
mod tiles;
mod tree;
mod vectors;
mod verifier;
