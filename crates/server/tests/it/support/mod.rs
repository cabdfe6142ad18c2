//! What the stories stand on.

pub mod database;
pub mod http;
pub mod people;
pub mod shop;
