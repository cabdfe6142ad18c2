//! What may happen once. A signed request's nonce and its idempotency key, and the proof of a step-up, are consumed
//! inside the unit of work before anything else.
//!
//! The nonce is consumed whether the unit commits or refuses, so a replay can never act twice. An idempotency key is
//! bound only by a committed effect, and then for ever. A step-up's proof is used up by a committed effect, too: whoever
//! was refused may repeat the same request.

use stockade_platform::db::sql;
use uuid::Uuid;

use super::{actor::RequestProof, change::Change};
use crate::http::error::{ApiError, ApiResult, Problem};

/// The resource that a request stands for.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    /// To be made now, under this id.
    New(Uuid),
    /// Made before by a request with the same key and the same content.
    Done(Uuid),
}

/// Consumes the nonce and claims the idempotency key of a signed request.
pub(super) async fn consume(change: &mut Change<'_>) -> ApiResult<Option<Claim>> {
    let actor = change.actor().clone();
    if let Some(step_up) = actor.step_up
        && step_up.consume.run(change).await? != 1
    {
        return Err(ApiError::Refused(step_up.refusal));
    }
    let Some(RequestProof {
        nonce, idempotency, ..
    }) = actor.proof.clone()
    else {
        return Ok(None);
    };
    let (Some((key, hash)), Some(owner)) = (idempotency, change.actor().person()) else {
        accept(nonce.run(change).await?)?;
        return Ok(None);
    };
    let resource = change.new_id();
    let owner = owner.as_uuid();
    let claim = sql(
        "INSERT INTO idempotency_keys (owner_id, key, request_hash, resource_id)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(owner)
    .bind(key.as_str())
    .bind(hash)
    .bind(resource);
    let changed = change.batch(vec![nonce, claim]).await?;
    accept(changed[0])?;
    if changed[1] == 1 {
        return Ok(Some(Claim::New(resource)));
    }
    let (known, resource): ([u8; 32], Uuid) =
        sql("SELECT request_hash, resource_id FROM idempotency_keys WHERE owner_id = $1 AND key = $2")
            .bind(owner)
            .bind(key.as_str())
            .one(change)
            .await?;
    if known != hash {
        return Err(Problem::unprocessable(
            "idempotency.key_reused",
            "this Idempotency-Key was used for a different request; choose a new one",
        )
        .into());
    }
    Ok(Some(Claim::Done(resource)))
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
