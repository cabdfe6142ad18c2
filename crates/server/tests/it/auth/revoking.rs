//! Ended sessions are refused at once, on every instance, whatever shared state knows.

use serde_json::json;
use stockade::{
    core::{actor::Actor, change::Change, event::AuditEvent},
    features::auth,
};
use stockade_platform::{db::sql, shared::Shared};

use crate::{
    on_both,
    support::{
        database::{Database as Fresh, Kind},
        people::PASSWORD,
        shop::Shop,
    },
};

/// Ends every session in the database as a process does that dies before it can tell anybody.
async fn revoke_and_crash(shop: &Shop) {
    shop.app
        .change(Actor::program("story"), async |change: &mut Change<'_>| {
            let now = change.now();
            sql("UPDATE sessions SET revoked_at = $1")
                .bind(now)
                .run(change)
                .await?;
            change.commit(AuditEvent::done("session.revoked"), ())
        })
        .await
        .unwrap();
}

async fn signing_out_ends_one_session(shop: &Shop, other: &Shop) {
    shop.join("ana@example.com", PASSWORD).await;
    let (here, there) = (
        shop.sign_in("ana@example.com", PASSWORD).await,
        shop.sign_in("ana@example.com", PASSWORD).await,
    );
    for instance in [shop, other] {
        instance.me(&here.access).send().await.expect(200);
    }
    shop.post("/api/v1/auth/logout")
        .bearer(&here.access)
        .send()
        .await
        .expect(204);
    for instance in [shop, other] {
        instance
            .me(&here.access)
            .send()
            .await
            .refused(401, "token.revoked");
        instance
            .refresh(&here.refresh)
            .send()
            .await
            .refused(401, "refresh.ended");
        instance.me(&there.access).send().await.expect(200);
    }
}

on_both! {
    /// One process, or PostgreSQL without Redis, where each check reads the database.
    async fn signing_out_is_immediate(database: Database) {
        let shop = Shop::start(database).await;
        let other = if shop.kind() == Kind::Postgres { Some(shop.second().await) } else { None };
        signing_out_ends_one_session(&shop, other.as_ref().unwrap_or(&shop)).await;
    }
}

on_both! {
    /// Two instances with Redis.
    async fn signing_out_is_immediate_through_redis(database: Database) {
        let shop = Shop::start_with_redis(database).await;
        let other = shop.second().await;
        auth::load_revocations(&shop.app).await.unwrap();
        signing_out_ends_one_session(&shop, &other).await;
    }
}

on_both! {
    /// "Sign out everywhere" ends all of a person's sessions and nobody else's.
    async fn signing_out_everywhere(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        shop.join("ben@example.com", PASSWORD).await;
        let mut hers = Vec::new();
        for _ in 0..3 {
            hers.push(shop.sign_in("ana@example.com", PASSWORD).await);
        }
        let his = shop.sign_in("ben@example.com", PASSWORD).await;
        let logout = |body| shop.post("/api/v1/auth/logout").bearer(&hers[0].access).json(body).send();
        logout(json!({ "every": true })).await.refused(422, "request.invalid");
        logout(json!({ "all": true })).await.expect(204);
        for tokens in &hers {
            shop.me(&tokens.access).send().await.refused(401, "token.revoked");
            shop.refresh(&tokens.refresh).send().await.refused(401, "refresh.ended");
        }
        shop.me(&his.access).send().await.expect(200);
    }
}

on_both! {
    /// While shared state knows, the database is not asked; a revocation that nobody told it is found in the log.
    async fn a_crash_before_the_mark_loses_nothing(database: Database) {
        let shop = if database.kind == Kind::Sqlite {
            Shop::start(database).await
        } else {
            Shop::start_with_redis(database).await
        };
        shop.join("ana@example.com", PASSWORD).await;
        let tokens = shop.sign_in("ana@example.com", PASSWORD).await;
        auth::load_revocations(&shop.app).await.unwrap();
        shop.me(&tokens.access).send().await.expect(200);
        revoke_and_crash(&shop).await;
        // Shared state is whole as far as it knows, so the database is not read: this is the hot path.
        shop.me(&tokens.access).send().await.expect(200);
        shop.number_the_log().await;
        while auth::relay_revocations(&shop.app).await.unwrap() > 0 {}
        shop.me(&tokens.access).send().await.refused(401, "token.revoked");
    }
}

on_both! {
    /// A process that starts afresh reads the living revocations before it trusts its memory.
    async fn a_restart_forgets_no_revocation(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let (ended, living) = (shop.sign_in("ana@example.com", PASSWORD).await, shop.sign_in("ana@example.com", PASSWORD).await);
        shop.post("/api/v1/auth/logout").bearer(&ended.access).send().await.expect(204);
        let restarted = shop.second().await;
        for _ in 0..2 {
            restarted.me(&ended.access).send().await.refused(401, "token.revoked");
            restarted.me(&living.access).send().await.expect(200);
            auth::load_revocations(&restarted.app).await.unwrap();
        }
    }
}

on_both! {
    /// With Redis away the database answers, and sign-outs count all the same.
    async fn without_redis_the_database_answers(database: Database) {
        let shop = Shop::start_with(database, &[("REDIS__URL", "redis://127.0.0.1:1/0")]).await;
        assert!(matches!(shop.app.shared, Shared::Redis(_)));
        assert!(auth::load_revocations(&shop.app).await.is_err());
        signing_out_ends_one_session(&shop, &shop).await;
    }
}

/// On PostgreSQL without Redis no copy in memory is ever trusted, since another instance may have ended a session.
#[test]
fn memory_is_not_trusted_beside_other_instances() {
    crate::support::database::run(Kind::Postgres, async |database: Fresh| {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        let tokens = shop.sign_in("ana@example.com", PASSWORD).await;
        assert_eq!(auth::load_revocations(&shop.app).await.unwrap(), 0);
        shop.me(&tokens.access).send().await.expect(200);
        revoke_and_crash(&shop).await;
        shop.me(&tokens.access).send().await.refused(401, "token.revoked");
    });
}
