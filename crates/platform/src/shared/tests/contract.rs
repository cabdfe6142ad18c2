//! What both sides promise. Each story runs once against memory and once against a real Redis.

use std::time::Duration;

use super::{
    super::{Delivery, Revocation},
    Side,
};

/// Long enough that a busy machine does not add to it.
const HOUR: Duration = Duration::from_secs(3_600);

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
    counters_count_until_their_window_has_passed
    concurrent_callers_never_get_the_same_count
    a_token_is_first_once_until_it_expires
    flags_stand_until_they_expire
    kinds_do_not_share_names
    a_message_reaches_every_subscriber_of_its_channel
    a_slow_subscriber_is_told_what_it_missed
    a_channel_can_be_left_and_joined_again
    revocations_are_unknown_until_they_are_loaded
    a_revocation_made_while_loading_counts
    revocations_end_with_their_tokens
    the_other_side_answers
}

async fn counters_count_until_their_window_has_passed(side: &Side) {
    for expected in 1..=3 {
        assert_eq!(side.shared.count("ana", HOUR).await, Ok(expected));
    }
    assert_eq!(side.shared.count("ben", HOUR).await, Ok(1));
    side.elapse(3_000).await;
    // Counting on does not move the window's end.
    assert_eq!(side.shared.count("ana", HOUR).await, Ok(4));
    side.elapse(700).await;
    assert_eq!(side.shared.count("ana", HOUR).await, Ok(1));
}

async fn concurrent_callers_never_get_the_same_count(side: &Side) {
    let calls = (0..100).map(|_| side.shared.count("ana", HOUR));
    let mut counts: Vec<u64> = futures_util::future::join_all(calls)
        .await
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    counts.sort_unstable();
    assert_eq!(counts, (1..=100).collect::<Vec<_>>());
}

async fn a_token_is_first_once_until_it_expires(side: &Side) {
    assert_eq!(side.shared.once("nonce", HOUR).await, Ok(true));
    assert_eq!(side.shared.once("nonce", HOUR).await, Ok(false));
    assert_eq!(side.shared.once("other", HOUR).await, Ok(true));
    side.elapse(3_000).await;
    assert_eq!(side.shared.once("nonce", HOUR).await, Ok(false));
    side.elapse(700).await;
    assert_eq!(side.shared.once("nonce", HOUR).await, Ok(true));
}

async fn flags_stand_until_they_expire(side: &Side) {
    side.shared.set_flag("long", 2 * HOUR).await.unwrap();
    side.shared.set_flag("short", HOUR).await.unwrap();
    assert_eq!(
        side.shared.flags(&["short", "none", "long"]).await.unwrap(),
        [true, false, true]
    );
    side.elapse(4_000).await;
    assert_eq!(
        side.shared.flags(&["short", "none", "long"]).await.unwrap(),
        [false, false, true]
    );
    side.shared.set_flag("long", 2 * HOUR).await.unwrap();
    side.elapse(4_000).await;
    assert_eq!(side.shared.flags(&["long"]).await.unwrap(), [true]);
    assert!(side.shared.flags(&[]).await.unwrap().is_empty());
}

async fn kinds_do_not_share_names(side: &Side) {
    side.shared.set_flag("x", HOUR).await.unwrap();
    assert_eq!(side.shared.count("x", HOUR).await, Ok(1));
    assert_eq!(side.shared.once("x", HOUR).await, Ok(true));
    assert_eq!(side.shared.revocation("x").await, Revocation::Unknown);
}

async fn a_message_reaches_every_subscriber_of_its_channel(side: &Side) {
    let mut one = side.shared.subscribe("quotes").await;
    let mut two = side.shared.subscribe("quotes").await;
    let mut other = side.shared.subscribe("orders").await;
    side.shared.publish("quotes", "KO 61.25").await.unwrap();
    side.shared.publish("quotes", vec![0, 255]).await.unwrap();
    side.shared.publish("orders", "filled").await.unwrap();
    side.shared.publish("nobody", "listens").await.unwrap();
    for subscription in [&mut one, &mut two] {
        assert_eq!(subscription.next().await, Delivery::Message("KO 61.25".into()));
        assert_eq!(subscription.next().await, Delivery::Message(vec![0, 255].into()));
    }
    assert_eq!(other.next().await, Delivery::Message("filled".into()));
}

async fn a_slow_subscriber_is_told_what_it_missed(side: &Side) {
    let mut slow = side.shared.subscribe("quotes").await;
    let mut awake = side.shared.subscribe("quotes").await;
    for n in 0..2_000 {
        side.shared.publish("quotes", n.to_string()).await.unwrap();
        assert_eq!(awake.next().await, Delivery::Message(n.to_string().into()));
    }
    assert_eq!(slow.next().await, Delivery::Gap);
    let Delivery::Message(oldest) = slow.next().await else {
        panic!("after the gap come the messages kept")
    };
    assert_ne!(oldest, "0");
}

async fn a_channel_can_be_left_and_joined_again(side: &Side) {
    for round in 0..50 {
        let mut subscription = side.shared.subscribe("quotes").await;
        side.shared.publish("quotes", round.to_string()).await.unwrap();
        assert_eq!(
            subscription.next().await,
            Delivery::Message(round.to_string().into())
        );
    }
}

async fn revocations_are_unknown_until_they_are_loaded(side: &Side) {
    side.shared.revoke("s1", HOUR).await.unwrap();
    assert_eq!(side.shared.revocation("s1").await, Revocation::Revoked);
    assert_eq!(side.shared.revocation("s2").await, Revocation::Unknown);
    assert!(!side.shared.revocations_are_loaded().await);

    let loading = side.shared.begin_loading().await.unwrap();
    assert_eq!(side.shared.revocation("s2").await, Revocation::Unknown);
    assert_eq!(side.shared.finish_loading(&loading).await, Ok(true));

    assert!(side.shared.revocations_are_loaded().await);
    assert_eq!(side.shared.revocation("s1").await, Revocation::Revoked);
    assert_eq!(side.shared.revocation("s2").await, Revocation::NotRevoked);
}

async fn a_revocation_made_while_loading_counts(side: &Side) {
    let earlier = side.shared.begin_loading().await.unwrap();
    let loading = side.shared.begin_loading().await.unwrap();
    side.shared.revoke("s1", HOUR).await.unwrap();
    assert_eq!(
        side.shared.finish_loading(&earlier).await,
        Ok(false),
        "another loading has begun since"
    );
    assert_eq!(side.shared.revocation("s2").await, Revocation::Unknown);
    assert_eq!(side.shared.finish_loading(&loading).await, Ok(true));
    assert_eq!(side.shared.revocation("s1").await, Revocation::Revoked);
}

async fn revocations_end_with_their_tokens(side: &Side) {
    let loading = side.shared.begin_loading().await.unwrap();
    assert_eq!(side.shared.finish_loading(&loading).await, Ok(true));
    side.shared.revoke("s1", HOUR).await.unwrap();
    side.elapse(3_000).await;
    assert_eq!(side.shared.revocation("s1").await, Revocation::Revoked);
    side.elapse(700).await;
    assert_eq!(side.shared.revocation("s1").await, Revocation::NotRevoked);
}

async fn the_other_side_answers(side: &Side) {
    assert_eq!(side.shared.ping().await, Ok(()));
}
