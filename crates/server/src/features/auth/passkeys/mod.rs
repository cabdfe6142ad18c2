//! Passkeys (WebAuthn Level 3): keys in somebody's device that sign a challenge once it has seen that it is them. They
//! sign in alone, as a second factor, and step up.
//!
//! Invariants: user verification is always required (§6.1), so a signature stands for two factors. A challenge lives five
//! minutes, on the device that began, and is answered once. A signature counts only with the host and origin of
//! `server.public_url`, never with those that a request names (§13.4.9). A count that goes back is refused and put on
//! record. Nothing tells which addresses have passkeys: a sign-in begins alike for everybody.
//!
//! Tables: `passkeys`, `passkey_handles`, `passkey_ceremonies`.

pub(super) mod assertion;
pub(super) mod ceremony;
pub(super) mod list;
pub(super) mod register_finish;
pub(super) mod register_start;
pub(super) mod remove;
mod sealed;
pub(super) mod second_factor;
pub(super) mod sign_in;

use std::time::Duration;

use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::{
    app::App,
    http::error::{ApiResult, Problem},
};

/// Passkeys a person may have.
const MOST: usize = 20;
/// How long an authenticator may take.
const LIFE: Duration = Duration::from_secs(300);

/// Ourselves, as authenticators know us: by the host of our public address. `None` when that has no name but a number,
/// for which no browser makes passkeys (WebAuthn §5.1.3, on effective domains).
pub(super) fn relying_party(public_url: &str) -> Option<Webauthn> {
    let origin = Url::parse(public_url).ok()?;
    let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
    builder.rp_name("Stockade").timeout(LIFE).build().ok()
}

/// Ourselves.
///
/// # Errors
/// 409 `passkey.unavailable`.
fn relying_party_of(app: &App) -> ApiResult<&Webauthn> {
    app.auth.passkeys.as_ref().ok_or_else(|| {
        let detail =
            "passkeys need a public address with the name of a host in it, and this server's has none";
        Problem::conflict("passkey.unavailable", detail).into()
    })
}

/// One text for every reason: the client learns nothing from it.
pub(super) fn refused() -> Problem {
    Problem::unauthorized(
        "passkey.refused",
        "this passkey was not accepted; try again or another way",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authenticators_know_us_by_the_host_of_the_public_address() {
        for (url, id) in [
            ("https://stockade.example.com", Some("stockade.example.com")),
            ("http://localhost:8000", Some("localhost")),
            ("http://192.0.2.7:8000", None),
            ("http://[2001:db8::7]", None),
        ] {
            let found = relying_party(url).map(|rp| {
                let (options, _) = rp.start_discoverable_authentication().unwrap();
                options.public_key.rp_id
            });
            assert_eq!(found.as_deref(), id, "{url}");
        }
    }
}
