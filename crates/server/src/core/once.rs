//! What may happen once. A signed request's nonce and its idempotency key, and the proof of a step-up, are consumed
//! inside the unit of work before anything else.
//!
//! The nonce is consumed whether the unit commits or refuses, so a replay can never act twice. An idempotency key is
//! bound only by a committed effect, and then for ever. A step-up's proof is used up by a committed effect, too: whoever
//! was refused may repeat the same request, and whoever repeats one that took effect needs no new proof to be answered with
//! what it made.

use stockade_domain::ids::UserId;
use stockade_platform::db::{Query, sql};
use uuid::Uuid;

use super::{
    actor::{RequestProof, StepUpProof},
    change::Change,
};
use crate::http::error::{ApiError, ApiResult, Problem};

/// The resource that a request stands for.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    /// To be made now, under this id.
    New(Uuid),
    /// Made before by a request with the same key and the same content.
    Done(Uuid),
}

/// Consumes the nonce of a signed request, or the proof of a step-up, and claims the idempotency key.
pub(super) async fn consume(change: &mut Change<'_>) -> ApiResult<Option<Claim>> {
    let actor = change.actor().clone();
    let person = actor.person();
    if let Some(step_up) = actor.step_up {
        return prove(change, step_up, person).await;
    }
    let Some(RequestProof {
        nonce, idempotency, ..
    }) = actor.proof
    else {
        return Ok(None);
    };
    let (Some((key, hash)), Some(owner)) = (idempotency, change.actor().person()) else {
        accept(nonce.run(change).await?)?;
        return Ok(None);
    };
    let resource = change.new_id();
    let claim = claiming(owner, &key, hash, resource);
    let changed = change.batch(vec![nonce, claim]).await?;
    accept(changed[0])?;
    if changed[1] == 1 {
        return Ok(Some(Claim::New(resource)));
    }
    claimed_before(change, owner, &key, hash).await.map(Some)
}

async fn prove(
    change: &mut Change<'_>,
    step_up: StepUpProof,
    owner: Option<UserId>,
) -> ApiResult<Option<Claim>> {
    let claim = match (step_up.idempotency, owner) {
        (Some((key, hash)), Some(owner)) => {
            let resource = change.new_id();
            if claiming(owner, &key, hash, resource).run(change).await? != 1 {
                return claimed_before(change, owner, &key, hash).await.map(Some);
            }
            Some(Claim::New(resource))
        }
        _ => None,
    };
    if step_up.consume.run(change).await? != 1 {
        return Err(ApiError::Refused(step_up.refusal));
    }
    Ok(claim)
}

fn claiming(owner: UserId, key: &str, hash: [u8; 32], resource: Uuid) -> Query {
    sql(
        "INSERT INTO idempotency_keys (owner_id, key, request_hash, resource_id)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(owner.as_uuid())
    .bind(key)
    .bind(hash)
    .bind(resource)
}

async fn claimed_before(
    change: &mut Change<'_>,
    owner: UserId,
    key: &str,
    hash: [u8; 32],
) -> ApiResult<Claim> {
    let (known, resource): ([u8; 32], Uuid) =
        sql("SELECT request_hash, resource_id FROM idempotency_keys WHERE owner_id = $1 AND key = $2")
            .bind(owner.as_uuid())
            .bind(key)
            .one(change)
            .await?;
    if known != hash {
        return Err(Problem::unprocessable(
            "idempotency.key_reused",
            "this Idempotency-Key was used for a different request; choose a new one",
        )
        .into());
    }
    Ok(Claim::Done(resource))
}

fn accept(changed: u64) -> ApiResult<()> {
    if changed == 1 {
        return Ok(());
    }
    Err(Problem::unauthorized(
        "signature.replayed",
        "this nonce was used before, or the key is no longer valid",
    )
    .into())
}
