//! When sessions and their devices were last seen. Requests note it in memory; a job writes it down, so that it costs a
//! request nothing. A crash loses what was not written yet: a minute at most.

use stockade_platform::db::{DbResult, Tx};

use super::{authenticate::Sight, store::sessions};
use crate::{app::App, core::bookkeeping::bookkeep, features::devices, http::error::ApiResult};

/// Sessions written in one unit.
const CHUNK: usize = 200;

/// Writes down which sessions were seen; answers how many.
pub async fn write_last_seen(app: &App) -> ApiResult<usize> {
    let mut sights = app.auth.remembered.take_sights();
    let written = sights.len();
    // In one order everywhere, so that two instances never wait for each other's rows.
    sights.sort_by_key(|sight| (sight.session, sight.at));
    while !sights.is_empty() {
        let chunk = sights.split_off(sights.len().saturating_sub(CHUNK));
        bookkeep(&app.core.db, async move |tx: &mut Tx| write(tx, &chunk)).await?;
    }
    Ok(written)
}

fn write(tx: &mut Tx, sights: &[Sight]) -> DbResult<()> {
    for sight in sights {
        sessions::set_last_seen(tx, sight.user, sight.session, sight.at)?;
    }
    let mut devices: Vec<_> = sights
        .iter()
        .filter_map(|sight| Some((sight.device?, sight)))
        .collect();
    devices.sort_by_key(|(device, sight)| (*device, sight.at));
    for (device, sight) in devices {
        devices::set_last_seen(tx, sight.user, device, sight.at)?;
    }
    Ok(())
}
