//! Prices from a CSV file.

use jiff::civil::date;
use serde_json::json;
use stockade::features::market::{self, Prices};

use crate::{
    on_both,
    support::{
        database::{Database, Kind, run},
        process::Process,
        shop::Shop,
    },
};

const CSV: [(&str, &str); 2] = [("MARKET__FEED", "csv"), ("MARKET__STALE_AFTER_MINUTES", "1440")];

async fn import(shop: &Shop, text: &str) {
    let prices = Prices::read(text.as_bytes(), date(2026, 6, 1)).expect("a right file");
    market::import(&shop.app, prices, |_| {})
        .await
        .expect("the database");
}

on_both! {
    /// What was imported is quoted, charted, bought and sold, at its raw prices; importing again changes what changed.
    async fn imported_prices_are_quoted(database: Database) {
        let shop = Shop::start_with(database, &CSV).await;
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        assert_eq!(ana.get("/api/v1/assets").send().await.expect(200)["items"], json!([]));
        import(&shop, "symbol,date,open,high,low,close,volume\n\
                       ACME,2026-05-29,10,12,9.5,11.25,1000\nACME,2026-05-31,11,13,10,12.50,\n").await;
        let asset = ana.get("/api/v1/assets/ACME").send().await.expect(200);
        assert_eq!((&asset["exchange"], &asset["tradable"]), (&json!("CSV"), &json!(true)));
        let quote = ana.get("/api/v1/assets/ACME/quote").send().await.expect(200);
        assert_eq!((&quote["last"], &quote["feed"], &quote["delayed"]), (&json!("12.5"), &json!("csv"), &json!(false)));
        let bars = ana.get("/api/v1/assets/ACME/bars").send().await.expect(200);
        assert_eq!(bars["items"][0], json!({"t": "2026-05-29T00:00:00Z", "o": "10", "h": "12", "l": "9.5", "c": "11.25", "v": 1000}));
        assert_eq!(bars["items"][1]["v"], json!(null));
        let bought = ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "ACME", "qty": "2"})).send().await.expect(201);
        assert_eq!((&bought["status"], &bought["filled_avg_price"]), (&json!("filled"), &json!("12.5")));
        import(&shop, "symbol,date,open,high,low,close\nACME,2026-05-31,11,13,10,12.75\n").await;
        assert_eq!(ana.get("/api/v1/assets/ACME/quote").send().await.expect(200)["last"], "12.75");
        shop.books_agree().await;
    }
}

on_both! {
    /// Prices that have grown old are shown as late, and nobody can trade on them.
    async fn old_prices_are_not_traded_on(database: Database) {
        let shop = Shop::start_with(database, &CSV).await;
        let ana = shop.customer("ana").await.with_cash(1_000).await;
        import(&shop, "symbol,date,open,high,low,close\nACME,2026-05-31,11,13,10,12.50\n").await;
        // The close is of midnight; it is noon and a day later.
        shop.later(86_400);
        let ana = ana.again().await;
        let quote = ana.get("/api/v1/assets/ACME/quote").send().await.expect(200);
        assert_eq!((&quote["last"], &quote["delayed"]), (&json!("12.5"), &json!(true)));
        let ask = json!({"symbol": "ACME", "qty": "1"});
        ana.signed_post("/api/v1/portfolio/buy", ask).send().await.refused(503, "market.stale");
    }
}

/// The command line says everything that is wrong with a file, stores nothing of it, and stores one that is right.
#[test]
fn a_file_is_imported_on_the_command_line() {
    run(Kind::Sqlite, async |database: Database| {
        let process = Process::start_with(database, &CSV).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("prices.csv");
        let path = file.to_str().unwrap();
        std::fs::write(
            &file,
            "symbol,date,open,high,low,close\nACME,never,1,1,1,1\nACME,2026-05-29,1,1,2,x\n",
        )
        .unwrap();
        let (imported, said) = process.command(&["market", "import", path], "");
        assert!(
            !imported && said.contains("line 2: ") && said.contains("line 3: close"),
            "{said}"
        );
        std::fs::write(
            &file,
            "symbol,date,open,high,low,close\nACME,2026-05-29,1,1,1,1\n",
        )
        .unwrap();
        let (imported, said) = process.command(&["market", "import", path], "");
        assert!(imported && said.contains("1 bars are stored"), "{said}");
    });
}
