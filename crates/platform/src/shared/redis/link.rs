//! The task that keeps the connection: connects, subscribes, probes, and starts again when it breaks.

use std::{
    sync::{Arc, atomic::Ordering::SeqCst},
    time::Duration,
};

use ::redis::{
    AsyncConnectionConfig, Client, ErrorKind, PushInfo, PushKind, RedisResult, Value,
    aio::MultiplexedConnection, cmd,
};
use bytes::Bytes;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{MissedTickBehavior, interval, sleep},
};

use super::{
    super::hub::{Delivery, Hub},
    Link, State,
};

/// Between attempts: first this long, then twice as long each time up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A connection that nobody complains of is probed this often, so that a silent loss is noticed.
const PROBE_EVERY: Duration = Duration::from_secs(5);

/// Somebody wants to hear a channel and waits until it is subscribed.
pub(super) struct Join {
    pub(super) channel: String,
    pub(super) done: oneshot::Sender<()>,
}

/// Runs until it is aborted. `tried` is told when the first attempt has ended.
pub(super) async fn keep(
    client: Client,
    state: Arc<State>,
    mut joins: mpsc::UnboundedReceiver<Join>,
    mut left: mpsc::UnboundedReceiver<String>,
    tried: oneshot::Sender<()>,
) {
    let mut tried = Some(tried);
    let mut pause = FIRST_PAUSE;
    loop {
        let closed = Arc::new(Notify::new());
        match connect(&client, &state, closed.clone()).await {
            Ok(link) => {
                tracing::info!(store = %link.store, "connected to Redis");
                state.link.send_replace(Some(link.clone()));
                state.hub.deliver_gap();
                tried.take().map(|tried| tried.send(()));
                let end = serve(link, &state, &closed, &mut joins, &mut left).await;
                state.link.send_replace(None);
                tracing::warn!(error = ?end.err(), "lost Redis; the database answers instead");
                pause = FIRST_PAUSE;
            }
            Err(error) => {
                // Once per outage: the first attempt at all, or the first after a loss, is the one that is told.
                if tried.take().map(|tried| tried.send(())).is_some() {
                    tracing::warn!(%error, "Redis is away; the database answers instead");
                }
                wait_out(pause, &mut joins).await;
                pause = (2 * pause).min(LONGEST_PAUSE);
            }
        }
    }
}

/// A connection that answers, writes, has all subscriptions, and from which no untrusted copy can be read.
async fn connect(client: &Client, state: &State, closed: Arc<Notify>) -> RedisResult<Link> {
    let receiver = Receiver {
        hub: state.hub.clone(),
        prefix: state.key("channel", ""),
        closed,
    };
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(state.patience))
        .set_response_timeout(Some(state.patience))
        .set_push_sender(move |push| {
            receiver.take(push);
            Ok::<(), ()>(())
        });
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await?;
    let store = run_id(&mut connection).await?;
    let mut link = Link { connection, store };
    probe(&mut link, state).await?;
    let channels: Vec<String> = state
        .hub
        .names()
        .iter()
        .map(|name| state.key("channel", name))
        .collect();
    if !channels.is_empty() {
        link.connection.subscribe(channels).await?;
    }
    Ok(link)
}

/// Looks after a connection until it breaks.
async fn serve(
    mut link: Link,
    state: &State,
    closed: &Notify,
    joins: &mut mpsc::UnboundedReceiver<Join>,
    left: &mut mpsc::UnboundedReceiver<String>,
) -> RedisResult<()> {
    let mut probes = interval(PROBE_EVERY);
    probes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = closed.notified() => return Ok(()),
            () = state.suspect.notified() => probe(&mut link, state).await?,
            _ = probes.tick() => probe(&mut link, state).await?,
            Some(join) = joins.recv() => {
                link.connection.subscribe(state.key("channel", &join.channel)).await?;
                if join.done.send(()).is_err() {
                    // Nobody waits any more, so messages were missed that were promised.
                    state.hub.deliver(&join.channel, Delivery::Gap);
                }
            }
            Some(channel) = left.recv() => {
                if !state.hub.listens_to(&channel) {
                    link.connection.unsubscribe(state.key("channel", &channel)).await?;
                }
            }
        }
    }
}

/// Passes the time until the next attempt. Who joins meanwhile need not wait: the reconnection subscribes for them.
async fn wait_out(pause: Duration, joins: &mut mpsc::UnboundedReceiver<Join>) {
    let over = sleep(pause);
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = &mut over => return,
            Some(join) = joins.recv() => drop(join),
        }
    }
}

/// Writes, because a server may still answer while it has become a read-only replica. Then makes good lost marks: the
/// copy of the revocations is declared incomplete for every instance.
async fn probe(link: &mut Link, state: &State) -> RedisResult<()> {
    let key = format!("{}probe", state.prefix);
    cmd("SET")
        .arg(key)
        .arg(1)
        .arg("EX")
        .arg(60)
        .query_async::<()>(&mut link.connection)
        .await?;
    loop {
        let lost = state.lost_marks.load(SeqCst);
        if lost == 0 {
            return Ok(());
        }
        let keys = ["loaded", "loading"].map(|kind| state.key(kind, &link.store));
        cmd("DEL")
            .arg(&keys[..])
            .query_async::<()>(&mut link.connection)
            .await?;
        // Another mark lost meanwhile needs another round.
        let _ = state.lost_marks.compare_exchange(lost, 0, SeqCst, SeqCst);
    }
}

async fn run_id(connection: &mut MultiplexedConnection) -> RedisResult<Arc<str>> {
    let info: String = cmd("INFO").arg("server").query_async(connection).await?;
    let id = info.lines().find_map(|line| line.strip_prefix("run_id:"));
    id.map(|id| Arc::from(id.trim()))
        .ok_or_else(|| (ErrorKind::Client, "the server tells no run_id").into())
}

/// Takes what the server sends unasked. It holds nothing that holds the connection, so both can end.
struct Receiver {
    hub: Arc<Hub>,
    prefix: String,
    closed: Arc<Notify>,
}

impl Receiver {
    fn take(&self, push: PushInfo) {
        match (push.kind, push.data.as_slice()) {
            (PushKind::Disconnection, _) => self.closed.notify_one(),
            (PushKind::Message, [Value::BulkString(channel), Value::BulkString(message)]) => {
                let channel = std::str::from_utf8(channel)
                    .ok()
                    .and_then(|name| name.strip_prefix(&self.prefix));
                if let Some(channel) = channel {
                    self.hub
                        .deliver(channel, Delivery::Message(Bytes::copy_from_slice(message)));
                }
            }
            _ => {}
        }
    }
}
