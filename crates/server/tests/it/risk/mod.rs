//! Stories of risk.

mod evaluating;
