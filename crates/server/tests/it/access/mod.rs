//! Who may do what: the table of roles and scopes, and API keys.

mod api_keys;
mod command_line;
mod routes;
mod table;

use serde_json::{Value, json};

use crate::support::{
    people::{Tokens, text},
    shop::Shop,
};

impl Shop {
    /// Makes an API key under step-up, with the password and a mailed code; answers id and key.
    async fn api_key(&self, tokens: &Tokens, ask: Value) -> (String, String) {
        let request = self.post("/api/v1/api-keys").bearer(&tokens.access).json(ask);
        let made = self.stepped_up(tokens, request).await.send().await.expect(201);
        (text(&made["id"]), text(&made["key"]))
    }
}

/// What a key with one scope is to be.
fn key_for(scope: &str) -> Value {
    json!({ "name": "a program", "scopes": [scope] })
}
