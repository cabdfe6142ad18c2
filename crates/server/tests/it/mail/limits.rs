//! Nobody can be flooded with mail, and what is held back is said.

use jiff::SignedDuration;
use stockade::features::mail::{Letter, prune_mail};

use super::write;
use crate::{on_both, support::shop::Shop};

const LIMITS: [(&str, &str); 2] = [("MAIL__BURST", "3"), ("MAIL__INTERVAL_MINUTES", "30")];

fn letter(to: &str, kind: &'static str) -> Letter {
    Letter::to(to, "Somebody tried to sign in")
        .of_kind(kind)
        .paragraph("It failed.")
}

on_both! {
    /// Somebody makes the platform write to Ana over and over: three come through, then one in half an hour, which says
    /// how many did not. Another kind and another person are not affected.
    async fn a_flood_is_held_back_and_said(database: Database) {
        let shop = Shop::start_with(database, &LIMITS).await;
        for _ in 0..8 {
            write(&shop, letter("ana@example.com", "locked")).await;
        }
        assert_eq!(shop.mails_to("ana@example.com").await.len(), 3);
        write(&shop, letter("ana@example.com", "device")).await;
        write(&shop, letter("bob@example.com", "locked")).await;
        assert_eq!(shop.mails_to("ana@example.com").await.len(), 4);
        assert_eq!(shop.mails_to("bob@example.com").await.len(), 1);

        shop.later(29 * 60);
        write(&shop, letter("ana@example.com", "locked")).await;
        assert_eq!(shop.mails_to("ana@example.com").await.len(), 4);
        shop.later(60);
        write(&shop, letter("ana@example.com", "locked")).await;
        let mails = shop.mails_to("ana@example.com").await;
        assert_eq!(mails.len(), 5);
        assert!(mails[4].text.contains("6 more mails like this one were not sent"), "{}", mails[4].text);
        assert!(mails[..4].iter().all(|mail| !mail.text.contains("not sent")));

        shop.later(30 * 60);
        write(&shop, letter("ana@example.com", "locked")).await;
        let mails = shop.mails_to("ana@example.com").await;
        assert!(mails.len() == 6 && !mails[5].text.contains("not sent"), "{}", mails[5].text);
    }
}

on_both! {
    /// After enough quiet the allowance is whole again, and nothing is kept about the address.
    async fn quiet_makes_the_allowance_whole(database: Database) {
        let shop = Shop::start_with(database, &LIMITS).await;
        for round in 1..=2 {
            for _ in 0..4 {
                write(&shop, letter("ana@example.com", "locked")).await;
            }
            assert_eq!(shop.mails_to("ana@example.com").await.len(), 3 * round);
            shop.later(90 * 60);
        }
        shop.later(8 * 86_400);
        assert_eq!(prune_mail(&shop.app).await.unwrap(), 1);
        assert_eq!(prune_mail(&shop.app).await.unwrap(), 0);
    }
}

on_both! {
    /// A letter whose offer has ended is not sent any more.
    async fn a_letter_that_comes_too_late_is_not_sent(database: Database) {
        let shop = Shop::start(database).await;
        let end = shop.now() + SignedDuration::from_mins(30);
        write(&shop, letter("ana@example.com", "link").until(end)).await;
        write(&shop, letter("bob@example.com", "link").until(end)).await;
        assert_eq!(shop.mails_to("ana@example.com").await.len(), 1);
        write(&shop, letter("ana@example.com", "link").until(end)).await;
        shop.later(30 * 60);
        assert_eq!(shop.mails_to("ana@example.com").await.len(), 1);
    }
}
