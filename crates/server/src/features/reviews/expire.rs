//! When nobody decided in time: a job of the worker ends what is held. It never executes anything.

use stockade_domain::risk::Operation;
use stockade_platform::db::{DbError, DbResult};
use uuid::Uuid;

use super::{
    decide::{order_of, withdrawal_of},
    events,
};
use crate::{
    app::App,
    core::{actor::Actor, change::Change},
    features::quarantine::{self, LeftAs},
    http::error::{ApiError, ApiResult},
};

/// Ended in one turn.
const MOST: i64 = 200;

/// Ends what has waited too long; answers how many there were.
///
/// # Errors
/// When the database is away.
pub async fn expire_reviews(app: &App) -> ApiResult<usize> {
    let now = app.clock.now();
    let due: DbResult<Vec<Uuid>> = app
        .read(async move |reader| quarantine::due(reader, now, MOST).await)
        .await;
    let mut ended = 0;
    for id in due? {
        match expire(app, id).await {
            Ok(()) => ended += 1,
            // Somebody decided, or its owner took it back, a moment ago.
            Err(ApiError::Refused(problem)) if problem.code == "review.closed" => {}
            Err(error @ ApiError::Database(DbError::Unavailable(_))) => return Err(error),
            // What is wrong with one must not keep the others waiting.
            Err(error) => tracing::error!(transaction = %id, ?error, "what was held could not be ended"),
        }
    }
    Ok(ended)
}

async fn expire(app: &App, id: Uuid) -> ApiResult<()> {
    let this = app.clone();
    app.change(Actor::program("reviews"), async move |change: &mut Change<'_>| {
        let held = quarantine::lock(change, id).await?;
        quarantine::leave(&this, change, &held, LeftAs::Expired).await?;
        match held.operation() {
            Operation::Order => order_of(&held).expire(change).await.map(drop)?,
            _ => withdrawal_of(&held).expire(change).await?,
        }
        change.commit(events::expired(&held), ())
    })
    .await
}
