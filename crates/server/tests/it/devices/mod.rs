//! Devices and sessions: known by what they are, ended when they are not.

mod binding;
mod list;
mod not_me;
mod recognising;
mod sessions;

use serde_json::{Value, json};

use crate::support::{
    http::{Answer, Ask},
    people::{PASSWORD, Tokens, tokens},
    shop::Shop,
};

pub const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
pub const FIREFOX_UPDATED: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
pub const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36";

/// A browser that keeps its cookie.
#[derive(Clone)]
pub struct Browser {
    pub agent: &'static str,
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(agent: &'static str) -> Self {
        Self { agent, cookie: None }
    }

    /// The request as this browser sends it.
    pub fn sends<'s>(&self, ask: Ask<'s>) -> Ask<'s> {
        let ask = ask.header("user-agent", self.agent);
        match &self.cookie {
            Some(cookie) => ask.header("cookie", cookie),
            None => ask,
        }
    }

    /// Signs in, saying this of the device.
    pub async fn signs_in_saying(&mut self, shop: &Shop, email: &str, device: Value) -> Tokens {
        // A second passes, so that what is recorded has an order.
        shop.later(1);
        let ask = json!({ "email": email, "password": PASSWORD, "device": device });
        let login = self.sends(shop.post("/api/v1/auth/login").json(ask));
        let answer = login.clone().send().await;
        self.keep(&answer);
        let login = self.sends(login);
        tokens(&shop.with_mailed_code(login, answer.expect(200)).await)
    }

    pub async fn signs_in(&mut self, shop: &Shop, email: &str) -> Tokens {
        self.signs_in_saying(shop, email, json!({})).await
    }

    fn keep(&mut self, answer: &Answer) {
        let lines = answer.headers.get_all("set-cookie").iter();
        let device = lines
            .filter_map(|line| line.to_str().ok())
            .find(|line| line.starts_with("stockade-device="));
        if let Some(line) = device {
            self.cookie = line.split(';').next().map(str::to_owned);
        }
    }

    /// A request with a token, from this browser.
    pub fn get<'s>(&self, shop: &'s Shop, path: &str, tokens: &Tokens) -> Ask<'s> {
        self.sends(shop.get(path).bearer(&tokens.access))
    }
}

/// The items of a list.
pub fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().unwrap()
}
