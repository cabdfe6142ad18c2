//! Chance as a plain call: bytes from the operating system's generator, and time-ordered ids made from them.

use std::cell::RefCell;

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

/// How much is drawn at once of what is no secret: a call costs as much as some hundred bytes.
const DRAWN: usize = 1024;

thread_local! {
    /// What was drawn, and how much of it is left.
    static POOL: RefCell<([u8; DRAWN], usize)> = const { RefCell::new(([0; DRAWN], 0)) };
}

/// `N` bytes that nobody else has, for what does not stay secret, such as ids and nonces. At most [`DRAWN`].
pub(crate) fn unique<const N: usize>() -> [u8; N] {
    POOL.with_borrow_mut(|(drawn, left)| {
        if *left < N {
            (*drawn, *left) = (bytes(), DRAWN);
        }
        *left -= N;
        let mut out = [0; N];
        out.copy_from_slice(&drawn[*left..*left + N]);
        out
    })
}

/// A new UUIDv7 (RFC 9562 §5.7) for the given instant. The fraction of the millisecond follows the timestamp
/// (§6.2, method 3), so ids made later sort later, to a quarter of a microsecond.
pub fn uuid_v7(at: Timestamp) -> Uuid {
    let micros = u64::try_from(at.as_microsecond()).unwrap_or(0);
    let fraction = ((micros % 1000) * 4096 / 1000) as u16;
    let mut tail: [u8; 10] = unique();
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

    #[test]
    fn no_two_draws_are_the_same() {
        let mut drawn: Vec<[u8; 12]> = std::iter::repeat_with(unique).take(10 * DRAWN / 12).collect();
        drawn.sort_unstable();
        assert!(drawn.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(!drawn.contains(&[0; 12]));
    }
}
