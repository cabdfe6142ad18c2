//! How many guesses a password takes, by zxcvbn: ranked lists of breached passwords, words and names, and the patterns
//! people make of them. Pure computing; [`super::hashing`] says where it runs.
//!
//! Bounded: a typical password takes a fifth of a millisecond, but the work grows steeply with length and with signs that
//! may stand for letters. 32 characters of the worst take some 85 ms (release build), 100 take 900; so no more than 32 are
//! looked at in one go.

use stockade_domain::passwords::SecondFactor;
use zxcvbn::{Entropy, zxcvbn};

/// Characters looked at in one go.
const STRETCH: usize = 32;
/// Words about the owner at most, and the characters of each.
const WORDS: usize = 12;
const LONGEST_WORD: usize = 64;

/// What everybody who guesses here knows.
const OURS: &str = "stockade";

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
    let words: Vec<&str> = words.iter().map(String::as_str).chain([OURS]).collect();
    let letters: Vec<char> = password.chars().collect();
    let of = |part: &[char]| zxcvbn(&part.iter().collect::<String>(), &words);
    let begin = of(&letters[..letters.len().min(STRETCH)]);
    // Characters more do not make a password easier, so the stronger end counts.
    let weak = begin.guesses() < SecondFactor::Off.least_guesses();
    if letters.len() > STRETCH && weak {
        let end = of(&letters[letters.len() - STRETCH..]);
        if end.guesses() > begin.guesses() {
            return told(&end);
        }
    }
    told(&begin)
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

fn told(entropy: &Entropy) -> Guesses {
    let feedback = entropy.feedback();
    let times = entropy.crack_times();
    Guesses {
        count: entropy.guesses(),
        log10: entropy.guesses_log10().max(0.0),
        score: entropy.score().into(),
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
            &"p4ssw0rd".repeat(12),
        ] {
            assert!(!enough(password, SecondFactor::Off), "{password}");
        }
        for password in [
            "correct horse battery staple",
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
