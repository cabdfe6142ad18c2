//! The outbox, and the mailbox of development.

use serde_json::json;
use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
use stockade::features::{
    auth,
    mail::{Letter, deliver_mail, post},
};

use crate::{
    on_both,
    support::{http::Ask, people::PASSWORD, shop::Shop},
};

async fn write(shop: &Shop, to: &'static str) {
    shop.app
        .change(Actor::program("story"), async move |change: &mut Change<'_>| {
            post(change, Letter::to(to, "Hello").paragraph("<b>words</b>"))?;
            change.commit(AuditEvent::done("story.told"), ())
        })
        .await
        .unwrap();
}

on_both! {
    /// A mail that cannot be delivered holds up no other, and each goes out once.
    async fn a_bad_address_holds_up_nobody(database: Database) {
        let shop = Shop::start(database).await;
        write(&shop, "not an address").await;
        write(&shop, "ana@example.com").await;
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 1);
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        shop.later(86_400);
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        assert_eq!(shop.mails_to("ana@example.com").await.len(), 1);
    }
}

on_both! {
    /// A folder that is away is tried again later, with growing pauses, and then the mail goes out.
    async fn a_failed_delivery_is_tried_again(database: Database) {
        let shop = Shop::start(database).await;
        // A file where the folder should be.
        let folder = shop.app.config.data_dir.join("mail");
        std::fs::write(&folder, "in the way").unwrap();
        write(&shop, "ana@example.com").await;
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        std::fs::remove_file(&folder).unwrap();
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0, "it is not yet its turn");
        shop.later(15);
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 1);
    }
}

on_both! {
    /// Two instances deliver at the same time: nothing twice.
    async fn two_instances_share_the_outbox(database: Database) {
        let shop = Shop::start(database).await;
        for to in ["a@example.com", "b@example.com", "c@example.com", "d@example.com"] {
            write(&shop, to).await;
        }
        let other = shop.second().await;
        let (one, two) = tokio::join!(deliver_mail(&shop.app), deliver_mail(&other.app));
        assert_eq!(one.unwrap() + two.unwrap(), 4);
    }
}

on_both! {
    /// The mailbox shows mails to people and to programs, and its links lead to pages that change nothing by themselves.
    async fn the_mailbox_shows_mails(database: Database) {
        let shop = Shop::start(database).await;
        shop.register("ana@example.com", PASSWORD).await;
        let token = shop.mailed_token("ana@example.com").await;
        let list = mailbox(&shop).header("accept", "application/json").send().await.expect(200);
        assert_eq!(list["items"][0]["to"], json!("ana@example.com"));
        assert_eq!(list["items"][0]["links"][0], json!(format!("http://localhost:8000/confirm?token={token}")));

        let page = mailbox(&shop).send().await;
        assert!(page.text().contains(&format!("<a href=\"http://localhost:8000/confirm?token={token}\">")));
        let confirm = shop.get(&format!("/confirm?token={token}")).send().await;
        for page in [&page, &confirm] {
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            assert!(!page.text().contains("<script>") && !page.text().contains("style="));
        }
        assert!(confirm.text().contains("data-post=\"/api/v1/auth/email/verify\""));
        for (path, kind) in [("/static/form.js", "text/javascript"), ("/static/page.css", "text/css")] {
            let file = shop.get(path).send().await;
            assert!(file.headers["content-type"].to_str().unwrap().starts_with(kind));
        }
        // The page was opened; the link still works.
        shop.post("/api/v1/auth/email/verify").json(json!({ "token": token, "password": PASSWORD })).send().await.expect(201);
    }
}

on_both! {
    /// A development server that others can reach shows them no mails: not to another machine, not through a proxy beside
    /// it, whatever they say of themselves.
    async fn the_mailbox_is_for_who_sits_at_the_machine(database: Database) {
        let settings = [("SERVER__BEHIND_PROXY", "true"), ("SERVER__TRUSTED_PROXIES", "127.0.0.1")];
        let shop = Shop::start_with(database, &settings).await;
        shop.register("ana@example.com", PASSWORD).await;
        let token = shop.mailed_token("ana@example.com").await;
        let ask = |peer: &str| shop.get("/dev/mailbox").header("accept", "application/json").from(peer);
        for peer in ["203.0.113.9", "10.0.0.7", "2001:db8::1", "::ffff:203.0.113.9"] {
            ask(peer).send().await.refused(404, "route.unknown");
            ask(peer).header("x-forwarded-for", "127.0.0.1").send().await.refused(404, "route.unknown");
        }
        for (name, value) in [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-host", "localhost"),
            ("x-forwarded-proto", "https"),
            ("forwarded", "for=127.0.0.1"),
            ("x-real-ip", "127.0.0.1"),
            ("via", "1.1 proxy"),
        ] {
            let answer = ask("127.0.0.1").header(name, value).send().await;
            assert!(!answer.text().contains(&token));
            answer.refused(404, "route.unknown");
        }
        shop.get("/dev/mailbox").send().await.refused(404, "route.unknown");
        for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(ask(peer).send().await.text().contains(&token));
        }
    }
}

on_both! {
    /// Typed words never become markup on the page.
    async fn the_mailbox_escapes(database: Database) {
        let shop = Shop::start(database).await;
        write(&shop, "ana@example.com").await;
        shop.mails_to("ana@example.com").await;
        let page = mailbox(&shop).send().await.text();
        assert!(page.contains("&lt;b&gt;words&lt;/b&gt;") && !page.contains("<b>"));
    }
}

on_both! {
    /// Outside development there is no mailbox.
    async fn production_has_no_mailbox(database: Database) {
        let keys = [
            ("ENV", "production"),
            ("SECRETS__MASTER_KEYS", "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("SECRETS__TOKEN_KEY", "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("SECRETS__AUDIT_KEY", "AgECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("SERVER__PUBLIC_URL", "https://stockade.example.com"),
            ("AUDIT__ORIGIN", "stockade.example.com/log"),
            ("MAIL__FROM", "Stockade <no-reply@stockade.example.com>"),
        ];
        let shop = Shop::start_with(database, &keys).await;
        mailbox(&shop).send().await.refused(404, "route.unknown");
        let link = auth::first_link(&shop.app).await.unwrap().unwrap();
        assert!(link.starts_with("https://stockade.example.com/setup?token="));
    }
}

/// The page of mails, asked for at the machine itself.
fn mailbox(shop: &Shop) -> Ask<'_> {
    shop.get("/dev/mailbox").from("127.0.0.1")
}
