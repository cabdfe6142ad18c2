//! Layer 3: how many requests are at work at once, and how many wait behind them.
//!
//! Who finds a place free takes it. Others wait, each address in a line of its own, and the lines take turns: a flood from
//! one address makes its own line long and nobody else's. A wait ends with a place, or with 503 when it has lasted too
//! long; where a line or all of them together are full, nobody waits at all.
//!
//! A place belongs to a request's future. It is free again when that ends, be it by an answer, by a panic, or because the
//! client hung up. While a password is being hashed the request gives its place back; see [`outside`].

mod arrivals;

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::response::{IntoResponse as _, Response};
use stockade_platform::clock::Clock;
use tokio::{sync::oneshot, time::timeout};

use self::arrivals::Arrivals;
use super::rate_limit::{RateClass, address_key};
use crate::{app::App, config, http::error::Problem};

tokio::task_local! {
    /// The place of the request that this task is at work on.
    static PLACE: RefCell<Option<Place>>;
}

/// The layer: lets a request of this class, from this address, come to its answer.
pub(super) async fn admit(
    app: &App,
    class: RateClass,
    ip: Option<IpAddr>,
    answering: impl Future<Output = Response>,
) -> Response {
    if class == RateClass::Health {
        return answering.await;
    }
    match app.admission.enter(address_key(ip)).await {
        Some(place) => PLACE.scope(RefCell::new(Some(place)), answering).await,
        None => {
            let detail = "too many requests are waiting; try again in a moment";
            Problem::unavailable("service.busy", detail, 2).into_response()
        }
    }
}

/// Does work that has a bounded queue of its own, such as hashing a password, without holding a place meanwhile. Coming
/// back, the request goes ahead of all who wait, since turning it away then would waste the work.
pub async fn outside<F: Future>(work: F) -> F::Output {
    let left = PLACE.try_with(|place| place.borrow_mut().take()).ok().flatten();
    let admission = left.map(|place| Arc::clone(&place.0));
    let done = work.await;
    if let Some(admission) = admission {
        let back = admission.come_back();
        // The work was done by the request's own task, so its place is still to be filled.
        let _ = PLACE.try_with(|place| place.replace(Some(back)));
    }
    done
}

/// Up to so many requests a second, people look around and nobody is kept waiting.
const CALM_A_SECOND: f64 = 5.0;

/// Places and lines.
pub struct Admission {
    settings: config::Admission,
    clock: Clock,
    state: Mutex<Lines>,
}

/// A place at work. Dropping it lets the next one in.
pub struct Place(Arc<Admission>);

#[derive(Default)]
struct Lines {
    at_work: usize,
    arrivals: Arrivals,
    waiting: usize,
    by_address: HashMap<u128, VecDeque<oneshot::Sender<()>>>,
    /// Addresses with a line, in the order of their turns.
    turns: VecDeque<u128>,
}

