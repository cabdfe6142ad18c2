//! The log's tests through its public face: reference vectors, properties, and damage made in real exports.

mod appender;
mod log;
mod tiles;
mod tree;
mod vectors;
