//! Redis is killed, comes back empty, with an old snapshot, or refuses to write; memory runs full. Never does a lost
//! revocation read as "not revoked".

use std::time::Duration;

use super::{
    super::{Delivery, Memory, Redis, Revocation, Shared, SharedError},
    RedisServer,
};
use crate::clock::Clock;

const HOUR: Duration = Duration::from_secs(3_600);

async fn load(shared: &Shared) {
    let loading = shared.begin_loading().await.unwrap();
    assert_eq!(shared.finish_loading(&loading).await, Ok(true));
    assert!(shared.revocations_are_loaded().await);
}

#[tokio::test]
async fn while_redis_is_away_every_call_says_so_and_afterwards_all_works_again() {
    let mut server = RedisServer::start();
    let shared = Shared::Redis(server.connect().await);
    let mut quotes = shared.subscribe("quotes").await;
    load(&shared).await;

    server.kill();
    assert_eq!(shared.count("ana", HOUR).await, Err(SharedError::Unavailable));
    assert_eq!(shared.once("nonce", HOUR).await, Err(SharedError::Unavailable));
    assert_eq!(shared.set_flag("x", HOUR).await, Err(SharedError::Unavailable));
    assert_eq!(shared.flags(&["x"]).await, Err(SharedError::Unavailable));
    assert_eq!(
        shared.publish("quotes", "lost").await,
        Err(SharedError::Unavailable)
    );
    assert_eq!(shared.ping().await, Err(SharedError::Unavailable));
    assert_eq!(shared.revocation("s1").await, Revocation::Unknown);
    let mut orders = shared.subscribe("orders").await;

    server.restart();
    assert_eq!(quotes.next().await, Delivery::Gap);
    assert_eq!(orders.next().await, Delivery::Gap);
    assert_eq!(shared.ping().await, Ok(()));
    assert_eq!(shared.count("ana", HOUR).await, Ok(1));
    for (channel, subscription) in [("quotes", &mut quotes), ("orders", &mut orders)] {
        shared.publish(channel, "again").await.unwrap();
        assert_eq!(subscription.next().await, Delivery::Message("again".into()));
    }
    assert_eq!(
        shared.revocation("s1").await,
        Revocation::Unknown,
        "nobody has loaded the new Redis"
    );
    load(&shared).await;
    assert_eq!(shared.revocation("s1").await, Revocation::NotRevoked);
}

#[tokio::test]
async fn a_redis_that_comes_late_is_found() {
    let mut server = RedisServer::start();
    server.kill();
    let shared = Shared::Redis(server.connect().await);
    let mut quotes = shared.subscribe("quotes").await;
    assert_eq!(shared.ping().await, Err(SharedError::Unavailable));
    server.restart();
    assert_eq!(quotes.next().await, Delivery::Gap);
    assert_eq!(shared.ping().await, Ok(()));
}

#[tokio::test]
async fn a_redis_restored_from_a_snapshot_is_not_believed() {
    let mut server = RedisServer::start();
    let shared = Shared::Redis(server.connect().await);
    let mut back = shared.subscribe("any").await;
    load(&shared).await;
    server.save().await;
    shared.revoke("s1", HOUR).await.unwrap();

    server.kill();
    server.restart();
    assert_eq!(back.next().await, Delivery::Gap);
    assert_eq!(
        shared.revocation("s1").await,
        Revocation::Unknown,
        "the snapshot knows a loaded copy without s1"
    );
}

#[tokio::test]
async fn a_mark_that_redis_refused_makes_the_copy_unknown_everywhere() {
    let server = RedisServer::start();
    let (one, other) = (
        Shared::Redis(server.connect().await),
        Shared::Redis(server.connect().await),
    );
    load(&one).await;
    assert!(other.revocations_are_loaded().await);
    let mut back = one.subscribe("any").await;

    server.command(&["CONFIG", "SET", "maxmemory", "1"]).await;
    assert_eq!(one.revoke("s1", HOUR).await, Err(SharedError::Unavailable));
    assert_eq!(one.revocation("s1").await, Revocation::Unknown);

    server.command(&["CONFIG", "SET", "maxmemory", "0"]).await;
    assert_eq!(back.next().await, Delivery::Gap);
    assert_eq!(one.revocation("s1").await, Revocation::Unknown);
    assert_eq!(other.revocation("s1").await, Revocation::Unknown);
    load(&other).await;
    assert_eq!(one.revocation("s2").await, Revocation::NotRevoked);
}

#[tokio::test]
async fn a_loading_begun_before_a_lost_mark_does_not_finish() {
    let server = RedisServer::start();
    let shared = Shared::Redis(server.connect().await);
    let mut back = shared.subscribe("any").await;
    let loading = shared.begin_loading().await.unwrap();
    server.command(&["CONFIG", "SET", "maxmemory", "1"]).await;
    assert_eq!(shared.revoke("s1", HOUR).await, Err(SharedError::Unavailable));
    server.command(&["CONFIG", "SET", "maxmemory", "0"]).await;
    assert_eq!(back.next().await, Delivery::Gap);
    assert_eq!(shared.finish_loading(&loading).await, Ok(false));
}

#[tokio::test]
async fn two_instances_count_and_hear_as_one_and_other_prefixes_are_strangers() {
    let server = RedisServer::start();
    let (one, two) = (
        Shared::Redis(server.connect().await),
        Shared::Redis(server.connect().await),
    );
    let stranger = Shared::Redis(server.connect_as("elsewhere:").await);
    assert_eq!(one.count("ana", HOUR).await, Ok(1));
    assert_eq!(two.count("ana", HOUR).await, Ok(2));
    assert_eq!(stranger.count("ana", HOUR).await, Ok(1));

    let mut heard = two.subscribe("quotes").await;
    stranger.publish("quotes", "not for us").await.unwrap();
    one.publish("quotes", "KO 61.25").await.unwrap();
    assert_eq!(heard.next().await, Delivery::Message("KO 61.25".into()));

    load(&one).await;
    one.revoke("s1", HOUR).await.unwrap();
    assert_eq!(two.revocation("s1").await, Revocation::Revoked);
    assert_eq!(stranger.revocation("s1").await, Revocation::Unknown);
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_refused_without_repeating_its_password() {
    for address in [
        "nonsense",
        "http://user:hunter2@127.0.0.1",
        "redis://user:hunter2@127.0.0.1:port",
    ] {
        let error = Redis::connect(address, "x:").await.unwrap_err();
        assert!(
            matches!(error, SharedError::Misconfigured(_)) && !error.to_string().contains("hunter2"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_full_memory_refuses_and_knows_no_revocations() {
    let clock = Clock::manual("2026-03-01T08:00:00Z".parse().unwrap());
    let shared = Shared::Memory(Memory::with_capacity(clock.clone(), 16));
    load(&shared).await;
    let mut refused = 0;
    for n in 0..1_000 {
        let id = n.to_string();
        match shared.revoke(&id, HOUR).await {
            Ok(()) => assert_eq!(shared.revocation(&id).await, Revocation::Revoked),
            Err(error) => {
                assert_eq!(error, SharedError::Full);
                assert_eq!(shared.revocation(&id).await, Revocation::Unknown);
                refused += 1;
            }
        }
    }
    assert!(refused > 900);
    assert_eq!(
        shared.count("ana", HOUR).await,
        Ok(1),
        "other kinds have room of their own"
    );

    clock.advance(3_600);
    load(&shared).await;
    assert_eq!(shared.revocation("0").await, Revocation::NotRevoked);
}
