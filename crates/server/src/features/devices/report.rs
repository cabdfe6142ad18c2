//! What a device may say of itself in a request's body.

use serde::{Deserialize, Serialize};
use stockade_domain::device::Fingerprint;
use utoipa::ToSchema;

use crate::http::error::{ApiResult, Problem};

/// The longest report, in bytes of JSON.
const LONGEST: usize = 4_096;

/// What a device says of itself. All of it may be left out.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceReport {
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

impl DeviceReport {
    /// Refuses one that is too long to be kept.
    ///
    /// # Errors
    /// 422 `device.too_long`.
    pub fn check(&self) -> ApiResult<()> {
        let length = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if length <= LONGEST {
            return Ok(());
        }
        let detail = format!("the device report may be {LONGEST} bytes at most");
        Err(Problem::unprocessable("device.too_long", &*detail)
            .field("device", detail)
            .into())
    }

    /// In its normal form. What the request's header says of the browser counts before what the body says.
    pub(super) fn fingerprint(self, user_agent: Option<&str>) -> Fingerprint {
        let said = Fingerprint {
            languages: self.languages,
            platform: self.platform,
            plugins: self.plugins,
            screen: self.screen,
            timezone: self.timezone,
            user_agent: user_agent.map(str::to_owned).or(self.user_agent),
        };
        said.normalized()
    }
}
