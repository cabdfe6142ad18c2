//! What binds a session's tokens to the device they were issued to (layer 6; RFC 9700 §2.2.1 asks for tokens that are
//! useless to whoever steals them).
//!
//! Thirty-two bytes: a hash of the device id, then a hash of the browser's or program's family and system. A request
//! from **another id** is clearly another device, whatever it looks like. One without an id is judged by its family and
//! system, so that a program that keeps no cookies can work, and one that shows another family or system is clearly
//! another device. Versions never count, nor does the difference between a phone and its desktop mode: an update or a
//! turned switch must not sign anybody out. An address never counts, since phones change theirs all day.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, header};
use stockade_domain::device::Agent;

use super::cookie;
use crate::app::App;

/// Half of a binding.
const HALF: usize = 16;
/// Stands for an id that nobody gave.
const NO_ID: [u8; HALF] = [0; HALF];

/// What a request's device is bound by. Two requests from one device have the same.
pub fn binding(app: &App, headers: &HeaderMap) -> [u8; 32] {
    let id = cookie::read(app, headers).map(|(id, _)| id_hash(id));
    bound(id.as_ref(), user_agent(headers))
}

/// Whether a request comes from a device that clearly is not the one that `bound` names.
pub fn is_clearly_other(app: &App, headers: &HeaderMap, bound: &[u8; 32]) -> bool {
    let (bound_id, bound_agent) = bound.split_at(HALF);
    match cookie::read(app, headers) {
        Some((id, _)) if bound_id != NO_ID => id_hash(id)[..HALF] != *bound_id,
        _ => agent_hash(user_agent(headers))[..HALF] != *bound_agent,
    }
}

/// The binding of a device with this id and `User-Agent`.
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
