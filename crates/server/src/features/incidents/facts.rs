//! What rules look at: an entry of the log, read once.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::core::audit::entries::EntryView;

/// An entry, as far as rules go by it.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) seq: u64,
    pub(super) entry: Uuid,
    pub(super) at: Timestamp,
    pub(super) kind: String,
    pub(super) failed: bool,
    /// Whom it concerns, be it said by its subject or in its details.
    pub(super) user: Option<Uuid>,
    /// The network it came from.
    pub(super) network: Option<String>,
    /// The risk decision it tells of.
    pub(super) decision: Option<Uuid>,
    details: Value,
}

impl Fact {
    pub(super) fn of(entry: EntryView) -> Self {
        let details = entry.details;
        Self {
            seq: entry.seq,
            entry: entry.id,
            at: entry.at,
            failed: entry.outcome.as_deref() == Some("failure"),
            user: entry.subject.or_else(|| id(&details["account"])),
            network: entry.ip.as_deref().and_then(network),
            decision: id(&details["decision"]).or_else(|| id(&details["risk"]["decision"])),
            kind: entry.kind,
            details,
        }
    }

    /// A word among the details.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.details[name].as_str()
    }

    /// The account it is about: the person, or the keyed hash of an address that nobody has.
    pub(super) fn account(&self) -> Option<String> {
        let person = self.user.map(|user| user.to_string());
        person.or_else(|| self.said("address").map(str::to_owned))
    }
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

/// The network that an address belongs to, as far as attackers share it: /24, or /56 of IPv6, which is what a customer of
/// a provider gets (RFC 6177 §2).
fn network(address: &str) -> Option<String> {
    Some(match address.parse().ok()? {
        IpAddr::V4(address) => {
            let network = u32::from(address) & 0xffff_ff00;
            format!("{}/24", Ipv4Addr::from(network))
        }
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => return network(&address.to_string()),
            None => {
                let network = u128::from(address) & (u128::MAX << 72);
                format!("{}/56", Ipv6Addr::from(network))
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_share_a_network() {
        let of = |address| network(address).unwrap();
        assert_eq!(of("203.0.113.7"), "203.0.113.0/24");
        assert_eq!(of("203.0.113.200"), of("203.0.113.7"));
        assert_eq!(of("::ffff:203.0.113.9"), of("203.0.113.7"));
        assert_eq!(of("2001:db8:1:2ff::1"), "2001:db8:1:200::/56");
        assert_eq!(of("2001:db8:1:200:ffff::2"), of("2001:db8:1:2ff::1"));
        assert_ne!(of("2001:db8:1:300::1"), of("2001:db8:1:2ff::1"));
        assert_eq!(network("nowhere"), None);
    }
}
