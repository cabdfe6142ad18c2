//! Forecasts: a job makes them, people read them, and anybody may try them on a series of their own.

mod evaluating;
mod making;
