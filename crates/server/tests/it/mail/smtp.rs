//! A real mail server at the other end of a line that may be cut.

use serde_json::json;
use stockade::features::mail::{Letter, deliver_mail, prune_mail};
use stockade_platform::random;

use super::write;
use crate::{
    on_both,
    support::{
        people::PASSWORD,
        post::{Line, Post},
        shop::Shop,
    },
};

/// A shop whose mail goes to the server through this port.
async fn shop(database: crate::support::database::Database, post: &Post, port: u16) -> Shop {
    let settings = post.settings(port);
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Shop::start_with(database, &settings).await
}

/// An address that no other test writes to.
fn somebody(domain: &str) -> String {
    format!("{}@{domain}", hex::encode(random::bytes::<8>()))
}

fn hello(to: &str) -> Letter {
    Letter::to(to, "Hello").paragraph("Words.")
}

on_both! {
    /// Registering reaches the mail server in TLS, and the mailed link works.
    async fn joining_through_a_mail_server(database: Database) {
        let post = Post::find();
        let shop = shop(database, &post, post.port()).await;
        let ana = somebody("example.com");
        shop.register(&ana, PASSWORD).await;
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 1);
        let mails = post.mails_to(&ana);
        assert_eq!(mails.len(), 1);
        let known = "X-Test-From: post@stockade.example\r\n";
        assert!(mails[0].contains(known) && mails[0].contains("X-Test-Tls: True\r\nX-Test-Authenticated: True\r\n"));
        assert!(mails[0].contains("Subject: Confirm your address\r\n"), "{}", mails[0]);
        shop.get("/dev/mailbox").from("127.0.0.1").send().await.refused(404, "route.unknown");
    }
}

on_both! {
    /// The server is away: everything waits, nothing is lost or doubled, and nothing that people do is held up.
    async fn mails_wait_while_the_server_is_away(database: Database) {
        let post = Post::find();
        let mut line = Line::cut().await;
        let shop = shop(database, &post, line.port).await;
        let people: Vec<_> = (0..3).map(|_| somebody("example.com")).collect();
        for person in &people {
            write(&shop, hello(person)).await;
        }
        for seconds in [0, 15, 30] {
            shop.later(seconds);
            assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        }
        let health = async || shop.get("/health").send().await.expect(200)["checks"]["mail"].clone();
        assert_eq!(health().await, "unavailable");
        line.mend(post.port()).await;
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0, "it is not yet their turn");
        assert_eq!(health().await, "unavailable", "the server is not asked again at once");
        shop.later(60);
        assert_eq!(health().await, "ok");
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 3);
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        for person in &people {
            assert_eq!(post.mails_to(person).len(), 1);
        }
    }
}

on_both! {
    /// A mailbox that does not exist is given up at once; one that puts us off is tried again; others go out meanwhile.
    async fn refusals_hold_up_nobody(database: Database) {
        let post = Post::find();
        let shop = shop(database, &post, post.port()).await;
        let (gone, later, fine) = (somebody("refused.example"), somebody("later.example"), somebody("example.com"));
        for person in [&gone, &later, &fine] {
            write(&shop, hello(person)).await;
        }
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 1);
        assert_eq!(post.mails_to(&fine).len(), 1);
        shop.later(15);
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 1);
        assert_eq!(post.mails_to(&later).len(), 1);
        shop.later(86_400);
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        shop.later(31 * 86_400);
        assert!(prune_mail(&shop.app).await.unwrap() > 0, "what was given up is forgotten in the end");
    }
}

on_both! {
    /// Five days of silence are enough (RFC 5321 §4.5.4.1).
    async fn a_mail_is_given_up_after_five_days(database: Database) {
        let post = Post::find();
        let mut line = Line::cut().await;
        let shop = shop(database, &post, line.port).await;
        let ana = somebody("example.com");
        write(&shop, hello(&ana)).await;
        for _ in 0..7 {
            assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
            shop.later(86_400);
        }
        line.mend(post.port()).await;
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        assert!(post.mails_to(&ana).is_empty());
    }
}

on_both! {
    /// Production without a mail server: people are served, mails wait.
    async fn without_a_server_mails_wait(database: Database) {
        let keys = [
            ("ENV", "production"),
            ("SECRETS__MASTER_KEYS", "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("SECRETS__TOKEN_KEY", "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("SECRETS__AUDIT_KEY", "AgECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("SERVER__PUBLIC_URL", "https://stockade.example.com"),
        ];
        let shop = Shop::start_with(database, &keys).await;
        let ask = json!({ "email": "ana@example.com", "password": PASSWORD });
        shop.post("/api/v1/auth/register").json(ask).send().await.expect(202);
        assert!(shop.app.mailer.is_none());
        assert_eq!(deliver_mail(&shop.app).await.unwrap(), 0);
        assert_eq!(prune_mail(&shop.app).await.unwrap(), 0, "nothing of it is dropped");
    }
}
