//! What is personal about a device: its looks, its address, the name its owner gave it. Sealed under the owner's data
//! key, so that erasing the owner erases it everywhere, backups included.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stockade_domain::{
    device::Fingerprint,
    ids::{DeviceId, UserId},
};
use stockade_platform::{
    db::{DbError, DbResult, Queryable},
    vault::{DataKey, Place},
};

use crate::app::App;

/// What lies sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Details {
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) fingerprint: Fingerprint,
    /// Where it last signed in from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ip: Option<String>,
    /// Its id is not one of ours, so it may be one that can be guessed.
    #[serde(default)]
    pub(super) id_is_foreign: bool,
}

impl Details {
    /// What people see: the name its owner gave it, or else the browser and the system.
    pub(super) fn shown_name(&self) -> String {
        self.name
            .clone()
            .unwrap_or_else(|| self.fingerprint.agent().to_string())
    }

    /// SHA-256 of what the device says of itself, as hex.
    pub(super) fn signature(&self) -> String {
        hex::encode(digest(&SHA256, self.fingerprint.canonical().as_bytes()))
    }

    pub(super) fn seal(&self, key: &DataKey, device: DeviceId) -> Vec<u8> {
        let clear = serde_json::to_vec(self).expect("texts and lists of texts are always JSON");
        key.seal(&place(&device.as_uuid()), &clear)
    }

    pub(super) fn open(key: &DataKey, device: DeviceId, sealed: &[u8]) -> DbResult<Self> {
        let fault = |error: &dyn std::fmt::Display| DbError::Fault(format!("device {device}: {error}"));
        let clear = key
            .open(&place(&device.as_uuid()), sealed)
            .map_err(|error| fault(&error))?;
        serde_json::from_slice(clear.expose_secret()).map_err(|error| fault(&error))
    }
}

/// The key of a device's owner.
pub(super) async fn key_of(app: &App, on: &mut impl Queryable, user: UserId) -> DbResult<Arc<DataKey>> {
    let key = app.core.keys.of(on, user.as_uuid()).await?;
    key.ok_or_else(|| DbError::Fault(format!("{user} has no data key")))
}

fn place(device: &uuid::Uuid) -> Place<'_> {
    Place {
        table: "devices",
        column: "sealed",
        row: device.as_bytes(),
    }
}
