//! Filling in a database while the server serves, for whoever starts it the first time: in the background, with progress,
//! and the worker at rest meanwhile, because its clock is not that of the history.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{RwLock, RwLockReadGuard};

use super::{Progress, SignIn, Summary, Wanted, fill};
use crate::{
    app::App,
    config::{Config, Inputs},
};

/// Whether there is a history being lived, and what came of it. One exists; the application holds it.
#[derive(Default)]
pub struct Run {
    settings: OnceLock<Inputs>,
    standing: Mutex<Standing>,
    /// Taken to write while a history is lived, and to read for each turn of the worker.
    present: RwLock<()>,
}

/// How far it has come.
#[derive(Clone, Debug, Default)]
pub(super) enum Standing {
    #[default]
    NotBegun,
    Running(Progress),
    /// With who can sign in, until that was told.
    Done(Summary),
    Failed(String),
}

impl Run {
    /// Where the settings of this process come from: a history has a program of its own, with the same ones.
    pub fn take_settings_from(&self, inputs: Inputs) {
        let _ = self.settings.set(inputs);
    }

    /// Waits until the clock is the present again. The worker's jobs take a turn each behind it.
    pub async fn at_present(&self) -> RwLockReadGuard<'_, ()> {
        self.present.read().await
    }

    pub(super) fn standing(&self) -> Standing {
        self.lock().clone()
    }

    pub(super) fn can_be_filled(&self) -> bool {
        self.settings.get().is_some()
    }

    /// Begins, unless it has begun already.
    pub(super) fn begin(&self, app: &App, wanted: Wanted) -> bool {
        let mut standing = self.lock();
        if matches!(*standing, Standing::Running(_) | Standing::Done(_)) {
            return false;
        }
        *standing = Standing::Running(Progress {
            thousandths: 0,
            day: String::new(),
        });
        let app = app.clone();
        app.core.runtime.clone().spawn(async move {
            let ended = app.demo.live(wanted).await;
            *app.demo.lock() = match ended {
                Ok(summary) => Standing::Done(summary),
                Err(text) => Standing::Failed(text),
            };
        });
        true
    }

    /// Who can sign in, once.
    pub(super) fn tell_sign_ins(&self) -> Option<Vec<SignIn>> {
        match &mut *self.lock() {
            Standing::Done(summary) if !summary.sign_ins.is_empty() => {
                Some(std::mem::take(&mut summary.sign_ins))
            }
            _ => None,
        }
    }

    async fn live(&self, wanted: Wanted) -> Result<Summary, String> {
        let inputs = self.settings.get().ok_or("the settings are not known here")?;
        let config = Config::load(inputs).map_err(|problems| problems.to_string())?;
        let _nobody_else = self.present.write().await;
        let told = |progress| *self.lock() = Standing::Running(progress);
        fill(config, wanted, told).await.map_err(|error| error.0)
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
