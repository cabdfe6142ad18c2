//! A passkey's public key and the name its owner gave it, sealed under the owner's data key and bound to their row: a
//! key planted in the database opens nothing, and erasing the owner erases both.

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stockade_domain::ids::{PasskeyId, UserId};
use stockade_platform::{
    db::{DbError, DbResult, Queryable},
    vault::{DataKey, Place},
};
use webauthn_rs::prelude::Passkey;

use crate::{app::App, features::auth::store::passkeys::StoredPasskey};

/// What lies sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Details {
    pub(super) name: String,
    pub(super) passkey: Passkey,
}

impl Details {
    pub(super) fn seal(&self, key: &DataKey, id: PasskeyId) -> DbResult<Vec<u8>> {
        let clear = serde_json::to_vec(self).map_err(|error| fault(id, &error))?;
        Ok(key.seal(&place(&id.as_uuid()), &clear))
    }

    pub(super) fn open(key: &DataKey, stored: &StoredPasskey) -> DbResult<Self> {
        let clear = key.open(&place(&stored.id.as_uuid()), &stored.sealed);
        let clear = clear.map_err(|error| fault(stored.id, &error))?;
        serde_json::from_slice(clear.expose_secret()).map_err(|error| fault(stored.id, &error))
    }
}

/// The key of a passkey's owner.
pub(super) async fn key_of(app: &App, on: &mut impl Queryable, owner: UserId) -> DbResult<Arc<DataKey>> {
    let key = app.core.keys.of(on, owner.as_uuid()).await?;
    key.ok_or_else(|| DbError::Fault(format!("{owner} has no data key")))
}

fn place(id: &uuid::Uuid) -> Place<'_> {
    Place {
        table: "passkeys",
        column: "sealed",
        row: id.as_bytes(),
    }
}

fn fault(id: PasskeyId, error: &dyn std::fmt::Display) -> DbError {
    DbError::Fault(format!("passkey {id}: {error}"))
}
