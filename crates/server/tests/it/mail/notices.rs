//! What happens to an account is told to its owner, once, as they chose, and never to somebody who was erased.

use serde_json::{Value, json};
use stockade::{
    core::{
        actor::{Actor, Origin, Who},
        bookkeeping::bookkeep,
        change::Change,
        event::AuditEvent,
    },
    features::notifications::follow_log,
};
use stockade_domain::ids::{SessionId, UserId};
use stockade_platform::{
    db::{Tx, sql},
    mail::MailSummary,
    random,
};
use uuid::Uuid;

use crate::{
    on_both,
    support::{
        people::{Customer, PASSWORD},
        shop::Shop,
    },
};

impl Shop {
    /// Puts an event about somebody on record, as the feature does that it comes from.
    pub async fn happened(&self, by: Actor, kind: &'static str, about: &str, details: Value) {
        let about = id(about);
        self.app
            .change(by, async move |change: &mut Change<'_>| {
                let event = AuditEvent::done(kind).about(about).with(details.clone());
                change.commit(event, ())
            })
            .await
            .unwrap();
    }

    /// The notices an address has got, without the mails that other features send.
    pub async fn notices_to(&self, address: &str) -> Vec<MailSummary> {
        self.number_the_log().await;
        follow_log(&self.app).await.unwrap();
        let mut mails = self.mails_to(address).await;
        mails.retain(|mail| mail.text.contains("Look at my security settings"));
        mails
    }

    /// Their subjects.
    pub async fn subjects_to(&self, address: &str) -> Vec<String> {
        let notices = self.notices_to(address).await;
        notices.into_iter().map(|mail| mail.subject).collect()
    }
}

fn id(person: &str) -> UserId {
    UserId::from_uuid(person.parse().unwrap())
}

/// Somebody signed in, at an address on the Internet.
pub fn person(id: &str, ip: &str) -> Actor {
    Actor {
        who: Who::Person {
            id: self::id(id),
            session: SessionId::from_uuid(random::uuid_v7(jiff::Timestamp::UNIX_EPOCH)),
        },
        origin: Origin {
            ip: Some(ip.parse().unwrap()),
            user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".into()),
            ..Origin::default()
        },
        ..Actor::program("story")
    }
}

fn count(subjects: &[String], subject: &str) -> usize {
    subjects.iter().filter(|known| *known == subject).count()
}

async fn choose(ana: &Customer<'_>, items: Value) -> Value {
    let ask = ana.put("/api/v1/notifications").json(json!({ "items": items }));
    ask.send().await.expect(200)
}

fn chosen(view: &Value, kind: &str) -> (bool, bool) {
    let items = view["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["kind"] == kind).unwrap();
    (
        item["by_mail"].as_bool().unwrap(),
        item["locked"].as_bool().unwrap(),
    )
}

on_both! {
    /// When, from where and with what: in words, as text and in HTML.
    async fn a_notice_says_what_happened(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        shop.happened(
            person(&ana.id, "203.0.113.9"), "device.added", &ana.id,
            json!({ "device": Uuid::nil(), "session": Uuid::nil(), "name": "Firefox on <Linux>" }),
        ).await;
        let notices = shop.notices_to(&ana.email).await;
        let notice = notices.iter().find(|mail| mail.text.contains("Firefox")).unwrap();
        assert_eq!(notice.subject, "A new device signed in to your account");
        for words in ["When: 1 June 2026, 12:00 UTC\n", "Device: Firefox on <Linux>\n", "Address: 203.0.113.9\n"] {
            assert!(notice.text.contains(words), "{}", notice.text);
        }
        assert!(notice.links[0].starts_with("http://localhost:8000/not-me?token="), "{:?}", notice.links);
        assert_eq!(notice.links[1..], ["http://localhost:8000/security"]);
    }
}

on_both! {
    /// An old refresh token turns up: the owner hears of it. A new password, too.
    async fn theft_and_a_new_password_are_told(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        shop.refresh(&ana.tokens.refresh).send().await.expect(200);
        shop.later(60);
        shop.refresh(&ana.tokens.refresh).send().await.refused(401, "refresh.reused");
        let ana = ana.again().await;
        let ask = json!({ "current_password": PASSWORD, "new_password": "another horse battery staple" });
        ana.post("/api/v1/auth/password/change").json(ask).send().await.expect(200);
        let subjects = shop.subjects_to(&ana.email).await;
        for subject in ["A sign-in of yours was used twice", "Your password was changed"] {
            assert_eq!(count(&subjects, subject), 1, "{subjects:?}");
        }
    }
}

on_both! {
    /// Everybody chooses for themselves. What is critical stays on, so that a thief cannot turn it off.
    async fn people_choose_but_not_what_is_critical(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, bob) = (shop.customer("ana").await, shop.customer("bob").await);
        let usual = ana.get("/api/v1/notifications").send().await.expect(200);
        assert_eq!(chosen(&usual, "password_changed"), (true, true));
        assert_eq!(chosen(&usual, "signing_keys"), (true, false));
        assert_eq!(chosen(&usual, "sign_ins"), (false, false));

        let locked = json!({ "items": [{ "kind": "sign_ins", "by_mail": true }, { "kind": "password_changed", "by_mail": false }] });
        ana.put("/api/v1/notifications").json(locked).send().await.refused(422, "notification.always_sent");
        let unknown = json!({ "items": [{ "kind": "gossip", "by_mail": true }] });
        assert_eq!(ana.put("/api/v1/notifications").json(unknown).send().await.status, 422);

        let made_a_key = async |customer: &Customer<'_>| {
            let by = person(&customer.id, "203.0.113.9");
            shop.happened(by, "signing_key.created", &customer.id, json!({ "of_session": false })).await;
        };
        for customer in [&ana, &bob] {
            made_a_key(customer).await;
            assert_eq!(count(&shop.subjects_to(&customer.email).await, "A signing key was made"), 1);
        }
        let changed = choose(&ana, json!([{ "kind": "signing_keys", "by_mail": false }, { "kind": "sign_ins", "by_mail": true }])).await;
        assert_eq!(chosen(&changed, "signing_keys"), (false, false));
        assert_eq!(chosen(&changed, "sign_ins"), (true, false));
        assert_eq!(changed, ana.get("/api/v1/notifications").send().await.expect(200));

        let kept = chosen(&bob.get("/api/v1/notifications").send().await.expect(200), "signing_keys");
        assert_eq!(kept, (true, false), "Bob's are his own");
        assert_eq!(shop.get("/api/v1/notifications").send().await.status, 401);
        assert!(shop.kinds_about(&ana.id).await.contains(&"notifications.chosen".to_owned()));

        for customer in [&ana, &bob] {
            made_a_key(customer).await;
            shop.sign_in(&customer.email, PASSWORD).await;
        }
        let (ana, bob) = (shop.subjects_to(&ana.email).await, shop.subjects_to(&bob.email).await);
        assert_eq!(count(&ana, "You signed in"), 1, "{ana:?}");
        assert_eq!(count(&ana, "A signing key was made"), 1, "only the one from before: {ana:?}");
        assert_eq!(count(&bob, "You signed in"), 0, "{bob:?}");
        assert_eq!(count(&bob, "A signing key was made"), 2, "{bob:?}");
    }
}

