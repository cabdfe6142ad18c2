//! Sample items for development, so that the page is not empty without a network. Each says in its title that it is one;
//! whoever reads them through the API is told by `sample`.

use jiff::{SignedDuration, Timestamp};
use stockade_platform::feed::{self, FeedItem};

/// What the feed is called.
pub(super) const NAME: &str = "Samples";

const FEED: &[u8] = include_bytes!("samples.xml");

/// The samples lie so far apart, the newest an hour ago.
const APART: SignedDuration = SignedDuration::from_hours(5);
const NEWEST: SignedDuration = SignedDuration::from_hours(1);

/// The samples, as if published in the last days.
pub(super) fn items(now: Timestamp) -> Vec<FeedItem> {
    let items = feed::read(FEED, "https://localhost/").expect("the embedded feed is one, as a test shows");
    let dated = items.into_iter().enumerate().map(|(index, item)| FeedItem {
        published: Some(now - NEWEST - APART * index as i32),
        ..item
    });
    dated.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_says_that_it_is_one() {
        let items = items("2026-06-01T12:00:00Z".parse().unwrap());
        assert_eq!(items.len(), 8);
        assert!(
            items
                .iter()
                .all(|item| item.title.starts_with("Sample: ") && item.link.is_none())
        );
    }
}
