//! The only SQL that names this feature's tables; a file each, or each group that belongs together.

pub(super) mod backup_codes;
pub(super) mod challenges;
pub(super) mod failure_counters;
pub(super) mod forgetting;
pub(super) mod made_since;
pub(super) mod mail_links;
pub(super) mod mail_requests;
pub(super) mod oidc_links;
pub(super) mod oidc_states;
pub(super) mod own_data;
pub(super) mod passkey_ceremonies;
pub(super) mod passkeys;
pub(super) mod people;
pub(super) mod pruning;
pub(super) mod registrations;
pub(super) mod restrictions;
pub(super) mod sessions;
pub(super) mod setup;
pub(super) mod signing_keys;
pub(super) mod step_ups;
pub(super) mod stream_tickets;
pub(super) mod totp_secrets;
pub(super) mod users;
