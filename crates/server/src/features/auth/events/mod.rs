//! What the log says of accounts, sessions and keys, a file a subject. Details never hold a secret; an address that belongs
//! to no account is kept as a keyed hash, because people type passwords into the wrong field.

mod credentials;
mod oidc;
mod registration;
mod second_factor;
mod session;
mod sign_in;

pub(super) use self::{credentials::*, oidc::*, registration::*, second_factor::*, session::*, sign_in::*};
