//! Identifiers: one type per thing, so that an order's id cannot be passed where an account's is meant.
//!
//! All are UUIDs (RFC 9562). They are made outside, from the platform's randomness, and only carried here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refusal::Refusal;

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Gives a UUID its meaning.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )+};
}

ids! {
    /// A person who can sign in.
    UserId,
    /// A customer's account: the owner of cash, shares and orders.
    AccountId,
    /// An order.
    OrderId,
    /// One execution of an order.
    FillId,
    /// Shares bought together, for cost basis.
    LotId,
    /// A balanced set of ledger lines.
    PostingId,
    /// A deposit or a withdrawal.
    TransferId,
    /// A bank account somebody pays out to.
    PayeeId,
    /// A signed-in session: one family of refresh tokens.
    SessionId,
    /// A device somebody signs in from.
    DeviceId,
    /// A key that signs requests.
    SigningKeyId,
    /// A key that a person's program shows instead of a session.
    ApiKeyId,
    /// A passkey somebody signs in with.
    PasskeyId,
    /// One HTTP request, for logs and answers.
    RequestId,
    /// An entry of the audit log.
    EventId,
}

/// The text is not a UUID. Code `id.invalid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id must be a UUID")]
pub struct InvalidId;

impl Refusal for InvalidId {
    fn code(&self) -> &'static str {
        "id.invalid"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6a";

    #[test]
    fn an_id_keeps_its_text_through_parsing_and_json() {
        let id: OrderId = TEXT.parse().unwrap();
        assert_eq!(id.to_string(), TEXT);
        assert_eq!(format!("{id:?}"), format!("OrderId({TEXT})"));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{TEXT}\""));
        assert_eq!(
            serde_json::from_str::<OrderId>(&format!("\"{TEXT}\"")).unwrap(),
            id
        );
        assert_eq!(OrderId::from_uuid(id.as_uuid()), id);
    }

    #[test]
    fn what_is_not_a_uuid_is_refused() {
        for text in [
            "",
            "42",
            "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6",
            "018f4e9a-7c1d-7b3e-9a55-0d5c2f1e4b6g",
        ] {
            assert_eq!(text.parse::<UserId>(), Err(InvalidId), "{text}");
        }
    }
}
