//! What a new password must be. Hashing, estimating guesses, and lists of known passwords are elsewhere.
//!
//! Length is what counts; there are no composition rules (NIST SP 800-63B-4 §3.1.1.2). Lengths are counted in
//! code points after normalisation, the same text that is hashed.

use unicode_normalization::UnicodeNormalization;

use crate::email::EmailAddress;
use crate::refusal::Refusal;

/// How long passwords may be, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// The shortest beside a second factor.
    pub with_second_factor: usize,
    /// The shortest that stands alone.
    pub alone: usize,
    /// The longest. It bounds the work of normalising and hashing.
    pub most: usize,
}

impl Default for Lengths {
    /// The least that NIST SP 800-63B-4 §3.1.1.2 allows, and twice what it wants to be possible.
    fn default() -> Self {
        Self {
            with_second_factor: 8,
            alone: 15,
            most: 128,
        }
    }
}

impl Lengths {
    /// The fewest characters of a password.
    #[must_use]
    pub fn least(&self, second_factor: SecondFactor) -> usize {
        match second_factor {
            SecondFactor::On => self.with_second_factor,
            SecondFactor::Off => self.alone,
        }
    }

    /// Whether a normalised password may be all that is asked for.
    #[must_use]
    pub fn stands_alone(&self, normal: &str) -> bool {
        normal.chars().count() >= self.alone
    }
}

/// The fewest guesses an acceptable password beside a second factor takes: rules out the common, and what is made of
/// them, within reach of somebody who guesses online (NIST SP 800-63B-4 §3.1.1.2).
pub const LEAST_GUESSES_WITH_SECOND_FACTOR: u64 = 1_000_000;
/// The fewest guesses an acceptable password that stands alone takes.
pub const LEAST_GUESSES_ALONE: u64 = 100_000_000;

/// More octets than any acceptable password has; longer input is refused before Unicode work is spent on it.
const MAX_OCTETS: usize = 4_096;
/// Local parts shorter than this occur in too many honest passwords to be held against them.
const SHORTEST_OWN_WORD: usize = 4;

/// Whether the account asks for more than the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// A second factor is on.
    On,
    /// The password stands alone.
    Off,
}

impl SecondFactor {
    /// The fewest guesses that a password must take.
    #[must_use]
    pub fn least_guesses(self) -> u64 {
        match self {
            Self::On => LEAST_GUESSES_WITH_SECOND_FACTOR,
            Self::Off => LEAST_GUESSES_ALONE,
        }
    }
}

impl From<bool> for SecondFactor {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// Checks a password that somebody chooses and returns its normal form, which is what must be hashed.
///
/// # Errors
/// See [`PasswordRefused`].
pub fn choose(
    password: &str,
    email: &EmailAddress,
    second_factor: SecondFactor,
    lengths: &Lengths,
) -> Result<String, PasswordRefused> {
    let most = lengths.most;
    let normal = normalize(password).ok_or(PasswordRefused::TooLong { most })?;
    let least = lengths.least(second_factor);
    let length = normal.chars().count();
    if length < least {
        return Err(PasswordRefused::TooShort { least });
    }
    if length > most {
        return Err(PasswordRefused::TooLong { most });
    }
    if normal.chars().any(char::is_control) {
        return Err(PasswordRefused::ControlCharacter);
    }
    if holds_own_data(&normal, email) {
        return Err(PasswordRefused::OwnData);
    }
    Ok(normal)
}

/// The NFKC form of a password (NIST SP 800-63B-4 §3.1.1.2), as hashed and as compared at sign-in.
///
/// `None` when the input is far longer than any password that could have been chosen.
#[must_use]
pub fn normalize(password: &str) -> Option<String> {
    (password.len() <= MAX_OCTETS).then(|| password.nfkc().collect())
}

fn holds_own_data(password: &str, email: &EmailAddress) -> bool {
    let fold = |text: &str| text.to_lowercase().nfkc().collect::<String>();
    let (password, local) = (fold(password), fold(email.local_part()));
    let telling = local.chars().count() >= SHORTEST_OWN_WORD;
    password.contains(&fold(email.as_str())) || (telling && password.contains(&local))
}

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too few characters.
    #[error("the password must have at least {least} characters")]
    TooShort {
        /// The least number of characters for this account.
        least: usize,
    },
    /// Too many characters.
    #[error("the password must have at most {most} characters")]
    TooLong {
        /// The greatest number of characters.
        most: usize,
    },
    /// A control character, which cannot be typed on most devices (RFC 8265 §4.2).
    #[error("the password must not contain control characters")]
    ControlCharacter,
    /// It contains the person's own address, or the part before the `@`.
    #[error("the password must not contain your e-mail address or its name part")]
    OwnData,
    /// It is among the first that an attacker would try.
    #[error("this password is among the first that somebody would guess; choose one that is less common")]
    Guessable,
    /// It is known from other sites' lost passwords.
    #[error("this password is known from another site's leak; choose one you use nowhere else")]
    Breached,
}

