//! What every assessment stands on besides the person: lists and policies as they are in the database, remembered as long
//! as one row of it says that nothing has changed. So every instance decides by the same ones at once.

use std::sync::{Arc, PoisonError, RwLock};

use stockade_domain::risk::Policy;
use stockade_platform::db::{DbResult, Queryable};

use super::{
    found,
    lists::Lists,
    store::{self, State},
};
use crate::app::App;

/// Lists and policies.
pub(super) struct Standing {
    state: State,
    pub(super) lists: Lists,
    pub(super) live: Arc<Policy>,
    pub(super) shadow: Option<Arc<Policy>>,
}

impl Standing {
    /// The state of the database that it was read in.
    pub(super) fn state(&self) -> &State {
        &self.state
    }
}

/// What was read last.
pub(super) struct Remembered(RwLock<Arc<Standing>>);

impl Remembered {
    /// Before anything was read: the program's own policy and no lists.
    pub(super) fn new(policy: Arc<Policy>) -> Self {
        Self(RwLock::new(Arc::new(Standing {
            state: State::default(),
            lists: Lists::default(),
            live: policy,
            shadow: None,
        })))
    }

    /// What was read last, whatever the database says by now.
    pub(super) fn last(&self) -> Arc<Standing> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What stands in this snapshot.
pub(super) async fn standing(app: &App, on: &mut impl Queryable) -> DbResult<Arc<Standing>> {
    let state = store::state(on).await?;
    standing_in(app, on, state).await
}

/// The same in a state that was read already.
pub(super) async fn standing_in(app: &App, on: &mut impl Queryable, state: State) -> DbResult<Arc<Standing>> {
    let known = app.risk.remembered.last();
    if *known.state() == state {
        return Ok(known);
    }
    let own = || Arc::clone(&app.risk.own);
    let live = match &state.live {
        Some(hash) if *hash != app.risk.own.hash() => Arc::new(found::policy(on, hash).await?),
        _ => own(),
    };
    let shadow = match &state.shadow {
        Some(hash) => Some(Arc::new(found::policy(on, hash).await?)),
        None => None,
    };
    let lines = store::lists::in_force(on, app.clock.now()).await?;
    let read = Arc::new(Standing {
        state,
        lists: Lists::of(&lines),
        live,
        shadow,
    });
    // A unit that is rolled back may leave what it read here; the next one sees another state and reads again.
    *app.risk
        .remembered
        .0
        .write()
        .unwrap_or_else(PoisonError::into_inner) = Arc::clone(&read);
    Ok(read)
}
