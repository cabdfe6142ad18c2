//! The public log over HTTP: a mirror fetches it by the paths of tlog-tiles and finds it valid.

use std::num::NonZeroUsize;

use auditlog::{
    VerifyingKey, checkpoint,
    tile::{TileId, entries_path, partial_tiles, split_bundle, tile_path},
    verify::{Found, Group, Payloads, Verifier},
};
use stockade::features::audit;

use super::log;
use crate::{
    on_both,
    support::{http::Answer, shop::Shop},
};

async fn fetch(shop: &Shop, path: &str) -> Answer {
    shop.get(&format!("/api/v1/log/{path}")).send().await
}

async fn bytes(shop: &Shop, path: &str) -> Vec<u8> {
    let answer = fetch(shop, path).await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(answer.headers["content-type"], "application/octet-stream");
    let cached = answer.headers["cache-control"].to_str().unwrap().to_owned();
    assert_eq!(
        cached.contains("immutable"),
        !path.contains(".p/"),
        "{path}: {cached}"
    );
    answer.body
}

on_both! {
    /// Everything under the checkpoint can be fetched by anybody, and verifies with nothing but the key.
    async fn a_mirror_follows_the_log(database: Database) {
        let shop = Shop::start(database).await;
        fetch(&shop, "checkpoint").await.refused(404, "log.not_signed");
        log::of_size(&shop.app.core, 700).await;
        assert_eq!(audit::sign_checkpoint(&shop.app).await.unwrap(), 1);
        let key: VerifyingKey = fetch(&shop, "key").await.text().trim_end().parse().unwrap();
        let note = fetch(&shop, "checkpoint").await;
        assert_eq!(note.headers["cache-control"], "no-cache");
        assert!(note.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
        let note = note.text();
        let size = checkpoint::open(&note, &key).unwrap().size;
        assert_eq!(size, 700);

        let mut verifier = Verifier::new(&key, &note, &[], NonZeroUsize::MIN);
        for index in 0..size.div_ceil(256) {
            let width = TileId { level: 0, index }.width(size);
            let bundle = bytes(&shop, &entries_path(index, width)).await;
            let tile = bytes(&shop, &tile_path(TileId { level: 0, index }, width)).await;
            let leaves = split_bundle(&bundle).0;
            assert_eq!(leaves.len(), width);
            let found = (index * 256..).zip(leaves).map(|(position, leaf)| Found { position, leaf }).collect();
            verifier.feed(&[Group { index, found, tile: Some(&tile), payloads: Payloads::None }]);
        }
        for (id, width) in partial_tiles(size).into_iter().filter(|(id, _)| id.level > 0) {
            verifier.upper_tile(id, &bytes(&shop, &tile_path(id, width)).await);
        }
        let report = verifier.finish();
        assert_eq!((report.problems, report.entries, report.unsigned), (vec![], 700, 0));
    }
}

on_both! {
    /// Partial tiles of every width up to the head, none beyond it, and no path that is not exactly one of theirs.
    async fn what_is_not_there_is_not_found(database: Database) {
        let shop = Shop::start(database).await;
        log::of_size(&shop.app.core, 300).await;
        let full = bytes(&shop, "tile/0/000").await;
        assert_eq!(bytes(&shop, "tile/0/000.p/3").await, full[..96]);
        assert_eq!(split_bundle(&bytes(&shop, "tile/entries/001.p/44").await).0.len(), 44);
        assert_eq!(bytes(&shop, "tile/1/000.p/1").await.len(), 32);
        for path in [
            "tile/0/001", "tile/0/001.p/45", "tile/0/002.p/1", "tile/1/000", "tile/1/000.p/2", "tile/2/000.p/1",
            "tile/entries/001", "tile/entries/001.p/45", "tile/entries/x999/x999/x999/x999/x999/999",
            "tile/0/0", "tile/00/000", "tile/-1/000", "tile/256/000", "tile/0/000.p/0", "tile/0/000.p/256",
            "tile/0/000.p/+3", "tile/0/", "tile/entries", "tile/other/000", "tile/0/000/", "tile/255/000",
        ] {
            fetch(&shop, path).await.refused(404, "log.no_such_tile");
        }
    }
}

on_both! {
    /// A log may be kept to oneself.
    async fn a_log_may_be_private(database: Database) {
        let shop = Shop::start_with(database, &[("AUDIT__PUBLIC_LOG", "false")]).await;
        log::of_size(&shop.app.core, 3).await;
        for path in ["checkpoint", "key", "tile/0/000.p/1", "tile/entries/000.p/1"] {
            fetch(&shop, path).await.refused(404, "log.not_public");
        }
    }
}

on_both! {
    /// A head is signed when it has moved, and not more often than configured, on however many instances.
    async fn heads_are_signed_now_and_then(database: Database) {
        let shop = Shop::start_with(database, &[("AUDIT__CHECKPOINT_SECONDS", "60")]).await;
        let other = shop.second().await;
        assert_eq!(audit::sign_checkpoint(&shop.app).await.unwrap(), 0, "nothing to sign");
        log::of_size(&shop.app.core, 3).await;
        assert_eq!(audit::sign_checkpoint(&shop.app).await.unwrap(), 1);
        log::record(&shop.app.core, 2).await;
        log::number(&shop.app.core).await;
        for instance in [&shop, &other] {
            assert_eq!(audit::sign_checkpoint(&instance.app).await.unwrap(), 0, "too soon");
        }
        shop.later(60);
        assert_eq!(audit::sign_checkpoint(&other.app).await.unwrap(), 1);
        shop.later(600);
        assert_eq!(audit::sign_checkpoint(&shop.app).await.unwrap(), 0, "it has not moved");
        let sizes: Vec<i64> =
            log::all(&shop.app.core, "SELECT size FROM audit_checkpoints ORDER BY size").await;
        assert_eq!(sizes, [3, 5]);
    }
}
