//! The security layers that a request passes, outermost first. Each is a file; what a layer finds out reaches handlers
//! as an extractor in their signature, so that the door says who may enter.
//!
//! | layer | file | in a handler's signature |
//! |---|---|---|
//! | authentication: token, API key, or cookie with CSRF | `authentication.rs` | `SignedIn` |
//! | token binding: the token comes from the device it was issued to | `features/auth/authenticate.rs` | `SignedIn` |
//! | authorisation: the table, and the guard beside each route | `access.rs`, `authorisation.rs`, `roles.rs` | `AuditReader` |
//! | request signature | `signature.rs` | `Signed<T>` |
//! | step-up | `step_up.rs` | `SteppedUp<T>` |

pub mod access;
pub mod authentication;
pub mod authorisation;
pub mod roles;
pub mod signature;
pub mod step_up;
mod target;
