//! Signing in: the first factor, the second where one is on, and the session that both lead to.

pub(super) mod answer;
mod challenge;
pub(super) mod login;
pub(super) mod second_factor;
pub(super) mod session;

use serde::{Deserialize, Serialize};
use stockade_domain::ids::UserId;
use utoipa::ToSchema;

use crate::http::error::{ApiResult, Problem};

/// Longest device report kept, in bytes of JSON.
const LONGEST_REPORT: usize = 4_096;

/// What a device says of itself. All of it may be left out.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2560x1440x24")]
    screen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Oslo")]
    timezone: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    languages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    plugins: Vec<String>,
}

/// The device that signs in.
#[derive(Clone, Debug)]
pub(super) struct Device {
    /// What names it.
    pub(super) hash: [u8; 32],
    /// What it says of itself.
    pub(super) report: Option<DeviceReport>,
}

impl Device {
    /// # Errors
    /// 422 `device.too_long`.
    pub(super) fn new(hash: [u8; 32], report: Option<DeviceReport>) -> ApiResult<Self> {
        let length = serde_json::to_vec(&report).map_or(0, |json| json.len());
        if length <= LONGEST_REPORT {
            return Ok(Self { hash, report });
        }
        let detail = format!("the device report may be {LONGEST_REPORT} bytes at most");
        Err(Problem::unprocessable("device.too_long", &*detail)
            .field("device", detail)
            .into())
    }
}

/// Somebody whose first factor was right.
#[derive(Clone)]
pub(super) struct Recognised {
    pub(super) user: UserId,
    /// What was proven, words with blanks between them (RFC 8176).
    pub(super) amr: String,
    pub(super) device: Device,
}
