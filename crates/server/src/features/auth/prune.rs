//! Removes rows that have outlived their use: nonces no request could repeat, registrations nobody confirmed, refresh
//! tokens too old to be turned in, counts of mails from long ago, challenges that no authenticator answered, ways to
//! providers that nobody came back from.

use jiff::SignedDuration;
use stockade_platform::db::{DbResult, Tx};

use super::store::pruning::{self, CHUNK};
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// Expired refresh tokens and registrations are kept this long, so that their reuse is still told apart.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Prunes in small units; answers how many rows went.
pub async fn prune(app: &App) -> ApiResult<usize> {
    let mut removed = 0;
    loop {
        let now = app.clock.now();
        let window = app.config.signing.window;
        let chunk = bookkeep(&app.core.db, async move |tx: &mut Tx| -> DbResult<[u64; 6]> {
            Ok([
                pruning::nonces(tx, now - window - window).await?,
                pruning::registrations(tx, now - KEPT).await?,
                pruning::refresh_tokens(tx, now - KEPT).await?,
                pruning::mail_quotas(tx, now - KEPT).await?,
                pruning::passkey_ceremonies(tx, now).await?,
                pruning::oidc_states(tx, now).await?,
            ])
        })
        .await?;
        removed += chunk.iter().sum::<u64>();
        if chunk.iter().all(|rows| *rows < CHUNK) {
            break;
        }
    }
    Ok(usize::try_from(removed).unwrap_or(usize::MAX))
}