on_both! {
    /// Two instances follow the same log at the same time, and one of them again from memory: each entry is told once.
    async fn each_entry_is_told_once(database: Database) {
        let shop = Shop::start_with(database, &[("MAIL__BURST", "100")]).await;
        let ana = shop.customer("ana").await;
        let before = shop.subjects_to(&ana.email).await.len();
        for _ in 0..20 {
            shop.happened(person(&ana.id, "203.0.113.9"), "backup_code.used", &ana.id, json!({ "left": 3 })).await;
        }
        shop.number_the_log().await;
        let other = shop.second().await;
        let (one, two) = tokio::join!(follow_log(&shop.app), follow_log(&other.app));
        assert!(one.unwrap() + two.unwrap() >= 20);
        assert_eq!(shop.subjects_to(&ana.email).await.len(), before + 20);
        assert_eq!(follow_log(&shop.app).await.unwrap(), 0);
    }
}

on_both! {
    /// Somebody was erased between the event and its notice: nothing is sent.
    async fn nothing_is_sent_to_somebody_erased(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let before = shop.subjects_to(&ana.email).await.len();
        shop.happened(person(&ana.id, "203.0.113.9"), "password.changed", &ana.id, json!({ "how": "change" })).await;
        let owner = id(&ana.id);
        bookkeep(&shop.app.core.db, async move |tx: &mut Tx| {
            sql("DELETE FROM data_keys WHERE subject_id = $1").bind(owner).run(tx).await
        }).await.unwrap();
        shop.happened(Actor::program("story"), "person.erased", &ana.id, json!({})).await;
        // Another instance, which never knew the key.
        shop.number_the_log().await;
        let other = shop.second().await;
        assert_eq!(other.subjects_to(&ana.email).await.len(), before);
    }
}

on_both! {
    /// Staff acted: the owner is told what, not who and from where. What is long past is not told at all.
    async fn staff_and_the_past_stay_out_of_it(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        shop.happened(person(&eve.id, "198.51.100.1"), "account.unlocked", &ana.id, json!({ "by": eve.id })).await;
        let notices = shop.notices_to(&ana.email).await;
        let notice = notices.iter().find(|mail| mail.subject == "Sign-in to your account was unlocked").unwrap();
        assert!(notice.text.contains("When: ") && !notice.text.contains("198.51.100.1") && !notice.text.contains("Device"));

        let before = notices.len();
        shop.happened(person(&ana.id, "203.0.113.9"), "password.changed", &ana.id, json!({ "how": "change" })).await;
        shop.later(8 * 86_400);
        assert_eq!(shop.subjects_to(&ana.email).await.len(), before);
    }
}
