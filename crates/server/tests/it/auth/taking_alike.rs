//! Whether an address has an account is told by no difference in time, either. Requests of each kind take turns, so that
//! whatever else the machine does slows all of them alike, and only medians are held against each other: no time is
//! asserted, only that no kind is answered in less than half the time of another. Leaving the hash out for an unknown
//! address makes it twenty times quicker, and fails this story.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stockade::core::{actor::Actor, change::Change, event::AuditEvent};
use stockade_platform::db::sql;

use crate::{
    on_both,
    support::{people::PASSWORD, shop::Shop},
};

/// Requests of each kind.
const ROUNDS: usize = 32;
/// Wrong passwords that an account gets before it is locked.
const BEFORE_LOCK: usize = 4;

/// A request that a stranger may repeat: what it is, where it goes, what it says in a round, what is answered.
struct Request {
    name: &'static str,
    path: &'static str,
    ask: fn(usize) -> Value,
    status: u16,
}

/// How long each kind takes in the middle, asked in turns.
async fn medians(shop: &Shop, kinds: &[Request]) -> Vec<(&'static str, Duration)> {
    let mut times = vec![Vec::with_capacity(ROUNDS); kinds.len()];
    for round in 0..ROUNDS {
        // Another one begins each round, so that none always comes after the same.
        for turn in 0..kinds.len() {
            let at = (round + turn) % kinds.len();
            let kind = &kinds[at];
            let ask = shop.post(kind.path).json((kind.ask)(round));
            let begun = now();
            let answer = ask.send().await;
            times[at].push(begun.elapsed());
            answer.expect(kind.status);
        }
    }
    let middle = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    kinds
        .iter()
        .map(|kind| kind.name)
        .zip(times.into_iter().map(middle))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is measured here is how long an answer takes"
)]
fn now() -> Instant {
    Instant::now()
}

/// None is answered in less than half the time of another.
fn look_alike(medians: &[(&'static str, Duration)]) {
    let quickest = medians.iter().map(|(_, time)| *time).min().unwrap();
    let slowest = medians.iter().map(|(_, time)| *time).max().unwrap();
    assert!(slowest < quickest * 2, "{medians:?}");
}

fn login(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

on_both! {
    /// Unknown address, wrong password, and a locked account with a wrong and with the right password.
    async fn heavy_sign_ins_take_alike(database: Database) {
        let shop = Shop::start(database).await;
        for number in 0..ROUNDS.div_ceil(BEFORE_LOCK) {
            shop.join(&format!("ana{number}@example.com"), PASSWORD).await;
        }
        shop.join("locked@example.com", PASSWORD).await;
        for _ in 0..5 {
            shop.login("locked@example.com", "a wrong password").send().await.refused(401, "sign_in.failed");
        }
        let path = "/api/v1/auth/login";
        let refused = |name, ask: fn(usize) -> Value| Request { name, path, ask, status: 401 };
        let medians = medians(&shop, &[
            refused("unknown address", |round| login(&format!("nobody{round}@example.com"), "a wrong password")),
            refused("no address", |_| login("nobody", "a wrong password")),
            refused("wrong password", |round| login(&format!("ana{}@example.com", round / BEFORE_LOCK), "a wrong password")),
            refused("locked, wrong password", |_| login("locked@example.com", "a wrong password")),
            refused("locked, right password", |_| login("locked@example.com", PASSWORD)),
        ]).await;
        look_alike(&medians);
    }
}

on_both! {
    /// Known, pending and unknown addresses: who registers, and who forgot a password.
    async fn heavy_requests_for_mail_take_alike(database: Database) {
        let shop = Shop::start(database).await;
        shop.join("ana@example.com", PASSWORD).await;
        shop.register("pending@example.com", PASSWORD).await;
        let accepted = |name, path, ask: fn(usize) -> Value| Request { name, path, ask, status: 202 };
        let path = "/api/v1/auth/register";
        look_alike(&medians(&shop, &[
            accepted("known", path, |_| login("ana@example.com", "a quiet harbour at dusk")),
            accepted("pending", path, |_| login("pending@example.com", "a quiet harbour at dusk")),
            accepted("unknown", path, |round| login(&format!("nobody{round}@example.com"), "a quiet harbour at dusk")),
        ]).await);
        let path = "/api/v1/auth/password/forgot";
        look_alike(&medians(&shop, &[
            accepted("known", path, |_| json!({ "email": "ana@example.com" })),
            accepted("pending", path, |_| json!({ "email": "pending@example.com" })),
            accepted("unknown", path, |round| json!({ "email": format!("nobody{round}@example.com") })),
        ]).await);
    }
}

on_both! {
    /// The same where every stored hash is of another kind than the one that is made now: an unknown address takes as long
    /// as a known one, and a right password that is of no use no longer than a wrong one.
    async fn heavy_hashes_of_another_kind_take_alike(database: Database) {
        let shop = Shop::start_with(database, &[("PASSWORDS__HASH", "bcrypt")]).await;
        for number in 0..ROUNDS.div_ceil(BEFORE_LOCK) {
            shop.join(&format!("ana{number}@example.com"), PASSWORD).await;
        }
        shop.join("locked@example.com", PASSWORD).await;
        shop.app.change(Actor::program("story"), async move |change: &mut Change<'_>| {
            // Of "password", by argon2's own program.
            sql("UPDATE users SET password_hash = $1")
                .bind("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
                .run(change)
                .await?;
            change.commit(AuditEvent::done("story.told"), ())
        }).await.unwrap();
        shop.later(3_600);
        for _ in 0..5 {
            shop.login("locked@example.com", "a wrong password").send().await.refused(401, "sign_in.failed");
        }
        let path = "/api/v1/auth/login";
        let refused = |name, ask: fn(usize) -> Value| Request { name, path, ask, status: 401 };
        let medians = medians(&shop, &[
            refused("unknown address", |round| login(&format!("nobody{round}@example.com"), "a wrong password")),
            refused("wrong password", |round| login(&format!("ana{}@example.com", round / BEFORE_LOCK), "a wrong password")),
            refused("locked, wrong password", |_| login("locked@example.com", "a wrong password")),
            refused("locked, right password", |_| login("locked@example.com", "password")),
        ]).await;
        look_alike(&medians);
    }
}
