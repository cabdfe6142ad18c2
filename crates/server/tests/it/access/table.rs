//! Everybody tries everything: nobody, each role, and an API key of each scope against every route of the API. What each
//! meets is what the table says.

use stockade::security::access::Permission;
use stockade_domain::{key_scopes::KeyScope, roles::Role};

use super::{key_for, routes};
use crate::{
    on_both,
    support::{
        http::{Answer, Ask},
        people::{PASSWORD, Tokens},
        shop::Shop,
    },
};

/// Somebody who tries.
struct Tester {
    name: String,
    role: Option<Role>,
    key: Option<KeyScope>,
    header: (&'static str, String),
}

on_both! {
    /// Everybody tries everything.
    async fn everybody_meets_what_the_table_says(database: Database) {
        let shop = Shop::start(database).await;
        let testers = testers(&shop).await;
        for route in routes::all() {
            for tester in &testers {
                let answer = tester.tries(&shop, &route).await;
                let expected = tester.expects(route.needs);
                let met = refusal(&answer);
                assert_eq!(met.as_deref(), expected, "{} at {} {}", tester.name, route.method, route.path);
            }
        }
    }
}

async fn testers(shop: &Shop) -> Vec<Tester> {
    let nobody = Tester {
        name: "nobody".into(),
        role: None,
        key: None,
        header: ("accept", "*/*".into()),
    };
    let mut testers = vec![nobody];
    for role in Role::ALL {
        let tokens = shop.staff(*role).await;
        testers.push(Tester {
            name: role.to_string(),
            role: Some(*role),
            key: None,
            header: ("authorization", format!("Bearer {}", tokens.access)),
        });
        if matches!(role, Role::Customer | Role::Auditor | Role::Admin) {
            for scope in KeyScope::ALL {
                testers.push(key_of(shop, *role, &tokens, *scope).await);
            }
        }
    }
    testers
}

async fn key_of(shop: &Shop, role: Role, tokens: &Tokens, scope: KeyScope) -> Tester {
    let (_, key) = shop.api_key(tokens, key_for(scope.as_str())).await;
    Tester {
        name: format!("{role}'s key for {scope}"),
        role: Some(role),
        key: Some(scope),
        header: ("x-api-key", key),
    }
}

impl Tester {
    async fn tries(&self, shop: &Shop, route: &routes::Route) -> Answer {
        let path = route
            .path
            .replace("{symbol}", "KO")
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    "00000000-0000-0000-0000-000000000000"
                } else {
                    part
                }
            })
            .collect::<Vec<_>>()
            .join("/");
        let (mut name, mut value) = self.header.clone();
        // Whoever may sign out does, so that is tried in a session of its own.
        if path.ends_with("/auth/logout")
            && self.key.is_none()
            && let Some(role) = self.role
        {
            let tokens = shop.sign_in(&format!("{role}@example.com"), PASSWORD).await;
            (name, value) = ("authorization", format!("Bearer {}", tokens.access));
        }
        ask(shop, &route.method, &path).header(name, value).send().await
    }

    /// The refusal that the table holds ready, if any.
    fn expects(&self, needs: Option<Permission>) -> Option<&'static str> {
        let row = needs?.row();
        let Some(role) = self.role else {
            return Some("token.missing");
        };
        if !row.roles.contains(&role) {
            return Some("role.not_allowed");
        }
        match (self.key, row.api_key) {
            (Some(_), None) => Some("api_key.needs_person"),
            (Some(has), Some(needs)) if has != needs => Some("api_key.scope"),
            _ => None,
        }
    }
}

fn ask<'s>(shop: &'s Shop, method: &str, path: &str) -> Ask<'s> {
    match method {
        "GET" => shop.get(path),
        "POST" => shop.post(path),
        "PUT" => shop.put(path),
        "PATCH" => shop.patch(path),
        "DELETE" => shop.delete(path),
        other => panic!("{other} {path}"),
    }
}

/// The code with which somebody was turned away at the door; what a handler says beyond it does not count.
fn refusal(answer: &Answer) -> Option<String> {
    assert!(answer.status != 500, "{}", answer.text());
    let value: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = value["code"].as_str()?;
    let at_the_door = ["token.", "role.", "api_key."]
        .iter()
        .any(|family| code.starts_with(family));
    (at_the_door && !["api_key.unknown", "token.invalid"].contains(&code)).then(|| code.to_owned())
}
