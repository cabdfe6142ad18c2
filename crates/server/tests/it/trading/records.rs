//! What happened, told: transactions, statements, and what was brought from elsewhere.

use futures_util::future::join_all;
use serde_json::{Value, json};
use stockade::features::portfolio;

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

const DAY: i64 = 86_400;

on_both! {
    /// Everything that moved cash or shares is listed, newest first, page by page, the same before and after the job has
    /// copied it; nobody sees another's.
    async fn transactions_are_listed_and_exported(database: Database) {
        let shop = Shop::start(database).await;
        let ana = traded(&shop).await;
        let before = transactions(&ana, "").await;
        let kinds: Vec<&str> = before.iter().map(|t| t["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["sell", "buy", "deposit"]);
        assert_eq!((&before[2]["amount"], &before[2]["source"]), (&json!("10000.00"), &json!("stockade")));
        assert_eq!((&before[1]["qty"], &before[0]["qty"]), (&json!("10"), &json!("-4")));
        let order = ana.get("/api/v1/orders").send().await.expect(200)["items"][0].clone();
        assert_eq!((&before[0]["cause"], &before[0]["price"]), (&order["id"], &order["fills"][0]["price"]));
        shop.later(DAY);
        let ana = ana.again().await;
        portfolio::follow_ledger(&shop.app).await.unwrap();
        assert_eq!(transactions(&ana, "").await, before);
        assert_eq!(transactions(&ana, "?type=buy").await, [before[1].clone()]);
        assert_eq!(transactions(&ana, "?symbol=XOM").await, [] as [Value; 0]);
        let until = before[0]["at"].as_str().unwrap();
        assert_eq!(transactions(&ana, &format!("?to={until}")).await, before[1..]);
        let page = ana.get("/api/v1/portfolio/transactions?limit=2").send().await.expect(200);
        assert_eq!(page["items"], json!(before[..2]));
        let rest = format!("?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
        assert_eq!(transactions(&ana, &rest).await, before[2..]);
        let csv = ana.get("/api/v1/portfolio/transactions/export").send().await.text();
        assert_eq!(csv.lines().count(), 4);
        assert!(csv.contains(&format!(",sell,KO,-4,{},", before[0]["price"].as_str().unwrap())), "{csv}");
        let ben = shop.customer("ben").await;
        assert_eq!(transactions(&ben, "").await, [] as [Value; 0]);
    }
}

on_both! {
    /// A file from elsewhere is looked at first and imported then; twins stay two, the same file again adds nothing, and
    /// no balance moves.
    async fn a_file_is_imported_once(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let csv = "date,type,symbol,quantity,price,amount\n2024-05-02,buy,KO,10,61.25,\n2024-05-02,buy,KO,10,61.25,\n2024-05-03,dividend,KO,,,4.85\n";
        let import = |csv: &str, preview: bool| {
            ana.post("/api/v1/portfolio/import").json(json!({"source": "Old Broker", "csv": csv, "preview": preview}))
        };
        let seen = import(csv, true).send().await.expect(200);
        assert_eq!((&seen["new"], &seen["known"], &seen["rows"][1]["amount"]), (&json!(3), &json!(0), &json!("-612.50")));
        assert_eq!(transactions(&ana, "").await, [] as [Value; 0]);
        let faulty = format!("{csv}2024-05-04,gift,,,,1\n");
        assert_eq!(import(&faulty, true).send().await.expect(200)["errors"][0]["line"], 5);
        import(&faulty, false).send().await.refused(422, "import.faulty_rows");
        assert_eq!(import(csv, false).send().await.expect(200)["new"], 3);
        assert_eq!(import(csv, false).send().await.expect(200)["known"], 3);
        let longer = format!("{csv}2024-05-04,sell,KO,5,62.00,\n");
        assert_eq!(import(&longer, false).send().await.expect(200)["new"], 1);
        let listed = transactions(&ana, "?source=Old%20Broker").await;
        assert_eq!(listed.len(), 4);
        assert_eq!((&listed[0]["type"], &listed[0]["amount"]), (&json!("sell"), &json!("310.00")));
        assert_eq!(transactions(&ana, "?source=stockade").await, [] as [Value; 0]);
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!((&portfolio["cash"], &portfolio["positions"]), (&json!("0.00"), &json!([])));
        assert!(shop.kinds_about(&ana.id).await.contains(&"portfolio.imported".to_owned()));
        // What was exported here can be imported elsewhere, once.
        let exported = ana.get("/api/v1/portfolio/transactions/export").send().await.text();
        let ben = shop.customer("ben").await;
        let again = ben.post("/api/v1/portfolio/import").json(json!({"source": "Ana", "csv": exported}));
        assert_eq!(again.clone().send().await.expect(200)["new"], 4);
        assert_eq!(again.send().await.expect(200)["known"], 4);
        let formula = ana.post("/api/v1/portfolio/import").json(json!({"source": "=cmd()", "csv": csv}));
        formula.send().await.refused(422, "import.source");
    }
}

on_both! {
    /// The same file twice at the same time is imported once, and nobody is told of a fault.
    async fn two_imports_at_once_are_one(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let rows = (1..=300).map(|n| format!("2024-05-02,buy,KO,{n},61.25,\n"));
        let csv = format!("date,type,symbol,quantity,price,amount\n{}", rows.collect::<String>());
        let import = ana.post("/api/v1/portfolio/import").json(json!({"source": "Old Broker", "csv": csv}));
        let answers = join_all((0..6).map(|_| import.clone().send())).await;
        let views: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200)).collect();
        let new: u64 = views.iter().map(|view| view["new"].as_u64().unwrap()).sum();
        let known: u64 = views.iter().map(|view| view["known"].as_u64().unwrap()).sum();
        assert_eq!((new, known), (300, 1_500));
    }
}

on_both! {
    /// A month that is over has a statement, as a page and as a table, whose sums are those of its transactions.
    async fn a_month_ends_in_a_statement(database: Database) {
        let shop = Shop::start(database).await;
        let ana = traded(&shop).await;
        assert_eq!(ana.get("/api/v1/portfolio/statements").send().await.expect(200)["items"], json!([]));
        ana.get("/api/v1/portfolio/statements/2026-06").send().await.refused(404, "statement.none");
        shop.later(31 * DAY);
        portfolio::follow_ledger(&shop.app).await.unwrap();
        portfolio::close_days(&shop.app).await.unwrap();
        let ana = ana.again().await;
        let list = ana.get("/api/v1/portfolio/statements").send().await.expect(200);
        assert_eq!(list["items"], json!([{"month": "2026-06", "from": "2026-06-01", "to": "2026-06-30"}]));
        let page = ana.get("/api/v1/portfolio/statements/2026-06").send().await.text();
        assert!(page.contains("ana@example.com") && page.contains("<td>Deposits</td><td>10000.00</td>"), "{page}");
        let csv = ana.get("/api/v1/portfolio/statements/2026-06?format=csv").send().await.text();
        let cell = |section: &str, kind: &str, column: usize| {
            let line = csv.lines().find(|line| line.starts_with(&format!("{section},")) && line.contains(kind));
            line.unwrap_or_else(|| panic!("{csv}")).split(',').nth(column).unwrap().to_owned()
        };
        assert_eq!(cell("summary", "opening_value", 6), "0.00");
        assert_eq!(cell("holding", "KO", 4), "6");
        let cents = |text: String| text.replace('.', "").parse::<i64>().unwrap();
        let value = cents(cell("summary", "cash", 6)) + cents(cell("holding", "KO", 6));
        assert_eq!(cents(cell("summary", "closing_value", 6)), value);
        let portfolio = ana.get("/api/v1/portfolio").send().await.expect(200);
        assert_eq!(cell("realized", "KO", 6), portfolio["realized_pl"].as_str().unwrap());
        assert_eq!(csv.lines().filter(|line| line.starts_with("transaction,")).count(), 3);
        let ben = shop.customer("ben").await;
        ben.get("/api/v1/portfolio/statements/2026-06").send().await.refused(404, "statement.none");
    }
}

/// Ten shares bought with ten thousand dollars, and four of them sold a day later.
async fn traded(shop: &Shop) -> Customer<'_> {
    let ana = shop.customer("ana").await.with_cash(10_000).await;
    shop.later(1);
    ana.signed_post("/api/v1/portfolio/buy", json!({"symbol": "KO", "qty": "10"}))
        .send()
        .await
        .expect(201);
    shop.later(DAY);
    let ana = ana.again().await;
    ana.signed_post("/api/v1/portfolio/sell", json!({"symbol": "KO", "qty": "4"}))
        .send()
        .await
        .expect(201);
    ana
}

async fn transactions(customer: &Customer<'_>, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/portfolio/transactions{query}");
    let page = customer.get(&path).send().await.expect(200);
    page["items"].as_array().unwrap().clone()
}
