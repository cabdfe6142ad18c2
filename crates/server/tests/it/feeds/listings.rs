//! What is listed, where the feed does not say so itself.

use serde_json::json;
use stockade_domain::roles::Role;

use crate::{on_both, support::shop::Shop};

const ASSETS: &str = "/api/v1/admin/assets";

on_both! {
    /// An operator lists assets and takes them out of trade; everybody finds them by symbol or name.
    async fn an_operator_lists_assets(database: Database) {
        let shop = Shop::start_with(database, &[("MARKET__FEED", "csv")]).await;
        let operator = shop.staff(Role::Operator).await;
        let ana = shop.customer("ana").await;
        let asset = |symbol: &str, name: &str, tradable: bool| json!({
            "symbol": symbol, "name": name, "exchange": "NYSE", "class": "us_equity", "tradable": tradable, "fractionable": true,
        });
        let list = |body| shop.post(ASSETS).bearer(&operator.access).json(body);
        list(asset("ZED", "Zed Works", true)).send().await.expect(201);
        list(asset("ACME", "Acme Anvils", true)).send().await.expect(201);
        let found = ana.get("/api/v1/assets?query=anv").send().await.expect(200);
        assert_eq!(found["items"][0]["symbol"], "ACME");
        assert_eq!(ana.get("/api/v1/assets").send().await.expect(200)["items"][1]["symbol"], "ZED");
        list(asset("ACME", "Acme Anvils & Sons", false)).send().await.expect(201);
        let acme = ana.get("/api/v1/assets/ACME").send().await.expect(200);
        assert_eq!((&acme["name"], &acme["tradable"]), (&json!("Acme Anvils & Sons"), &json!(false)));
        list(asset("ACME", " ", true)).send().await.refused(422, "market.invalid_listing");
        ana.post(ASSETS).json(asset("EVE", "Eve", true)).send().await.refused(403, "role.not_allowed");
        let admin = shop.staff(Role::Admin).await;
        shop.post(ASSETS).bearer(&admin.access).json(asset("EVE", "Eve", true)).send().await.refused(403, "role.not_allowed");
    }
}

on_both! {
    /// The replayed market lists what it replays.
    async fn a_replay_lists_itself(database: Database) {
        let shop = Shop::start(database).await;
        let operator = shop.staff(Role::Operator).await;
        let asset = json!({
            "symbol": "ACME", "name": "Acme", "exchange": "NYSE", "class": "us_equity", "tradable": true, "fractionable": true,
        });
        shop.post(ASSETS).bearer(&operator.access).json(asset).send().await.refused(409, "market.listings_fixed");
    }
}
