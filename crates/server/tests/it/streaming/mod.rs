//! Prices as they move.

mod ending;
mod entering;
mod instances;
mod listening;
