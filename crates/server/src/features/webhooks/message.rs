//! What a receiver is told: type, time, and ids. No name, no address, no amount.

use serde::Serialize;
use uuid::Uuid;

use crate::core::audit::entries::EntryView;

/// The kind of a test delivery.
pub(super) const TEST: &str = "webhook.tested";

/// Something to be delivered.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) kind: String,
    pub(super) body: String,
}

/// The body, as Standard Webhooks recommends it.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: jiff::Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    /// The incident that the entry tells of.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<Uuid>,
}

impl Message {
    pub(super) fn of(entry: &EntryView) -> Self {
        let data = Data {
            entry: Some(entry.id),
            seq: Some(entry.seq),
            subject: entry.subject,
            outcome: entry.outcome.as_deref(),
            incident: entry.details["incident"].as_str().and_then(|id| id.parse().ok()),
        };
        Self::new(&entry.kind, entry.at, data)
    }

    pub(super) fn test(at: jiff::Timestamp) -> Self {
        let data = Data {
            entry: None,
            seq: None,
            subject: None,
            outcome: None,
            incident: None,
        };
        Self::new(TEST, at, data)
    }

    fn new(kind: &str, timestamp: jiff::Timestamp, data: Data<'_>) -> Self {
        let body = Body {
            kind,
            timestamp,
            data,
        };
        Self {
            kind: kind.to_owned(),
            body: serde_json::to_string(&body).expect("a message is plain data"),
        }
    }
}

/// Whether one of these filters takes a kind: the kind itself, a family such as `order.*`, or `*`.
pub fn takes(filters: &[String], kind: &str) -> bool {
    filters.iter().any(|filter| match filter.strip_suffix('*') {
        Some(family) => kind.starts_with(family),
        None => kind == filter,
    })
}

/// Whether a text is such a filter.
pub fn is_filter(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match text.split_once('.') {
        None => text == "*",
        Some((family, rest)) => word(family) && (rest == "*" || word(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_take_kinds_families_or_all() {
        let taken = |filter: &str, kind| is_filter(filter) && takes(&[filter.to_owned()], kind);
        assert!(
            taken("order.placed", "order.placed")
                && taken("order.*", "order.placed")
                && taken("*", "order.placed")
        );
        assert!(!taken("order.place", "order.placed") && !taken("order.*", "orders.placed"));
        for text in [
            "",
            "order",
            "order.",
            ".placed",
            "order*",
            "order.pl*",
            "Order.placed",
            "**",
            "a.b.c",
        ] {
            assert!(!is_filter(text), "{text}");
        }
    }
}
