//! What every process must know of announcements: when trading stands still, and how the replayed market's prices divide.

use stockade_platform::{db::Reader, market::ReplaySplit};

use super::store;
use crate::{app::App, features::market::Split, http::error::ApiResult};

/// Reads the announcements anew.
pub async fn follow_announcements(app: &App) -> ApiResult<usize> {
    let splits = app
        .read(async move |reader: &mut Reader| store::splits(reader).await)
        .await?;
    app.splits.set(&splits);
    app.market
        .learn_splits(&splits.iter().map(for_replay).collect::<Vec<_>>());
    Ok(0)
}

fn for_replay(split: &Split) -> ReplaySplit {
    ReplaySplit {
        symbol: split.symbol,
        second: split.effective_at.as_second(),
        new_shares: split.ratio.new_shares(),
        old_shares: split.ratio.old_shares(),
    }
}
