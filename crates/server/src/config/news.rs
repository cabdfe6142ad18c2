//! `[news]`: feeds of news.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};
use url::Url;

use super::field::{days, minutes};

/// Feeds of news.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// What is read.
    #[serde(deserialize_with = "feeds")]
    pub feeds: Vec<NewsFeed>,
    /// How often each is asked.
    #[serde(rename = "interval_minutes", deserialize_with = "minutes::<1, 1_440, _>")]
    pub interval: Duration,
    /// How long items are kept.
    #[serde(rename = "kept_days", deserialize_with = "days::<1, 3_650, _>")]
    pub kept: Duration,
    /// Whether development has samples.
    pub samples: bool,
}

/// A feed that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewsFeed {
    /// As it is shown.
    pub name: String,
    /// Where it is.
    pub url: String,
}

const LONGEST_NAME: usize = 60;

/// All that is wrong is said at once.
fn feeds<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<NewsFeed>, D::Error> {
    let (mut found, mut wrong) = (Vec::<NewsFeed>::new(), Vec::new());
    for line in Vec::<String>::deserialize(from)? {
        match parse(&line) {
            Some(feed) if found.iter().any(|other| other.name == feed.name) => {
                wrong.push(format!("{} is named twice; give one of them another name", feed.name));
            }
            Some(feed) => found.push(feed),
            None => wrong.push(format!(
                "{line:?} is no feed; write a name and an address, as in SEC https://www.sec.gov/news/pressreleases.rss"
            )),
        }
    }
    if wrong.is_empty() {
        return Ok(found);
    }
    Err(D::Error::custom(wrong.join("; ")))
}

/// The last word is the address, what stands before it the name.
fn parse(line: &str) -> Option<NewsFeed> {
    let (name, address) = line.trim().rsplit_once(char::is_whitespace)?;
    let url = Url::parse(address).ok()?;
    let sound = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    let name = name.trim();
    let named = !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(char::is_control);
    (sound && named).then(|| NewsFeed {
        name: name.to_owned(),
        url: url.to_string(),
    })
}
