//! Removes rows that have outlived their use: nonces no request could repeat, registrations nobody confirmed, refresh
//! tokens too old to be turned in, counts of mails from long ago, sign-ins and step-ups that nobody finished, challenges
//! that no authenticator answered, tickets nobody used, ways to providers that nobody came back from.

use stockade_platform::db::{DbResult, Tx};

use super::store::pruning::{self, CHUNK};
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// Prunes in small units; answers how many rows went.
pub async fn prune(app: &App) -> ApiResult<usize> {
    let mut removed = 0;
    loop {
        let (now, window) = (app.clock.now(), app.config.signing.window);
        let chunk = bookkeep(&app.core.db, async move |tx: &mut Tx| -> DbResult<Vec<u64>> {
            tx.batch(pruning::outlived(now, window)).await
        })
        .await?;
        removed += chunk.iter().sum::<u64>();
        if chunk.iter().all(|rows| *rows < CHUNK) {
            break;
        }
    }
    Ok(usize::try_from(removed).unwrap_or(usize::MAX))
}
