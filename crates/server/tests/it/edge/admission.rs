//! The queue in front of the work: who finds no place waits for one, or is turned away; health checks pass by.

use crate::{on_both, support::shop::Shop};

on_both! {
    /// With every place taken and nobody allowed to wait, requests are turned away, but health checks are answered.
    async fn too_many_are_turned_away(database: Database) {
        let settings = [("ADMISSION__AT_WORK", "1"), ("ADMISSION__QUEUE", "0")];
        let shop = Shop::start_with(database, &settings).await;
        let place = shop.app.admission.enter(1).await.expect("the only place");
        let answer = shop.get("/api/v1/about").send().await;
        assert_eq!(answer.header("retry-after"), "2");
        answer.refused(503, "service.busy");
        shop.get("/health/live").send().await.expect(200);
        shop.get("/health").send().await.expect(200);
        drop(place);
        shop.get("/api/v1/about").send().await.expect(200);
    }
}

on_both! {
    /// Who waits is let in when a place is free.
    async fn who_waits_is_let_in(database: Database) {
        let shop = Shop::start_with(database, &[("ADMISSION__AT_WORK", "1")]).await;
        let place = shop.app.admission.enter(1).await.expect("the only place");
        let mut waiting = Box::pin(shop.get("/api/v1/about").send());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert_eq!(shop.app.admission.load(), (1, 1));
        drop(place);
        waiting.await.expect(200);
        assert_eq!(shop.app.admission.load(), (0, 0));
    }
}

on_both! {
    /// Somebody who joins and signs in needs no more than one place, hashing included, and leaves none taken.
    async fn one_place_is_enough_to_live(database: Database) {
        let shop = Shop::start_with(database, &[("ADMISSION__AT_WORK", "1")]).await;
        let ana = shop.customer("ana").await;
        shop.me(&ana.tokens.access).send().await.expect(200);
        assert_eq!(shop.app.admission.load(), (0, 0));
    }
}
