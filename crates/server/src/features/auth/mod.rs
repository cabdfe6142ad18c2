//! Accounts: how people join, sign in, stay signed in and sign requests.
//!
//! Invariants: nothing says whether an address has an account. Passwords, refresh tokens and links are stored as hashes,
//! signing secrets sealed under their owner's key. A session that ended is refused at once, everywhere; a refresh token
//! is turned in once, and presented again later it ends its whole family. A token that clearly comes from another device ends
//! its session.
//!
//! Tables: `users`, `registrations`, `setup_token`, `sessions`, `refresh_tokens`, `signing_keys`, `nonces_even`, `nonces_odd`,
//! `mail_requests`, `mail_links`, `mail_quotas`, `totp_secrets`, `backup_codes`, `sign_in_challenges`, `step_ups`,
//! `failure_counters`, `stream_tickets`, `oidc_states`, `oidc_links`, `compromise_indicators`, `restorations`; those of
//! [`passkeys`].

mod access_token;
mod authenticate;
mod breached;
mod change_email;
mod change_password;
mod confirm_new_email;
mod confirm_sign_ins;
mod cookies;
mod csrf;
mod current_password;
mod dashboard;
mod end_sessions;
mod events;
mod forget;
mod forgot_password;
mod guesses;
mod hashing;
mod judging;
mod jwks;
mod key_owner;
mod known_phrases;
mod last_seen;
mod lockout;
mod logout;
mod made_since;
mod mail_purpose;
mod mail_requests;
mod mails;
mod me;
mod not_me;
mod oidc;
mod opaque;
mod own_data;
mod pages;
mod passkeys;
mod password_hash;
mod password_rules;
mod password_strength;
mod people;
mod prune;
mod refresh;
mod register;
mod rehash;
mod resend;
mod reset_password;
mod restriction;
mod revocations;
mod revoke_device;
mod scopes;
mod second_factors;
mod session_key;
mod sessions_end;
mod sessions_list;
mod setup;
mod sign_in;
mod signing_keys;
mod signing_secrets;
mod staff;
mod stand_in;
mod step_up;
mod store;
mod stream_ticket;
mod theft;
mod token_keys;
mod unlock;
mod users;
mod verify_email;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use secrecy::ExposeSecret as _;
use stockade_platform::vault::{MacKey, MasterSecret};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    config::{Config, Key},
    security::{access::Permission, authorisation::Guarded as _},
};

pub use self::{
    authenticate::{authenticate, is_still_open},
    cookies::access as access_cookie,
    csrf::{check as check_csrf, check_handshake},
    forget::forget,
    key_owner::key_owner,
    last_seen::write_last_seen,
    mail_requests::answer_mail_requests,
    not_me::not_me_link,
    own_data::{OwnData, own_data},
    pages::pages,
    prune::prune,
    revocations::{ended_sessions, load_revocations, relay_revocations},
    scopes::{Scope, Scopes},
    second_factors::{Method, is_on as second_factor_is_on},
    setup::first_link,
    signing_secrets::{SigningSecret, signing_secret, write_last_uses},
    staff::{
        PersonView, StaffMember, Standing, accounts_standing, customers_exist, is_restricted, person,
        restricted, staff,
    },
    step_up::{consume_step_up, step_up_refusal, step_up_required},
    stream_ticket::redeem_stream_ticket,
    unlock::unlock_from_command_line,
    users::{UserView, address_of, create_staff, credentials_changed_at},
};

/// What signing in stands on. One exists; the application holds it.
pub struct Auth {
    passwords: hashing::Hashing,
    stand_ins: stand_in::StandIns,
    judging: judging::Judging,
    access: access_token::AccessTokens,
    /// Derives the successor of a refresh token.
    refresh_key: MacKey,
    /// Turns typed addresses into what the log may hold.
    address_key: MacKey,
    backup_code_key: MacKey,
    mailed_code_key: MacKey,
    csrf_key: MacKey,
    /// Signs the links with which people disown a sign-in.
    not_me_key: MacKey,
    /// Ourselves, as passkeys know us; `None` when our public address has no name.
    passkeys: Option<webauthn_rs::Webauthn>,
    oidc: oidc::Providers,
    remembered: authenticate::Remembered,
    secrets: signing_secrets::SigningSecrets,
    /// Whether the copy of the revocations is being loaded.
    loading: AtomicBool,
    /// Checks of sessions against the shared copy, and in the database.
    session_checks: [AtomicU64; 2],
}

