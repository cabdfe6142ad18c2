//! Ticks of several instances: the same for everybody, and for nobody none.

use crate::support::{
    database::{Database, Kind, run},
    listener::{Listener, Relay},
    process::Process,
    shop::Shop,
    socket::Door,
};

/// What one instance publishes is heard at the other, word by word.
#[test]
fn a_tick_reaches_every_instance() {
    run(Kind::Postgres, async |database: Database| {
        let one = Shop::start_with_redis(database).await;
        let other = one.second().await;
        let ana = one.customer("ana").await;
        let (here, there) = (Door::of(&one).await, Door::of(&other).await);
        let (_a, _b) = (Relay::of(&one).await, Relay::of(&other).await);
        let mut at_one = Listener::with_token(here.address, &ana.tokens.access).await;
        let mut at_other = Listener::with_token(there.address, &ana.tokens.access).await;
        at_one.subscribe(&["KO"]).await;
        at_other.subscribe(&["KO"]).await;
        let (first, same) = (at_one.quote().await, at_other.quote().await);
        assert_eq!(first, same);
        for _ in 0..3 {
            one.tick().await;
            let (here, there) = (at_one.quote().await, at_other.quote().await);
            assert_eq!(here, there);
        }
    });
}

/// Two processes, one of which makes the ticks; when it is gone the other's streams go on.
#[test]
fn heavy_streams_outlive_the_publisher() {
    run(Kind::Postgres, async |database: Database| {
        let redis = crate::support::shop::redis_url();
        let mut one =
            Process::start_with(database, &[("REDIS__URL", &redis), ("MARKET__TICK_MS", "100")]).await;
        let other = one.second().await;
        let ana = one.customer("ana@example.com").await.at(&other);
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], other.port));
        let mut stream = Listener::with_token(address, ana.access()).await;
        stream.subscribe(&["KO", "AAPL", "XOM"]).await;
        let mut seq = 0;
        for killed in [false, true] {
            if killed {
                one.kill();
            }
            for _ in 0..6 {
                let next = stream.quote().await["seq"].as_u64().unwrap();
                assert!(next >= seq, "{next} after {seq}");
                seq = next;
            }
        }
    });
}
