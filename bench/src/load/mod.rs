//! The load generator: many keep-alive connections on one thread, in a closed loop (each sends when it has its answer)
//! or at a fixed rate (each sends when its time has come, whatever the server does).
//!
//! At a fixed rate arrivals are random (Poisson) and latency counts from the intended time, so that waiting behind a
//! slow answer is not hidden. Timers tick in milliseconds, and up to one of them is part of each such latency.

mod chance;
mod connection;
mod histogram;
mod pace;
mod subscriber;
mod tally;

use std::{cell::RefCell, io, net::SocketAddr, rc::Rc, time::Duration};

use tokio::{
    task::{JoinSet, LocalSet},
    time::{Instant, timeout_at},
};

use self::pace::Schedule;
pub(crate) use self::{
    chance::Chance,
    connection::Connection,
    histogram::Histogram,
    pace::{Pace, Window},
    subscriber::{Heard, Subscriber},
    tally::Tally,
};

/// Writes the next request and answers the status it should get.
pub(crate) type Caller = Box<dyn FnMut(&mut Vec<u8>) -> u16>;

/// How long answers may take after the end of the window.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the load, a connection for each caller, until the window has passed.
///
/// # Errors
/// When a connection cannot be opened in the first place.
pub(crate) async fn run(
    address: SocketAddr,
    callers: Vec<Caller>,
    pace: Pace,
    window: Window,
) -> io::Result<Tally> {
    let tally = Rc::new(RefCell::new(Tally::new(window.measured)));
    let mut connections = Vec::with_capacity(callers.len());
    for _ in &callers {
        connections.push(Connection::open(address).await?);
    }
    let span = window.starting_now();
    let count = callers.len();
    let local = LocalSet::new();
    let mut clients = JoinSet::new();
    for (number, (caller, connection)) in callers.into_iter().zip(connections).enumerate() {
        let client = Client {
            address,
            connection: Some(connection),
            caller,
            schedule: Schedule::new(pace, span, number, count),
            tally: Rc::clone(&tally),
        };
        clients.spawn_local_on(client.run(), &local);
    }
    local
        .run_until(async { while clients.join_next().await.is_some() {} })
        .await;
    Ok(Rc::try_unwrap(tally).map_or_else(|shared| shared.borrow().clone(), RefCell::into_inner))
}

/// One person with one connection.
struct Client {
    address: SocketAddr,
    connection: Option<Connection>,
    caller: Caller,
    schedule: Schedule,
    tally: Rc<RefCell<Tally>>,
}

impl Client {
    async fn run(mut self) {
        let mut request = Vec::with_capacity(2048);
        let deadline = self.schedule.end() + PATIENCE;
        while let Some(intended) = self.schedule.next().await {
            if Instant::now() >= deadline {
                self.tally.borrow_mut().unsent += 1;
                continue;
            }
            request.clear();
            let expected = (self.caller)(&mut request);
            let status = timeout_at(deadline, self.exchange(&request)).await;
            self.count(intended, expected, status.ok().and_then(Result::ok));
        }
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).await?,
        };
        let status = connection.exchange(request).await?.status;
        self.connection = Some(connection);
        Ok(status)
    }

    fn count(&self, intended: Instant, expected: u16, status: Option<u16>) {
        let mut tally = self.tally.borrow_mut();
        let now = Instant::now();
        match status {
            Some(status) if status == expected => {
                tally.acknowledged += 1;
                if self.schedule.is_measured(intended, now) {
                    tally.latencies.add(now - intended);
                }
            }
            Some(status) => *tally.unexpected.entry(status).or_default() += 1,
            None => tally.broken += 1,
        }
    }
}
