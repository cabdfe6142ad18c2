//! Symbols: the short names under which securities trade.

use std::fmt;
use std::str::FromStr;

use crate::refusal::Refusal;
use crate::text::text_form;

/// The longest symbol, in characters.
const MAX_LENGTH: usize = 12;

/// 1 to 12 of `A`–`Z`, `0`–`9`, `.` and `-`, with at least one letter or digit, such as `KO` or `BRK.B`.
///
/// Lower case is refused rather than raised, so that a symbol has one spelling in logs, signatures and URLs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    // Unused bytes are zero, so the derived order is the order of the text.
    bytes: [u8; MAX_LENGTH],
    length: u8,
}

impl Symbol {
    /// The symbol's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)])
            .expect("a symbol is ASCII by construction")
    }
}

impl FromStr for Symbol {
    type Err = InvalidSymbol;

    fn from_str(text: &str) -> Result<Self, InvalidSymbol> {
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
        let named = text.bytes().any(|b| b.is_ascii_alphanumeric());
        if text.len() > MAX_LENGTH || !named || !text.bytes().all(allowed) {
            return Err(InvalidSymbol);
        }
        let mut bytes = [0; MAX_LENGTH];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).map_err(|_| InvalidSymbol)?;
        Ok(Self { bytes, length })
    }
}

text_form!(Symbol, "a symbol");

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Symbol({self})")
    }
}

/// The text cannot be a symbol. Code `symbol.invalid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a symbol is 1 to 12 upper-case letters, digits, points and hyphens")]
pub struct InvalidSymbol;

impl Refusal for InvalidSymbol {
    fn code(&self) -> &'static str {
        "symbol.invalid"
    }

    fn field(&self) -> Option<&'static str> {
        Some("symbol")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_round_trip_and_sort_as_text() {
        let mut symbols: Vec<Symbol> = ["MSFT", "KO", "BRK.B", "BRK", "A", "ABCDEFGHIJKL"]
            .map(|s| s.parse().unwrap())
            .to_vec();
        symbols.sort();
        let texts: Vec<&str> = symbols.iter().map(Symbol::as_str).collect();
        assert_eq!(texts, ["A", "ABCDEFGHIJKL", "BRK", "BRK.B", "KO", "MSFT"]);
        let json = serde_json::to_string(&symbols[3]).unwrap();
        assert_eq!(serde_json::from_str::<Symbol>(&json).unwrap(), symbols[3]);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "ko",
            "ABCDEFGHIJKLM",
            "K O",
            "KO\n",
            "cash:USD",
            "..",
            "-",
            "Ä",
            "../ETC",
        ] {
            assert_eq!(text.parse::<Symbol>(), Err(InvalidSymbol), "{text}");
        }
    }
}
