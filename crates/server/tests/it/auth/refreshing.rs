//! Refresh tokens: turned in once, repeated in good faith, stolen.

use crate::{
    on_both,
    support::{
        people::{PASSWORD, tokens},
        shop::Shop,
    },
};

on_both! {
    /// Each pair brings the next, for as long as somebody comes back within a week.
    async fn tokens_rotate(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let mut current = shop.sign_in("ana@example.com", PASSWORD).await;
        for _ in 0..5 {
            shop.later(6 * 86_400);
            let next = tokens(&shop.refresh(&current.refresh).send().await.expect(200));
            assert_ne!(next.refresh, current.refresh);
            shop.me(&next.access).send().await.expect(200);
            current = next;
        }
        shop.later(7 * 86_400);
        shop.refresh(&current.refresh).send().await.refused(401, "refresh.ended");
        shop.refresh("no such token").send().await.refused(401, "refresh.invalid");
    }
}

on_both! {
    /// A lost answer signs nobody out: the same device gets the same successor again.
    async fn a_retry_gets_the_same_successor(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let login = shop.login("ana@example.com", PASSWORD).header("x-device-id", "ana's phone");
        let first = tokens(&login.send().await.expect(200));
        let device = |token: &str| shop.refresh(token).header("x-device-id", "ana's phone");
        let lost = tokens(&device(&first.refresh).send().await.expect(200));
        shop.later(30);
        let again = tokens(&device(&first.refresh).send().await.expect(200));
        assert_eq!(lost.refresh, again.refresh);
        let next = tokens(&device(&again.refresh).send().await.expect(200));
        for access in [&next.access, &lost.access] {
            shop.me(access).header("x-device-id", "ana's phone").send().await.expect(200);
        }
    }
}

on_both! {
    /// Two tabs refresh at once: both get the same successor, and the session lives.
    async fn two_tabs_refresh_at_once(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let first = shop.sign_in("ana@example.com", PASSWORD).await;
        let (one, two) = tokio::join!(shop.refresh(&first.refresh).send(), shop.refresh(&first.refresh).send());
        let (one, two) = (tokens(&one.expect(200)), tokens(&two.expect(200)));
        assert_eq!(one.refresh, two.refresh);
        shop.refresh(&one.refresh).send().await.expect(200);
    }
}

on_both! {
    /// After half a minute, from another device, or once the successor was used, reuse is theft: the family ends.
    async fn reuse_ends_the_family(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        enum Theft { TooLate, OtherDevice, SuccessorUsed }
        for theft in [Theft::TooLate, Theft::OtherDevice, Theft::SuccessorUsed] {
            let bystander = shop.sign_in("ana@example.com", PASSWORD).await;
            let first = shop.sign_in("ana@example.com", PASSWORD).await;
            let mut newest = tokens(&shop.refresh(&first.refresh).send().await.expect(200));
            let mut stolen = shop.refresh(&first.refresh);
            match theft {
                Theft::TooLate => shop.later(31),
                Theft::OtherDevice => stolen = stolen.header("x-device-id", "eve's phone"),
                Theft::SuccessorUsed => newest = tokens(&shop.refresh(&newest.refresh).send().await.expect(200)),
            }
            stolen.send().await.refused(401, "refresh.reused");
            shop.me(&newest.access).send().await.refused(401, "token.revoked");
            shop.me(&first.access).send().await.refused(401, "token.revoked");
            shop.refresh(&newest.refresh).send().await.refused(401, "refresh.ended");
            // Another sign-in of the same person is another family.
            shop.me(&bystander.access).send().await.expect(200);
        }
    }
}

on_both! {
    /// What is stored of a token cannot be presented.
    async fn a_stored_hash_is_no_token(database: Database) {
        use stockade_platform::db::{DbResult, Reader, sql};
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let held = shop.sign_in("ana@example.com", PASSWORD).await;
        let stored: Vec<Vec<u8>> = shop.app.read(async |reader: &mut Reader| -> DbResult<_> {
            sql("SELECT token_hash FROM refresh_tokens").all(reader).await
        }).await.unwrap();
        assert_eq!(stored.len(), 1);
        let base64 = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
        assert_ne!(base64(&stored[0]), held.refresh);
        shop.refresh(&base64(&stored[0])).send().await.refused(401, "refresh.invalid");
        shop.refresh(&hex::encode(&stored[0])).send().await.refused(401, "refresh.invalid");
    }
}
