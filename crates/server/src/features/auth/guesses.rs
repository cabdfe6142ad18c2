//! How many guesses a password takes, by zxcvbn: ranked lists of breached passwords, words and names, and the patterns
//! people make of them. Pure computing; [`super::judging`] says where it runs.
//!
//! Bounded: a typical password takes a fifth of a millisecond, but the work grows steeply with length and with signs that
//! may stand for letters. 32 characters of the worst take some 85 ms (release build), 100 take 900; so no more than 32 are
//! looked at in one go.

use stockade_domain::passwords::SecondFactor;
use zxcvbn::{Entropy, time_estimates::CrackTimes, zxcvbn};

use super::known_phrases;

/// Characters looked at in one go.
const STRETCH: usize = 32;
/// Words about the owner at most, and the characters of each.
const WORDS: usize = 12;
const LONGEST_WORD: usize = 64;

/// What everybody who guesses here knows.
pub(super) const OURS: &str = "stockade";
/// Guesses that a phrase takes which is on everybody's list.
const KNOWN: u64 = 1_000;

/// The estimate, and what would help.
#[derive(Clone, Debug)]
pub(super) struct Guesses {
    /// Guesses until it is found.
    pub(super) count: u64,
    pub(super) log10: f64,
    /// 0 to 4: below 10³, 10⁶, 10⁸, 10¹⁰ guesses, and above.
    pub(super) score: u8,
    /// Time to find it online at 100 tries an hour, and offline, at 10⁴ a second, with a slow hash as ours.
    pub(super) online: String,
    pub(super) offline: String,
    pub(super) warning: Option<String>,
    pub(super) suggestions: Vec<String>,
}

impl Guesses {
    pub(super) fn are_enough(&self, second_factor: SecondFactor) -> bool {
        self.count >= second_factor.least_guesses()
    }
}

/// Estimates a normalised password for somebody who knows these words about its owner.
pub(super) fn estimate(password: &str, words: &[String]) -> Guesses {
    let known: Vec<&str> = words.iter().map(String::as_str).chain([OURS]).collect();
    let letters: Vec<char> = password.chars().collect();
    let of = |part: &[char]| Stretch::of(&part.iter().collect::<String>(), &known);
    let begin = of(&letters[..letters.len().min(STRETCH)]);
    // Characters more do not make a password easier, so the stronger end counts.
    let weak = begin.guesses < SecondFactor::Off.least_guesses();
    let mut stronger = begin;
    if letters.len() > STRETCH && weak {
        let end = of(&letters[letters.len() - STRETCH..]);
        if end.guesses > stronger.guesses {
            stronger = end;
        }
    }
    if known_phrases::holds(password, words) {
        stronger.guesses = stronger.guesses.min(KNOWN);
    }
    stronger.told()
}

/// A stretch of a password, by whoever finds it first: zxcvbn's guesser, who does not know how many words it has nor in
/// which order, or one who tries phrases word by word.
struct Stretch {
    entropy: Entropy,
    guesses: u64,
}

impl Stretch {
    fn of(text: &str, known: &[&str]) -> Self {
        let entropy = zxcvbn(text, known);
        let joined: String = text.chars().filter(|letter| !is_between_words(*letter)).collect();
        let mut guesses = entropy.guesses().min(as_phrase(&entropy));
        if joined != text {
            guesses = guesses.min(as_phrase(&zxcvbn(&joined, known)));
        }
        Self { entropy, guesses }
    }

