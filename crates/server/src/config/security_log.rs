//! `[security_log]`: security events, told to people and to other systems.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de::Error};
use stockade_platform::syslog::SyslogAddress;

use super::field::optional_file;

/// Where security events go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityLog {
    /// Which make a line of the program's own log.
    pub lines: Lines,
    /// A file that every event is appended to, as OCSF.
    #[serde(deserialize_with = "optional_file")]
    pub ocsf_file: Option<PathBuf>,
    /// A receiver that every event is sent to, as OCSF in RFC 5424.
    #[serde(deserialize_with = "syslog")]
    pub syslog: Option<SyslogAddress>,
    /// Certificates (PEM) to trust besides the system's when the receiver speaks TLS.
    #[serde(deserialize_with = "optional_file")]
    pub syslog_ca_file: Option<PathBuf>,
}

/// Which events make a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lines {
    /// Each.
    All,
    /// Those that somebody should see.
    Notable,
    /// None.
    None,
}

fn syslog<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SyslogAddress>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|error| D::Error::custom(format!("{text:?} is not {error}, or leave it empty")))
}