impl Admission {
    /// As the settings say.
    pub fn new(settings: config::Admission, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            settings,
            clock,
            state: Mutex::default(),
        })
    }

    /// A place, after a wait if need be; `None` when that would be too long or the line is full.
    pub async fn enter(self: &Arc<Self>, address: u128) -> Option<Place> {
        let turn = {
            let mut lines = self.lines();
            lines.arrivals.note(self.clock.now());
            if lines.at_work < self.settings.at_work && lines.waiting == 0 {
                lines.at_work += 1;
                return Some(Place(Arc::clone(self)));
            }
            lines.join(address, &self.settings)?
        };
        let mut waiting = Waiting {
            admission: self,
            turn,
        };
        match timeout(self.settings.wait, &mut waiting.turn).await {
            Ok(Ok(())) => Some(Place(Arc::clone(self))),
            _ => None,
        }
    }

    /// How many are at work, and how many wait.
    pub fn load(&self) -> (usize, usize) {
        let lines = self.lines();
        (lines.at_work, lines.waiting)
    }

    /// Whether so few are at work, and so few came in the last seconds, that what can wait may go on beside them.
    pub fn is_calm(&self) -> bool {
        let now = self.clock.now();
        let lines = self.lines();
        let few_at_work = lines.waiting == 0 && lines.at_work <= self.settings.at_work / 25;
        few_at_work && lines.arrivals.a_second(now) <= CALM_A_SECOND
    }

    fn come_back(self: &Arc<Self>) -> Place {
        self.lines().at_work += 1;
        Place(Arc::clone(self))
    }

    fn leave(&self) {
        let mut lines = self.lines();
        // Those who came back ahead of others may be more than there are places.
        if lines.at_work > self.settings.at_work || !lines.let_next_in() {
            lines.at_work -= 1;
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Lines {
    fn join(&mut self, address: u128, settings: &config::Admission) -> Option<oneshot::Receiver<()>> {
        if self.is_full(address, settings) {
            self.forget_who_left();
            if self.is_full(address, settings) {
                return None;
            }
        }
        let (call, turn) = oneshot::channel();
        let line = self.by_address.entry(address).or_default();
        if line.is_empty() {
            self.turns.push_back(address);
        }
        line.push_back(call);
        self.waiting += 1;
        Some(turn)
    }

    fn is_full(&self, address: u128, settings: &config::Admission) -> bool {
        let line = self.by_address.get(&address).map_or(0, VecDeque::len);
        self.waiting >= settings.queue || line >= settings.queue_per_address
    }

    fn forget_who_left(&mut self) {
        for line in self.by_address.values_mut() {
            line.retain(|call| !call.is_closed());
        }
        self.by_address.retain(|_, line| !line.is_empty());
        self.turns.retain(|address| self.by_address.contains_key(address));
        self.waiting = self.by_address.values().map(VecDeque::len).sum();
    }

    /// Gives a place that is already counted to whoever's turn it is; false when nobody waits.
    fn let_next_in(&mut self) -> bool {
        while let Some(address) = self.turns.pop_front() {
            let Some(line) = self.by_address.get_mut(&address) else {
                continue;
            };
            let call = line.pop_front();
            if line.is_empty() {
                self.by_address.remove(&address);
            } else {
                self.turns.push_back(address);
            }
            self.waiting -= usize::from(call.is_some());
            if call.is_some_and(|call| call.send(()).is_ok()) {
                return true;
            }
        }
        false
    }
}

/// Somebody in a line. Whoever is called but has just gone passes the place on.
struct Waiting<'a> {
    admission: &'a Arc<Admission>,
    turn: oneshot::Receiver<()>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.turn.close();
        if self.turn.try_recv().is_ok() {
            self.admission.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, time::Duration};

    use futures_util::poll;
    use jiff::Timestamp;

    use super::*;

    fn admission(at_work: usize, queue: usize, queue_per_address: usize) -> Arc<Admission> {
        let settings = config::Admission {
            at_work,
            queue,
            queue_per_address,
            wait: Duration::from_secs(60),
        };
        Admission::new(settings, Clock::manual(Timestamp::UNIX_EPOCH))
    }

    #[tokio::test]
    async fn lines_take_turns() {
        let admission = admission(1, 100, 50);
        let mut place = admission.enter(0).await.unwrap();
        let mut flood: VecDeque<_> = (0..50).map(|_| Box::pin(admission.enter(1))).collect();
        for one in &mut flood {
            assert!(poll!(one).is_pending());
        }
        let mut other = pin!(admission.enter(2));
        assert!(poll!(&mut other).is_pending());

        drop(place);
        place = flood.pop_front().unwrap().await.unwrap();
        drop(place);
        let place = other.await.unwrap();
        assert_eq!(admission.load(), (1, 49));
        drop((place, flood));
        assert!(admission.enter(3).await.is_some());
        assert_eq!(admission.load(), (0, 0));
    }

    #[tokio::test]
    async fn a_line_is_full_for_its_address_alone() {
        let admission = admission(1, 10, 2);
        let _place = admission.enter(0).await.unwrap();
        let (mut first, mut second) = (Box::pin(admission.enter(1)), Box::pin(admission.enter(1)));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        assert!(admission.enter(1).await.is_none());
        let mut other = pin!(admission.enter(2));
        assert!(poll!(&mut other).is_pending());

        drop(first);
        let mut third = pin!(admission.enter(1));
        assert!(poll!(&mut third).is_pending(), "who hung up takes no room");
    }

    #[tokio::test]
    async fn a_place_is_free_again_whatever_became_of_its_holder() {
        let admission = admission(1, 10, 10);
        let place = admission.enter(0).await.unwrap();
        let mut gone = Box::pin(admission.enter(1));
        assert!(poll!(&mut gone).is_pending());
        drop(place);
        // Called, but gone before it could answer.
        drop(gone);
        assert_eq!(admission.load(), (0, 0));

        let again = Arc::clone(&admission);
        let panicked = tokio::spawn(async move {
            let _place = again.enter(0).await;
            panic!("as a handler might");
        });
        assert!(panicked.await.is_err());
        assert_eq!(admission.load(), (0, 0));
    }

    #[tokio::test]
    async fn who_works_outside_holds_no_place_and_comes_back_first() {
        let admission = admission(1, 10, 10);
        let place = admission.enter(0).await.unwrap();
        let work = async {
            let other = outside(async { admission.enter(1).await.unwrap() }).await;
            assert_eq!(
                admission.load(),
                (2, 0),
                "back at work beside the one let in meanwhile"
            );
            drop(other);
        };
        PLACE.scope(RefCell::new(Some(place)), work).await;
        assert_eq!(admission.load(), (0, 0));
    }

    #[tokio::test]
    async fn calm_is_a_matter_of_seconds_not_of_an_instant() {
        let admission = admission(100, 10, 10);
        assert!(admission.is_calm());
        for _ in 0..100 {
            drop(admission.enter(0).await.unwrap());
        }
        assert_eq!(admission.load(), (0, 0));
        assert!(!admission.is_calm(), "nobody is at work now, but many just were");
        admission.clock.advance(10);
        assert!(admission.is_calm());
        for _ in 0..60 {
            drop(admission.enter(0).await.unwrap());
            admission.clock.advance(1);
        }
        assert!(admission.is_calm(), "one a second is somebody who looks around");
        let places: Vec<_> = [admission.enter(0).await, admission.enter(0).await].into();
        assert!(admission.is_calm());
        let _more: Vec<_> = [
            admission.enter(0).await,
            admission.enter(0).await,
            admission.enter(0).await,
        ]
        .into();
        admission.clock.advance(10);
        assert!(!admission.is_calm(), "work that lasts keeps the server busy, too");
        drop(places);
        assert!(admission.is_calm());
    }

    #[tokio::test]
    async fn a_wait_has_an_end() {
        let settings = config::Admission {
            at_work: 1,
            queue: 10,
            queue_per_address: 10,
            wait: Duration::ZERO,
        };
        let admission = Admission::new(settings, Clock::manual(Timestamp::UNIX_EPOCH));
        let _place = admission.enter(0).await.unwrap();
        assert!(admission.enter(1).await.is_none());
    }
}
