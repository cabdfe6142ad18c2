//! The first administrator, and people made from the command line.

use serde_json::json;
use stockade::features::auth;
use stockade_domain::roles::Role;

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

on_both! {
    /// The link of the first start makes one administrator, once.
    async fn the_setup_link_works_once(database: Database) {
        let shop = Shop::start(database).await;
        let setup = |token: &str, email: &str| {
            shop.post("/api/v1/setup").json(json!({ "token": token, "email": email, "password": PASSWORD })).send()
        };
        let token_of = |link: Option<String>| {
            let link = link.expect("a link while there is no administrator");
            link.strip_prefix("http://localhost:8000/setup?token=").expect("the configured address").to_owned()
        };
        let replaced = token_of(auth::first_link(&shop.app).await.unwrap());
        let token = token_of(auth::first_link(&shop.app).await.unwrap());
        setup(&replaced, "root@example.com").await.refused(403, "setup.token_invalid");
        setup("", "root@example.com").await.refused(403, "setup.token_invalid");
        setup(&token, "root").await.refused(422, "email.malformed");
        let admin = setup(&token, "root@example.com").await.expect(201);
        assert_eq!((&admin["role"], &admin["email"]), (&json!("admin"), &json!("root@example.com")));
        setup(&token, "second@example.com").await.refused(403, "setup.token_invalid");
        assert_eq!(auth::first_link(&shop.app).await.unwrap(), None);
        shop.sign_in("root@example.com", PASSWORD).await;
    }
}

on_both! {
    /// Two who race with the link do not both become administrators.
    async fn two_race_with_the_setup_link(database: Database) {
        let shop = Shop::start(database).await;
        let link = auth::first_link(&shop.app).await.unwrap().unwrap();
        let token = link.split_once("token=").unwrap().1.to_owned();
        let setup = |email: &str| {
            shop.post("/api/v1/setup").json(json!({ "token": token, "email": email, "password": PASSWORD })).send()
        };
        let (one, two) = tokio::join!(setup("one@example.com"), setup("two@example.com"));
        let (winner, loser) = if one.status == 201 { (one, two) } else { (two, one) };
        winner.expect(201);
        loser.refused(403, "setup.token_invalid");
    }
}

on_both! {
    /// The command line makes people of any role; the usual rules hold.
    async fn staff_is_made_from_the_command_line(database: Database) {
        let shop = Shop::start(database).await;
        let made = auth::create_staff(&shop.app, "Kim@example.com", PASSWORD, Role::Analyst).await.unwrap();
        assert_eq!((made.email.as_str(), made.role), ("kim@example.com", Role::Analyst));
        shop.sign_in("kim@example.com", PASSWORD).await;
        assert!(auth::create_staff(&shop.app, "kim@example.com", PASSWORD, Role::Admin).await.is_err());
        assert!(auth::create_staff(&shop.app, "lee@example.com", "short", Role::Admin).await.is_err());
        // An analyst is no administrator, so the first one is still to be made.
        assert!(auth::first_link(&shop.app).await.unwrap().is_some());
    }
}
