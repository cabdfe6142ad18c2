//! Step-up: somebody signed in proves once more who they are, for one operation, before it is carried out.
//!
//! The operation is named by the hash of the very request it stands for, so a proof for one is none for another. A
//! proof is used up inside the unit of work that it allows, lives five minutes as it comes, and belongs to its session.
//! (NIST SP 800-63B-4 §2.2.3; ASVS 7.5.3.)

pub(super) mod begin;
pub(super) mod verify;

use jiff::{SignedDuration, Timestamp};
use stockade_domain::ids::UserId;
use stockade_platform::db::{DbResult, Query, Queryable};

use super::{
    opaque,
    second_factors::{self, Method},
    store::step_ups,
};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::error::{ApiError, ApiResult, Problem},
};

/// How long proving may take, and how long a proof may be used.
fn life(app: &App) -> SignedDuration {
    SignedDuration::try_from(app.config.second_factors.step_up)
        .expect("a proof lives a quarter of an hour at most")
}

/// The refusal of an operation that wants a proof first: what it is called, and how to prove who asks.
pub async fn step_up_required(app: &App, user: &SignedIn, operation: &str) -> ApiResult<Problem> {
    let (id, operation) = (user.id, operation.to_owned());
    let refusal: DbResult<_> = app
        .read(async move |reader| step_up_refusal(reader, id, &operation).await)
        .await;
    Ok(refusal?)
}

/// The same inside a unit.
pub async fn step_up_refusal(on: &mut impl Queryable, user: UserId, operation: &str) -> DbResult<Problem> {
    let methods = methods(on, user).await?.into_iter().map(Method::as_str).collect();
    let detail = "prove once more that it is you: POST /api/v1/auth/step-up with this operation, then repeat the same \
                  request with the header X-Step-Up";
    Ok(Problem::forbidden("step_up.required", detail).step_up(operation, methods))
}

/// The statement that uses a proof up: it changes one row when the proof is for this operation of this living session,
/// unused and not expired, and none otherwise.
pub fn consume_step_up(user: &SignedIn, proof: &str, operation: &str, now: Timestamp) -> Query {
    step_ups::consume((user.id, user.session), opaque::hash(proof), operation, now)
}

/// How somebody can prove who they are: with a second factor, or else with the password and a mailed code.
async fn methods(on: &mut impl Queryable, user: UserId) -> DbResult<Vec<Method>> {
    let methods = second_factors::methods(on, user).await?;
    Ok(if methods.is_empty() {
        vec![Method::PasswordAndMail]
    } else {
        methods
    })
}

fn unknown_challenge() -> ApiError {
    let detail = "this step-up has expired or was finished; begin again with POST /api/v1/auth/step-up";
    Problem::unauthorized("step_up.invalid", detail).into()
}
