//! The name a client gives an order, so that sending it twice places it once.

use std::str::FromStr;

use crate::ids::OrderId;
use crate::refusal::Refusal;
use crate::text::text_form;

/// The longest name, in characters.
const MAX_LENGTH: usize = 128;

/// 1 to 128 visible ASCII characters, unique within an account for ever. Without one, the order's id serves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientOrderId(Box<str>);

impl ClientOrderId {
    /// The text as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientOrderId {
    type Err = InvalidClientOrderId;

    fn from_str(text: &str) -> Result<Self, InvalidClientOrderId> {
        let sound = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if sound {
            Ok(Self(text.into()))
        } else {
            Err(InvalidClientOrderId)
        }
    }
}

impl From<OrderId> for ClientOrderId {
    fn from(id: OrderId) -> Self {
        Self(id.to_string().into())
    }
}

text_form!(ClientOrderId, "a client order id");

/// The text cannot name an order. Code `order.client_order_id_invalid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("client_order_id must be 1 to 128 visible ASCII characters")]
pub struct InvalidClientOrderId;

impl Refusal for InvalidClientOrderId {
    fn code(&self) -> &'static str {
        "order.client_order_id_invalid"
    }

    fn field(&self) -> Option<&'static str> {
        Some("client_order_id")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_visible_ascii() {
        for text in ["a", "order-2024/01:7", &"x".repeat(128)] {
            assert_eq!(text.parse::<ClientOrderId>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "a\n", "é", &"x".repeat(129)] {
            assert_eq!(
                text.parse::<ClientOrderId>(),
                Err(InvalidClientOrderId),
                "{text:?}"
            );
        }
    }
}
