//! An authenticator app in somebody's hands (RFC 6238).

use jiff::Timestamp;
use totp_rs::{Algorithm, Builder};

/// The code that belongs to a secret in base 32 (RFC 4648 §6) at an instant.
pub(super) fn code(secret: &str, at: Timestamp) -> String {
    let second = u64::try_from(at.as_second()).unwrap_or_default();
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(decoded(secret))
        .build_noncompliant()
        .generate(second)
        .to_string()
}

fn decoded(secret: &str) -> Vec<u8> {
    let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => continue,
        };
        buffer = (buffer << 5 | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((buffer >> bits) & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code(secret, Timestamp::from_second(second).unwrap()), expected);
        }
    }
}
