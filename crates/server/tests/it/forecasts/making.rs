//! The job and what people see of it.

use serde_json::Value;
use stockade::features::forecasts::{make_forecasts, make_forecasts_if_calm};

use crate::{
    on_both,
    support::{people::Customer, shop::Shop},
};

const DAY: i64 = 86_400;

async fn get(shop: &Shop, who: &Customer<'_>, path: &str) -> Value {
    let path = format!("/api/v1/predictions/{path}");
    shop.get(&path)
        .bearer(&who.tokens.access)
        .send()
        .await
        .expect(200)
}

fn number(of: &Value) -> f64 {
    of.as_str().expect("a price").parse().expect("a number")
}

on_both! {
    /// Before the job came by there is nothing; then a forecast says what it is worth, and its intervals hold each other.
    async fn a_forecast_comes_with_its_record(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ask = |path: &str| shop.get(path).bearer(&ana.tokens.access);
        let nothing = ask("/api/v1/predictions/AAPL").send().await;
        nothing.refused(404, "prediction.not_ready");
        let board = get(&shop, &ana, "scoreboard").await;
        assert_eq!((board["items"].as_array().unwrap().len(), &board["next_cursor"]), (0, &Value::Null));

        // Between the requests of a busy moment nobody is at work, and yet forecasts wait until it has passed.
        for _ in 0..30 {
            ask("/api/v1/predictions/AAPL").send().await.refused(404, "prediction.not_ready");
        }
        assert_eq!(make_forecasts_if_calm(&shop.app).await.unwrap(), 0);
        shop.later(10);
        // Two instances take turns, and neither makes what the other made.
        let second = shop.second().await;
        assert_eq!(make_forecasts_if_calm(&shop.app).await.unwrap(), 1);
        assert_eq!(make_forecasts(&second.app).await.unwrap(), 1);

        let found = get(&shop, &ana, "AAPL").await;
        assert_eq!(found["horizon"], 5);
        assert_eq!(found["baseline"], "last_price");
        assert_eq!(found["as_of"], "2026-06-01T00:00:00Z");
        for (step, inner) in found["interval_80"].as_array().unwrap().iter().enumerate() {
            let outer = &found["interval_95"][step];
            let bounds = [&outer[0], &inner[0], &found["point"][step], &inner[1], &outer[1]].map(number);
            assert!(bounds.is_sorted() && bounds[0] > 0.0, "{bounds:?}");
        }
        assert_eq!(found["point"].as_array().unwrap().len(), 5);
        let record = &found["track_record"];
        assert_eq!(record["model"], found["model"]);
        assert!(record["n"].as_u64().unwrap() > 700, "{record}");
        assert!((0.92..=0.98).contains(&record["coverage_95"].as_f64().unwrap()), "{record}");
        let past = found["past"].as_array().unwrap();
        assert_eq!((past.len(), &past[59]["day"]), (60, &Value::from("2026-05-31")));
        // Whoever is not used says why, and was not significantly better.
        for model in found["candidates"].as_array().unwrap() {
            let lost = ["not_better", "not_significant", "another_is_better", "beaten"];
            assert!(model["model"] == found["model"] || lost.contains(&model["verdict"].as_str().unwrap()), "{model}");
        }
        assert_eq!(found["candidates"].as_array().unwrap().len(), 5);

        let board = get(&shop, &ana, "scoreboard?horizon=5").await;
        let symbols: Vec<_> = board["items"].as_array().unwrap().iter().map(|item| item["symbol"].clone()).collect();
        assert_eq!(symbols, ["AAPL", "AMD"]);
        assert_eq!(board["items"][0]["models"], found["candidates"]);
        assert_eq!(board["overall"][0]["n"].as_u64(), Some(2 * record["n"].as_u64().unwrap()));
    }
}

on_both! {
    /// What is stored for a day is the day's; the next day everything is made anew, and tells what was forecast the day before.
    async fn each_day_has_its_own_forecasts(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        assert_eq!(make_forecasts(&shop.app).await.unwrap(), 1);
        let first = get(&shop, &ana, "AAPL?horizon=1").await;
        shop.later(DAY);
        let ana = ana.again().await;
        assert_eq!(get(&shop, &ana, "AAPL?horizon=1").await, first);
        assert_eq!(make_forecasts(&shop.app).await.unwrap(), 1);
        let next = get(&shop, &ana, "AAPL?horizon=1").await;
        assert_eq!(next["as_of"], "2026-06-02T00:00:00Z");
        // What was forecast yesterday is now one of the past.
        let last = next["past"].as_array().unwrap().last().unwrap();
        assert_eq!(last["day"], "2026-06-01");
        assert_eq!((&last["point"], &last["close"]), (&first["point"][0], &next["last"]));
        assert_eq!(last["interval_95"], first["interval_95"][0]);
    }
}

on_both! {
    async fn what_cannot_be_forecast_is_refused(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ask = |path: &str| shop.get(path).bearer(&ana.tokens.access);
        ask("/api/v1/predictions/NOPE").send().await.refused(404, "asset.unknown");
        for horizon in ["0", "11"] {
            let refused = ask(&format!("/api/v1/predictions/KO?horizon={horizon}")).send().await;
            refused.refused(422, "prediction.unknown_horizon");
        }
        let refused = ask("/api/v1/predictions/KO?days=3").send().await;
        refused.refused(422, "request.invalid_query");
        shop.get("/api/v1/predictions/scoreboard").send().await.expect(401);
    }
}
