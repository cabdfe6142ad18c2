//! Somebody of the story: what they do, and what they were answered.

use serde_json::{Value, json};

use super::chance::Chance;
use crate::support::{
    http::{Answer, Ask},
    people::{PASSWORD, SigningKey, Tokens, text, tokens},
    shop::Shop,
};

const SYMBOLS: [&str; 3] = ["KO", "XOM", "MSFT"];
const ORDERS: &str = "/api/v1/orders";

/// A request that was acknowledged, and what for.
struct Acknowledged {
    method: &'static str,
    path: String,
    body: Value,
    key: String,
    id: String,
}

/// Somebody with money and ideas.
pub struct Person {
    pub id: String,
    tokens: Tokens,
    /// When the tokens were issued, in seconds.
    issued: i64,
    key: SigningKey,
    chance: Chance,
    acknowledged: Vec<Acknowledged>,
    requests: usize,
}

impl Person {
    pub async fn join(shop: &Shop, number: usize, chance: Chance) -> Self {
        let email = format!("person{number}@example.com");
        let id = shop.join(&email, PASSWORD).await;
        let tokens = shop.sign_in(&email, PASSWORD).await;
        let key = shop.session_key(&tokens).await;
        let mut person = Self {
            id,
            tokens,
            issued: shop.now().as_second(),
            key,
            chance,
            acknowledged: Vec::new(),
            requests: 0,
        };
        person.deposit(shop).await;
        person
    }

    /// Orders that were acknowledged, those included that took another's place.
    pub fn orders(&self) -> usize {
        let made_one = |made: &&Acknowledged| made.path.starts_with(ORDERS) && made.method != "DELETE";
        self.acknowledged.iter().filter(made_one).count()
    }

    /// Does one thing.
    pub async fn act(&mut self, shop: &Shop) {
        self.renew(shop).await;
        match self.chance.below(20) {
            0 => self.deposit(shop).await,
            1..=3 => self.cancel(shop).await,
            4..=6 => self.replace(shop).await,
            7 => self.ask_again(shop).await,
            _ => self.place(shop).await,
        }
    }

    /// Repeats an acknowledged request under its key: it is the same effect.
    pub async fn ask_again(&mut self, shop: &Shop) {
        self.renew(shop).await;
        if self.acknowledged.is_empty() {
            return;
        }
        let made = self.chance.one_of(&self.acknowledged);
        let (ask, id) = (
            self.ask(shop, made.method, &made.path, &made.body, &made.key),
            made.id.clone(),
        );
        let answer = ask.send().await;
        assert!(answer.status.is_success(), "{}", answer.text());
        assert_eq!(
            text(&answer.value()["id"]),
            id,
            "a repeated request was another effect"
        );
    }

    async fn deposit(&mut self, shop: &Shop) {
        let dollars = 500 + self.chance.below(20_000);
        let body = json!({"amount": format!("{dollars}.37"), "currency": "USD"});
        self.send(shop, "POST", "/api/v1/cash/deposits", body).await;
    }

    async fn place(&mut self, shop: &Shop) {
        let symbol = *self.chance.one_of(&SYMBOLS);
        let quote = shop
            .get(&format!("/api/v1/assets/{symbol}/quote"))
            .bearer(&self.tokens.access);
        let last: f64 = text(&quote.send().await.expect(200)["last"])
            .parse()
            .expect("a price");
        let side = *self.chance.one_of(&["buy", "buy", "sell"]);
        let kind = *self
            .chance
            .one_of(&["market", "market", "limit", "stop", "stop_limit"]);
        let times: &[&str] = match kind {
            "stop" | "stop_limit" => &["day", "gtc"],
            _ => &["day", "gtc", "gtc", "ioc", "fok"],
        };
        let mut body = json!({
            "symbol": symbol, "side": side, "type": kind, "time_in_force": self.chance.one_of(times),
        });
        if kind == "market" && self.chance.once_in(3) {
            body["notional"] = json!(format!(
                "{}.{:02}",
                1 + self.chance.below(3_000),
                self.chance.below(100)
            ));
        } else {
            body["qty"] = json!(self.shares());
        }
        if kind.contains("limit") {
            body["limit_price"] = json!(self.near(last));
        }
        if kind.contains("stop") {
            body["stop_price"] = json!(self.near(last));
        }
        self.send(shop, "POST", ORDERS, body).await;
    }

    async fn cancel(&mut self, shop: &Shop) {
        if let Some(order) = self.open_order(shop).await {
            let path = format!("{ORDERS}/{}", text(&order["id"]));
            self.send(shop, "DELETE", &path, Value::Null).await;
        }
    }

    async fn replace(&mut self, shop: &Shop) {
        let Some(order) = self.open_order(shop).await else {
            return;
        };
        let mut body = json!({});
        if self.chance.once_in(2) {
            body["qty"] = json!(self.shares());
        }
        for name in ["limit_price", "stop_price"] {
            if let Some(price) = order[name].as_str() {
                body[name] = json!(self.near(price.parse().expect("a price")));
            }
        }
        let path = format!("{ORDERS}/{}", text(&order["id"]));
        self.send(shop, "PATCH", &path, body).await;
    }

    async fn open_order(&mut self, shop: &Shop) -> Option<Value> {
        let page = shop
            .get(&format!("{ORDERS}?open=true"))
            .bearer(&self.tokens.access);
        let page = page.send().await.expect(200);
        let open = page["items"].as_array().expect("a list");
        (!open.is_empty()).then(|| self.chance.one_of(open).clone())
    }

    /// From a billionth over one to sixty shares, so that some orders are larger than what the market gives at once.
    fn shares(&mut self) -> String {
        format!(
            "{}.{:09}",
            1 + self.chance.below(60),
            self.chance.below(1_000_000_000)
        )
    }

    /// A price up to two percent from another.
    fn near(&mut self, price: f64) -> String {
        let percent =
            f64::from(i32::try_from(self.chance.below(401)).expect("a small number") - 200) / 10_000.0;
        format!("{:.2}", price * (1.0 + percent))
    }

    /// Sends under a new key. It may be refused, never answered with an error of the server.
    async fn send(&mut self, shop: &Shop, method: &'static str, path: &str, body: Value) {
        self.requests += 1;
        let key = format!("{}-{}", self.id, self.requests);
        let answer: Answer = self.ask(shop, method, path, &body, &key).send().await;
        if answer.status.is_success() {
            let id = text(&answer.value()["id"]);
            let path = path.to_owned();
            self.acknowledged.push(Acknowledged {
                method,
                path,
                body,
                key,
                id,
            });
        } else {
            assert_eq!(answer.status.as_u16() / 100, 4, "{body}: {}", answer.text());
            let code = text(&answer.value()["code"]);
            assert!(code.starts_with("order."), "{body}: {}", answer.text());
        }
    }

    fn ask<'s>(&self, shop: &'s Shop, method: &str, path: &str, body: &Value, key: &str) -> Ask<'s> {
        let ask = match method {
            "POST" => shop.post(path).json(body.clone()),
            "PATCH" => shop.patch(path).json(body.clone()),
            _ => shop.delete(path),
        };
        ask.bearer(&self.tokens.access)
            .header("idempotency-key", key)
            .signed(&self.key)
    }

    /// An access token lives an hour.
    async fn renew(&mut self, shop: &Shop) {
        let now = shop.now().as_second();
        if now - self.issued > 3_000 {
            let renewed = shop.refresh(&self.tokens.refresh).send().await.expect(200);
            (self.tokens, self.issued) = (tokens(&renewed), now);
        }
    }
}
