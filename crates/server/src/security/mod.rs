//! The security layers that a request passes, outermost first. Each is a file; what a layer finds out reaches handlers
//! as an extractor in their signature, so that the door says who may enter.
//!
//! | layer | file | in a handler's signature |
//! |---|---|---|
//! | authentication, with CSRF where cookies authenticate | `authentication.rs` | `SignedIn` |
//! | token binding: the token comes from the device it was issued to | `features/auth/authenticate.rs` | `SignedIn` |
//! | authorisation | `roles.rs` | `AuditReader` |
//! | request signature | `signature.rs` | `Signed<T>` |
//! | step-up | `step_up.rs` | `SteppedUp<T>` |

pub mod authentication;
pub mod roles;
pub mod signature;
pub mod step_up;
mod target;
