//! A document's encoding, and its shape before anything is built from it.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::FeedError;

/// How deep elements may lie in each other.
const DEEPEST: usize = 100;

/// How many bytes a tag may have, its attributes included.
const LONGEST_TAG: usize = 16 * 1024;

/// How far into a document its declaration may reach.
const DECLARATION: usize = 256;

/// The text in whatever encoding it is: what its byte order mark says, else what it declares, else UTF-8. What claims to be
/// UTF-8 and is not is read as Windows-1252, which it usually is then. The declaration is taken away, since it no longer
/// holds.
pub(super) fn decode(document: &[u8]) -> String {
    let marked = Encoding::for_bom(document).map(|(encoding, _)| encoding);
    let encoding = marked.or_else(|| declared(document)).unwrap_or(UTF_8);
    let (text, _, broken) = encoding.decode(document);
    let text = if broken && encoding == UTF_8 {
        WINDOWS_1252.decode(document).0
    } else {
        text
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.to_owned(),
        None => text.to_owned(),
    }
}

/// The encoding that an XML declaration names.
fn declared(document: &[u8]) -> Option<&'static Encoding> {
    let start = &document[..document.len().min(DECLARATION)];
    let start = start.trim_ascii_start();
    let end = start.windows(2).position(|two| two == b"?>")?;
    let declaration = std::str::from_utf8(&start[..end]).ok()?;
    let (_, value) = declaration.strip_prefix("<?xml")?.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next()?;
    let (label, _) = value.strip_prefix(quote)?.split_once(quote)?;
    Encoding::for_label(label.as_bytes())
}

/// Refuses what would cost more than its length: entities that are defined in terms of each other, depth, long tags.
/// JSON has its own bounds.
pub(super) fn check(text: &str) -> Result<(), FeedError> {
    if text
        .find(['<', '{'])
        .is_some_and(|at| text[at..].starts_with('{'))
    {
        return Ok(());
    }
    let (mut rest, mut depth) = (text, 0_usize);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(after) = skipped(rest) {
            rest = after?;
            continue;
        }
        if rest.starts_with("<!") {
            let end = rest.find(['>', '[']).ok_or(FeedError::NotAFeed)?;
            if rest.as_bytes()[end] == b'[' {
                return Err(FeedError::Entities);
            }
            rest = &rest[end..];
            continue;
        }
        let length = tag(rest).ok_or(FeedError::NotAFeed)?;
        let inside = &rest[1..length];
        if length > LONGEST_TAG {
            return Err(FeedError::TooDeep);
        }
        if inside.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !inside.ends_with('/') {
            depth += 1;
        }
        if depth > DEEPEST {
            return Err(FeedError::TooDeep);
        }
        rest = &rest[length..];
    }
    Ok(())
}

/// What follows a comment, a CDATA section or an instruction, if the text begins with one.
fn skipped(text: &str) -> Option<Result<&str, FeedError>> {
    const KINDS: [(&str, &str); 3] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
    let (start, end) = KINDS.into_iter().find(|(start, _)| text.starts_with(start))?;
    let after = text[start.len()..].split_once(end).map(|(_, after)| after);
    Some(after.ok_or(FeedError::NotAFeed))
}

/// Where a tag's `>` is: one inside quotes does not count.
fn tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}
