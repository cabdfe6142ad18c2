//! What every process must know of announcements: when trading stands still, and how the replayed market's prices divide.

use stockade_platform::db::Reader;

use super::store;
use crate::{app::App, http::error::ApiResult};

/// Reads the announcements anew.
pub async fn follow_announcements(app: &App) -> ApiResult<usize> {
    let splits = app
        .read(async move |reader: &mut Reader| store::splits(reader).await)
        .await?;
    let unfinished = splits.iter().filter(|split| !split.is_applied);
    app.halts
        .set(unfinished.map(|split| (split.symbol, split.effective_at)));
    app.market
        .learn_splits(&splits.iter().map(|split| split.for_replay()).collect::<Vec<_>>());
    Ok(0)
}
