//! Stories about accounts: joining, signing in, staying signed in, signing requests.

mod imported;
mod joining;
mod mailing;
mod refreshing;
mod revoking;
mod setting_up;
mod signing;
mod signing_in;
mod signing_keys;
mod tokens;
