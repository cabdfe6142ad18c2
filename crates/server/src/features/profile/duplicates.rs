//! One person, two accounts: who gives a number that another account has is not told, but staff are.

use secrecy::ExposeSecret as _;
use stockade_domain::ids::UserId;
use stockade_platform::vault::BlindIndex;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{events, field::Field, store};
use crate::{
    app::App,
    core::{change::Change, sealed},
    http::error::ApiResult,
};

/// The tag under which a number is found again, if its field has an index. Other accounts that have the same number go
/// on record.
pub(super) async fn tag_and_report(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    field: Field,
    clear: &str,
) -> ApiResult<Option<[u8; BlindIndex::LENGTH]>> {
    let Some((_, index)) = field.index() else {
        return Ok(None);
    };
    let index = app.core.keys.hold_blind_index(change, index).await?;
    let tag = index.tag(clear.as_bytes());
    let others = others(app, change, user, field, tag, clear).await?;
    if !others.is_empty() {
        change.also(events::duplicate_identity(field, user, &others));
    }
    Ok(Some(tag))
}

/// A tag is shared by many numbers, so whoever has it is looked at.
async fn others(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    field: Field,
    tag: [u8; BlindIndex::LENGTH],
    clear: &str,
) -> ApiResult<Vec<Uuid>> {
    let candidates = store::with_tag(change, field, tag, user).await?;
    let ids = candidates.iter().map(|(id, _)| *id);
    let keys = app.core.keys.of_all(change, ids).await?;
    let mut same = Vec::new();
    for (id, stored) in &candidates {
        let Some(key) = keys.get(id) else { continue };
        let (owner, place) = (UserId::from_uuid(*id), field.place(id));
        match key.open(&place, stored) {
            Ok(other) if bool::from(other.expose_secret().ct_eq(clear.as_bytes())) => same.push(*id),
            Ok(_) => {}
            // Somebody else's field was tampered with, which is no reason to refuse this person.
            Err(_) => change.also(sealed::tampered(owner, &place)),
        }
    }
    Ok(same)
}
