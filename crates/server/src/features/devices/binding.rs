//! What binds a session's tokens to the device they were issued to (layer 6; RFC 9700 §2.2.1 asks for tokens that are
//! useless to whoever steals them).
//!
//! Thirty-two bytes: a hash of the device id, then a hash of the browser's or program's family and system. A request
//! from **another id** is clearly another device, whatever it looks like. Who showed an id at the sign-in, in the header
//! or in its cookie, or keeps the session itself in cookies, is bound to that id alone: **without it** a request comes from
//! clearly another device, since a thief who leaves it out must not fare better than one who guesses it. Only a program
//! that showed none, and so may keep no cookies, is judged by its family and system; one that shows another family or
//! system is clearly another device. Versions never count, nor does the difference between a phone and its desktop mode: an update or a
//! turned switch must not sign anybody out. An address never counts, since phones change theirs all day.

use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, header};
use stockade_domain::device::Agent;

use super::cookie;
use crate::app::App;

/// Half of a binding.
const HALF: usize = 16;
/// Stands for an id that nobody gave. Sign-ins give everybody one, so no session is bound to it.
const NO_ID: [u8; HALF] = [0; HALF];
/// Stands for the family and system of who is bound to an id alone. No hash is this.
const ID_ALONE: [u8; HALF] = [0; HALF];

/// What a request's device is bound by. Two requests from one device have the same.
pub fn binding(app: &App, headers: &HeaderMap) -> [u8; 32] {
    match cookie::read(app, headers) {
        Some((id, _)) => bound_to(&id_hash(id)),
        None => bound(None, user_agent(headers)),
    }
}

/// Whether a request comes from a device that clearly is not the one that `bound` names.
pub fn is_clearly_other(app: &App, headers: &HeaderMap, bound: &[u8; 32]) -> bool {
    !Shown::by(app, headers).fits(bound)
}

/// The device a token is bound to. What it showed first is remembered, so that the same again costs a comparison of
/// bytes and no hash.
#[derive(Debug)]
pub struct Bond {
    bound: [u8; 32],
    first: OnceLock<(bool, Box<[u8]>)>,
}

impl Bond {
    /// To the device with this binding.
    pub fn new(bound: [u8; 32]) -> Self {
        Self {
            bound,
            first: OnceLock::new(),
        }
    }

    /// Whether a request may come from this device.
    pub fn holds(&self, app: &App, headers: &HeaderMap) -> bool {
        let shown = Shown::by(app, headers);
        if let Some((is_id, bytes)) = self.first.get()
            && (*is_id, &**bytes) == shown.bytes()
        {
            return true;
        }
        let holds = shown.fits(&self.bound);
        if holds {
            let (is_id, bytes) = shown.bytes();
            // Of two requests that arrive at once either may be the first.
            let _ = self.first.set((is_id, bytes.into()));
        }
        holds
    }
}

/// What a request shows of its device: the id, or else what it says of its browser.
enum Shown<'h> {
    Id(&'h [u8]),
    Agent(&'h str),
}

impl<'h> Shown<'h> {
    fn by(app: &App, headers: &'h HeaderMap) -> Self {
        cookie::read(app, headers).map_or_else(|| Self::Agent(user_agent(headers)), |(id, _)| Self::Id(id))
    }

    /// Whether it is the id.
    fn bytes(&self) -> (bool, &'h [u8]) {
        match self {
            Self::Id(id) => (true, id),
            Self::Agent(agent) => (false, agent.as_bytes()),
        }
    }

    fn fits(&self, bound: &[u8; 32]) -> bool {
        let (id, agent) = bound.split_at(HALF);
        match self {
            Self::Id(shown) => id_hash(shown)[..HALF] == *id,
            Self::Agent(shown) => *agent != ID_ALONE && agent_hash(shown)[..HALF] == *agent,
        }
    }
}

/// The binding of a device that has shown this id, or will.
pub(super) fn bound_to(id_hash: &[u8; 32]) -> [u8; 32] {
    let mut binding = [0; 32];
    binding[..HALF].copy_from_slice(&id_hash[..HALF]);
    binding[HALF..].copy_from_slice(&ID_ALONE);
    binding
}

/// The binding of a device that showed no id: the one it is given now, if it keeps it, or else its `User-Agent`.
pub(super) fn bound(id_hash: Option<&[u8; 32]>, user_agent: &str) -> [u8; 32] {
    let mut binding = [0; 32];
    binding[..HALF].copy_from_slice(id_hash.map_or(&NO_ID, |hash| &hash[..HALF]));
    binding[HALF..].copy_from_slice(&agent_hash(user_agent)[..HALF]);
    binding
}

/// What is stored of a device id. 256 random bits need neither salt nor stretching.
pub(super) fn id_hash(id: &[u8]) -> [u8; 32] {
    sha256(&[b"id:", id].concat())
}

fn agent_hash(user_agent: &str) -> [u8; 32] {
    let agent = Agent::read(user_agent);
    let os = agent.os.map_or("", |os| os.on_a_desk().as_str());
    sha256(format!("agent:{}\n{os}", agent.family.unwrap_or_default()).as_bytes())
}

pub(super) fn user_agent(headers: &HeaderMap) -> &str {
    let value = headers.get(header::USER_AGENT);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const UPDATED: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
    const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";

    #[test]
    fn another_id_is_another_device_whatever_it_looks_like() {
        let bound = bound(Some(&id_hash(b"mine")), LINUX);
        assert!(Shown::Id(b"mine").fits(&bound));
        assert!(!Shown::Id(b"theirs").fits(&bound));
    }

    #[test]
    fn who_showed_an_id_must_show_it_again() {
        let bound = bound_to(&id_hash(b"mine"));
        assert!(Shown::Id(b"mine").fits(&bound));
        for other in [Shown::Id(b"theirs"), Shown::Agent(LINUX), Shown::Agent("")] {
            assert!(!other.fits(&bound));
        }
    }

    #[test]
    fn without_an_id_the_family_and_the_system_count() {
        for bound in [bound(Some(&id_hash(b"mine")), LINUX), bound(None, LINUX)] {
            assert!(Shown::Agent(LINUX).fits(&bound) && Shown::Agent(UPDATED).fits(&bound));
            for other in [WINDOWS, "curl/8.5.0", ""] {
                assert!(!Shown::Agent(other).fits(&bound), "{other}");
            }
        }
    }
}
