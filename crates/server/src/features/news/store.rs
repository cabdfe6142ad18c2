//! The only SQL that names `news_feeds`, `news_items` and `news_symbols`.

use jiff::Timestamp;
use stockade_platform::db::{DbResult, FromRow, Queryable, Row, Tx, sql};
use uuid::Uuid;

use super::story::Story;

/// A feed and its state.
pub(super) struct Feed {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) next_try_at: Timestamp,
    pub(super) tried_at: Option<Timestamp>,
    pub(super) worked_at: Option<Timestamp>,
    pub(super) failures: i64,
    pub(super) problem: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

impl FromRow for Feed {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            name: row.read()?,
            url: row.read()?,
            next_try_at: row.read()?,
            tried_at: row.read()?,
            worked_at: row.read()?,
            failures: row.read()?,
            problem: row.read()?,
            etag: row.read()?,
            last_modified: row.read()?,
        })
    }
}

/// An item as it is listed.
pub(super) struct Item {
    pub(super) id: Uuid,
    pub(super) feed: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) link: Option<String>,
    pub(super) published_at: Timestamp,
    /// With blanks between them.
    pub(super) symbols: String,
    pub(super) sample: bool,
}

impl FromRow for Item {
    fn from_row(row: &mut Row<'_>) -> DbResult<Self> {
        Ok(Self {
            id: row.read()?,
            feed: row.read()?,
            title: row.read()?,
            summary: row.read()?,
            link: row.read()?,
            published_at: row.read()?,
            symbols: row.read()?,
            sample: row.read()?,
        })
    }
}

/// What came of asking a feed.
pub(super) enum Fetched {
    Worked {
        etag: Option<String>,
        last_modified: Option<String>,
        next_try_at: Timestamp,
    },
    Failed {
        problem: String,
        next_try_at: Timestamp,
    },
}

const FEED: &str = "name, url, next_try_at, tried_at, worked_at, failures, problem, etag, last_modified";
const ITEM: &str = "i.id, i.feed, i.title, i.summary, i.link, i.published_at, i.symbols, i.sample";

/// Every feed that was ever set up.
pub(super) async fn feeds(on: &mut impl Queryable) -> DbResult<Vec<Feed>> {
    sql(format!("SELECT {FEED} FROM news_feeds ORDER BY name"))
        .all(on)
        .await
}

/// Leases a feed until `lease` if its turn has come; one with another address than before starts anew.
pub(super) async fn claim(
    tx: &mut Tx,
    name: &str,
    url: &str,
    now: Timestamp,
    lease: Timestamp,
) -> DbResult<Option<Feed>> {
    sql(format!(
        "INSERT INTO news_feeds (name, url, next_try_at, failures) VALUES ($1, $2, $3, 0)
         ON CONFLICT (name) DO UPDATE SET
             next_try_at = excluded.next_try_at,
             etag = CASE WHEN news_feeds.url = excluded.url THEN news_feeds.etag ELSE NULL END,
             last_modified = CASE WHEN news_feeds.url = excluded.url THEN news_feeds.last_modified ELSE NULL END,
             failures = CASE WHEN news_feeds.url = excluded.url THEN news_feeds.failures ELSE 0 END,
             url = excluded.url
         WHERE news_feeds.next_try_at <= $4 OR news_feeds.url <> excluded.url
         RETURNING {FEED}"
    ))
    .bind(name)
    .bind(url)
    .bind(lease)
    .bind(now)
    .optional(tx)
    .await
}

