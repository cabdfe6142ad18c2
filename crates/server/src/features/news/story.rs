//! An item as it is kept: told from others by hashes, dated no later than now, tagged with the symbols it is about.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use stockade_platform::{feed::FeedItem, market::AssetInfo, random};
use uuid::Uuid;

use super::tagging::tags;

/// An item to store.
pub(super) struct Story {
    /// Begins with the time of publication, so that ids are in that order.
    pub(super) id: Uuid,
    /// The hash of what its feed calls it.
    pub(super) identity: Vec<u8>,
    /// The hash of its link and title.
    pub(super) likeness: Vec<u8>,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) link: Option<String>,
    pub(super) published_at: Timestamp,
    pub(super) symbols: Vec<String>,
    pub(super) sample: bool,
}

impl Story {
    /// An item without a date, or with one that has not come, counts as published when it was seen: nobody stays on top by
    /// a date in the future.
    pub(super) fn of(item: FeedItem, sample: bool, assets: &[AssetInfo], now: Timestamp) -> Self {
        let published_at = item.published.map_or(now, |at| at.min(now));
        let link = item.link.as_deref().unwrap_or_default();
        let likeness = format!("{link}\n{}", item.title.to_lowercase());
        Self {
            id: random::uuid_v7(published_at),
            identity: hash(&item.id),
            likeness: hash(&likeness),
            symbols: tags(&format!("{} \n {}", item.title, item.summary), assets),
            title: item.title,
            summary: item.summary,
            link: item.link,
            published_at,
            sample,
        }
    }
}

fn hash(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}
