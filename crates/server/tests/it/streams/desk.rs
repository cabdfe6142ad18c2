//! The desk's live feed.

use serde_json::json;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{listening::Listening, people::Tokens, shop::Shop},
};

const EVENTS: &str = "/api/admin/security/events";

async fn listen(shop: &Shop, who: &Tokens, query: &str) -> Listening {
    let stream = shop.get(&format!("{EVENTS}{query}")).bearer(&who.access);
    stream.listen().await.hello().await
}

on_both! {
    /// A break leaves no gap and doubles nothing: what happened meanwhile comes first, then what happens.
    async fn a_feed_goes_on_where_it_broke_off(database: Database) {
        let shop = Shop::start(database).await;
        let auditor = shop.staff(Role::Auditor).await;
        shop.number_the_log().await;
        let mut first = listen(&shop, &auditor, "").await;
        shop.join("ana@example.com", crate::support::people::PASSWORD).await;
        shop.number_the_log().await;
        let mut seen = Vec::new();
        loop {
            let event = first.next().await.unwrap();
            assert_eq!(event.name, "entry");
            assert_eq!(event.data["seq"], event.id.unwrap());
            seen.push(event.id.unwrap());
            if event.data["kind"] == "user.registered" {
                break;
            }
        }
        let last = first.last_id.clone().unwrap();
        drop(first);

        for name in ["ben", "cem", "dora"] {
            shop.join(&format!("{name}@example.com"), crate::support::people::PASSWORD).await;
        }
        shop.number_the_log().await;
        // Another instance goes on as well as the one before.
        let second = shop.second().await;
        let again = second.get(EVENTS).bearer(&auditor.access).header("last-event-id", &last);
        let mut again = again.listen().await.hello().await;
        shop.join("eve@example.com", crate::support::people::PASSWORD).await;
        shop.number_the_log().await;
        let mut registered = 0;
        while registered < 4 {
            let event = again.next().await.unwrap();
            registered += usize::from(event.data["kind"] == "user.registered");
            seen.push(event.id.unwrap());
        }
        let from = seen[0];
        let every: Vec<u64> = (from..from + seen.len() as u64).collect();
        assert_eq!(seen, every, "each entry once, in order");
    }
}

on_both! {
    /// Only what was asked for comes, and the place in the log moves past the rest.
    async fn a_feed_can_be_narrowed(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        shop.number_the_log().await;
        let mut feed = listen(&shop, &analyst, "?kinds=sign_in.*,account.locked&severity=low").await;
        shop.customer("ana").await;
        shop.login("ana@example.com", "a wrong password of hers").send().await.refused(401, "sign_in.failed");
        shop.number_the_log().await;
        let event = feed.next().await.unwrap();
        assert_eq!((&event.data["kind"], &event.data["severity"]), (&json!("sign_in.failed"), &json!("low")));
        for wrong in ["kinds=Sign", "severity=huge", "since=1"] {
            let status = shop.get(&format!("{EVENTS}?{wrong}")).bearer(&analyst.access).send().await.status;
            assert_eq!(status, 422, "{wrong}");
        }
        let lost = shop.get(EVENTS).bearer(&analyst.access).header("last-event-id", "yesterday");
        lost.send().await.refused(422, "stream.unknown_id");
    }
}

on_both! {
    /// Who signs out hears no more, on whichever instance they listen; nobody but staff listens at all, and following is
    /// on record.
    async fn a_feed_ends_with_its_session(database: Database) {
        let shop = Shop::start(database).await;
        let analyst = shop.staff(Role::Analyst).await;
        let ana = shop.customer("ana").await;
        shop.get(EVENTS).bearer(&ana.tokens.access).send().await.refused(403, "role.not_allowed");
        let other = shop.second().await;
        let feed = other.get(EVENTS).bearer(&analyst.access);
        let mut feed = match shop.kind() {
            Kind::Postgres => feed.listen().await.hello().await,
            Kind::Sqlite => listen(&shop, &analyst, "").await,
        };
        shop.number_the_log().await;
        feed.until("audit.followed").await;
        shop.post("/api/v1/auth/logout").bearer(&analyst.access).send().await.expect(204);
        let end = loop {
            let event = feed.next().await.expect("the end is told");
            if event.name == "end" {
                break event;
            }
        };
        assert_eq!(end.data, json!({ "code": "token.revoked" }));
        assert!(feed.next().await.is_none());
    }
}

on_both! {
    /// How many streams one person has open is bounded; one that closes makes room.
    async fn streams_are_bounded(database: Database) {
        let shop = Shop::start_with(database, &[("EVENTS__PER_PERSON", "2"), ("EVENTS__OPEN", "3")]).await;
        let analyst = shop.staff(Role::Analyst).await;
        let auditor = shop.staff(Role::Auditor).await;
        let ask = |who: &Tokens| shop.get(EVENTS).bearer(&who.access);
        let first = listen(&shop, &analyst, "").await;
        let _second = listen(&shop, &analyst, "").await;
        ask(&analyst).send().await.refused(429, "stream.too_many_of_yours");
        let _third = listen(&shop, &auditor, "").await;
        ask(&auditor).send().await.refused(503, "stream.too_many");
        drop(first);
        while shop.app.listeners.open() > 2 {
            tokio::task::yield_now().await;
        }
        listen(&shop, &analyst, "").await;
    }
}
