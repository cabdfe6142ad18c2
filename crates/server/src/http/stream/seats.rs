//! How many streams are open, and how they end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use stockade_domain::ids::UserId;
use tokio::sync::{Notify, watch};

use crate::{
    config,
    http::error::{ApiResult, Problem},
};

/// The open streams. One exists; the application holds it.
pub struct Listeners {
    settings: config::Events,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
    closing: watch::Sender<bool>,
}

/// A stream that is open. Dropping it makes room.
pub struct Seat {
    open: Arc<Mutex<HashMap<UserId, usize>>>,
    user: UserId,
}

/// Cuts a connection off whose client takes nothing. It lies beside each request of the connection.
#[derive(Clone, Default)]
pub struct HangUp(Arc<Notify>);

impl Listeners {
    /// As the settings say.
    pub fn new(settings: config::Events) -> Self {
        Self {
            settings,
            open: Arc::default(),
            closing: watch::Sender::new(false),
        }
    }

    /// Room for one more stream of this person.
    ///
    /// # Errors
    /// 429 `stream.too_many_of_yours` and 503 `stream.too_many`.
    pub fn take_seat(&self, user: UserId) -> ApiResult<Seat> {
        let mut open = lock(&self.open);
        if open.values().sum::<usize>() >= self.settings.open {
            let detail = "too many streams are open; try again in a moment";
            return Err(Problem::unavailable("stream.too_many", detail, 10).into());
        }
        let own = open.entry(user).or_default();
        if *own >= self.settings.per_person {
            let detail = format!("{own} streams of yours are open; close one first");
            let code = "stream.too_many_of_yours";
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail)
                .retry_after(10)
                .into());
        }
        *own += 1;
        Ok(Seat {
            open: Arc::clone(&self.open),
            user,
        })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        lock(&self.open).values().sum()
    }

    /// Ends every stream, because the program stops: clients come back, to another instance or to this one later.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Turns true when streams are to end.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// The settings.
    pub fn settings(&self) -> &config::Events {
        &self.settings
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        if let Some(own) = open.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.user);
            }
        }
    }
}

impl HangUp {
    /// Cuts the connection off.
    pub fn now(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody does.
    pub async fn wanted(&self) {
        self.0.notified().await;
    }
}

fn lock(open: &Mutex<HashMap<UserId, usize>>) -> MutexGuard<'_, HashMap<UserId, usize>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
