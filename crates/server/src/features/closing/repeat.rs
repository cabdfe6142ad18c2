//! Erasures that a database put back from a backup has forgotten, done again before anybody is served (GDPR Art. 17).

use stockade_domain::ids::UserId;

use super::{close::erase, events};
use crate::{
    app::App,
    core::{actor::Actor, change::Change, keys},
    features::{auth, mail},
    http::error::{ApiError, ApiResult},
};

/// Erases again whom the data folder knows as erased and the database does not; answers how many.
///
/// # Errors
/// When that cannot be found out or done. Then nobody may be served.
pub async fn repeat_erasures(app: &App) -> ApiResult<usize> {
    let forgotten = keys::forgotten_erasures(&app.core, &app.config.data_dir).await?;
    let forgotten = forgotten.map_err(|error| ApiError::Fault(format!("the list of the erased: {error}")))?;
    for id in &forgotten {
        repeat(app, UserId::from_uuid(*id)).await?;
    }
    Ok(forgotten.len())
}

async fn repeat(app: &App, user: UserId) -> ApiResult<()> {
    let here = app.clone();
    app.change(
        Actor::program("erasures after a restore"),
        async move |change: &mut Change<'_>| {
            match auth::forget(&here, change, user).await {
                Ok(email) => mail::forget(change, email.as_str()).await?,
                // They joined after the backup was made, so only their name among the erased is missing.
                Err(ApiError::Refused(problem)) if problem.code == "closing.erased" => {}
                Err(other) => return Err(other),
            }
            erase(&here, change, user).await?;
            change.commit(events::erased_again(user), ())
        },
    )
    .await
}
