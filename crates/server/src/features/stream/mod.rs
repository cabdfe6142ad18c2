//! Streams: prices as they move, by WebSocket.
//!
//! One process makes the ticks, all of them hand out the same: through shared state where there is Redis. A process that
//! hears of no tick reads the market itself, so a lost publisher or a lost Redis stops nobody's prices.
//!
//! Invariants: what is sent is encoded once a tick and shared by all clients. A client that does not keep up is closed and
//! never waited for by another. `seq` never falls: it is the tick's instant in Unix milliseconds. Nobody gets prices by a
//! session that has ended. It owns no tables.

mod hub;
mod open;
mod protocol;
mod publish;
mod relay;
mod seats;
mod talk;

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    publish::{publish_tick, publish_ticks},
    relay::{catch_up, hand_out_ticks},
};
use crate::{
    app::App,
    config,
    security::{access::Permission, authorisation::Guarded as _},
};

/// Where ticks are published in shared state.
const CHANNEL: &str = "ticks";

/// What streams stand on. One exists; the application holds it.
pub struct Streams {
    hub: hub::Hub,
    seats: Arc<seats::Seats>,
}

impl Streams {
    /// Nobody listens yet.
    pub fn new(settings: config::Stream) -> Self {
        Self {
            hub: hub::Hub::new(),
            seats: seats::Seats::new(settings),
        }
    }

    /// The last tick that was handed out, in Unix milliseconds; 0 before the first.
    pub fn seq(&self) -> u64 {
        self.hub.snapshot(&[]).0
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.seats.taken()
    }
}

/// `/stream`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(open::open).may(Permission::ReadMarket))
}
