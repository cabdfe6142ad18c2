//! A proof that one entry is in the log, which anybody can check offline with `stockade-verify proof`.
//!
//! It reads the few tiles that the proof needs, never the log, and holds the result against the checkpoint before it
//! is handed out.

use auditlog::{Proof, SigningKey, VerifyingKey, tree::inclusion_plan};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use stockade_platform::db::{DbError, DbResult, Queryable, Reader};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    checkpoint::{self, Signed},
    entries::{self, Entry, EntryView},
    nodes, store,
};
use crate::{
    core::change::Core,
    http::error::{ApiResult, Problem},
};

/// An entry and the proof that it is in the log. Saved as a file, it is what `stockade-verify proof` takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryProof {
    /// The entry, for people.
    pub entry: EntryView,
    /// The bytes that are in the log, base64.
    pub leaf: String,
    /// What the entry commits to, base64: HMAC-SHA256 of it under `salt` ends the leaf. Absent once erased, and when
    /// somebody of the staff acted, whom it names, unless staff asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The salt of that commitment, base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The proof with its signed checkpoint (C2SP tlog-proof).
    pub proof: String,
    /// The log's verifying key. Compare it with the one that you know from elsewhere.
    pub key: String,
}

/// Proves an entry that concerns `subject` to them.
///
/// # Errors
/// 404 when there is no such entry about them, 409 `audit.not_yet_numbered` while it waits for its number.
pub async fn prove(
    core: &std::sync::Arc<Core>,
    key: &SigningKey,
    subject: Uuid,
    id: Uuid,
) -> ApiResult<EntryProof> {
    prove_to(core, key, Whom::Subject(subject), id).await
}

/// Proves any entry to staff, with all that it says.
///
/// # Errors
/// 404 when there is no such entry, 409 `audit.not_yet_numbered` while it waits for its number.
pub async fn prove_to_staff(
    core: &std::sync::Arc<Core>,
    key: &SigningKey,
    id: Uuid,
) -> ApiResult<EntryProof> {
    prove_to(core, key, Whom::Staff, id).await
}

/// To whom a proof is given.
#[derive(Clone, Copy)]
enum Whom {
    /// To the person whom the entry concerns, who is not told which of the staff acted.
    Subject(Uuid),
    Staff,
}

async fn prove_to(
    core: &std::sync::Arc<Core>,
    key: &SigningKey,
    whom: Whom,
    id: Uuid,
) -> ApiResult<EntryProof> {
    let here = std::sync::Arc::clone(core);
    let entry = core
        .db
        .read(async move |reader: &mut Reader| readable(reader, &here, whom, id).await)
        .await?;
    let signed = covering(core, key, entry.seq).await?;
    let verifying = key.verifying_key().clone();
    core.db
        .read(async move |reader: &mut Reader| -> ApiResult<EntryProof> {
            let proof = inclusion(reader, &entry, signed, &verifying).await?;
            let view = entry.view()?;
            let (view, is_told) = match whom {
                Whom::Staff => (view, true),
                Whom::Subject(subject) => {
                    let is_told = !view.is_by_another(subject);
                    (view.for_subject(subject), is_told)
                }
            };
            let secret = entry.payload.as_ref().filter(|_| is_told);
            Ok(EntryProof {
                entry: view,
                leaf: STANDARD.encode(&entry.leaf),
                payload: secret.map(|opened| STANDARD.encode(&opened.bytes)),
                salt: secret.map(|opened| STANDARD.encode(opened.salt)),
                proof: proof.to_string(),
                key: verifying.to_string(),
            })
        })
        .await
}

async fn readable(reader: &mut Reader, core: &Core, whom: Whom, id: Uuid) -> ApiResult<Entry> {
    let detail = match whom {
        Whom::Subject(_) => "there is no such entry about you",
        Whom::Staff => "there is no such entry",
    };
    let unknown = || Problem::not_found("audit.unknown_entry", detail);
    if let Whom::Subject(subject) = whom
        && store::subject_of(reader, id).await? != Some(subject)
    {
        return Err(unknown().into());
    }
    if let Some(entry) = entries::one(reader, &core.keys, id).await? {
        return Ok(entry);
    }
    if store::is_in_inbox(reader, id).await? {
        return Err(not_yet_numbered().into());
    }
    Err(unknown().into())
}

fn not_yet_numbered() -> Problem {
    Problem::conflict(
        "audit.not_yet_numbered",
        "the entry is committed but not yet numbered; ask again in a second",
    )
    .retry_after(1)
}

/// The newest signed head if it covers the entry, or a new one.
async fn covering(core: &Core, key: &SigningKey, seq: u64) -> ApiResult<Signed> {
    let verifying = key.verifying_key().clone();
    let newest = core
        .db
        .read(async move |reader: &mut Reader| checkpoint::newest(reader, &verifying).await)
        .await?;
    if let Some(signed) = newest.filter(|signed| signed.checkpoint.size > seq) {
        return Ok(signed);
    }
    let signed = checkpoint::sign(core, key).await?;
    Ok(signed.ok_or_else(|| damaged("the head of the log says that it is empty"))?)
}

async fn inclusion(
    on: &mut impl Queryable,
    entry: &Entry,
    signed: Signed,
    key: &VerifyingKey,
) -> DbResult<Proof> {
    let size = signed.checkpoint.size;
    let plan = inclusion_plan(entry.seq, size).map_err(|error| damaged(&error))?;
    let tiles = nodes::tiles(on, &plan, size).await?;
    let proof = Proof {
        extra: None,
        index: entry.seq,
        hashes: plan.build(&tiles).map_err(|error| damaged(&error))?,
        checkpoint: signed.note,
    };
    proof.verify(&entry.leaf, key).map_err(|error| damaged(&error))?;
    Ok(proof)
}

fn damaged(why: &(impl std::fmt::Display + ?Sized)) -> DbError {
    DbError::Fault(format!(
        "an entry of the audit log cannot be proved: {why}; run `stockade audit verify`"
    ))
}
