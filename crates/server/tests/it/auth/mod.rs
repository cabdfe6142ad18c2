//! Stories about accounts: joining, signing in, staying signed in, signing requests.

mod changing_email;
mod changing_password;
mod imported;
mod joining;
mod mailing;
mod recovering;
mod refreshing;
mod revoking;
mod setting_up;
mod signing;
mod signing_in;
mod signing_keys;
mod tokens;
