//! Plain text out of whatever a feed has for text. It is shown as text and never as markup, so what slips through is ugly
//! and no more.

use mail_parser::decoders::html::html_to_text;

/// Elements whose content is not for reading.
const HIDDEN: [&str; 8] = [
    "script", "style", "template", "noscript", "iframe", "svg", "textarea", "head",
];

/// The words of a text, with single blanks between them, cut after so many characters.
pub(super) fn plain(text: &str, most: usize) -> String {
    let words = if looks_like_markup(text) {
        html_to_text(&without_tags(text))
    } else {
        text.to_owned()
    };
    shortened(&readable(&words), most)
}

fn looks_like_markup(text: &str) -> bool {
    let tag = |(at, _): (usize, _)| starts_tag(&text[at..]);
    text.match_indices('<').any(tag) || (text.contains('&') && text.contains(';'))
}

fn starts_tag(text: &str) -> bool {
    let second = text.as_bytes().get(1);
    second.is_some_and(|byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
}

/// The text with a blank for each tag and comment, and without what is hidden. Whatever is never closed goes to the end.
fn without_tags(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if !starts_tag(rest) {
            out.push_str("&lt;");
            rest = &rest[1..];
            continue;
        }
        out.push(' ');
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let Some((tag, after)) = rest.split_once(end) else {
            return out;
        };
        rest = after;
        let name = tag[1..]
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let hidden = HIDDEN.iter().find(|hidden| name.eq_ignore_ascii_case(hidden));
        if let Some(hidden) = hidden.filter(|_| !tag.ends_with('/')) {
            let Some(closed) = find_closing(rest, hidden) else {
                return out;
            };
            rest = &rest[closed..];
        }
    }
    out.push_str(rest);
    out
}

/// Where `</name` is, in either case.
fn find_closing(text: &str, name: &str) -> Option<usize> {
    let closes = |(at, _): &(usize, &str)| {
        let after = text.as_bytes().get(at + 2..at + 2 + name.len());
        after.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    text.match_indices("</").find(closes).map(|(at, _)| at)
}

/// Without control characters and marks that nobody sees but that turn what is seen (Unicode TR 36 §3.1).
fn readable(text: &str) -> String {
    let seen = |letter: &char| {
        let turning =
            matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let nothing = matches!(
            letter,
            '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{fffe}' | '\u{ffff}'
        );
        !turning && !nothing && (letter.is_whitespace() || !letter.is_control())
    };
    let text: String = text.chars().filter(seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cut at the end of a word, with an ellipsis, where it is too long.
fn shortened(text: &str, most: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let kept = &text[..cut];
    let word_end = kept.rfind(' ').filter(|end| *end > cut / 2).unwrap_or(cut);
    format!("{}…", kept[..word_end].trim_end())
}
