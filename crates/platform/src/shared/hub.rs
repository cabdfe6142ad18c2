//! Hands published messages to this process's subscribers. A slow subscriber loses messages and is told so; it never
//! holds up the others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::{
    broadcast::{self, error::RecvError},
    mpsc,
};

/// Messages a subscriber may lie behind before it loses some.
const BACKLOG: usize = 1_024;

/// What a subscriber receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// A published message.
    Message(Bytes),
    /// Messages may be missing here: read the state afresh.
    Gap,
}

/// The channels that somebody in this process listens to.
#[derive(Debug, Default)]
pub(super) struct Hub {
    channels: Mutex<HashMap<String, broadcast::Sender<Delivery>>>,
    /// Told when a channel has lost its last subscriber.
    left: Option<mpsc::UnboundedSender<String>>,
}

impl Hub {
    /// A hub that says which channels nobody listens to any more.
    pub(super) fn telling(left: mpsc::UnboundedSender<String>) -> Self {
        Self {
            left: Some(left),
            ..Self::default()
        }
    }

    pub(super) fn subscribe(self: &Arc<Self>, channel: &str) -> Subscription {
        let mut channels = self.channels();
        let sender = channels
            .entry(channel.to_owned())
            .or_insert_with(|| broadcast::Sender::new(BACKLOG));
        Subscription {
            receiver: Some(sender.subscribe()),
            channel: channel.to_owned(),
            hub: self.clone(),
        }
    }

    /// Hands a delivery to the subscribers of one channel.
    pub(super) fn deliver(&self, channel: &str, delivery: Delivery) {
        if let Some(sender) = self.channels().get(channel) {
            // An error means that the last subscriber is just leaving.
            let _ = sender.send(delivery);
        }
    }

    /// Tells every subscriber that messages may be missing.
    pub(super) fn deliver_gap(&self) {
        for sender in self.channels().values() {
            let _ = sender.send(Delivery::Gap);
        }
    }

    /// The channels that have subscribers.
    pub(super) fn names(&self) -> Vec<String> {
        self.channels().keys().cloned().collect()
    }

    pub(super) fn listens_to(&self, channel: &str) -> bool {
        self.channels().contains_key(channel)
    }

    fn leave(&self, channel: &str) {
        let mut channels = self.channels();
        if channels
            .get(channel)
            .is_some_and(|sender| sender.receiver_count() == 0)
        {
            channels.remove(channel);
            if let Some(left) = &self.left {
                // An error means that the connection's task is gone, and its subscriptions with it.
                let _ = left.send(channel.to_owned());
            }
        }
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<String, broadcast::Sender<Delivery>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A subscriber's end of one channel. Dropping it ends the subscription.
#[derive(Debug)]
pub struct Subscription {
    /// Taken only when the subscription ends.
    receiver: Option<broadcast::Receiver<Delivery>>,
    channel: String,
    hub: Arc<Hub>,
}

impl Subscription {
    /// Waits for the next delivery. Giving up the wait loses nothing.
    pub async fn next(&mut self) -> Delivery {
        match &mut self.receiver {
            Some(receiver) => match receiver.recv().await {
                Ok(delivery) => delivery,
                Err(RecvError::Lagged(_) | RecvError::Closed) => Delivery::Gap,
            },
            None => std::future::pending().await,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.receiver = None;
        self.hub.leave(&self.channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_lives_as_long_as_its_last_subscriber() {
        let (sender, mut left) = mpsc::unbounded_channel();
        let hub = Arc::new(Hub::telling(sender));
        let (one, two) = (hub.subscribe("quotes"), hub.subscribe("quotes"));
        drop(one);
        assert!(hub.listens_to("quotes") && left.try_recv().is_err());
        drop(two);
        assert!(!hub.listens_to("quotes"));
        assert_eq!(left.try_recv().unwrap(), "quotes");
    }
}
