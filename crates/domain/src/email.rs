//! E-mail addresses: syntax and one normal form, so that one mailbox is one account.
//!
//! Accepted is a dot-string local part (RFC 5321 §4.1.2) at a domain of two or more labels, with letters of any
//! script (RFC 6531 §3.3). Display names, quoted local parts and address literals are refused. Whether mail
//! arrives is proven by mail, not here.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use crate::refusal::Refusal;
use crate::text::text_form;

/// The longest local part in octets (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// The longest address in octets: a path of 256 (RFC 5321 §4.5.3.1.3) less its angle brackets.
const MAX_ADDRESS: usize = 254;
/// The longest domain label in octets (RFC 1035 §2.3.4).
const MAX_LABEL: usize = 63;
/// What is longer than this is refused before any Unicode work is spent on it.
const MAX_INPUT: usize = 4 * MAX_ADDRESS;

/// A normalised address: trimmed, NFC, lower-cased as a whole. `Debug` hides it, since it is personal data.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(Box<str>);

impl EmailAddress {
    /// The normalised address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

impl FromStr for EmailAddress {
    type Err = EmailRefused;

    fn from_str(text: &str) -> Result<Self, EmailRefused> {
        if text.len() > MAX_INPUT {
            return Err(EmailRefused::TooLong);
        }
        let address = normalize(text);
        let (local, domain) = address.split_once('@').ok_or(EmailRefused::Malformed)?;
        if !is_local_part(local) || !is_domain(domain) {
            return Err(EmailRefused::Malformed);
        }
        if local.len() > MAX_LOCAL || address.len() > MAX_ADDRESS {
            return Err(EmailRefused::TooLong);
        }
        Ok(Self(address.into()))
    }
}

/// Lower-casing can leave decomposed letters behind (`İ`), so composition comes after it as well as before.
fn normalize(text: &str) -> String {
    text.trim()
        .nfc()
        .collect::<String>()
        .to_lowercase()
        .nfc()
        .collect()
}

fn is_local_part(local: &str) -> bool {
    // RFC 5322 §3.2.3, atext.
    const SIGNS: &str = "!#$%&'*+-/=?^_`{|}~";
    let is_atext = |c: char| is_letter(c) || SIGNS.contains(c);
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

fn is_domain(domain: &str) -> bool {
    let top = domain.rsplit('.').next().unwrap_or(domain);
    domain.contains('.') && domain.split('.').all(is_label) && !top.bytes().all(|b| b.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    let inner = |c: char| is_letter(c) || c == '-';
    (1..=MAX_LABEL).contains(&label.len())
        && label.chars().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A letter, digit or combining mark; marks are needed by scripts such as Devanagari.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

text_form!(EmailAddress, "an e-mail address");

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(hidden)")
    }
}

/// Why a text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailRefused {
    /// It has not the form of an address.
    #[error("the e-mail address must look like name@example.com")]
    Malformed,
    /// The address or its local part is longer than mail servers take.
    #[error("the e-mail address is too long")]
    TooLong,
}

impl Refusal for EmailRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "email.malformed",
            Self::TooLong => "email.too_long",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("email")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, EmailRefused> {
        text.parse::<EmailAddress>()
            .map(|address| address.as_str().to_owned())
    }

    #[test]
    fn spellings_of_one_address_become_one() {
        for text in ["ana@example.com", " Ana@Example.COM ", "ANA@EXAMPLE.COM\n"] {
            assert_eq!(read(text).as_deref(), Ok("ana@example.com"), "{text}");
        }
        let composed = read("jos\u{e9}@example.com");
        assert_eq!(read("jose\u{301}@example.com"), composed);
        assert_eq!(read("JOSE\u{301}@example.com"), composed);
    }

    #[test]
    fn sound_addresses_are_taken() {
        for text in [
            "a@b.co",
            "first.last+tag@sub.example.org",
            "o'neil@example.ie",
            "x@xn--bcher-kva.example",
        ] {
            assert_eq!(read(text).as_deref(), Ok(text));
        }
        assert_eq!(
            "o.n+e@example.com".parse::<EmailAddress>().unwrap().local_part(),
            "o.n+e"
        );
    }

    #[test]
    fn malformed_addresses_are_refused() {
        for text in [
            "",
            "@",
            "ana",
            "ana@",
            "@example.com",
            "ana@example",
            "ana@@example.com",
            "a@b@example.com",
            ".ana@example.com",
            "ana.@example.com",
            "a..b@example.com",
            "ana@example..com",
            "ana@-example.com",
            "ana@example-.com",
            "ana@.com",
            "ana@example.com.",
            "ana@127.0.0.1",
            "ana@[127.0.0.1]",
            "Ana <ana@example.com>",
            "\"ana\"@example.com",
            "ana smith@example.com",
            "ana@exam ple.com",
            "ana@example.com\r\nBcc: eve@example.com",
            "ana\0@example.com",
            "ana\u{202e}@example.com",
            "ana\u{200b}@example.com",
            "ana@example.com,eve@example.com",
        ] {
            assert_eq!(read(text), Err(EmailRefused::Malformed), "{text:?}");
        }
    }

    #[test]
    fn lengths_are_counted_in_octets() {
        let domain = "example.com";
        assert!(read(&format!("{}@{domain}", "a".repeat(64))).is_ok());
        assert_eq!(
            read(&format!("{}@{domain}", "a".repeat(65))),
            Err(EmailRefused::TooLong)
        );
        assert_eq!(
            read(&format!("{}@{domain}", "é".repeat(33))),
            Err(EmailRefused::TooLong)
        );
        let labels = format!("{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(61));
        assert_eq!(
            read(&format!("{}@{labels}", "a".repeat(64))).map(|a| a.len()),
            Ok(254)
        );
        assert_eq!(
            read(&format!("{}@{labels}d", "a".repeat(64))),
            Err(EmailRefused::TooLong)
        );
        assert_eq!(
            read(&format!("a@{}.com", "b".repeat(64))),
            Err(EmailRefused::Malformed)
        );
        assert_eq!(read(&"a".repeat(100_000)), Err(EmailRefused::TooLong));
    }

    #[test]
    fn debug_output_hides_the_address() {
        let address: EmailAddress = "ana@example.com".parse().unwrap();
        assert!(!format!("{address:?}").contains("ana"));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(
            local in "[\\p{L}\\p{M}\\p{N}.+]{1,12}",
            domain in "[a-zA-ZäİßΣς0-9]{1,9}\\.[a-z]{2,4}",
        ) {
            if let Ok(once) = read(&format!("{local}@{domain}")) {
                prop_assert_eq!(read(&once), Ok(once.clone()));
            }
        }
    }
}
