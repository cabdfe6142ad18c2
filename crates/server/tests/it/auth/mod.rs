//! Stories about accounts: joining, signing in, staying signed in, signing requests.

mod browser;
mod changing_email;
mod changing_password;
mod choosing_password;
mod imported;
mod joining;
mod last_factor;
mod lockout;
mod looking_alike;
mod mailing;
mod mass_assignment;
mod oidc;
mod outliving;
mod passkey_attacks;
mod passkeys;
mod recovering;
mod refreshing;
mod revoking;
mod second_factor;
mod setting_up;
mod signing;
mod signing_in;
mod signing_keys;
mod step_up;
mod taking_alike;
mod tokens;
