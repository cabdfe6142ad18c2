//! `[log]`: what the program says about itself.

use serde::{Deserialize, Deserializer, de::Error};
use tracing::level_filters::LevelFilter;

/// Log lines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// The least important lines to show.
    #[serde(deserialize_with = "level")]
    pub level: LevelFilter,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors, one object a line.
    Json,
}

/// Only the words of the default file; the filter's own parser would also take numbers, and nothing for `error`.
fn level<'de, D: Deserializer<'de>>(from: D) -> Result<LevelFilter, D::Error> {
    match String::deserialize(from)?.as_str() {
        "off" => Ok(LevelFilter::OFF),
        "error" => Ok(LevelFilter::ERROR),
        "warn" => Ok(LevelFilter::WARN),
        "info" => Ok(LevelFilter::INFO),
        "debug" => Ok(LevelFilter::DEBUG),
        "trace" => Ok(LevelFilter::TRACE),
        other => Err(D::Error::custom(format!(
            "{other:?} is not a level; write off, error, warn, info, debug or trace"
        ))),
    }
}
