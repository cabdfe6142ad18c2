//! What all refusals have in common, so that one place can turn any of them into an answer.
//!
//! Invariant: codes are stable. Clients switch on them, so a code is never reused for another meaning.

/// Why the domain said no. `Display` is one sentence for the person who asked.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// The stable name of this refusal, such as `order.not_enough_cash`.
    fn code(&self) -> &'static str;

    /// Who can do something about it.
    fn class(&self) -> RefusalClass {
        RefusalClass::Invalid
    }

    /// The request field at fault, when there is exactly one.
    fn field(&self) -> Option<&'static str> {
        None
    }
}

/// Sorts refusals by who can mend them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The request itself is wrong; sent again it is refused again.
    Invalid,
    /// The request is sound, but the present state does not allow it.
    Conflict,
    /// The program broke one of its own rules; the caller can do nothing.
    Fault,
}

/// A word that is not among the ones a field knows. Code `value.unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be one of: {}", known.join(", "))]
pub struct UnknownWord {
    /// The field that holds the word.
    pub field: &'static str,
    /// The words it may hold.
    pub known: &'static [&'static str],
}

impl Refusal for UnknownWord {
    fn code(&self) -> &'static str {
        "value.unknown"
    }

    fn field(&self) -> Option<&'static str> {
        Some(self.field)
    }
}
