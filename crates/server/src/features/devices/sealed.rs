//! What is personal about a device: its looks, its address, the name its owner gave it. Sealed under the owner's data
//! key, so that erasing the owner erases it everywhere, backups included.

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use stockade_domain::{
    device::Fingerprint,
    ids::{DeviceId, UserId},
};
use stockade_platform::vault::{DataKey, Place};

use crate::{core::sealed, http::error::ApiResult};

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

    /// # Errors
    /// 500 `vault.tampered`.
    pub(super) fn open(key: &DataKey, owner: UserId, device: DeviceId, sealed: &[u8]) -> ApiResult<Self> {
        sealed::open_json(key, owner, &place(&device.as_uuid()), sealed)
    }
}

fn place(device: &uuid::Uuid) -> Place<'_> {
    Place {
        table: "devices",
        column: "sealed",
        row: device.as_bytes(),
    }
}
