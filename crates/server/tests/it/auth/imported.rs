//! Password hashes of other programs, and of the other kind.

use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
use stockade_platform::db::{DbResult, Reader, sql};

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

async fn stored(shop: &Shop) -> String {
    let read: DbResult<String> = shop
        .app
        .read(async |reader: &mut Reader| sql("SELECT password_hash FROM users").one(reader).await)
        .await;
    read.unwrap()
}

async fn import(shop: &Shop, hash: String) {
    shop.app
        .change(Actor::program("story"), async move |change: &mut Change<'_>| {
            sql("UPDATE users SET password_hash = $1")
                .bind(hash.as_str())
                .run(change)
                .await?;
            change.commit(AuditEvent::done("story.told"), ())
        })
        .await
        .unwrap();
}

/// What is stored once it is no longer `before`: a password is hashed again beside the answer, not before it.
async fn upgraded(shop: &Shop, before: &str) -> String {
    loop {
        let now = stored(shop).await;
        if now != before {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

on_both! {
    /// An imported bcrypt hash signs in and is upgraded by that; a wrong password upgrades nothing.
    async fn an_imported_hash_is_upgraded(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let imported = bcrypt::hash("an old password", 4).unwrap();
        import(&shop, imported.clone()).await;
        shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        assert_eq!(stored(&shop).await, imported);
        shop.sign_in("ana@example.com", "an old password").await;
        let upgraded = upgraded(&shop, &imported).await;
        assert!(upgraded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{upgraded}");
        shop.sign_in("ana@example.com", "an old password").await;
        assert_eq!(stored(&shop).await, upgraded);
    }
}

on_both! {
    /// With bcrypt as the setting, argon2 hashes go over to it, and a password counts to its end.
    async fn bcrypt_is_a_full_alternative(database: Database) {
        let shop = Shop::start_with(database, &[("PASSWORDS__HASH", "bcrypt")]).await;
        let long = "a quiet harbour at dusk, ".repeat(4);
        shop.join("ana@example.com", &long).await;
        let first = stored(&shop).await;
        assert!(first.starts_with("$bcrypt-sha256$v=2,t=2b,r=12$"), "{first}");
        shop.sign_in("ana@example.com", &long).await;
        shop.login("ana@example.com", &long[..99]).send().await.refused(401, "sign_in.failed");
        let imported = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        import(&shop, imported.into()).await;
        shop.sign_in("ana@example.com", "password").await;
        assert!(upgraded(&shop, imported).await.starts_with("$bcrypt-sha256$"));
    }
}

on_both! {
    /// Who guesses on while the account is locked learns nothing from the right password: it is compared and no more.
    async fn a_locked_account_is_not_upgraded(database: Database) {
        let shop = Shop::start(database).await;
        let id = shop.join("ana@example.com", PASSWORD).await;
        let imported = bcrypt::hash("an old password", 4).unwrap();
        import(&shop, imported.clone()).await;
        for _ in 0..5 {
            shop.login("ana@example.com", PASSWORD).send().await.refused(401, "sign_in.failed");
        }
        shop.login("ana@example.com", "an old password").send().await.refused(401, "sign_in.failed");
        shop.later(900);
        assert_eq!(stored(&shop).await, imported);
        shop.sign_in("ana@example.com", "an old password").await;
        upgraded(&shop, &imported).await;
        let kinds = shop.kinds_about(&id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "password.rehashed").count(), 1);
    }
}
