//! No floating-point numbers near money: 0.1 + 0.2 is not 0.3 there.

use super::source::{Kind, Token, tokens};
use super::tree::Tree;

const MONEY: [&str; 4] = [
    "crates/domain/src",
    "crates/server/src/features/ledger",
    "crates/server/src/features/orders",
    "crates/server/src/features/cash",
];

/// Likelihoods and returns are estimates; money does not pass through these.
const ESTIMATES: [&str; 4] = [
    "crates/domain/src/risk/",
    "crates/domain/src/risk.rs",
    "crates/domain/src/performance/",
    "crates/domain/src/performance.rs",
];

/// Float types and float literals in files about money.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let files = MONEY.iter().flat_map(|place| tree.below(place, ".rs"));
    let files = files.filter(|file| !ESTIMATES.iter().any(|estimates| file.path.starts_with(estimates)));
    let mut problems = Vec::new();
    for file in files {
        for token in tokens(&file.text).iter().filter(|token| is_float(token)) {
            problems.push(format!("{}:{}: a float near money", file.path, token.line));
        }
    }
    problems
}

fn is_float(token: &Token) -> bool {
    match &token.is {
        Kind::Word(word) => word == "f32" || word == "f64",
        Kind::Number(number) => is_float_literal(number),
        _ => false,
    }
}

/// `1.5`, `1e3`, `1_f64`; not `0x1f64`, `5usize`.
fn is_float_literal(number: &str) -> bool {
    let after_digits = number.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
    let mut after = after_digits.chars();
    match after.next() {
        Some('.' | 'f') => true,
        // `1e-3` is cut at its sign.
        Some('e' | 'E') => after
            .next()
            .is_none_or(|letter| letter.is_ascii_digit() || letter == '_'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> usize {
        problems(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn types_and_literals_are_seen() {
        for text in [
            "fn f(x: f64) {}",
            "let x = y as f32;",
            "let x = 1.5;",
            "let x = 1e3;",
            "let x = 1_f64;",
        ] {
            assert_eq!(lines("crates/domain/src/money.rs", text), 1, "{text}");
            assert_eq!(
                lines("crates/server/src/features/orders/place.rs", text),
                1,
                "{text}"
            );
            assert_eq!(lines("crates/domain/src/risk/likelihood.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn whole_numbers_and_prose_are_fine() {
        let text = "// 1.5 as f64\nlet x = (1_000u64, 0x1f64, 0xe, 0..10, pair.0.1, \"2.50\", 5usize);";
        assert_eq!(lines("crates/domain/src/ledger/posting.rs", text), 0);
    }
}
