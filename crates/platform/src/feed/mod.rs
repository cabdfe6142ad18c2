//! RSS, Atom and JSON Feed (read by `feed-rs`), as other people's servers send them: nothing in one is believed.
//!
//! Invariants: an item is plain text, without markup, control characters or marks that turn the direction of text, and of
//! bounded length. Its link is http or https and carries no password. A document costs time in proportion to its length:
//! what defines entities, nests deeply or has endless tags is refused before it is parsed.

mod markup;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashSet;

use feed_rs::{
    model::{Entry, Link, Text},
    parser::Builder,
};
use jiff::Timestamp;
use url::Url;

/// Items of one document at most; feeds list the newest first.
const MOST_ITEMS: usize = 200;
/// Characters.
const LONGEST_TITLE: usize = 300;
const LONGEST_SUMMARY: usize = 600;
const LONGEST_LINK: usize = 2_000;

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedItem {
    /// What the feed calls it, or else its link, or else its title. No other item of the document has the same.
    pub id: String,
    /// Never empty.
    pub title: String,
    /// May be empty.
    pub summary: String,
    /// Where the whole story is.
    pub link: Option<String>,
    /// When it says it was published; may lie in the future.
    pub published: Option<Timestamp>,
}

/// Why a document is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// Neither RSS nor Atom nor JSON Feed, or broken.
    #[error("the answer is not a feed")]
    NotAFeed,
    /// It defines entities, which may blow up.
    #[error("the feed defines entities")]
    Entities,
    /// Nested too deeply, or with too long a tag.
    #[error("the feed is nested too deeply")]
    TooDeep,
}

/// Reads a document that came from `url`, which its links are relative to. Of items that share an id, the first counts;
/// items without a title are left out.
///
/// # Errors
/// See [`FeedError`].
pub fn read(document: &[u8], url: &str) -> Result<Vec<FeedItem>, FeedError> {
    let base = Url::parse(url).map_err(|_| FeedError::NotAFeed)?;
    let text = markup::decode(document);
    markup::check(&text)?;
    let parser = Builder::new()
        .base_uri(Some(url))
        // Without an id of its own an item is told by its link or title, not by chance.
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = parser.parse(text.as_bytes()).map_err(|_| FeedError::NotAFeed)?;
    let mut seen = HashSet::new();
    let items = feed
        .entries
        .into_iter()
        .take(MOST_ITEMS)
        .filter_map(|entry| item(entry, &base));
    Ok(items.filter(|item| seen.insert(item.id.clone())).collect())
}

fn item(entry: Entry, base: &Url) -> Option<FeedItem> {
    let words = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.content.clone());
    let title = text::plain(&words(&entry.title), LONGEST_TITLE);
    if title.is_empty() {
        return None;
    }
    let body = entry.content.and_then(|content| content.body);
    let summary = [words(&entry.summary), body.unwrap_or_default()]
        .iter()
        .map(|words| text::plain(words, LONGEST_SUMMARY))
        .find(|summary| !summary.is_empty());
    let link = link(&entry.links, base);
    let id = [Some(entry.id), link.clone(), Some(title.clone())]
        .into_iter()
        .flatten()
        .find(|id| !id.trim().is_empty())?;
    let published = entry.published.or(entry.updated);
    Some(FeedItem {
        id,
        title,
        summary: summary.unwrap_or_default(),
        link,
        published: published.and_then(|at| Timestamp::from_second(at.timestamp()).ok()),
    })
}

/// The first link that leads to a page.
fn link(links: &[Link], base: &Url) -> Option<String> {
    let to_page = |link: &&Link| matches!(link.rel.as_deref(), None | Some("alternate"));
    links.iter().filter(to_page).find_map(|link| {
        let url = base.join(link.href.trim()).ok()?;
        let clean = url.username().is_empty() && url.password().is_none() && url.has_host();
        let sound = clean && matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LONGEST_LINK;
        sound.then(|| url.to_string())
    })
}