impl Refusal for PasswordRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password.too_short",
            Self::TooLong { .. } => "password.too_long",
            Self::ControlCharacter => "password.control_character",
            Self::OwnData => "password.own_data",
            Self::Guessable => "password.guessable",
            Self::Breached => "password.breached",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(password: &str, email: &str) -> Result<String, PasswordRefused> {
        choose(
            password,
            &email.parse().unwrap(),
            SecondFactor::Off,
            &Lengths::default(),
        )
    }

    #[test]
    fn length_depends_on_the_second_factor() {
        let email = "ana@example.com".parse().unwrap();
        let beside = |password| choose(password, &email, SecondFactor::On, &Lengths::default());
        assert!(beside("12345678").is_ok());
        assert_eq!(beside("1234567"), Err(PasswordRefused::TooShort { least: 8 }));
        assert!(alone("123456789012345", "ana@example.com").is_ok());
        assert_eq!(
            alone("12345678901234", "ana@example.com"),
            Err(PasswordRefused::TooShort { least: 15 })
        );
        assert!(alone(&"x".repeat(128), "ana@example.com").is_ok());
        for long in [129, 5_000, 1_000_000] {
            assert_eq!(
                alone(&"x".repeat(long), "ana@example.com"),
                Err(PasswordRefused::TooLong { most: 128 })
            );
        }
    }

    #[test]
    fn length_is_counted_in_characters_after_normalisation() {
        assert!(alone(&"😀".repeat(15), "ana@example.com").is_ok());
        assert_eq!(
            alone(&"e\u{301}".repeat(14), "ana@example.com"),
            Err(PasswordRefused::TooShort { least: 15 })
        );
        assert!(alone(&"e\u{301}".repeat(128), "ana@example.com").is_ok());
    }

    #[test]
    fn keyboards_that_type_other_forms_give_one_password() {
        let composed = alone("un café à Orléans", "ana@example.com").unwrap();
        assert_eq!(
            alone("un cafe\u{301} a\u{300} Orle\u{301}ans", "ana@example.com"),
            Ok(composed.clone())
        );
        assert_eq!(normalize("un café à Orléans"), Some(composed));
        assert_eq!(normalize("ﬁve"), Some("five".to_owned()));
    }

    #[test]
    fn ones_own_address_is_no_password() {
        for password in [
            "Ana.Smith@Example.com",
            "my name is ANA.SMITH!",
            "xxana.smithxxxxx",
        ] {
            assert_eq!(
                alone(password, "ana.smith@example.com"),
                Err(PasswordRefused::OwnData),
                "{password}"
            );
        }
        assert!(alone("a banana for breakfast", "ana@example.com").is_ok());
        assert_eq!(
            alone("for ana@example.com", "ana@example.com"),
            Err(PasswordRefused::OwnData)
        );
    }

    #[test]
    fn spaces_are_fine_but_control_characters_are_not() {
        assert!(alone("four words and spaces", "ana@example.com").is_ok());
        assert_eq!(
            alone("four words\0and spaces", "ana@example.com"),
            Err(PasswordRefused::ControlCharacter)
        );
        assert_eq!(
            alone("four words\nand spaces", "ana@example.com"),
            Err(PasswordRefused::ControlCharacter)
        );
    }
}
