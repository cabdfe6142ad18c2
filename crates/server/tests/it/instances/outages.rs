//! What an instance stands on goes away under load and comes back. Nothing acknowledged is lost or doubled, what was
//! ended stays ended, and the service returns by itself.

use serde_json::json;

use crate::support::{
    database::{Database, Kind, run},
    outage::Servers,
    people::PASSWORD,
    process::{Process, request},
};

use super::buyers::Buyers;

const LOGIN: &str = "/api/v1/auth/login";

/// Two instances on servers of their own.
async fn pair(servers: &Servers) -> (Process, Process) {
    let settings = [("REDIS__URL", servers.redis_url.as_str())];
    let one = Process::start_with(servers.database().await, &settings).await;
    let other = one.second().await;
    (one, other)
}

/// Too many wrong passwords; from then on the right one is refused as well.
async fn lock(email: &str, at: &Process) {
    for _ in 0..5 {
        let wrong = json!({ "email": email, "password": "not the password" }).to_string();
        let answer = request(at.port, "POST", LOGIN, &[], &wrong).await;
        assert_eq!(answer.map(|answer| answer.0), Some(401));
    }
}

async fn is_locked(email: &str, at: &Process) -> bool {
    let right = json!({ "email": email, "password": PASSWORD }).to_string();
    let (status, _) = request(at.port, "POST", LOGIN, &[], &right)
        .await
        .expect("an answer");
    status == 401
}

/// What an attacker would hope that the loss of Redis undoes.
#[test]
fn heavy_redis_is_lost_and_returns_empty() {
    run(Kind::Postgres, async |_: Database| {
        let mut servers = Servers::start();
        let (one, other) = pair(&servers).await;
        let ana = one.customer("ana@example.com").await;
        let (before, during) = (
            one.customer("ben@example.com").await,
            one.customer("eve@example.com").await,
        );
        one.customer("cleo@example.com").await;
        assert_eq!(
            before.send("POST", "/api/v1/auth/logout", "").await.unwrap().0,
            204
        );
        lock("cleo@example.com", &one).await;
        let ended = async |who: &crate::support::process::Client| {
            for instance in [&one, &other] {
                assert_eq!(who.at(instance).get("/api/v1/auth/me").await.0, 401);
            }
        };

        let buyers = Buyers::start(&ana, &[&one, &other]).await;
        buyers.until(20).await;
        servers.stop("redis");
        ended(&before).await;
        assert_eq!(
            during
                .at(&other)
                .send("POST", "/api/v1/auth/logout", "")
                .await
                .unwrap()
                .0,
            204
        );
        ended(&during).await;
        assert!(is_locked("cleo@example.com", &other).await);
        buyers.until(60).await;
        servers.start_again("redis");
        buyers.until(100).await;
        for who in [&before, &during] {
            ended(who).await;
        }
        assert!(is_locked("cleo@example.com", &one).await);
        buyers.all_took_effect_once(&other).await;
        // Both have found Redis again, and still know.
        for instance in [&one, &other] {
            instance.until_ready().await;
        }
        for who in [&before, &during] {
            ended(who).await;
        }
    });
}

#[test]
fn heavy_postgres_crashes_and_recovers() {
    run(Kind::Postgres, async |_: Database| {
        let mut servers = Servers::start();
        let (one, other) = pair(&servers).await;
        let ana = one.customer("ana@example.com").await;
        let buyers = Buyers::start(&ana, &[&one, &other]).await;
        for percent in [20, 50] {
            buyers.until(percent).await;
            servers.stop("postgres");
            let (status, _) = request(one.port, "GET", "/health/live", &[], "")
                .await
                .expect("it lives on");
            assert_eq!(status, 200);
            servers.start_again("postgres");
        }
        buyers.all_took_effect_once(&one).await;
        for instance in [&one, &other] {
            instance.until_ready().await;
        }
    });
}

#[test]
fn heavy_an_instance_is_killed() {
    run(Kind::Postgres, async |_: Database| {
        let servers = Servers::start();
        let (mut one, mut other) = pair(&servers).await;
        let ana = one.customer("ana@example.com").await;
        let buyers = Buyers::start(&ana, &[&one, &other]).await;
        buyers.until(20).await;
        one.kill();
        buyers.until(40).await;
        one.start_again().await;
        buyers.until(60).await;
        other.kill();
        buyers.until(80).await;
        other.start_again().await;
        buyers.all_took_effect_once(&other).await;
    });
}
