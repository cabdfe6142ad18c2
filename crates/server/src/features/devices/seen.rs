//! The device that somebody signs in from, as the request shows it.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use stockade_domain::device::Fingerprint;

use super::{
    binding,
    cookie::{self, Carrier},
    report::DeviceReport,
};
use crate::{app::App, core::actor::Origin};

/// A device as one request shows it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// SHA-256 of its id, be it one it had or one it is given now.
    pub(super) id_hash: [u8; 32],
    /// The id is not one of ours, so it may be one that can be guessed.
    pub(super) id_is_foreign: bool,
    pub(super) fingerprint: Fingerprint,
    pub(super) ip: Option<IpAddr>,
    binding: [u8; 32],
    cookie: Option<HeaderValue>,
}

impl Seen {
    /// The device of a sign-in. One that brings no id is given a new one, which [`Seen::cookie`] hands out.
    pub fn of(app: &App, headers: &HeaderMap, origin: &Origin, report: Option<DeviceReport>) -> Self {
        let (id, cookie, id_is_foreign) = match cookie::read(app, headers) {
            Some((id, Carrier::Header)) => (id.to_vec(), None, !cookie::looks_like_ours(id)),
            Some((id, Carrier::Cookie)) => {
                let again = std::str::from_utf8(id).ok().and_then(|id| cookie::set(app, id));
                (id.to_vec(), again, !cookie::looks_like_ours(id))
            }
            None => {
                let id = cookie::new_id();
                let set = cookie::set(app, &id);
                (id.into_bytes(), set, false)
            }
        };
        let id_hash = binding::id_hash(&id);
        let shown = cookie::read(app, headers).is_some();
        let user_agent = origin.user_agent.as_deref();
        Self {
            id_hash,
            id_is_foreign,
            fingerprint: report.unwrap_or_default().fingerprint(user_agent),
            ip: origin.ip,
            binding: match shown {
                true => binding::bound_to(&id_hash),
                false => binding::bound(Some(&id_hash), binding::user_agent(headers)),
            },
            cookie,
        }
    }

    /// The same of a browser that keeps its session in cookies: it keeps the id it is given with it, too.
    pub fn keeping_cookies(self) -> Self {
        Self {
            binding: binding::bound_to(&self.id_hash),
            ..self
        }
    }

    /// What binds the session's tokens to the device; belongs into `sessions.device_hash` and the token's `dev`.
    pub fn binding(&self) -> [u8; 32] {
        self.binding
    }

    /// `Set-Cookie` for the answer to a successful sign-in: gives a new device its id, and a known one its id for
    /// another 400 days. `None` for programs, which bring theirs in a header.
    pub fn cookie(&self) -> Option<HeaderValue> {
        self.cookie.clone()
    }
}
