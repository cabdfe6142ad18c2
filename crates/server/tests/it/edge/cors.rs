//! Cross-origin requests: refused unless the site is listed, and never with cookies.

use crate::{
    on_both,
    support::{http::Ask, shop::Shop},
};

fn preflight<'s>(shop: &'s Shop, origin: &str) -> Ask<'s> {
    shop.options("/api/v1/orders")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,x-signature")
}

on_both! {
    async fn nobody_may_unless_listed(database: Database) {
        let shop = Shop::start(database).await;
        let answer = preflight(&shop, "https://charts.example.com").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
        answer.refused(405, "route.method_not_allowed");
        let answer = shop.get("/api/v1/about").header("origin", "https://charts.example.com").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

on_both! {
    async fn a_listed_site_may_with_tokens_but_not_with_cookies(database: Database) {
        let listed = ("SERVER__CORS_ORIGINS", "https://charts.example.com,http://localhost:5173");
        let shop = Shop::start_with(database, &[listed]).await;
        let answer = preflight(&shop, "https://charts.example.com").send().await;
        assert!(answer.status.is_success());
        assert_eq!(answer.header("access-control-allow-origin"), "https://charts.example.com");
        assert!(answer.header("access-control-allow-headers").contains("x-signature"));
        assert_eq!(answer.header("access-control-allow-credentials"), "");

        let answer = shop.get("/api/v1/about").header("origin", "https://charts.example.com").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), "https://charts.example.com");
        assert!(answer.header("access-control-expose-headers").contains("ratelimit"));
        assert!(answer.header("vary").contains("origin"));
        answer.expect(200);

        for stranger in ["https://evil.example", "https://charts.example.com.evil.example", "null"] {
            let answer = preflight(&shop, stranger).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{stranger}");
            let answer = shop.get("/api/v1/about").header("origin", stranger).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{stranger}");
        }
    }
}
