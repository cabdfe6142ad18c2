//! Chance as a plain call: bytes from the operating system's generator, and time-ordered ids made from them.

use jiff::Timestamp;
use uuid::Uuid;

/// `N` bytes nobody can predict.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that draws random bytes"
    )]
    aws_lc_rs::rand::fill(&mut out).expect("the operating system's generator never runs dry");
    out
}

/// A new UUIDv7 (RFC 9562 §5.7) for the given instant. The fraction of the millisecond follows the timestamp
/// (§6.2, method 3), so ids made later sort later, to a quarter of a microsecond.
pub fn uuid_v7(at: Timestamp) -> Uuid {
    let micros = u64::try_from(at.as_microsecond()).unwrap_or(0);
    let fraction = ((micros % 1000) * 4096 / 1000) as u16;
    let mut tail: [u8; 10] = bytes();
    tail[..2].copy_from_slice(&fraction.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(micros / 1000, &tail).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_microsecond_they_were_made_in() {
        let at = |micros: i64| Timestamp::from_microsecond(1_700_000_000_000_000 + micros).unwrap();
        for micros in [0, 1, 998, 999, 1000, 123_456] {
            assert!(uuid_v7(at(micros)) < uuid_v7(at(micros + 1)), "{micros}");
        }
        assert_eq!(uuid_v7(at(5)).get_version_num(), 7);
    }
}
