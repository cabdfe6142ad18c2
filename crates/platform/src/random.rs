//! Chance as a plain call: bytes from the operating system's generator, and time-ordered ids made from them.

use jiff::Timestamp;
use uuid::Uuid;

/// `N` bytes nobody can predict.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    #[expect(clippy::disallowed_methods, reason = "this is the one place that draws random bytes")]
    aws_lc_rs::rand::fill(&mut out).expect("the operating system's generator never runs dry");
    out
}

/// A new UUIDv7 (RFC 9562 §5.7) for the given instant: ids made later sort later, to the millisecond.
pub fn uuid_v7(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes::<10>()).into_uuid()
}
