//! Pages of lists: `{"items": [..], "next_cursor": ".."|null}`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows in a page at most.
const MOST: u32 = 200;

/// Rows in a page when the request does not say.
const USUAL: u32 = 50;

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageAsk {
    /// `next_cursor` of the page before.
    pub cursor: Option<uuid::Uuid>,
    /// Rows at most, up to 200; 50 if absent.
    pub limit: Option<u32>,
}

impl PageAsk {
    /// How many rows to read: one more than the page holds, to know whether there is a next one.
    pub fn rows(&self) -> i64 {
        i64::from(self.size()) + 1
    }

    fn size(&self) -> u32 {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    /// Makes the page from the rows read.
    pub fn page<T>(&self, mut items: Vec<T>, id: impl Fn(&T) -> uuid::Uuid) -> Page<T> {
        let size = self.size() as usize;
        let more = items.len() > size;
        items.truncate(size);
        let next_cursor = items.last().filter(|_| more).map(|last| id(last).to_string());
        Page { items, next_cursor }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Ask with this as `cursor` for the rows that follow; null when there are none.
    pub next_cursor: Option<String>,
}
