//! Tests of the engine as a whole: the published figures, the tables, and what always holds.

mod examples;
mod path;
mod policies;
mod properties;
mod tables;
mod trials;
mod vectors;
