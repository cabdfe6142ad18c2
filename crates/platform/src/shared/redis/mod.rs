//! Shared state in Redis (6 or later, or Valkey) over one connection that a task of its own keeps.
//!
//! While the connection is down every call fails at once; when Redis answers again, calls succeed again without anyone's help.
//! Redis must not evict (`maxmemory-policy noeviction`): an evicted revocation would look like none.

mod commands;
mod link;
mod questions;
mod spend;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use ::redis::{Client, IntoConnectionInfo, ProtocolVersion, aio::MultiplexedConnection};
use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use self::{link::Join, questions::Question};
use super::{
    SharedError,
    hub::{Hub, Subscription},
    rates::{LocalRates, Prepaid},
};

/// What no call exceeds, unless a test says otherwise.
const PATIENCE: Duration = Duration::from_millis(250);

/// See [`super::Shared`] for what each call means. Dropping it closes the connection.
pub struct Redis {
    state: Arc<State>,
    joins: mpsc::UnboundedSender<Join>,
    questions: mpsc::UnboundedSender<Question>,
    keeper: JoinHandle<()>,
    prepaid: Prepaid,
    /// Counts rates while Redis is away.
    fallback: LocalRates,
}

/// What the calls and the task that keeps the connection have in common.
struct State {
    prefix: String,
    /// The longest a connection attempt or an answer may take.
    patience: Duration,
    hub: Arc<Hub>,
    /// The connection, while there is one.
    link: watch::Sender<Option<Link>>,
    /// A call has failed: look after the connection.
    suspect: Notify,
    /// Revocations that Redis may not have heard of. While there are any, the copy in Redis is not trusted.
    lost_marks: AtomicU64,
}

#[derive(Clone)]
struct Link {
    connection: MultiplexedConnection,
    /// The server's run id: it changes with every start, and what a restarted server remembers may be old.
    store: Arc<str>,
}

impl Redis {
    /// Speaks to the Redis at `address`, `redis://[user:password@]host:port[/database]`, and puts `prefix` before
    /// every key and channel. Returns when the first attempt to connect has ended, well or not. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`SharedError::Misconfigured`] when the address cannot be read. A Redis that is away is no error.
    pub async fn connect(address: &str, prefix: &str) -> Result<Self, SharedError> {
        Self::connect_with(address, prefix, PATIENCE).await
    }

    /// The same with another limit for attempts and answers.
    pub(super) async fn connect_with(
        address: &str,
        prefix: &str,
        patience: Duration,
    ) -> Result<Self, SharedError> {
        let client = client(address)?;
        let (left_sender, left) = mpsc::unbounded_channel();
        let (joins, joining) = mpsc::unbounded_channel();
        let state = Arc::new(State {
            prefix: prefix.to_owned(),
            patience,
            hub: Arc::new(Hub::telling(left_sender)),
            link: watch::Sender::new(None),
            suspect: Notify::new(),
            lost_marks: AtomicU64::new(0),
        });
        let (tried, first_try) = oneshot::channel();
        let keeper = tokio::spawn(link::keep(client, state.clone(), joining, left, tried));
        let (questions, asked) = mpsc::unbounded_channel();
        tokio::spawn(questions::ask(state.clone(), asked));
        // An error means that the task is gone, which only the end of the runtime brings about.
        let _ = first_try.await;
        Ok(Self {
            state,
            joins,
            questions,
            keeper,
            prepaid: Prepaid::new(),
            fallback: LocalRates::new(),
        })
    }

    pub(super) async fn subscribe(&self, channel: &str) -> Subscription {
        let subscription = self.state.hub.subscribe(channel);
        let (done, joined) = oneshot::channel();
        let _ = self.joins.send(Join {
            channel: channel.to_owned(),
            done,
        });
        // Without an answer the subscription is told of a gap as soon as it works.
        let _ = timeout(self.state.patience, joined).await;
        subscription
    }
}

fn client(address: &str) -> Result<Client, SharedError> {
    // What the library says of a bad address may repeat it, and with it a password.
    let refused =
        |_| SharedError::Misconfigured("want redis://[user:password@]host:port[/database]".to_owned());
    let info = address.into_connection_info().map_err(refused)?;
    // Protocol 3 carries published messages and answers on one connection.
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings)).map_err(refused)
}

impl State {
    fn link(&self) -> Result<Link, SharedError> {
        self.link.borrow().clone().ok_or(SharedError::Unavailable)
    }

    fn key(&self, kind: &str, name: &str) -> String {
        format!("{}{kind}:{name}", self.prefix)
    }

    fn mark_lost(&self) {
        self.lost_marks.fetch_add(1, SeqCst);
        self.suspect.notify_one();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("prefix", &self.state.prefix)
            .field("connected", &self.state.link.borrow().is_some())
            .finish_non_exhaustive()
    }
}
