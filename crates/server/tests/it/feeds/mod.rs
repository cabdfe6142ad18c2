//! Prices from outside: files, and a provider's API.

mod files;
mod listings;
mod provider;
