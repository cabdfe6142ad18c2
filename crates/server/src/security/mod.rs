//! The security layers that a request passes, outermost first. Each is a file; what a layer finds out reaches handlers
//! as an extractor in their signature, so that the door says who may enter.
//!
//! | layer | file | in a handler's signature |
//! |---|---|---|
//! | request frame: limits of time and size, the client's address, headers of answers | `http/frame.rs` | |
//! | admission: how many are at work, how many wait | `admission.rs`, from `way_in.rs` | |
//! | rate limit, by address and for all | `rate_limit/`, from `way_in.rs` | |
//! | authentication: token, API key, or cookie with CSRF; and the rate limit of the person | `authentication.rs` | `SignedIn` |
//! | token binding: the token comes from the device it was issued to | `features/auth/authenticate.rs` | `SignedIn` |
//! | authorisation: the table, and the guard beside each route | `access.rs`, `authorisation.rs`, `roles.rs` | `AuditReader` |
//! | request signature | `signature.rs` | `Signed<T>` |
//! | step-up | `step_up.rs` | `SteppedUp<T>` |

pub mod access;
pub mod admission;
pub mod authentication;
pub mod authorisation;
pub mod rate_limit;
pub mod roles;
pub mod signature;
pub mod step_up;
mod target;
pub mod way_in;
