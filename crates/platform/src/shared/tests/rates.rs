//! Rates, on both sides alike: a burst, then one at each step; who is refused is told for how long; and without Redis
//! this process counts for itself.

use std::time::Duration;

use super::{
    super::{Quota, Shared, Spend, Standing},
    RedisServer, Side,
};
use crate::clock::Clock;

const HOUR: Duration = Duration::from_secs(3_600);

fn few(who: u128) -> Spend<'static> {
    Spend {
        name: "few",
        who,
        quota: Quota::new(5, HOUR),
    }
}

async fn spend(side: &Side, spend: Spend<'_>) -> Standing {
    side.shared.spend([spend], side.now()).await[0]
}

async fn a_burst_then_one_at_each_step(side: &Side) {
    for remaining in (0..5).rev() {
        let standing = spend(side, few(1)).await;
        assert_eq!((standing.admitted, standing.remaining), (true, remaining));
    }
    let refused = spend(side, few(1)).await;
    assert!(
        !refused.admitted && refused.wait <= Duration::from_secs(720),
        "{refused:?}"
    );
    assert!(refused.wait > Duration::from_secs(600), "{refused:?}");
    assert!(
        spend(side, few(2)).await.admitted,
        "somebody else is not concerned"
    );

    // What Redis has refused this process remembers by its own clock, so the next look is another quota's.
    side.elapse(730).await;
    let later = [few(1), few(3)];
    assert!(side.shared.spend(later, side.now()).await[0].admitted);
    assert!(!side.shared.spend(later, side.now()).await[0].admitted);
}

async fn what_the_first_quota_refuses_the_second_does_not_count(side: &Side) {
    let both = |who| {
        [
            few(who),
            Spend {
                name: "all",
                ..few(0)
            },
        ]
    };
    for _ in 0..5 {
        assert!(side.shared.spend(both(1), side.now()).await[0].admitted);
    }
    let [mine, everybody] = side.shared.spend(both(2), side.now()).await;
    assert!(
        mine.admitted && !everybody.admitted,
        "five of everybody's are used up"
    );
    let [mine, everybody] = side.shared.spend(both(1), side.now()).await;
    assert!(!mine.admitted && everybody.admitted);
}

async fn a_generous_quota_counts_to_its_end(side: &Side) {
    let many = Spend {
        name: "many",
        who: 1,
        quota: Quota::new(1_000, HOUR),
    };
    let mut admitted = 0;
    while spend(side, many).await.admitted {
        admitted += 1;
    }
    assert!((1_000..1_010).contains(&admitted), "{admitted}");
}

macro_rules! on_both_sides {
    ($($story:ident)*) => {
        mod memory {
            $(#[tokio::test]
            async fn $story() {
                super::$story(&super::Side::memory()).await;
            })*
        }
        mod redis {
            $(#[tokio::test]
            async fn $story() {
                super::$story(&super::Side::redis().await).await;
            })*
        }
    };
}

on_both_sides! {
    a_burst_then_one_at_each_step
    what_the_first_quota_refuses_the_second_does_not_count
    a_generous_quota_counts_to_its_end
}

#[tokio::test]
async fn two_instances_share_a_rate_and_neither_goes_without_one_when_redis_is_away() {
    let mut server = RedisServer::start();
    let (one, two) = (
        Shared::Redis(server.connect().await),
        Shared::Redis(server.connect().await),
    );
    let now = Clock::System.now();
    for shared in [&one, &two, &one, &two, &one] {
        assert!(shared.spend([few(1)], now).await[0].admitted);
    }
    assert!(!two.spend([few(1)], now).await[0].admitted);
    let mut back = two.subscribe("any").await;

    server.kill();
    for _ in 0..5 {
        assert!(two.spend([few(2)], now).await[0].admitted);
    }
    assert!(!two.spend([few(2)], now).await[0].admitted);
    assert!(
        one.spend([few(2)], now).await[0].admitted,
        "each counts for itself"
    );

    server.restart();
    back.next().await;
    assert!(
        two.spend([few(2)], now).await[0].admitted,
        "the new Redis counts again"
    );
}
