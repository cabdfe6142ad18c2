//! Asking another server whether a password is known from a breach, without telling it the password: it gets the first
//! five digits of the SHA-1, answers with all hashes that begin so, and the comparing is done here (k-anonymity range
//! protocol). Off unless `passwords.breached_url` names a server. It fails open: what cannot be asked is not refused,
//! and the answer and the log say so.

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use hyper::header::{HeaderName, HeaderValue};
use serde::Serialize;
use stockade_platform::web_client::WebRequest;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::app::App;

/// Hex digits of the hash that are told.
const TOLD: usize = 5;
/// Longer than that nobody waits for an answer that may be missing.
const TIME: Duration = Duration::from_secs(2);
/// A list has some thousand lines of 40 bytes.
const LONGEST: usize = 512 * 1024;
/// Has the server add lines of count 0, so that the length of its answer tells nothing.
const PADDING: HeaderName = HeaderName::from_static("add-padding");

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BreachCheck {
    /// No server is set.
    Off,
    /// The server knows no such password.
    NotFound,
    /// The password is known from a breach.
    Found,
    /// The server could not be asked; the password passed unchecked.
    Unavailable,
}

impl BreachCheck {
    /// What an answer says of it: only that the check was due and could not be made.
    pub(super) fn worth_telling(self) -> Option<Self> {
        (self == Self::Unavailable).then_some(self)
    }
}

/// Looks a normalised password up.
pub(super) async fn look_up(app: &App, password: &str) -> BreachCheck {
    let Some(url) = app.config.passwords.breached_url.as_deref() else {
        return BreachCheck::Off;
    };
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let digits = Zeroizing::new(hex::encode_upper(hash));
    match range(app, url, &digits[..TOLD]).await {
        Ok(list) if lists(&list, &digits[TOLD..]) => BreachCheck::Found,
        Ok(_) => BreachCheck::NotFound,
        Err(error) => {
            tracing::warn!(
                error,
                "breached passwords could not be looked up; a password passed unchecked"
            );
            BreachCheck::Unavailable
        }
    }
}

async fn range(app: &App, url: &str, prefix: &str) -> Result<String, String> {
    let request = WebRequest::get(&format!("{url}/{prefix}"))
        .map_err(|error| error.to_string())?
        .header(PADDING, HeaderValue::from_static("true"))
        .within(TIME)
        .at_most(LONGEST);
    let answer = app.web.send(request).await.map_err(|error| error.to_string())?;
    if !answer.status.is_success() {
        return Err(format!("the server answered {}", answer.status.as_u16()));
    }
    String::from_utf8(answer.body.to_vec()).map_err(|_| "the answer is no text".to_owned())
}

/// Whether a list of `SUFFIX:COUNT` lines has the rest of the hash with a count above 0.
fn lists(list: &str, rest: &str) -> bool {
    list.lines()
        .filter_map(|line| line.trim().split_once(':'))
        .any(|(suffix, count)| {
            suffix.eq_ignore_ascii_case(rest) && count.trim().parse().is_ok_and(|n: u64| n > 0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_compared_whole_and_padding_does_not_count() {
        let rest = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
        for (list, found) in [
            (
                format!("0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{rest}:3303003\r\n"),
                true,
            ),
            (format!("{}:2", rest.to_lowercase()), true),
            (format!("{rest}:0"), false),
            (rest.to_owned(), false),
            (format!("0{rest}:7"), false),
            (format!("{}:7", &rest[1..]), false),
            (String::new(), false),
        ] {
            assert_eq!(lists(&list, rest), found, "{list}");
        }
    }
}
