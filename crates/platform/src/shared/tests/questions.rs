//! Who asks at the same time is told by one question, each about their own session.

use std::time::Duration;

use futures_util::future::join_all;

use super::{
    super::{Revocation, Shared},
    RedisServer,
};

const HOUR: Duration = Duration::from_secs(3_600);

/// On one thread all have asked before anybody is told.
#[tokio::test]
async fn a_crowd_asks_once() {
    let server = RedisServer::start();
    let shared = Shared::Redis(server.connect().await);
    let loading = shared.begin_loading().await.unwrap();
    assert_eq!(shared.finish_loading(&loading).await, Ok(true));
    for revoked in ["3", "77"] {
        shared.revoke(revoked, HOUR).await.unwrap();
    }

    let before = server.calls("mget").await;
    let sessions: Vec<String> = (0..100).map(|session| session.to_string()).collect();
    let told = join_all(sessions.iter().map(|session| shared.revocation(session))).await;
    assert_eq!(server.calls("mget").await - before, 1);
    for (session, told) in sessions.iter().zip(told) {
        let expected = match session.as_str() {
            "3" | "77" => Revocation::Revoked,
            _ => Revocation::NotRevoked,
        };
        assert_eq!(told, expected, "session {session}");
    }
}

/// A crowd that waits when Redis goes is told so at once, and nobody is let in.
#[tokio::test]
async fn a_crowd_learns_that_redis_is_away() {
    let mut server = RedisServer::start();
    let shared = Shared::Redis(server.connect().await);
    server.kill();
    let told = join_all((0..300).map(|_| shared.revocation("s"))).await;
    assert!(told.iter().all(|told| *told == Revocation::Unknown));
}
