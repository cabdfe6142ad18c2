//! How many connections there are, in all and from each address. Trusted proxies carry many clients and count only in all.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    config::{Network, Server},
    security::rate_limit::address_key,
};

/// The count of connections.
pub(super) struct Connections {
    most: usize,
    most_per_address: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    all: usize,
    by_address: HashMap<u128, usize>,
}

/// A connection's part in the count. Dropping it makes room.
pub(super) struct Seat {
    connections: Arc<Connections>,
    /// The address it counts for.
    address: Option<u128>,
}

impl Connections {
    pub(super) fn new(server: &Server) -> Arc<Self> {
        Arc::new(Self {
            most: server.max_connections,
            most_per_address: server.connections_per_address,
            state: Mutex::default(),
        })
    }

    /// A seat for one more; `None` when there are too many.
    pub(super) fn admit(self: &Arc<Self>, ip: IpAddr, proxies: &[Network]) -> Option<Seat> {
        let address = (!proxies.iter().any(|proxy| proxy.contains(ip))).then(|| address_key(Some(ip)));
        let mut state = self.state();
        if state.all >= self.most {
            return None;
        }
        if let Some(address) = address {
            let count = state.by_address.entry(address).or_insert(0);
            if *count >= self.most_per_address {
                return None;
            }
            *count += 1;
        }
        state.all += 1;
        Some(Seat {
            connections: Arc::clone(self),
            address,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.connections.state();
        state.all -= 1;
        let Some(address) = self.address else {
            return;
        };
        if let Some(count) = state.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                state.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_never_takes_all_seats() {
        let connections = Arc::new(Connections {
            most: 4,
            most_per_address: 2,
            state: Mutex::default(),
        });
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let admit = |ip: &str| connections.admit(ip.parse().unwrap(), &proxies);
        let held = [admit("2001:db8::1"), admit("2001:db8::2")];
        assert!(held.iter().all(Option::is_some));
        assert!(admit("2001:db8::3").is_none(), "one /64 counts as one");
        let proxied = [admit("10.0.0.1"), admit("10.0.0.1")];
        assert!(proxied.iter().all(Option::is_some));
        assert!(admit("203.0.113.9").is_none(), "all four are taken");
        drop(held);
        assert!(admit("2001:db8::3").is_some());
        drop(proxied);
        assert!(connections.state().by_address.is_empty());
    }
}
