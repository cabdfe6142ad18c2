//! The only SQL that names this feature's tables: `users`, `registrations`, `setup_token`, `sessions`,
//! `refresh_tokens`, `signing_keys`, `nonces`, `mail_requests`, `mail_links`, `mail_quotas`.

pub(super) mod mail_links;
pub(super) mod mail_requests;
pub(super) mod pruning;
pub(super) mod registrations;
pub(super) mod sessions;
pub(super) mod setup;
pub(super) mod signing_keys;
pub(super) mod users;
