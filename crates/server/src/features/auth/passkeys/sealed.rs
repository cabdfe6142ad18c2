//! A passkey's public key and the name its owner gave it, sealed under the owner's data key and bound to their row: a
//! key planted in the database opens nothing, and erasing the owner erases both.

use serde::{Deserialize, Serialize};
use stockade_domain::ids::PasskeyId;
use stockade_platform::{
    db::{DbError, DbResult},
    vault::{DataKey, Place},
};
use webauthn_rs::prelude::Passkey;

use crate::{core::sealed, features::auth::store::passkeys::StoredPasskey, http::error::ApiResult};

/// What lies sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Details {
    pub(super) name: String,
    pub(super) passkey: Passkey,
}

impl Details {
    pub(super) fn seal(&self, key: &DataKey, id: PasskeyId) -> DbResult<Vec<u8>> {
        let no_form = |error| DbError::Fault(format!("passkey {id} has no JSON form: {error}"));
        let clear = serde_json::to_vec(self).map_err(no_form)?;
        Ok(key.seal(&place(&id.as_uuid()), &clear))
    }

    /// # Errors
    /// 500 `vault.tampered`.
    pub(super) fn open(key: &DataKey, stored: &StoredPasskey) -> ApiResult<Self> {
        sealed::open_json(key, stored.owner, &place(&stored.id.as_uuid()), &stored.sealed)
    }
}

fn place(id: &uuid::Uuid) -> Place<'_> {
    Place {
        table: "passkeys",
        column: "sealed",
        row: id.as_bytes(),
    }
}
