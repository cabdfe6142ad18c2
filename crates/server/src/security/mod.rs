//! The security layers that a request passes, outermost first. Each is a file; what a layer finds out reaches handlers
//! as an extractor in their signature, so that the door says who may enter.
//!
//! | layer | file | in a handler's signature |
//! |---|---|---|
//! | authentication | `authentication.rs` | `SignedIn` |
//! | authorisation | `roles.rs` | `AuditReader` |
//! | request signature | `signature.rs` | `Signed<T>` |

pub mod authentication;
pub mod roles;
pub mod signature;
