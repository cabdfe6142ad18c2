//! The job: claims the feeds whose turn it is, asks their servers side by side, and stores what is new.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use stockade_platform::{
    db::{DbResult, Reader, Tx},
    feed::{self, FeedItem},
    web_client::{WebError, WebRequest, WebResponse},
};

use super::{
    samples,
    store::{self, Feed, Fetched},
    story::Story,
};
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// How long a fetch may take before another instance takes it up; longer than any request.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long a server may take, and how long its answer may be.
const TIME: Duration = Duration::from_secs(20);
const LONGEST_ANSWER: usize = 2 << 20;
/// Redirects that are followed, each through the same guard.
const REDIRECTS: u8 = 3;
/// The pause after the first failure, and the longest.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
/// What a server says of its answer is sent back up to this length.
const LONGEST_VALIDATOR: usize = 500;

/// Fetches the feeds whose turn it is; answers how many answered.
///
/// # Errors
/// When the database is away. A feed that fails is no error.
pub async fn fetch_news(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let states: DbResult<Vec<Feed>> = app
        .read(async |reader: &mut Reader| store::feeds(reader).await)
        .await;
    let states = states?;
    let mut due = Vec::new();
    for (name, url) in sources(app) {
        let state = states.iter().find(|state| state.name == name && state.url == url);
        if state.is_none_or(|state| state.next_try_at <= now)
            && let Some(feed) = claim(app, name, url, now).await?
        {
            due.push(feed);
        }
    }
    let fetched = join_all(due.iter().map(|feed| fetch(app, feed)));
    let mut worked = 0;
    for one in fetched.await {
        worked += usize::from(one?);
    }
    Ok(worked)
}

/// Drops items that are too old; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn prune_news(app: &App) -> ApiResult<usize> {
    let before = oldest(app);
    let dropped = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::drop_older(tx, before).await
    })
    .await?;
    Ok(dropped as usize)
}

/// The feeds that are set up, by name and address; the samples' address is empty.
pub(super) fn sources(app: &App) -> Vec<(String, String)> {
    let set_up = app.config.news.feeds.iter();
    let mut all: Vec<_> = set_up.map(|feed| (feed.name.clone(), feed.url.clone())).collect();
    if app.config.news.samples && app.config.is_development() {
        all.push((samples::NAME.to_owned(), String::new()));
    }
    all
}

/// Nothing published before then is kept.
fn oldest(app: &App) -> Timestamp {
    let kept = SignedDuration::try_from(app.config.news.kept).unwrap_or(SignedDuration::MAX);
    app.clock.now().checked_sub(kept).unwrap_or(Timestamp::MIN)
}

async fn claim(app: &App, name: String, url: String, now: Timestamp) -> ApiResult<Option<Feed>> {
    let claimed = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::claim(tx, &name, &url, now, now + LEASE).await
    })
    .await?;
    Ok(claimed)
}

/// Asks one server; true when it answered with a feed, or that nothing has changed.
async fn fetch(app: &App, feed: &Feed) -> ApiResult<bool> {
    let found = if feed.url.is_empty() {
        Ok((samples::items(app.clock.now()), None, None))
    } else {
        ask(app, feed).await
    };
    let now = app.clock.now();
    let usual = SignedDuration::try_from(app.config.news.interval).unwrap_or(FIRST_PAUSE);
    let (fetched, stories) = match found {
        Ok((items, etag, last_modified)) => {
            let next_try_at = now + usual;
            let fetched = Fetched::Worked {
                etag,
                last_modified,
                next_try_at,
            };
            (fetched, stories(app, feed, items))
        }
        Err(problem) => {
            tracing::info!(feed = feed.name, problem, "a news feed failed");
            let next_try_at = now + pause(feed.failures);
            (Fetched::Failed { problem, next_try_at }, Vec::new())
        }
    };
    let worked = matches!(fetched, Fetched::Worked { .. });
    let name = feed.name.clone();
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        for story in &stories {
            store::save(tx, &name, story).await?;
        }
        store::note(tx, &name, &fetched, now)
    })
    .await?;
    Ok(worked)
}

type Found = (Vec<FeedItem>, Option<String>, Option<String>);

/// The items of a feed, and what its server said of the answer. The problem is for people, and names no address.
async fn ask(app: &App, feed: &Feed) -> Result<Found, String> {
    let said = |error: WebError| error.to_string();
    let answer = app.web.send(request(feed).map_err(said)?).await.map_err(said)?;
    let WebResponse {
        status,
        headers,
        body,
    } = answer;
    if status == StatusCode::NOT_MODIFIED {
        return Ok((Vec::new(), feed.etag.clone(), feed.last_modified.clone()));
    }
    if status != StatusCode::OK {
        return Err(format!("the server answered {}", status.as_u16()));
    }
    let items = feed::read(&body, &feed.url).map_err(|error| error.to_string())?;
    Ok((
        items,
        validator(&headers, &header::ETAG),
        validator(&headers, &header::LAST_MODIFIED),
    ))
}

fn request(feed: &Feed) -> Result<WebRequest, WebError> {
    let mut request = WebRequest::get(&feed.url)?
        .header(
            header::ACCEPT,
            HeaderValue::from_static(
                "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
            ),
        )
        .within(TIME)
        .at_most(LONGEST_ANSWER)
        .following(REDIRECTS);
    let known = [
        (header::IF_NONE_MATCH, &feed.etag),
        (header::IF_MODIFIED_SINCE, &feed.last_modified),
    ];
    for (name, value) in known {
        if let Some(value) = value
            .as_deref()
            .and_then(|value| HeaderValue::try_from(value).ok())
        {
            request = request.header(name, value);
        }
    }
    Ok(request)
}

fn validator(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= LONGEST_VALIDATOR).then(|| value.to_owned())
}

/// What is worth keeping of a feed's items.
fn stories(app: &App, feed: &Feed, items: Vec<FeedItem>) -> Vec<Story> {
    let (now, oldest) = (app.clock.now(), oldest(app));
    let assets = app.market.assets();
    let stories = items
        .into_iter()
        .map(|item| Story::of(item, feed.url.is_empty(), assets, now));
    stories.filter(|story| story.published_at >= oldest).collect()
}

/// Doubles with each failure in a row.
fn pause(failures: i64) -> SignedDuration {
    let doubled = u32::try_from(failures)
        .ok()
        .and_then(|times| 1_i32.checked_shl(times));
    let pause = doubled.and_then(|times| FIRST_PAUSE.checked_mul(times));
    pause
        .filter(|pause| *pause > SignedDuration::ZERO)
        .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_six_hours() {
        let minutes: Vec<i64> = [0, 1, 2, 6, 7, 40, 1_000]
            .map(|failures| pause(failures).as_mins())
            .into();
        assert_eq!(minutes, [5, 10, 20, 320, 360, 360, 360]);
    }
}
