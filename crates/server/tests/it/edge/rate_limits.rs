//! Rate limits: by address, by person, for everybody; what a client is told; what the desk sees; and several instances as
//! one.

use serde_json::{Value, json};
use stockade_domain::roles::Role;
use stockade_platform::random;

use crate::{
    on_both,
    support::{
        http::Ask,
        people::{PASSWORD, tokens},
        shop::Shop,
    },
};

/// As shipped.
const DEFAULT: (&str, &str) = ("RATE_LIMIT__SCALE", "1");

fn guess<'s>(shop: &'s Shop, ip: &str) -> Ask<'s> {
    shop.login("nobody@example.com", "a wrong guess of mine").from(ip)
}

on_both! {
    /// Five guesses a minute from one address; the sixth is told to wait, and may come again after that.
    async fn guessing_from_one_address_is_slowed_down(database: Database) {
        let shop = Shop::start_with(database, &[DEFAULT]).await;
        for left in (0..5).rev() {
            let answer = guess(&shop, "203.0.113.9").send().await;
            assert_eq!(answer.header("ratelimit-policy"), r#""sign_in-address";q=5;w=60"#);
            let limit = answer.header("ratelimit").to_owned();
            assert!(limit.starts_with(&format!(r#""sign_in-address";r={left};t="#)), "{limit}");
            answer.refused(401, "sign_in.failed");
        }
        let answer = guess(&shop, "203.0.113.9").send().await;
        assert_eq!(answer.header("retry-after"), "12");
        assert_eq!(answer.header("ratelimit"), r#""sign_in-address";r=0;t=12"#);
        let problem = answer.refused(429, "rate_limit.exceeded");
        assert_eq!(problem["violated-policies"], json!(["sign_in-address"]));
        assert!(problem["request_id"].is_string());

        shop.get("/api/v1/about").from("203.0.113.9").send().await.expect(200);
        guess(&shop, "203.0.113.8").send().await.refused(401, "sign_in.failed");
        shop.later(12);
        guess(&shop, "203.0.113.9").send().await.refused(401, "sign_in.failed");
        guess(&shop, "203.0.113.9").send().await.refused(429, "rate_limit.exceeded");
    }
}

on_both! {
    /// Whoever has one IPv6 address has 2^64 of them, so they count as one.
    async fn an_ipv6_network_counts_as_one_address(database: Database) {
        let shop = Shop::start_with(database, &[DEFAULT]).await;
        for last in 1..=5 {
            guess(&shop, &format!("2001:db8:1:2::{last}")).send().await.expect(401);
        }
        guess(&shop, "2001:db8:1:2:dead:beef::1").send().await.refused(429, "rate_limit.exceeded");
        guess(&shop, "2001:db8:1:3::1").send().await.refused(401, "sign_in.failed");
    }
}

on_both! {
    /// Many addresses together reach the limit of everybody, which nobody is told the size of.
    async fn guessing_from_everywhere_is_slowed_down(database: Database) {
        let limits = ("RATE_LIMIT__SIGN_IN", "address=5/minute global=7/minute");
        let shop = Shop::start_with(database, &[DEFAULT, limits]).await;
        for last in 1..=7 {
            guess(&shop, &format!("203.0.113.{last}")).send().await.expect(401);
        }
        let answer = guess(&shop, "203.0.113.8").send().await;
        assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), ("", ""));
        let problem = answer.refused(429, "rate_limit.exceeded");
        assert_eq!(problem["violated-policies"], json!(["sign_in-global"]));
    }
}

on_both! {
    /// A person is counted wherever they come from, and others are not.
    async fn a_person_is_counted_wherever_they_come_from(database: Database) {
        let limits = ("RATE_LIMIT__WRITE", "address=300/minute account=3/minute");
        let shop = Shop::start_with(database, &[limits, DEFAULT]).await;
        let (ana, ben) = (shop.join_and_sign_in("ana").await, shop.join_and_sign_in("ben").await);
        let ask = |token: &str, ip: &str| shop.delete("/api/v1/sessions").bearer(token).from(ip);
        for last in 1..=3 {
            let answer = ask(&ana, &format!("203.0.113.{last}")).send().await;
            assert!(answer.status.is_success(), "{}", answer.text());
            let policy = r#""write-account";q=3;w=60, "write-address";q=300;w=60"#;
            assert_eq!(answer.header("ratelimit-policy"), policy);
        }
        let answer = ask(&ana, "203.0.113.4").send().await;
        assert_eq!(answer.header("ratelimit"), r#""write-account";r=0;t=20, "write-address";r=299;t=60"#);
        let problem = answer.refused(429, "rate_limit.exceeded");
        assert_eq!(problem["violated-policies"], json!(["write-account"]));
        assert!(ask(&ben, "203.0.113.4").send().await.status.is_success());
        shop.me(&ana).send().await.expect(200);
    }
}

on_both! {
    /// The desk sees who was refused and why; hours before the start have no numbers.
    async fn the_desk_sees_what_was_refused(database: Database) {
        let shop = Shop::start_with(database, &[DEFAULT]).await;
        let customer = shop.join_and_sign_in("ana").await;
        let analyst = shop.staff(Role::Analyst).await.access;
        for _ in 0..8 {
            guess(&shop, "203.0.113.9").send().await;
        }
        shop.me("no.token.atall").send().await.refused(401, "token.invalid");

        let path = "/api/admin/security/dashboard/api-security";
        shop.get(path).bearer(&customer).send().await.refused(403, "role.not_allowed");
        let seen = shop.get(path).bearer(&analyst).send().await.expect(200);
        assert_eq!(seen["rate_limits"], json!([{ "class": "sign_in", "scope": "address", "count": 3 }]));
        assert_eq!(seen["addresses"][0]["address"], "203.0.113.9");
        assert_eq!(seen["addresses"][0]["count"], 3);
        assert_eq!(seen["failed_authentications"], json!([{ "code": "sign_in.failed", "count": 5 }]));
        assert_eq!(seen["invalid_tokens"], json!([{ "code": "token.invalid", "count": 1 }]));
        let hours = seen["hours"].as_array().unwrap();
        assert_eq!(hours.len(), 24);
        assert_eq!(hours[0]["rate_limited"], Value::Null);
        assert_eq!(hours[23]["rate_limited"], 3);
        assert_eq!(hours[23]["invalid_tokens"], 1);
        let endpoints = seen["endpoints"].as_array().unwrap();
        let login = endpoints.iter().find(|one| one["path"] == "/api/v1/auth/login").unwrap();
        assert_eq!((&login["class"], &login["rate_limited"]), (&json!("sign_in"), &json!(3)));
    }
}

on_both! {
    /// Two instances on one Redis count as one.
    async fn instances_count_together(database: Database) {
        let one = Shop::start_with_redis_and(database, &[DEFAULT]).await;
        let two = one.second().await;
        let [a, b] = random::bytes::<2>();
        let ip = format!("2001:db8:{a:x}:{b:x}::1");
        for shop in [&one, &two, &one, &two, &one] {
            guess(shop, &ip).send().await.refused(401, "sign_in.failed");
        }
        guess(&two, &ip).send().await.refused(429, "rate_limit.exceeded");
        guess(&one, &ip).send().await.refused(429, "rate_limit.exceeded");
    }
}

on_both! {
    /// A session is refreshed so often and no more, from however many addresses; nobody else's quota is spent, and the
    /// token that was refused is good later.
    async fn refreshes_count_on_the_person(database: Database) {
        let limits = ("RATE_LIMIT__REFRESH", "address=300/minute account=3/minute");
        let shop = Shop::start_with(database, &[limits, DEFAULT]).await;
        shop.join("ana@example.com", PASSWORD).await;
        shop.join("ben@example.com", PASSWORD).await;
        let mut ana = shop.sign_in("ana@example.com", PASSWORD).await;
        let ben = shop.sign_in("ben@example.com", PASSWORD).await;
        for last in 1..=3 {
            let answer = shop.refresh(&ana.refresh).from(&format!("203.0.113.{last}")).send().await;
            assert!(answer.header("ratelimit").starts_with(r#""refresh-account";r="#), "{}", answer.header("ratelimit"));
            ana = tokens(&answer.expect(200));
        }
        let problem = shop.refresh(&ana.refresh).from("203.0.113.4").send().await.refused(429, "rate_limit.exceeded");
        assert_eq!(problem["violated-policies"], json!(["refresh-account"]));
        shop.refresh(&ben.refresh).from("203.0.113.4").send().await.expect(200);
        shop.later(20);
        let ana = tokens(&shop.refresh(&ana.refresh).from("203.0.113.5").send().await.expect(200));
        // What an ended session left behind spends nobody's quota.
        shop.later(20);
        shop.post("/api/v1/auth/logout").bearer(&ana.access).send().await.expect(204);
        for _ in 0..5 {
            shop.refresh(&ana.refresh).send().await.refused(401, "refresh.ended");
        }
    }
}

on_both! {
    /// So are codes: many addresses together guess no more than one.
    async fn second_factors_count_on_the_person(database: Database) {
        let limits = ("RATE_LIMIT__SECOND_FACTOR", "address=300/minute account=3/minute");
        let shop = Shop::start_with(database, &[limits, DEFAULT]).await;
        let app = shop.customer("ana").await.enrol().await.app;
        let challenge = shop.challenge("ana@example.com").await;
        let guess = |code: &str, last: u8| shop.second_factor(&challenge, code).from(&format!("203.0.113.{last}"));
        for last in 1..=3 {
            guess("000000", last).send().await.refused(401, "second_factor.wrong_code");
        }
        let problem = guess(&app.code(shop.now()), 4).send().await.refused(429, "rate_limit.exceeded");
        assert_eq!(problem["violated-policies"], json!(["second_factor-account"]));
        shop.later(60);
        guess(&app.code(shop.now()), 5).send().await.expect(200);
    }
}