/// Notes what came of asking a feed.
pub(super) fn note(tx: &mut Tx, name: &str, fetched: &Fetched, now: Timestamp) -> DbResult<()> {
    match fetched {
        Fetched::Worked {
            etag,
            last_modified,
            next_try_at,
        } => sql("UPDATE news_feeds SET tried_at = $2, worked_at = $2, next_try_at = $3, etag = $4, last_modified = $5,
             failures = 0, problem = NULL WHERE name = $1")
        .bind(name)
        .bind(now)
        .bind(*next_try_at)
        .bind(etag.clone())
        .bind(last_modified.clone())
        .later(tx),
        Fetched::Failed { problem, next_try_at } => {
            sql("UPDATE news_feeds SET tried_at = $2, next_try_at = $3, problem = $4, failures = failures + 1
                 WHERE name = $1")
            .bind(name)
            .bind(now)
            .bind(*next_try_at)
            .bind(problem.as_str())
            .later(tx)
        }
    }
}

/// Stores an item, or, where the feed has told it before, what it says now. One that another feed told is left out.
pub(super) async fn save(tx: &mut Tx, feed: &str, story: &Story) -> DbResult<()> {
    let known: Option<Uuid> = sql("SELECT id FROM news_items WHERE feed = $1 AND identity = $2")
        .bind(feed)
        .bind(story.identity.as_slice())
        .optional(tx)
        .await?;
    if let Some(known) = known {
        return correct(tx, known, story);
    }
    let inserted = sql(
        "INSERT INTO news_items (id, feed, identity, likeness, title, summary, link, published_at, symbols, sample)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
    )
    .bind(story.id)
    .bind(feed)
    .bind(story.identity.as_slice())
    .bind(story.likeness.as_slice())
    .bind(story.title.as_str())
    .bind(story.summary.as_str())
    .bind(story.link.clone())
    .bind(story.published_at)
    .bind(story.symbols.join(" "))
    .bind(story.sample)
    .run(tx)
    .await?;
    if inserted == 0 {
        return Ok(());
    }
    tag(tx, story.id, story)
}

/// Its date, its place in the list and what it is like stay as they were.
fn correct(tx: &mut Tx, id: Uuid, story: &Story) -> DbResult<()> {
    sql("UPDATE news_items SET title = $2, summary = $3, symbols = $4
         WHERE id = $1 AND (title <> $2 OR summary <> $3 OR symbols <> $4)")
    .bind(id)
    .bind(story.title.as_str())
    .bind(story.summary.as_str())
    .bind(story.symbols.join(" "))
    .later(tx)?;
    tag(tx, id, story)
}

fn tag(tx: &mut Tx, id: Uuid, story: &Story) -> DbResult<()> {
    for symbol in &story.symbols {
        sql("INSERT INTO news_symbols (symbol, item_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(symbol.as_str())
            .bind(id)
            .later(tx)?;
    }
    Ok(())
}

/// Items, newest first, before the one with the given id.
pub(super) async fn items(on: &mut impl Queryable, before: Uuid, most: i64) -> DbResult<Vec<Item>> {
    sql(format!(
        "SELECT {ITEM} FROM news_items i WHERE i.id < $1 ORDER BY i.id DESC LIMIT $2"
    ))
    .bind(before)
    .bind(most)
    .all(on)
    .await
}

/// The same, only those about a symbol.
pub(super) async fn about(
    on: &mut impl Queryable,
    symbol: &str,
    before: Uuid,
    most: i64,
) -> DbResult<Vec<Item>> {
    sql(format!(
        "SELECT {ITEM} FROM news_symbols s JOIN news_items i ON i.id = s.item_id
         WHERE s.symbol = $1 AND s.item_id < $2 ORDER BY s.item_id DESC LIMIT $3"
    ))
    .bind(symbol)
    .bind(before)
    .bind(most)
    .all(on)
    .await
}

/// Drops items published before an instant; answers how many.
pub(super) async fn drop_older(tx: &mut Tx, before: Timestamp) -> DbResult<u64> {
    sql("DELETE FROM news_symbols WHERE item_id IN (SELECT id FROM news_items WHERE published_at < $1)")
        .bind(before)
        .later(tx)?;
    sql("DELETE FROM news_items WHERE published_at < $1")
        .bind(before)
        .run(tx)
        .await
}
