//! Mass assignment: a request says what its endpoint asks for and nothing else. What is not asked for is refused with its
//! name, whatever it would have set (OWASP API3:2023; ASVS 15.3.3).

use serde_json::{Map, Value, json};

use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

/// What somebody would like to say of themselves.
fn wishes(other: &str) -> [(&'static str, Value); 9] {
    [
        ("role", json!("admin")),
        ("id", json!(other)),
        ("user_id", json!(other)),
        ("owner_id", json!(other)),
        ("email_verified", json!(true)),
        ("disabled_at", Value::Null),
        ("locked_to_recovery_at", Value::Null),
        ("second_factor", json!(false)),
        ("trusted_at", json!("2026-06-01T12:00:00Z")),
    ]
}

fn with(ask: &Value, name: &str, value: &Value) -> Value {
    let mut ask: Map<String, Value> = ask.as_object().unwrap().clone();
    ask.insert(name.to_owned(), value.clone());
    ask.into()
}

on_both! {
    /// Nobody becomes somebody else, or more than they are, by saying so beside a sound request.
    async fn nobody_says_more_than_they_are_asked(database: Database) {
        let shop = Shop::start(database).await;
        let (ana, eve) = (shop.customer("ana").await, shop.customer("eve").await);
        let device = eve.get("/api/v1/devices").send().await.expect(200);
        let device = format!("/api/v1/devices/{}", text(&device["items"][0]["id"]));
        let email = json!("eve@example.com");
        let requests = [
            (eve.patch(&device), json!({ "name": "mine" })),
            (eve.put("/api/v1/profile"), json!({ "ssn": "536-90-4399" })),
            (eve.put("/api/v1/notifications"), json!({ "items": [] })),
            (eve.post("/api/v1/auth/password/change"), json!({ "current_password": PASSWORD, "new_password": "a quiet harbour at dusk" })),
            (eve.post("/api/v1/auth/email/change"), json!({ "new_email": "eve@example.org", "password": PASSWORD })),
            (eve.post("/api/v1/auth/2fa/enable"), json!({ "password": PASSWORD })),
            (eve.post("/api/v1/signing-keys"), json!({ "name": "mine" })),
            (shop.post("/api/v1/auth/login"), json!({ "email": email, "password": PASSWORD })),
            (shop.post("/api/v1/auth/register"), json!({ "email": "new@example.com", "password": PASSWORD })),
            (shop.post("/api/v1/auth/password/forgot"), json!({ "email": email })),
            (shop.post("/api/v1/auth/refresh"), json!({ "refresh_token": eve.tokens.refresh })),
            (shop.post("/api/v1/auth/not-me"), json!({ "token": "x" })),
        ];
        for (request, ask) in requests {
            for (name, value) in wishes(&ana.id) {
                let problem = request.clone().json(with(&ask, name, &value)).send().await.refused(422, "request.invalid");
                assert_eq!(problem["errors"][0]["field"], name, "{problem}");
            }
        }
        let me = eve.get("/api/v1/auth/me").send().await.expect(200);
        assert_eq!((text(&me["id"]), text(&me["role"])), (eve.id.clone(), "customer".to_owned()));
        let hers = ana.get("/api/v1/profile").send().await.expect(200);
        assert_eq!(hers["ssn"], Value::Null);
    }
}

on_both! {
    /// No endpoint is left out: each body that the API's description knows is closed.
    async fn every_body_is_closed(database: Database) {
        let shop = Shop::start(database).await;
        let api = shop.get("/openapi.json").send().await.expect(200);
        let mut bodies = 0;
        for (path, operations) in api["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                if !schema.is_null() {
                    assert!(is_closed(&api, schema), "{method} {path}: {schema}");
                    bodies += 1;
                }
            }
        }
        assert!(bodies >= 35, "{bodies}");
    }
}

/// Whether nothing but the named fields is taken; null may be, too.
fn is_closed(api: &Value, schema: &Value) -> bool {
    if let Some(name) = schema["$ref"].as_str().and_then(|named| named.rsplit('/').next()) {
        return is_closed(api, &api["components"]["schemas"][name]);
    }
    match schema["oneOf"].as_array() {
        Some(either) => either
            .iter()
            .all(|one| one["type"] == "null" || is_closed(api, one)),
        None => schema["additionalProperties"] == false,
    }
}
