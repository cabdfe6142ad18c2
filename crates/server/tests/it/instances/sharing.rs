//! Two processes on one PostgreSQL, with Redis and without: whatever one does counts at the other at once.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    database::{Database, Kind, run},
    people::{PASSWORD, text},
    process::{Process, request},
    shop::redis_url,
};

/// A story of two instances, told with Redis and without.
macro_rules! on_two {
    ($(#[doc = $about:literal])* async fn $name:ident($one:ident, $other:ident) $body:block) => {
        $(#[doc = $about])*
        mod $name {
            use super::*;

            #[allow(unused_mut, reason = "some stories stop an instance")]
            async fn story(mut $one: Process, mut $other: Process) $body

            #[test]
            fn with_redis() {
                run(Kind::Postgres, async |database: Database| {
                    let one = Process::start_with(database, &[("REDIS__URL", &redis_url())]).await;
                    let other = one.second().await;
                    story(one, other).await;
                });
            }

            #[test]
            fn without_redis() {
                run(Kind::Postgres, async |database: Database| {
                    let one = Process::start(database).await;
                    let other = one.second().await;
                    story(one, other).await;
                });
            }
        }
    };
}

const BUY: &str = "/api/v1/portfolio/buy";

async fn login(at: &Process, email: &str, password: &str) -> u16 {
    let ask = json!({ "email": email, "password": password }).to_string();
    let answer = request(at.port, "POST", "/api/v1/auth/login", &[], &ask).await;
    answer.expect("an answer").0
}

on_two! {
    async fn a_session_ended_at_one_is_ended_at_the_other(one, other) {
        let ana = one.customer("ana@example.com").await;
        let there = ana.at(&other);
        assert_eq!(there.get("/api/v1/auth/me").await.0, 200);
        assert_eq!(ana.send("POST", "/api/v1/auth/logout", "").await.unwrap().0, 204);
        assert_eq!(there.get("/api/v1/auth/me").await.0, 401);
        let refresh = json!({ "refresh_token": ana.refresh }).to_string();
        let again = request(other.port, "POST", "/api/v1/auth/refresh", &[], &refresh).await;
        assert_eq!(again.unwrap().0, 401);
    }
}

on_two! {
    /// Guessing at two instances gives no more guesses than at one.
    async fn failures_add_up(one, other) {
        one.customer("ana@example.com").await;
        assert_eq!(login(&other, "ana@example.com", PASSWORD).await, 200);
        for instance in [&one, &other, &one, &other, &one] {
            assert_eq!(login(instance, "ana@example.com", "not the password").await, 401);
        }
        for instance in [&one, &other] {
            assert_eq!(login(instance, "ana@example.com", PASSWORD).await, 401);
        }
    }
}

on_two! {
    /// A captured request, replayed at the other instance while the first still works on it.
    async fn a_signed_request_acts_at_one_alone(one, other) {
        let ana = one.customer("ana@example.com").await;
        let deposit = ana.sign("/api/v1/cash/deposits", "deposit", &json!({ "amount": "10.00", "currency": "USD" }));
        let (here, there) = tokio::join!(deposit.send(one.port), deposit.send(other.port));
        let mut answers = [here.unwrap(), there.unwrap()];
        answers.sort_by_key(|(status, _)| *status);
        let [(done, _), (refused, problem)] = &answers;
        assert_eq!((done, refused), (&201, &401), "{problem}");
        assert_eq!(ana.at(&other).get("/api/v1/cash").await.1["balance"], "10.00");
    }
}

on_two! {
    async fn a_key_means_one_order_at_both(one, other) {
        let ana = one.customer("ana@example.com").await;
        let deposit = json!({ "amount": "1000.00", "currency": "USD" });
        assert_eq!(ana.signed_post("/api/v1/cash/deposits", "deposit", &deposit).await.unwrap().0, 201);
        let (here, there) = (ana.at(&one), ana.at(&other));
        let buy = json!({ "symbol": "KO", "qty": "1" });
        let asked = (0..10).flat_map(|_| [here.signed_post(BUY, "one", &buy), there.signed_post(BUY, "one", &buy)]);
        let mut ids = Vec::new();
        for answer in join_all(asked).await {
            let (status, order) = answer.unwrap();
            assert_eq!(status, 201, "{order}");
            ids.push(text(&order["id"]));
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let other_body = json!({ "symbol": "KO", "qty": "2" });
        assert_eq!(there.signed_post(BUY, "one", &other_body).await.unwrap().0, 422);
        assert_eq!(there.get("/api/v1/portfolio").await.1["positions"][0]["qty"], "1");
    }
}

on_two! {
    /// A client that asks again elsewhere, because the first answer was slow, is not logged out.
    async fn a_refresh_at_both_has_one_successor(one, other) {
        let ana = one.customer("ana@example.com").await;
        let ask = json!({ "refresh_token": ana.refresh }).to_string();
        let refresh = |at: u16| request(at, "POST", "/api/v1/auth/refresh", &[], &ask);
        let (here, there) = tokio::join!(refresh(one.port), refresh(other.port));
        let successors = [here.unwrap(), there.unwrap()].map(|(status, tokens)| {
            assert_eq!(status, 200, "{tokens}");
            text(&tokens["refresh_token"])
        });
        assert_eq!(successors[0], successors[1]);
    }
}

on_two! {
    /// Both empty one outbox; nobody gets a mail twice.
    async fn each_mail_goes_out_once(one, other) {
        const PEOPLE: usize = 12;
        for number in 0..PEOPLE {
            let port = [one.port, other.port][number % 2];
            let ask = json!({ "email": format!("person{number}@example.com"), "password": PASSWORD }).to_string();
            let answer = request(port, "POST", "/api/v1/auth/register", &[], &ask).await;
            assert_eq!(answer.unwrap().0, 202);
        }
        while mailbox(&one).await.len() < PEOPLE {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        // Both finish what they have at hand.
        assert!(other.stop().success());
        let mails = mailbox(&one).await;
        assert!(mails.values().all(|count| *count == 1), "{mails:?}");
    }
}

on_two! {
    /// Whoever numbers the log may die: the other takes the lease and numbers what both have recorded.
    async fn the_numbering_is_handed_over(one, other) {
        let ana = one.customer("ana@example.com").await;
        all_is_numbered(&one).await;
        one.kill();
        let there = ana.at(&other);
        let deposit = json!({ "amount": "10.00", "currency": "USD" });
        assert_eq!(there.signed_post("/api/v1/cash/deposits", "first", &deposit).await.unwrap().0, 201);
        all_is_numbered(&other).await;
        one.start_again().await;
        other.kill();
        assert_eq!(ana.signed_post("/api/v1/cash/deposits", "second", &deposit).await.unwrap().0, 201);
        all_is_numbered(&one).await;
    }
}

/// How many mails went to each address.
async fn mailbox(at: &Process) -> BTreeMap<String, usize> {
    let json = ("accept", "application/json".to_owned());
    let (_, mails) = request(at.port, "GET", "/dev/mailbox", &[json], "")
        .await
        .expect("an answer");
    let mut count = BTreeMap::new();
    for mail in mails["items"].as_array().into_iter().flatten() {
        *count.entry(text(&mail["to"])).or_default() += 1;
    }
    count
}

/// Waits until no entry waits for its number, and sees that the log is whole.
async fn all_is_numbered(at: &Process) {
    loop {
        let (whole, output) = at.command(&["audit", "verify", "--json"], "");
        assert!(whole, "{output}");
        let report: Value = serde_json::from_str(&output).expect("a report");
        if report["pending"] == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Two processes with the limits as shipped, behind a proxy that names the client.
mod rate_limits_count_together {
    use stockade_platform::random;

    use super::*;

    async fn guess(at: &Process, ip: &str) -> u16 {
        let ask = json!({ "email": "nobody@example.com", "password": "a wrong guess of mine" }).to_string();
        let from = [("x-forwarded-for", ip.to_owned())];
        let answer = request(at.port, "POST", "/api/v1/auth/login", &from, &ask).await;
        answer.expect("an answer").0
    }

    #[test]
    fn with_redis() {
        run(Kind::Postgres, async |database: Database| {
            let settings = [
                ("REDIS__URL", redis_url()),
                ("RATE_LIMIT__SCALE", "1".to_owned()),
                ("SERVER__TRUSTED_PROXIES", "127.0.0.1".to_owned()),
            ];
            let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
            let one = Process::start_with(database, &settings).await;
            let other = one.second().await;
            let [a, b] = random::bytes::<2>();
            let ip = format!("2001:db8:{a:x}:{b:x}::1");
            for instance in [&one, &other, &one, &other, &one] {
                assert_eq!(guess(instance, &ip).await, 401);
            }
            for instance in [&other, &one] {
                assert_eq!(guess(instance, &ip).await, 429);
            }
            let neighbour = format!("2001:db8:{a:x}:{b:x}:0:1::1");
            assert_eq!(guess(&other, &format!("2001:db9:{a:x}:{b:x}::1")).await, 401);
            assert_eq!(guess(&other, &neighbour).await, 429, "the same /64");
        });
    }
}