    fn told(&self) -> Guesses {
        let Self { entropy, guesses } = self;
        let feedback = entropy.feedback();
        let times = CrackTimes::new(*guesses);
        let below = [1_000, 1_000_000, 100_000_000, 10_000_000_000];
        let log10 = match guesses < &entropy.guesses() {
            true => (*guesses as f64).log10(),
            false => entropy.guesses_log10(),
        };
        Guesses {
            count: *guesses,
            log10: log10.max(0.0),
            score: below.iter().filter(|limit| guesses >= limit).count() as u8,
            online: times.online_throttling_100_per_hour().to_string(),
            offline: times.offline_slow_hashing_1e4_per_second().to_string(),
            warning: feedback
                .and_then(|told| told.warning())
                .map(|warning| warning.to_string()),
            suggestions: feedback
                .map(|told| told.suggestions().iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
        }
    }
}

/// Guesses of somebody who puts common words and patterns one after the other: as many as there are ways to fill each
/// place. Few common words make few, however many letters they have.
fn as_phrase(entropy: &Entropy) -> u64 {
    let places = entropy.sequence().iter();
    places.fold(1, |all: u64, place| {
        all.saturating_mul(place.guesses.unwrap_or(u64::MAX))
    })
}

fn is_between_words(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '_' | '.' | ',' | '\'')
}

/// What somebody who guesses knows about a person: their name and address, and the parts of both.
pub(super) fn words_about(email: Option<&str>, name: Option<&str>) -> Vec<String> {
    let whole = email.into_iter().chain(name);
    let parts = whole
        .clone()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|part| part.chars().count() > 1);
    let bounded = |word: &str| word.chars().take(LONGEST_WORD).collect();
    whole.chain(parts).take(WORDS).map(bounded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enough(password: &str, second_factor: SecondFactor) -> bool {
        estimate(
            password,
            &words_about(Some("ana.smith@example.com"), Some("Ana Smith")),
        )
        .are_enough(second_factor)
    }

    #[test]
    fn long_but_common_passwords_are_not_enough_alone() {
        for password in [
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiopasdfgh",
            "iloveyouiloveyou",
            "stockadestockade",
            "Stockade1Stockade1",
            "AnaSmithAnaSmith",
            "abcdefghijklmnop",
            "thisismypassword",
            "This is my password",
            "nevergonnagiveyouup",
            "never gonna give you up",
            "mysecretpassword",
            "passwordispassword",
            "welcome to stockade",
            "summer2024summer",
            "hello my name is ana",
            "correct horse battery staple",
            "coffee train fish 2024",
            &"p4ssw0rd".repeat(12),
        ] {
            assert!(!enough(password, SecondFactor::Off), "{password}");
        }
        for password in [
            "quartz lantern meadow thirteen",
            "a quiet harbour at dusk",
            "une journée à Orléans",
        ] {
            assert!(enough(password, SecondFactor::Off), "{password}");
        }
    }

    #[test]
    fn eight_characters_are_enough_beside_a_second_factor_unless_common() {
        for password in [
            "password", "12345678", "stockade", "anasmith", "football", "P@ssw0rd",
        ] {
            assert!(!enough(password, SecondFactor::On), "{password}");
        }
        for password in ["kX9#q2Lm", "bqzvtrmw"] {
            assert!(enough(password, SecondFactor::On), "{password}");
        }
    }

    #[test]
    fn no_lists_are_needed_for_other_scripts() {
        assert!(enough("сквозь туман огни", SecondFactor::Off));
        assert!(enough("夜の港に静かな波が寄せる頃に", SecondFactor::Off));
    }

    #[test]
    fn the_stronger_end_of_a_long_password_counts() {
        let padded = format!("{}kX9#q2LmV7wz", "a".repeat(40));
        assert!(enough(&padded, SecondFactor::Off));
        assert!(enough(
            &padded.chars().rev().collect::<String>(),
            SecondFactor::Off
        ));
        assert!(!enough(&"ab".repeat(60), SecondFactor::Off));
        assert_eq!(estimate("", &[]).score, 0);
        assert!(estimate("", &[]).log10 >= 0.0);
    }

    #[test]
    fn words_are_bounded() {
        let words = words_about(Some(&"a.b.cc.".repeat(500)), Some(&"x".repeat(10_000)));
        assert!(words.len() <= WORDS && words.iter().all(|word| word.len() <= LONGEST_WORD));
    }
}
