//! What is said on a stream, and the codes it ends with.

use axum::extract::ws::Utf8Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::{price::Price, symbol::Symbol};

/// Longest message of a client, in bytes.
pub(super) const LONGEST: usize = 16 * 1024;

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Said {
    /// These symbols, too.
    Subscribe { symbols: Vec<String> },
    /// These no more.
    Unsubscribe { symbols: Vec<String> },
}

/// One symbol's prices, between instances and to clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) symbol: Symbol,
    pub(super) bid: Price,
    pub(super) ask: Price,
    pub(super) last: Price,
    pub(super) at: Timestamp,
    pub(super) delayed: bool,
}

/// All prices of an instant, between instances.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tick {
    /// The instant in Unix milliseconds.
    pub(super) seq: u64,
    pub(super) lines: Vec<Line>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Told<'a> {
    Quote {
        seq: u64,
        #[serde(flatten)]
        line: &'a Line,
    },
    Heartbeat {
        seq: u64,
    },
    Subscribed {
        symbols: &'a [Symbol],
    },
    Error {
        code: &'a str,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        symbols: &'a [String],
    },
}

/// A symbol's prices moved.
pub(super) fn quote(seq: u64, line: &Line) -> Utf8Bytes {
    text(&Told::Quote { seq, line })
}

/// The stream is alive, and every quote up to `seq` has been sent.
pub(super) fn heartbeat(seq: u64) -> Utf8Bytes {
    text(&Told::Heartbeat { seq })
}

/// All that the stream now carries.
pub(super) fn subscribed(symbols: &[Symbol]) -> Utf8Bytes {
    text(&Told::Subscribed { symbols })
}

/// What was asked cannot be done; the stream goes on. The symbols are those at fault.
pub(super) fn error(code: &str, symbols: &[String]) -> Utf8Bytes {
    text(&Told::Error { code, symbols })
}

fn text(told: &Told<'_>) -> Utf8Bytes {
    let text = serde_json::to_string(told).expect("plain data with text keys");
    text.into()
}

/// Why a stream is closed: the code (RFC 6455 §7.4; from 4000 on ours) and the reason that clients may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Goodbye(pub(super) u16, pub(super) &'static str);

/// The program stops; another instance may take over.
pub(super) const STOPPING: Goodbye = Goodbye(1001, "stream.stopping");
/// Only text is understood.
pub(super) const NOT_TEXT: Goodbye = Goodbye(1003, "stream.not_text");
/// The client says too much.
pub(super) const TOO_MANY_MESSAGES: Goodbye = Goodbye(1008, "stream.too_many_messages");
/// A message is too long.
pub(super) const TOO_LONG: Goodbye = Goodbye(1009, "stream.message_too_long");
/// The session has ended; sign in again.
pub(super) const SESSION_ENDED: Goodbye = Goodbye(4001, "stream.session_ended");
/// The stream is old: open it anew, with fresh proof.
pub(super) const RENEW: Goodbye = Goodbye(4002, "stream.renew");
/// The client did not keep up; open it anew.
pub(super) const TOO_SLOW: Goodbye = Goodbye(4008, "stream.too_slow");
/// Nothing was heard of the client.
pub(super) const SILENT: Goodbye = Goodbye(4009, "stream.silent");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_has_the_promised_shape() {
        let line = Line {
            symbol: "KO".parse().unwrap(),
            bid: Price::from_micros(62_530_000),
            ask: Price::from_micros(62_550_000),
            last: Price::from_micros(62_540_000),
            at: "2026-06-01T12:00:00Z".parse().unwrap(),
            delayed: false,
        };
        assert_eq!(
            quote(7, &line).as_str(),
            r#"{"type":"quote","seq":7,"symbol":"KO","bid":"62.53","ask":"62.55","last":"62.54","at":"2026-06-01T12:00:00Z","delayed":false}"#
        );
        assert_eq!(heartbeat(7).as_str(), r#"{"type":"heartbeat","seq":7}"#);
        assert_eq!(
            error("stream.unknown_symbol", &["X".into()]).as_str(),
            r#"{"type":"error","code":"stream.unknown_symbol","symbols":["X"]}"#
        );
        let unknown = serde_json::from_str::<Said>(r#"{"action":"subscribe","symbols":[],"x":1}"#);
        assert!(unknown.is_err());
    }
}
