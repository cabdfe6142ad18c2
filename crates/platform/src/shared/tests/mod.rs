//! One contract, held against both sides; then what only Redis can do: go away and come back.

mod contract;
mod outage;
mod questions;
mod rates;
mod redis_server;

use std::time::Duration;

use self::redis_server::RedisServer;
use super::{Memory, Redis, Shared};
use crate::clock::Clock;

/// One side of the seam, and the means to let its time pass.
struct Side {
    shared: Shared,
    time: Time,
}

enum Time {
    Clock(Clock),
    Server(RedisServer),
}

impl Side {
    fn memory() -> Self {
        let clock = Clock::manual("2026-03-01T08:00:00Z".parse().unwrap());
        Self {
            shared: Shared::Memory(Memory::new(clock.clone())),
            time: Time::Clock(clock),
        }
    }

    async fn redis() -> Self {
        let server = RedisServer::start();
        Self {
            shared: Shared::Redis(server.connect().await),
            time: Time::Server(server),
        }
    }

    /// The present of this side.
    fn now(&self) -> jiff::Timestamp {
        match &self.time {
            Time::Clock(clock) => clock.now(),
            Time::Server(_) => Clock::System.now(),
        }
    }

    async fn elapse(&self, seconds: u32) {
        match &self.time {
            Time::Clock(clock) => clock.advance(seconds.into()),
            Time::Server(server) => server.age_keys(Duration::from_secs(seconds.into())).await,
        }
    }
}
