//! What can be quoted, and how a person finds it.

use std::str::FromStr;

use serde::Deserialize;
use stockade_domain::symbol::Symbol;

/// One listed instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetInfo {
    /// The ticker.
    pub symbol: Symbol,
    /// The company's or the index's full name.
    pub name: &'static str,
    /// Where it is listed: `NASDAQ`, `NYSE`, or `INDEX` for a computed figure.
    pub exchange: &'static str,
    /// Share or index.
    pub class: AssetClass,
    /// Whether an order may name it.
    pub tradable: bool,
    /// Whether an order may ask for part of a share.
    pub fractionable: bool,
}

/// What kind of instrument an asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetClass {
    /// A share listed in the United States.
    UsEquity,
    /// A computed index level; nobody can buy it.
    Index,
}

impl AssetClass {
    /// The stable name used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsEquity => "us_equity",
            Self::Index => "index",
        }
    }
}

impl FromStr for AssetClass {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        [Self::UsEquity, Self::Index]
            .into_iter()
            .find(|class| class.as_str() == text)
            .ok_or(UnknownClass)
    }
}

/// The text names no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a class is us_equity or index")]
pub struct UnknownClass;

/// Symbols that start with `text` first, then names that contain it; each part in the order of `assets`.
pub(super) fn search<'a>(assets: &'a [AssetInfo], text: &str) -> Vec<&'a AssetInfo> {
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let (by_symbol, others): (Vec<_>, Vec<_>) = assets
        .iter()
        .partition(|asset| asset.symbol.as_str().to_lowercase().starts_with(&wanted));
    let by_name = others
        .into_iter()
        .filter(|asset| asset.name.to_lowercase().contains(&wanted));
    by_symbol.into_iter().chain(by_name).collect()
}
