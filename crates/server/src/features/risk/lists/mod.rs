//! Lists that analysts keep: what is blocked, watched or allowed, each line with a reason and, if wanted, an end.
//!
//! Invariants: a line counts from the next assessment on, on every instance, and until it expires or is removed. Allowed
//! wins over watched and blocked, so that a shared address of one's own can be spared.

pub(super) mod add;
pub(super) mod remove;
pub(super) mod show;

use std::{collections::HashMap, net::IpAddr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::lists::Line;
use crate::config::Network;

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum List {
    /// It adds what the policy says of listed ones.
    Block,
    /// It adds a little, and shows.
    Watch,
    /// It takes the others away.
    Allow,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// An address, or a network as `198.51.100.0/24`.
    Address,
    /// An autonomous system, by its number.
    Network,
    /// A country, ISO 3166-1 alpha-2.
    Country,
    /// A device, by its id in the log.
    Device,
    /// A payee, by its id.
    Payee,
}

impl List {
    const ALL: [Self; 3] = [Self::Block, Self::Watch, Self::Allow];

    fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Watch => "watch",
            Self::Allow => "allow",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.as_str() == text)
    }
}

impl What {
    const ALL: [Self; 5] = [
        Self::Address,
        Self::Network,
        Self::Country,
        Self::Device,
        Self::Payee,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Network => "network",
            Self::Country => "country",
            Self::Device => "device",
            Self::Payee => "payee",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }
}

type Entry = (List, Option<Timestamp>);

/// What is in force, ready to be asked.
#[derive(Default)]
pub(super) struct Lists {
    named: HashMap<(What, String), Vec<Entry>>,
    ranges: Vec<(Network, Entry)>,
}

/// What the lists say of something: each once, never both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) blocked: bool,
    pub(super) watched: bool,
    pub(super) allowed: bool,
}

impl Lists {
    /// Lines that this version of the program cannot read say nothing.
    pub(super) fn of(lines: &[Line]) -> Self {
        let mut lists = Self::default();
        for line in lines {
            let (Some(list), Some(what)) = (List::read(&line.list), What::read(&line.what)) else {
                continue;
            };
            let entry = (list, line.expires_at);
            match (what, line.value.parse::<Network>()) {
                (What::Address, Ok(network)) => lists.ranges.push((network, entry)),
                (What::Address, Err(_)) => {}
                _ => lists
                    .named
                    .entry((what, line.value.clone()))
                    .or_default()
                    .push(entry),
            }
        }
        lists
    }

    /// What they say of an address.
    pub(super) fn of_address(&self, address: IpAddr, now: Timestamp) -> Said {
        let hits = self
            .ranges
            .iter()
            .filter(|(network, _)| network.contains(address));
        said(hits.map(|(_, entry)| entry), now)
    }

    /// What they say of anything else, by its name.
    pub(super) fn of_name(&self, what: What, name: Option<&str>, now: Timestamp) -> Said {
        let Some(name) = name else { return Said::default() };
        let hits = self.named.get(&(what, name.to_owned()));
        said(hits.into_iter().flatten(), now)
    }
}

fn said<'a>(hits: impl Iterator<Item = &'a Entry>, now: Timestamp) -> Said {
    let mut said = Said::default();
    for (list, expires_at) in hits {
        if expires_at.is_some_and(|end| end <= now) {
            continue;
        }
        match list {
            List::Block => said.blocked = true,
            List::Watch => said.watched = true,
            List::Allow => said.allowed = true,
        }
    }
    if said.allowed {
        (said.blocked, said.watched) = (false, false);
    }
    said
}

#[cfg(test)]
mod tests {
    use stockade_platform::random;
    use uuid::Uuid;

    use super::*;

    fn line(list: &str, what: &str, value: &str, expires_at: Option<Timestamp>) -> Line {
        Line {
            id: random::uuid_v7(Timestamp::UNIX_EPOCH),
            list: list.into(),
            what: what.into(),
            value: value.into(),
            reason: String::new(),
            added_by: Uuid::nil(),
            added_at: Timestamp::UNIX_EPOCH,
            expires_at,
        }
    }

    #[test]
    fn allowed_wins_and_what_has_expired_says_nothing() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let lists = Lists::of(&[
            line("block", "address", "198.51.100.0/24", None),
            line("allow", "address", "198.51.100.7", None),
            line("block", "address", "203.0.113.1", Some(now)),
            line("watch", "country", "NO", None),
            line("forbid", "country", "SE", None),
        ]);
        let of = |address: &str| lists.of_address(address.parse().unwrap(), now);
        assert!(of("198.51.100.8").blocked && of("::ffff:198.51.100.8").blocked);
        assert_eq!(
            of("198.51.100.7"),
            Said {
                allowed: true,
                ..Said::default()
            }
        );
        assert_eq!(of("203.0.113.1"), Said::default());
        assert!(lists.of_name(What::Country, Some("NO"), now).watched);
        assert_eq!(lists.of_name(What::Country, Some("SE"), now), Said::default());
        assert_eq!(lists.of_name(What::Network, None, now), Said::default());
    }
}
