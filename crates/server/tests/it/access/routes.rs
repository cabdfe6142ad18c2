//! What OpenAPI says of who may, held against the table of roles and scopes.

use serde_json::{Value, json};
use stockade::{
    http::router,
    security::access::{Permission, TABLE},
};

/// An operation of the API.
pub(super) struct Route {
    pub(super) method: String,
    pub(super) path: String,
    /// `None` when anybody may.
    pub(super) needs: Option<Permission>,
}

/// Every operation. Each is guarded or marked public.
pub(super) fn all() -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, method, operation) in operations() {
        let access = operation["x-stockade-access"].as_str();
        let access = access.unwrap_or_else(|| {
            panic!(
                "{method} {path} is neither guarded nor public: say `.may(…)` or `.public()` beside the route"
            )
        });
        let needs = TABLE.iter().find(|row| row.permission.as_str() == access);
        assert!(needs.is_some() || access == "public", "{path}: {access}");
        routes.push(Route {
            needs: needs.map(|row| row.permission),
            method,
            path,
        });
    }
    assert!(routes.len() > 80, "OpenAPI lists {} operations", routes.len());
    routes
}

fn operations() -> Vec<(String, String, Value)> {
    let document = serde_json::to_value(router::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((path.clone(), method.to_uppercase(), operation.clone()));
        }
    }
    operations
}

/// The `security` of each operation says what the table says: roles of a session, the scope of a key.
#[test]
fn openapi_says_who_may() {
    for route in all() {
        let (_, _, operation) = operations()
            .into_iter()
            .find(|(path, method, _)| (path, method) == (&route.path, &route.method))
            .unwrap();
        let Some(needs) = route.needs else {
            assert_eq!(operation["security"], json!([{}]), "{}", route.path);
            continue;
        };
        let roles: Vec<&str> = needs.row().roles.iter().map(|role| role.as_str()).collect();
        let mut expected = vec![json!({ "bearer": roles }), json!({ "cookie": roles })];
        if let Some(scope) = needs.row().api_key {
            expected.push(json!({ "api_key": [scope.as_str()] }));
        }
        assert_eq!(operation["security"], Value::Array(expected), "{}", route.path);
    }
}

/// What anybody may is a short list that is read before it grows.
#[test]
fn what_is_public_is_meant_to_be() {
    let mut public: Vec<String> = all()
        .into_iter()
        .filter(|route| route.needs.is_none())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    public.sort_unstable();
    insta::assert_snapshot!(public.join("\n"));
}

/// No request lets anybody name a role: roles are given on the command line alone.
#[test]
fn nobody_grants_a_role_over_http() {
    let document = serde_json::to_value(router::openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    for (path, method, operation) in operations() {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = body["$ref"].as_str().and_then(|name| name.rsplit('/').next());
        let properties = &schemas[name.unwrap_or_default()]["properties"];
        for forbidden in ["role", "roles", "permissions"] {
            assert!(
                properties.get(forbidden).is_none(),
                "{method} {path} takes {forbidden}"
            );
        }
    }
}
