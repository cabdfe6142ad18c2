//! The endpoints there are, each with its rate class and its counters. They come from the API's description, so none can
//! be forgotten.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use axum::http::{Method, StatusCode};
use utoipa::openapi::{OpenApi, path::Operation};

use crate::security::rate_limit::{EXTENSION, RateClass};

/// A method at a path.
pub struct Endpoint {
    /// The method, or `*` for what is not listed: pages, files, paths that do not exist.
    pub method: &'static str,
    /// The path with its parameters by name.
    pub path: String,
    /// How often it may be asked.
    pub class: RateClass,
    /// Answered with what was asked for, or sent elsewhere for it.
    pub(super) served: AtomicU64,
    /// Refused, rate limits included.
    pub(super) refused: AtomicU64,
    /// Refused because of a rate limit.
    pub(super) limited: AtomicU64,
    /// Failed, or turned away because of too many others.
    pub(super) failed: AtomicU64,
}

impl Endpoint {
    fn new(method: &'static str, path: &str, class: RateClass) -> Self {
        Self {
            method,
            path: path.to_owned(),
            class,
            served: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            limited: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        }
    }

    pub(super) fn count(&self, status: StatusCode) {
        if status.is_server_error() {
            self.failed.fetch_add(1, Relaxed);
        } else if status.is_client_error() {
            self.refused.fetch_add(1, Relaxed);
            if status == StatusCode::TOO_MANY_REQUESTS {
                self.limited.fetch_add(1, Relaxed);
            }
        } else {
            self.served.fetch_add(1, Relaxed);
        }
    }
}

/// All endpoints, found by route.
pub struct Endpoints {
    by_route: HashMap<String, Vec<Endpoint>>,
    /// Everything else.
    other: Endpoint,
}

impl Endpoints {
    /// Those of a description.
    ///
    /// # Errors
    /// Names the routes that have no class, or one there is not.
    pub fn of(document: &OpenApi) -> Result<Self, String> {
        let mut by_route: HashMap<String, Vec<Endpoint>> = HashMap::new();
        let mut without = Vec::new();
        for (path, item) in &document.paths.paths {
            let operations = [
                ("GET", &item.get),
                ("HEAD", &item.head),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            for (method, operation) in operations {
                let Some(operation) = operation else {
                    continue;
                };
                match class(method, operation) {
                    Some(class) => by_route
                        .entry(path.clone())
                        .or_default()
                        .push(Endpoint::new(method, path, class)),
                    None => without.push(format!("{method} {path}")),
                }
            }
        }
        if without.is_empty() {
            let other = Endpoint::new("*", "*", RateClass::Read);
            return Ok(Self { by_route, other });
        }
        Err(format!(
            "no rate class at {}; put extensions((\"{EXTENSION}\" = json!(\"CLASS\"))) into their #[utoipa::path], where \
             CLASS is a setting of [rate_limit]",
            without.join(", ")
        ))
    }

    pub(super) fn find(&self, method: &Method, route: Option<&str>) -> &Endpoint {
        let method = if *method == Method::HEAD {
            "GET"
        } else {
            method.as_str()
        };
        route
            .and_then(|route| self.by_route.get(route))
            .and_then(|endpoints| endpoints.iter().find(|endpoint| endpoint.method == method))
            .unwrap_or(&self.other)
    }

    /// Each of them, by path.
    pub(super) fn all(&self) -> Vec<&Endpoint> {
        let mut all: Vec<_> = self.by_route.values().flatten().chain([&self.other]).collect();
        all.sort_by(|one, other| (&one.path, one.method).cmp(&(&other.path, other.method)));
        all
    }
}

fn class(method: &str, operation: &Operation) -> Option<RateClass> {
    let named = operation
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get(EXTENSION));
    match named {
        Some(name) => RateClass::named(name.as_str()?),
        None => matches!(method, "GET" | "HEAD").then_some(RateClass::Read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::router;

    #[test]
    fn every_route_has_a_rate_class() {
        let document = router::openapi();
        let endpoints = Endpoints::of(&document).map_err(|why| panic!("{why}")).unwrap();
        let class = |method: Method, path| endpoints.find(&method, Some(path)).class;
        assert_eq!(class(Method::POST, "/api/v1/auth/login"), RateClass::SignIn);
        assert_eq!(class(Method::GET, "/api/v1/auth/me"), RateClass::Read);
        assert_eq!(class(Method::POST, "/api/v1/orders"), RateClass::Trade);
    }

    #[test]
    fn a_change_without_a_class_is_named() {
        let mut document = router::openapi();
        let login = document.paths.paths.get_mut("/api/v1/auth/login").unwrap();
        login.post.as_mut().unwrap().extensions = None;
        let why = Endpoints::of(&document).err().unwrap();
        assert!(why.contains("POST /api/v1/auth/login;"), "{why}");
    }
}
