//! Stories of the operations desk that concern no one feature: its figures, finding people, proving entries.

mod figures;
mod people;
mod proving;
