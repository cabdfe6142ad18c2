//! How hard a passphrase is to guess, by zxcvbn. What it protects may be stolen with the database and is then guessed at
//! for as long as anybody likes, so more is asked of it than of a password.

use zeroize::Zeroizing;
use zxcvbn::zxcvbn;

/// Characters looked at in one go, since the work grows steeply with them.
const STRETCH: usize = 32;

/// Powers of ten of guesses. PBKDF2 in 600,000 rounds leaves some ten thousand guesses a second to a strong machine, which
/// takes ten thousand of these a month for 10¹⁴.
const LEAST: f64 = 14.0;

/// Whether somebody could find the passphrase by trying.
pub(super) fn is_guessable(words: &str) -> bool {
    let letters: Vec<char> = words.chars().collect();
    let guesses = |stretch: &[char]| {
        let text = Zeroizing::new(stretch.iter().collect::<String>());
        zxcvbn(&text, &["stockade"]).guesses_log10()
    };
    // More characters do not make it easier, so the strongest stretch counts; what is repeated adds nothing.
    letters.chunks(STRETCH).all(|stretch| guesses(stretch) < LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_is_not_enough() {
        for words in [
            "aaaaaaaaaaaaaaaa",
            "stockadestockade",
            "passwordpassword1",
            "1234567890123456",
            "qwertyuiopasdfgh",
            &"a".repeat(200),
            &"correct".repeat(20),
        ] {
            assert!(is_guessable(words), "{words}");
        }
        for words in [
            "six words that nobody guesses",
            "harbour violin cactus monday plumber silk",
            "vT9#mQ2xLr7!bZ4w",
        ] {
            assert!(!is_guessable(words), "{words}");
        }
    }
}
