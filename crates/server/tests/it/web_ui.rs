//! The web UI's page and files, whether or not it was built before the tests.

use crate::{on_both, support::shop::Shop};

on_both! {
    /// What lies below `/api` is JSON, also for a browser; a file that is not there is not there.
    async fn what_is_unknown_is_no_page(database: Database) {
        let shop = Shop::start(database).await;
        for path in ["/api/v1/nothing", "/api/nothing", "/api", "/robots.txt", "/assets/none-123.js"] {
            shop.get(path).header("accept", "text/html").send().await.refused(404, "route.unknown");
        }
        shop.post("/portfolio").header("accept", "text/html").send().await.refused(404, "route.unknown");
    }
}

on_both! {
    /// The root answers whoever takes anything; below it, whoever is no browser learns that there is nothing.
    async fn the_root_is_a_page_for_everybody(database: Database) {
        let shop = Shop::start(database).await;
        let root = shop.get("/").header("accept", "*/*").send().await;
        assert_eq!((root.status.as_u16(), root.text().contains("<!doctype html>")), (200, true));
        shop.get("/markets").header("accept", "*/*").send().await.refused(404, "route.unknown");
    }
}

on_both! {
    /// A browser gets the page with a policy of its own nonce, never the same twice, or is told how to build it.
    async fn a_browser_gets_the_page(database: Database) {
        let shop = Shop::start(database).await;
        let visit = async || shop.get("/").header("accept", "text/html,*/*;q=0.8").send().await;
        let (first, second) = (visit().await, visit().await);
        assert_eq!(first.status.as_u16(), 200);
        if !stockade_web::is_built() {
            assert!(first.text().contains("cargo xtask run"), "{}", first.text());
            return;
        }
        let policy = first.headers["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(nonce.len() >= 22 && first.text().contains(&format!("nonce=\"{nonce}\"")));
        assert_ne!(first.headers["content-security-policy"], second.headers["content-security-policy"]);
        assert!(!policy.contains("unsafe") && policy.contains("require-trusted-types-for 'script'"), "{policy}");
        assert_eq!(first.headers["cache-control"], "no-store");
        let page = first.text();
        let script = page.split("src=\"/assets/").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
        let file = shop.get(&format!("/assets/{script}")).header("accept-encoding", "gzip").send().await;
        assert_eq!(file.headers["content-encoding"], "gzip");
        assert_eq!(file.headers["cache-control"], "public, max-age=31536000, immutable");
    }
}
