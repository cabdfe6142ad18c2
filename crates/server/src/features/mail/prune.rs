//! The hourly job of the outbox: drops what is of no use any more, and says how much waits where it cannot go out.

use jiff::SignedDuration;
use stockade_platform::db::{DbResult, Tx};

use super::store;
use crate::{app::App, core::bookkeeping::bookkeep, http::error::ApiResult};

/// How long a mail that was given up is kept, for whoever looks into it.
const FAILED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long it is remembered that mails were held back when none of their kind followed.
const HELD_BACK_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Drops old mails and whole allowances; answers how many rows.
pub async fn prune_mail(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    if app.mailer.is_none() {
        let waiting: DbResult<i64> = app.read(async move |reader| store::waiting(reader).await).await;
        match waiting? {
            0 => {}
            waiting => tracing::warn!(waiting, "mails wait, because mail.smtp_host is not set"),
        }
    }
    let dropped = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        let allowances = store::drop_allowances((now - HELD_BACK_KEPT).as_microsecond());
        tx.batch(vec![store::drop_failed(now - FAILED_KEPT), allowances])
            .await
    })
    .await?;
    Ok(dropped.iter().sum::<u64>() as usize)
}
