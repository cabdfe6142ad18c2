//! Stories about signing in with other people's accounts.

mod attacks;
mod github;
mod linking;
mod signing_in;
