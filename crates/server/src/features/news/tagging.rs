//! Which instruments a text is about: by ticker and by company name.
//!
//! A ticker counts behind a dollar sign, behind an exchange's name or alone in brackets, and without any of these when it
//! has at least three letters and the text is not all capitals. A name counts as it is written, in whole words, without
//! what only a register needs ("Inc.", "The").

use stockade_platform::market::AssetInfo;

/// Ends of names that people leave out; what another ends with comes after it.
const ENDINGS: [&str; 11] = [
    " & Co., Inc.",
    ", Incorporated",
    " Incorporated",
    " Corporation",
    " and Company",
    ", Inc.",
    " Company",
    " & Co.",
    " Index",
    " Inc.",
    " Co.",
];

/// Exchanges as they stand before a ticker.
const EXCHANGES: [&str; 4] = ["NYSE", "NASDAQ", "Nasdaq", "AMEX"];

/// Letters that a ticker needs to count alone.
const ALONE: usize = 3;

/// The symbols that a text is about, in the order of `assets`.
pub(super) fn tags(text: &str, assets: &[AssetInfo]) -> Vec<String> {
    let shouted = !text.chars().any(char::is_lowercase);
    let about = |asset: &&AssetInfo| {
        let ticker = asset.symbol.as_str();
        named(text, short(asset.name)) || tickers(text, ticker, shouted)
    };
    assets
        .iter()
        .filter(about)
        .map(|asset| asset.symbol.to_string())
        .collect()
}

/// The name as people write it.
fn short(name: &str) -> &str {
    let name = name.strip_prefix("The ").unwrap_or(name);
    let ending = ENDINGS.into_iter().find_map(|ending| name.strip_suffix(ending));
    ending.unwrap_or(name).trim_end_matches(',')
}

fn named(text: &str, name: &str) -> bool {
    places(text, name).next().is_some()
}

fn tickers(text: &str, ticker: &str, shouted: bool) -> bool {
    places(text, ticker).any(|at| {
        let before = &text[..at];
        let after = &text[at + ticker.len()..];
        let behind_exchange = before.trim_end().strip_suffix(':').is_some_and(|before| {
            EXCHANGES
                .iter()
                .any(|exchange| before.trim_end().ends_with(exchange))
        });
        before.ends_with('$')
            || behind_exchange
            || (before.ends_with('(') && after.starts_with(')'))
            || (ticker.len() >= ALONE && !shouted)
    })
}

/// Where a text has these words, not as part of others.
fn places<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |letter: char| letter.is_alphanumeric();
    let whole = move |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    };
    text.match_indices(words).map(|(at, _)| at).filter(whole)
}

#[cfg(test)]
mod tests {
    use stockade_platform::market::Replay;

    use super::*;

    fn of(text: &str) -> Vec<String> {
        tags(text, Replay::embedded().assets())
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        assert_eq!(of("Apple and Coca-Cola grow"), ["AAPL", "KO"]);
        assert_eq!(
            of("Procter & Gamble's margins; JPMorgan Chase follows"),
            ["JPM", "PG"]
        );
        assert_eq!(
            of("The S&P 500 fell as Home Depot and Johnson & Johnson slid"),
            ["HD", "JNJ", "SP500"]
        );
        assert_eq!(of("Eli Lilly, Merck, Pfizer"), ["LLY", "MRK", "PFE"]);
    }

    #[test]
    fn tickers_are_found_where_they_are_meant() {
        assert_eq!(of("Buy $KO, (NYSE: GE) and (PG)"), ["GE", "KO", "PG"]);
        assert_eq!(of("AMD rises"), ["AMD"]);
        assert_eq!(of("NASDAQ:MSFT"), ["MSFT"]);
    }

    #[test]
    fn words_that_only_look_like_it_are_not() {
        let texts = [
            "A knock-out: KO in round two",
            "GE in the sentence, PG rated, HD video",
            "PEP TALK: ALL CAPITALS, NO NEWS",
            "Applebee's opens; pineapple prices; AMDAHL",
            "an apple a day",
        ];
        for text in texts {
            assert_eq!(of(text), Vec::<String>::new(), "{text}");
        }
    }
}
