//! Erasure on one instance, seen from another that has the person's key in its memory.

use serde_json::Value;
use stockade::core::keys;
use stockade_domain::roles::Role;
use stockade_platform::clock::Clock;
use tokio::sync::watch;

use crate::support::{
    database::{Database, Kind, run},
    people::{Customer, Tokens},
    shop::Shop,
};

/// What staff find about a person at an instance, newest first. Their reading is itself put on record about the person.
async fn found_at(shop: &Shop, auditor: &Tokens, person: &Customer<'_>) -> Vec<Value> {
    shop.later(1);
    shop.number_the_log().await;
    let path = format!("/api/admin/security/audit-logs?user={}&limit=100", person.id);
    let page = shop.get(&path).bearer(&auditor.access).send().await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// The entries that can no longer be read.
fn erased(entries: &[Value]) -> usize {
    entries.iter().filter(|entry| entry["erased"] == true).count()
}

/// Both instances have used Ana's key; then she is erased at the first.
async fn erased_at<'s>(shop: &'s Shop, other: &'s Shop, auditor: &Tokens) -> Customer<'s> {
    let ana = shop.customer("ana").await;
    ana.gives_ssn("536-90-4399").await;
    assert_eq!(
        ana.get(super::PROFILE).at(other).send().await.expect(200)["ssn"],
        "XXX-XX-4399"
    );
    assert_eq!(erased(&found_at(other, auditor, &ana).await), 0);
    // Not by the method of the same name, which borrows her for as long as she lives.
    let request = shop.stepped_up(&ana.tokens, ana.delete(super::PROFILE)).await;
    request.send().await.expect(204);
    ana
}

/// No message arrives, as when Redis is lost: what is erased does not open all the same, and the next look forgets the
/// key for good.
#[test]
fn without_messages_nothing_erased_opens() {
    run(Kind::Postgres, async |database: Database| {
        let shop = Shop::start(database).await;
        let other = shop.second().await;
        let auditor = shop.staff(Role::Auditor).await;
        let ana = erased_at(&shop, &other, &auditor).await;
        ana.get(super::PROFILE)
            .at(&other)
            .send()
            .await
            .refused(401, "token.revoked");
        let before = found_at(&other, &auditor, &ana).await;
        // All but her erasure itself and the end of her sessions.
        assert_eq!(erased(&before), before.len() - 2, "{before:#?}");
        assert_eq!(keys::learn_erasures(&other.app.core).await.unwrap(), 1);
        assert_eq!(keys::learn_erasures(&other.app.core).await.unwrap(), 0);
        // What is recorded about her from now on can be read, so the key is forgotten.
        found_at(&other, &auditor, &ana).await;
        let after = found_at(&other, &auditor, &ana).await;
        assert_eq!(
            (&after[0]["kind"], &after[0]["erased"]),
            (&"audit.read".into(), &false.into())
        );
    });
}

/// Through Redis the other instance hears of it at once.
#[test]
fn through_redis_the_key_is_forgotten_at_once() {
    run(Kind::Postgres, async |database: Database| {
        let shop = Shop::start_with_redis(database).await;
        let other = shop.second().await;
        let (stop, stopped) = watch::channel(false);
        let follower = tokio::spawn(keys::follow_erasures(other.app.clone(), stopped));
        let auditor = shop.staff(Role::Auditor).await;
        let ana = erased_at(&shop, &other, &auditor).await;
        ana.get(super::PROFILE)
            .at(&other)
            .send()
            .await
            .refused(401, "token.revoked");
        let heard = Clock::System.now() + jiff::SignedDuration::from_secs(30);
        loop {
            let entries = found_at(&other, &auditor, &ana).await;
            if entries[0]["kind"] == "audit.read" && entries[0]["erased"] == false {
                break;
            }
            assert!(
                Clock::System.now() < heard,
                "the other instance never heard of it"
            );
        }
        stop.send(true).unwrap();
        follower.await.unwrap();
    });
}
