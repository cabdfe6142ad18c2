//! Where a key may be used from: a list of addresses and networks; an empty list means from anywhere.

use std::net::IpAddr;

use crate::{
    config::Network,
    http::error::{ApiResult, Problem},
};

/// Addresses and networks a key may list.
const MOST: usize = 20;

/// The networks of a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Networks(Vec<Network>);

impl Networks {
    /// Whether a request from this address is welcome. From an unknown address it is so only where all are.
    pub(super) fn welcome(&self, address: Option<IpAddr>) -> bool {
        self.0.is_empty()
            || address.is_some_and(|address| self.0.iter().any(|network| network.contains(address)))
    }

    /// Reads what is stored; `None` when that is no list of networks.
    pub(super) fn stored(text: &str) -> Option<Self> {
        let networks: Result<Vec<Network>, _> = text.split_whitespace().map(str::parse).collect();
        networks.ok().map(Self)
    }
}

/// What is to be stored of networks that somebody lists.
///
/// # Errors
/// 422 `api_key.networks` names the first that is none.
pub(super) fn checked(asked: &[String]) -> ApiResult<String> {
    let refuse = |index: usize, detail: String| {
        Problem::unprocessable("api_key.networks", &*detail).field(format!("networks[{index}]"), detail)
    };
    if asked.len() > MOST {
        return Err(refuse(MOST, format!("list {MOST} addresses and networks at most")).into());
    }
    let mut texts = Vec::new();
    for (index, text) in asked.iter().enumerate() {
        let text = text.trim();
        if let Err(error) = text.parse::<Network>() {
            return Err(refuse(index, format!("this is not {error}")).into());
        }
        texts.push(text);
    }
    Ok(texts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_networks_are_welcome_unless_none_is_listed() {
        let from = |list: &str, address: &str| Networks::stored(list).unwrap().welcome(address.parse().ok());
        assert!(from("", "203.0.113.9") && from("", "unknown"));
        assert!(from("10.0.0.0/8 2001:db8::7", "10.1.1.1") && from("10.0.0.0/8 2001:db8::7", "2001:db8::7"));
        assert!(!from("10.0.0.0/8", "11.0.0.1") && !from("10.0.0.0/8", "unknown"));
        assert!(checked(&["10.0.0.0/8".into(), "everywhere".into()]).is_err());
    }
}
