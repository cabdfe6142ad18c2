//! Every event that is told has its letter, and each says what happened and what to do.

use serde_json::{Value, json};
use uuid::Uuid;

use super::notices::person;
use crate::{on_both, support::shop::Shop};

/// An event, what it says, and the subject of its letter.
fn told() -> Vec<(&'static str, Value, &'static str)> {
    let sign_in = || json!({ "device": Uuid::nil(), "session": Uuid::nil(), "name": "Firefox on Linux" });
    let method = |method: &str| json!({ "method": method });
    vec![
        (
            "account.locked",
            json!({ "authenticator": "totp", "devices": "unknown", "until": "2026-06-01T12:15:00Z" }),
            "Sign-in to your account was locked",
        ),
        (
            "account.unlocked",
            json!({}),
            "Sign-in to your account was unlocked",
        ),
        (
            "sign_in.refused",
            json!({}),
            "We refused a sign-in to your account",
        ),
        (
            "session.stolen",
            json!({}),
            "A sign-in of yours turned up on another device",
        ),
        (
            "session.reuse_detected",
            json!({}),
            "A sign-in of yours was used twice",
        ),
        (
            "device.added",
            sign_in(),
            "A new device signed in to your account",
        ),
        (
            "device.compromised",
            sign_in(),
            "A device of yours appears to have been copied",
        ),
        ("device.trusted", sign_in(), "A device was marked as trusted"),
        (
            "second_factor.enabled",
            method("totp"),
            "Two-factor sign-in is on",
        ),
        (
            "second_factor.disabled",
            method("passkey"),
            "Two-factor sign-in was turned off",
        ),
        (
            "backup_codes.created",
            json!({ "count": 10 }),
            "New backup codes were made",
        ),
        ("backup_code.used", json!({ "left": 1 }), "A backup code was used"),
        ("passkey.added", json!({}), "A passkey was added"),
        ("passkey.removed", json!({}), "A passkey was removed"),
        (
            "passkey.cloned",
            json!({}),
            "A passkey of yours appears to have been copied",
        ),
        (
            "oidc.linked",
            json!({ "provider": "google", "how": "signed_in" }),
            "Another way to sign in was added",
        ),
        (
            "oidc.unlinked",
            json!({ "provider": "google" }),
            "A way to sign in was taken away",
        ),
        (
            "password.changed",
            json!({ "how": "reset" }),
            "Your password was changed",
        ),
        (
            "account.not_me_reported",
            json!({}),
            "Your account is locked to recovery",
        ),
        (
            "signing_key.created",
            json!({ "of_session": false }),
            "A signing key was made",
        ),
        ("profile.changed", json!({}), "Your personal data was changed"),
        ("profile.revealed", json!({}), "Your personal data was shown"),
        ("profile.exported", json!({}), "Your data was exported"),
        (
            "step_up.failed",
            json!({}),
            "Somebody failed to confirm that they are you",
        ),
        ("sign_in.succeeded", sign_in(), "You signed in"),
    ]
}

on_both! {
    /// One letter each, with when and from where; a sign-in can be disowned from its letter, and nothing else can.
    async fn every_event_that_is_told_has_its_letter(database: Database) {
        let shop = Shop::start_with(database, &[("MAIL__BURST", "100")]).await;
        let ana = shop.customer("ana").await;
        let all = json!({ "items": [{ "kind": "sign_ins", "by_mail": true }] });
        ana.put("/api/v1/notifications").json(all).send().await.expect(200);
        for (kind, details, subject) in told() {
            let before = shop.notices_to(&ana.email).await.len();
            shop.later(1);
            shop.happened(person(&ana.id, "203.0.113.9"), kind, &ana.id, details).await;
            let notices = shop.notices_to(&ana.email).await;
            assert_eq!(notices.len(), before + 1, "{kind}");
            let notice = notices.last().unwrap();
            assert_eq!(notice.subject, subject, "{kind}");
            for words in ["When: 1 June 2026", "Address: 203.0.113.9\n"] {
                assert!(notice.text.contains(words), "{kind}: {}", notice.text);
            }
            let of_a_sign_in = ["device.added", "device.compromised", "sign_in.succeeded"].contains(&kind);
            let disowns = notice.links.iter().any(|link| link.contains("/not-me?token="));
            assert_eq!(disowns, of_a_sign_in, "{kind}: {:?}", notice.links);
        }
    }
}