impl Auth {
    /// Starts the hashing threads and derives the keys of tokens.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(config: &Config, token_key: &Key) -> std::io::Result<Self> {
        let secret = MasterSecret::new(token_key.expose_secret()).expect("a key is 32 bytes");
        Ok(Self {
            passwords: hashing::Hashing::start(&config.passwords)?,
            stand_ins: stand_in::StandIns::new(secret.mac_key("stand-ins"), config.passwords.work()),
            judging: judging::Judging::new(),
            access: access_token::AccessTokens::new(&config.tokens, &secret),
            refresh_key: secret.mac_key("refresh tokens"),
            address_key: secret.mac_key("typed addresses"),
            backup_code_key: secret.mac_key("backup codes"),
            mailed_code_key: secret.mac_key("mailed codes"),
            csrf_key: secret.mac_key("csrf tokens"),
            not_me_key: secret.mac_key("not-me links"),
            passkeys: passkeys::relying_party(&config.server.public_url),
            oidc: oidc::Providers::new(&secret),
            remembered: authenticate::Remembered::new(),
            secrets: signing_secrets::SigningSecrets::default(),
            loading: AtomicBool::new(false),
            session_checks: Default::default(),
        })
    }

    /// How many passwords wait to be hashed, and how many are being hashed.
    pub fn hashing_load(&self) -> (usize, usize) {
        self.passwords.load()
    }

    /// How often a session was checked against the copy of the revocations, and how often in the database.
    pub fn session_checks(&self) -> (u64, u64) {
        let [shared, database] = &self.session_checks;
        (shared.load(Relaxed), database.load(Relaxed))
    }

    /// A typed address as the log may hold it: equal addresses can be told, and nothing else.
    fn address_tag(&self, address: &str) -> String {
        hex::encode(&self.address_key.tag(address.trim().to_lowercase().as_bytes())[..8])
    }
}

/// Of the operations desk: `/dashboard/auth`, `/accounts…`.
pub fn desk_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(dashboard::show).may(Permission::ReadDesk))
        .routes(routes!(restriction::list).may(Permission::ReadDesk))
        .routes(routes!(unlock::unlock).may(Permission::WorkCases))
        .routes(routes!(restriction::restrict).may(Permission::WorkCases))
        .routes(routes!(restriction::restore).may(Permission::WorkCases))
}

/// `/users` of the administration.
pub fn administration_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(people::list).may(Permission::ReadDesk))
}

/// `/.well-known/jwks.json`
pub fn well_known_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(jwks::show).public())
}

/// `/auth…`, `/sessions…`, `/signing-keys…`, `/setup`, and the end of a device
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register::register).public())
        .routes(routes!(verify_email::verify_email).public())
        .routes(routes!(resend::resend).public())
        .routes(routes!(forgot_password::forgot_password).public())
        .routes(routes!(reset_password::reset_password).public())
        .routes(routes!(change_password::change_password).may(Permission::ManageSelf))
        .routes(routes!(change_email::change_email).may(Permission::ManageSelf))
        .routes(routes!(confirm_new_email::confirm_new_email).public())
        .routes(routes!(password_strength::password_strength).public())
        .routes(routes!(setup::setup).public())
        .routes(routes!(sign_in::login::login).public())
        .routes(routes!(sign_in::second_factor::code).public())
        .routes(routes!(sign_in::second_factor::backup_code).public())
        .routes(routes!(refresh::refresh).public())
        .routes(routes!(logout::logout).may_even_restricted(Permission::ManageSelf))
        .routes(routes!(me::me).may(Permission::ReadSelf))
        .routes(routes!(csrf::show).may(Permission::ManageSelf))
        .routes(routes!(confirm_sign_ins::confirm_sign_ins).public())
        .routes(routes!(second_factors::backup_codes::show).may(Permission::ManageSelf))
        .routes(routes!(second_factors::enrol::enable).may(Permission::ManageSelf))
        .routes(routes!(second_factors::enrol::verify).may(Permission::ManageSelf))
        .routes(routes!(second_factors::disable::disable).may(Permission::ManageSelf))
        .routes(routes!(second_factors::backup_codes::renew).may(Permission::ManageSelf))
        .routes(routes!(passkeys::register_start::start).may(Permission::ManageSelf))
        .routes(routes!(passkeys::register_finish::finish).may(Permission::ManageSelf))
        .routes(routes!(passkeys::list::list).may(Permission::ManageSelf))
        .routes(routes!(passkeys::list::rename, passkeys::remove::remove).may(Permission::ManageSelf))
        .routes(routes!(passkeys::sign_in::start).public())
        .routes(routes!(passkeys::sign_in::finish).public())
        .routes(routes!(passkeys::second_factor::start).public())
        .routes(routes!(passkeys::second_factor::finish).public())
        .routes(routes!(step_up::begin::begin).may(Permission::ManageSelf))
        .routes(routes!(step_up::verify::verify).may(Permission::ManageSelf))
        .routes(routes!(not_me::not_me).public())
        .routes(
            routes!(sessions_list::list, sessions_end::end_others)
                .may_even_restricted(Permission::ManageSelf),
        )
        .routes(routes!(sessions_end::end).may_even_restricted(Permission::ManageSelf))
        .routes(routes!(revoke_device::revoke).may_even_restricted(Permission::ManageSelf))
        .routes(routes!(oidc::start::providers).public())
        .routes(routes!(oidc::start::start).public())
        .routes(routes!(oidc::callback::callback).public())
        .routes(routes!(oidc::links::list).may(Permission::ManageSelf))
        .routes(routes!(oidc::links::link, oidc::links::unlink).may(Permission::ManageSelf))
        .routes(routes!(session_key::create_session_key).may(Permission::ManageSelf))
        .routes(routes!(stream_ticket::create).may_even_restricted(Permission::ManageSelf))
        .routes(routes!(signing_keys::create, signing_keys::list).may(Permission::ManageSelf))
        .routes(routes!(signing_keys::revoke).may_even_restricted(Permission::ManageSelf))
}
