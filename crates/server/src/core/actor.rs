//! Who acts, and from where. The security layer makes these; a unit of work takes one and puts it on record.

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;
use stockade_domain::{
    ids::{ApiKeyId, DeviceId, RequestId, SessionId, UserId},
    key_scopes::KeyScopes,
    roles::Role,
};
use stockade_platform::db::Query;

use crate::http::error::Problem;

/// What one request says of itself.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The id that the answer carries, too.
    pub request_id: Option<RequestId>,
    /// The client's address.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<Arc<str>>,
}

/// The API key that a request came with.
#[derive(Clone, Copy, Debug)]
pub struct KeyUse {
    /// The key.
    pub id: ApiKeyId,
    /// What it may be used for.
    pub scopes: KeyScopes,
}

/// Somebody whose access token or API key was accepted.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub id: UserId,
    /// The session the token belongs to. A key has none, so its own id stands here: what it did can be told in the log.
    pub session: SessionId,
    /// Present when an API key stands for the person.
    pub api_key: Option<KeyUse>,
    /// What the person may do.
    pub role: Role,
    /// Their account is frozen: they look, and change nothing. It never changes within a session.
    pub restricted: bool,
    /// The address they sign in with.
    pub email: Arc<str>,
    /// What they want to be called.
    pub name: Option<Arc<str>>,
    /// The device the session was opened on.
    pub device: Option<DeviceId>,
    /// How they proved who they are (RFC 8176).
    pub amr: Arc<[String]>,
    /// When they last proved who they are.
    pub auth_time: Timestamp,
    /// Where the request came from.
    pub origin: Origin,
}

impl SignedIn {
    /// Whether the session was opened with more than one factor (RFC 8176 §2, `mfa`).
    pub fn has_second_factor(&self) -> bool {
        self.amr.iter().any(|method| method == "mfa")
    }
}

/// Somebody signed in whose request carries a valid signature. The nonce is consumed by the unit of work.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Who signed.
    pub user: SignedIn,
    /// What makes the request unique.
    pub proof: RequestProof,
}

impl std::ops::Deref for Verified {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.user
    }
}

/// An `Idempotency-Key` and the hash of what was asked under it.
pub type IdempotencyKey = (String, [u8; 32]);

/// The parts of a signed request that may be used once.
#[derive(Clone, Debug)]
pub struct RequestProof {
    /// The statement that consumes the nonce: it changes one row, or none when the nonce was used before or the key
    /// that signed is no longer valid.
    pub nonce: Query,
    /// The `Idempotency-Key` header and the hash of what was asked.
    pub idempotency: Option<IdempotencyKey>,
    /// The hash of what was asked, by which a step-up names it.
    pub request_hash: [u8; 32],
    /// The `X-Step-Up` header, for what takes a proof only when it is large.
    pub step_up: Option<Arc<str>>,
}

/// Somebody signed in who says that they proved it once more for this very operation. The proof is used up, or found
/// wanting, by the unit of work.
#[derive(Clone, Debug)]
pub struct SteppedUpUser {
    /// Who asks.
    pub user: SignedIn,
    /// What they proved.
    pub step_up: StepUpProof,
    /// The `Idempotency-Key` header, which counts once [`SteppedUpUser::idempotent`] says so.
    pub key: Option<IdempotencyKey>,
}

impl SteppedUpUser {
    /// Lets the request's `Idempotency-Key` count. Only for units that ask for [`super::change::Change::claim`]: where a
    /// request with the same key took effect before, they are run without a fresh proof, and must do nothing but answer
    /// with what it made.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.step_up.idempotency = self.key.take();
        self
    }
}

impl std::ops::Deref for SteppedUpUser {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.user
    }
}

/// A proof that allows one operation once.
#[derive(Clone, Debug)]
pub struct StepUpProof {
    /// The statement that uses the proof up: it changes one row, or none when the proof is not good (any more).
    pub consume: Query,
    /// The answer in that case.
    pub refusal: Box<Problem>,
    /// The key that is claimed with the proof, where the unit works with one.
    pub idempotency: Option<IdempotencyKey>,
}

/// Who a unit of work acts for.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person, the program, or nobody known.
    pub who: Who,
    /// Where the request came from.
    pub origin: Origin,
    /// Present when the request was signed.
    pub proof: Option<RequestProof>,
    /// Present when the operation wants a step-up.
    pub step_up: Option<StepUpProof>,
}

/// The acting party.
#[derive(Clone, Debug)]
pub enum Who {
    /// Somebody who has not signed in.
    Stranger,
    /// Somebody signed in.
    Person {
        /// The person.
        id: UserId,
        /// The session.
        session: SessionId,
    },
    /// A job or command of the program, by name.
    Program(&'static str),
}

impl Actor {
    /// A job or command of the program.
    pub fn program(name: &'static str) -> Self {
        Self {
            who: Who::Program(name),
            origin: Origin::default(),
            proof: None,
            step_up: None,
        }
    }

    /// The person who acts, if it is one.
    pub fn person(&self) -> Option<UserId> {
        match self.who {
            Who::Person { id, .. } => Some(id),
            Who::Stranger | Who::Program(_) => None,
        }
    }
}

impl From<Origin> for Actor {
    fn from(origin: Origin) -> Self {
        Self {
            who: Who::Stranger,
            origin,
            proof: None,
            step_up: None,
        }
    }
}

impl From<&Origin> for Actor {
    fn from(origin: &Origin) -> Self {
        origin.clone().into()
    }
}

impl From<&SignedIn> for Actor {
    fn from(user: &SignedIn) -> Self {
        Self {
            who: Who::Person {
                id: user.id,
                session: user.session,
            },
            origin: user.origin.clone(),
            proof: None,
            step_up: None,
        }
    }
}

impl From<&Verified> for Actor {
    fn from(verified: &Verified) -> Self {
        Self {
            proof: Some(verified.proof.clone()),
            ..Self::from(&verified.user)
        }
    }
}

impl From<&SteppedUpUser> for Actor {
    fn from(stepped_up: &SteppedUpUser) -> Self {
        Self {
            step_up: Some(stepped_up.step_up.clone()),
            ..Self::from(&stepped_up.user)
        }
    }
}
