//! Somebody of the story: what they do, and what they were answered.

use serde_json::{Value, json};
use stockade::features::auth;
use stockade_domain::roles::Role;

use super::chance::Chance;
use crate::support::{
    http::{Answer, Ask},
    people::{PASSWORD, SigningKey, Tokens, text, tokens},
    shop::Shop,
};

/// People next to each other trade in different ones of these, so that how they come to act at the same instant is the
/// same to everybody.
pub const SYMBOLS: [[&str; 3]; SHARES] = [
    ["KO", "XOM", "MSFT"],
    ["AAPL", "BAC", "PFE"],
    ["GE", "HD", "JNJ"],
    ["JPM", "LLY", "MRK"],
    ["PEP", "PG", "UNH"],
    ["WMT", "CVX", "AMD"],
];

/// How many people can act at the same instant.
pub const SHARES: usize = 6;

const ORDERS: &str = "/api/v1/orders";

/// What somebody asks for, under a key of its own.
pub struct Wish {
    method: &'static str,
    path: String,
    body: Value,
    key: String,
}

/// A request that was acknowledged, and what for.
struct Acknowledged {
    wish: Wish,
    id: String,
}

/// Somebody with money and ideas.
pub struct Person {
    pub id: String,
    tokens: Tokens,
    /// When the tokens were issued, in seconds.
    issued: i64,
    key: SigningKey,
    symbols: [&'static str; 3],
    chance: Chance,
    acknowledged: Vec<Acknowledged>,
    requests: usize,
}

impl Person {
    pub async fn join(shop: &Shop, number: usize, chance: Chance) -> Self {
        let email = format!("person{number}@example.com");
        let user = auth::create_staff(&shop.app, &email, PASSWORD, Role::Customer)
            .await
            .expect("a customer");
        let tokens = shop.sign_in(&email, PASSWORD).await;
        let mut person = Self {
            key: shop.session_key(&tokens).await,
            id: user.id.to_string(),
            tokens,
            issued: shop.now().as_second(),
            symbols: SYMBOLS[number % SHARES],
            acknowledged: Vec::new(),
            requests: 0,
            chance,
        };
        let deposit = person.deposit();
        person.make(shop, Some(deposit)).await;
        person
    }

    /// Orders that were acknowledged, those included that took another's place.
    pub fn orders(&self) -> usize {
        let wishes = self.acknowledged.iter().map(|made| &made.wish);
        wishes
            .filter(|wish| wish.path.starts_with(ORDERS) && wish.method != "DELETE")
            .count()
    }

    /// What they do next, after a look at what there is; nothing if there is nothing to be done.
    pub async fn decide(&mut self, shop: &Shop) -> Option<Wish> {
        self.renew(shop).await;
        match self.chance.below(20) {
            0 => Some(self.deposit()),
            1..=3 => self.cancel(shop).await,
            4..=6 => self.replace(shop).await,
            7 => {
                self.ask_again(shop).await;
                None
            }
            _ => Some(self.place(shop).await),
        }
    }

    /// Asks for it. It may be refused, never answered with an error of the server.
    pub async fn make(&mut self, shop: &Shop, wish: Option<Wish>) {
        let Some(wish) = wish else {
            return;
        };
        let answer: Answer = self.ask(shop, &wish).send().await;
        if answer.status.is_success() {
            let id = text(&answer.value()["id"]);
            self.acknowledged.push(Acknowledged { wish, id });
        } else {
            let said = format!("{}: {}", wish.body, answer.text());
            assert_eq!(answer.status.as_u16() / 100, 4, "{said}");
            let code = text(&answer.value()["code"]);
            let is_expected = code.starts_with("order.") || code == "step_up.required";
            assert!(is_expected, "{said}");
        }
    }

    /// The request, signed but not yet sent.
    pub fn ask<'s>(&self, shop: &'s Shop, wish: &Wish) -> Ask<'s> {
        let ask = match wish.method {
            "POST" => shop.post(&wish.path).json(wish.body.clone()),
            "PATCH" => shop.patch(&wish.path).json(wish.body.clone()),
            _ => shop.delete(&wish.path),
        };
        ask.bearer(&self.tokens.access)
            .header("idempotency-key", &wish.key)
            .signed(&self.key)
    }

    /// Repeats an acknowledged request under its key: it is the same effect.
    pub async fn ask_again(&mut self, shop: &Shop) {
        self.renew(shop).await;
        if self.acknowledged.is_empty() {
            return;
        }
        let made = self.chance.one_of(&self.acknowledged);
        let answer = self.ask(shop, &made.wish).send().await;
        assert!(answer.status.is_success(), "{}", answer.text());
        assert_eq!(
            text(&answer.value()["id"]),
            made.id,
            "a repeated request was another effect"
        );
    }

    /// Cash and shares, as the portfolio shows them.
    pub async fn ends_with(&mut self, shop: &Shop) -> String {
        self.renew(shop).await;
        let portfolio = shop.get("/api/v1/portfolio").bearer(&self.tokens.access);
        portfolio.send().await.expect(200).to_string()
    }

    fn deposit(&mut self) -> Wish {
        let dollars = 500 + self.chance.below(20_000);
        let body = json!({"amount": format!("{dollars}.37"), "currency": "USD"});
        self.wish("POST", "/api/v1/cash/deposits", body)
    }

    async fn place(&mut self, shop: &Shop) -> Wish {
        let symbol = *self.chance.one_of(&self.symbols);
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
        self.wish("POST", ORDERS, body)
    }

    async fn cancel(&mut self, shop: &Shop) -> Option<Wish> {
        let order = self.open_order(shop).await?;
        let path = format!("{ORDERS}/{}", text(&order["id"]));
        Some(self.wish("DELETE", &path, Value::Null))
    }

    async fn replace(&mut self, shop: &Shop) -> Option<Wish> {
        let order = self.open_order(shop).await?;
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
        Some(self.wish("PATCH", &path, body))
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

    fn wish(&mut self, method: &'static str, path: &str, body: Value) -> Wish {
        self.requests += 1;
        Wish {
            method,
            path: path.to_owned(),
            body,
            key: format!("{}-{}", self.id, self.requests),
        }
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
