//! Somebody with a browser, who signs in at providers as people do: by following redirects and filling in forms.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue, header};
use stockade_platform::{
    clock::Clock,
    web_client::{WebClient, WebRequest},
};
use url::{Url, form_urlencoded};

use super::{
    http::{Answer, Ask},
    shop::Shop,
};

/// Where the site of every story is.
const SITE: &str = "http://localhost:8000";

/// A browser with its cookies, ours and a provider's.
pub struct Visitor<'s> {
    shop: &'s Shop,
    ours: BTreeMap<String, String>,
    theirs: BTreeMap<String, String>,
    web: WebClient,
}

impl<'s> Visitor<'s> {
    /// A browser that was nowhere yet. The shop's clock goes as the providers' does.
    pub fn new(shop: &'s Shop) -> Self {
        let present = Clock::System.now().as_second();
        shop.later((present - shop.now().as_second()).max(0));
        Self {
            shop,
            ours: BTreeMap::new(),
            theirs: BTreeMap::new(),
            web: WebClient::new(None, |address| address.is_loopback()).expect("a client"),
        }
    }

    /// Sends a request with our cookies, as a page of ours would, and keeps those that come.
    pub async fn send(&mut self, ask: Ask<'s>) -> Answer {
        let mut ask = ask.header("sec-fetch-site", "same-origin");
        if !self.ours.is_empty() {
            ask = ask.header("cookie", cookies(&self.ours));
        }
        if let Some(token) = self.ours.get("stockade-csrf") {
            ask = ask.header("x-csrf-token", token);
        }
        let answer = ask.send().await;
        keep(&mut self.ours, &answer.headers);
        answer
    }

    /// Opens an address of ours; answers where it leads.
    pub async fn open(&mut self, path: &str) -> String {
        let answer = self.send(self.shop.get(path)).await;
        assert_eq!(answer.status.as_u16(), 303, "{path}: {}", answer.text());
        location(&answer.headers)
    }

    /// Leaves for a provider; answers its address.
    pub async fn leave_for(&mut self, provider: &str) -> String {
        // A second passes, so that mails have an order.
        self.shop.later(1);
        self.open(&format!("/api/v1/auth/oidc/{provider}/start")).await
    }

    /// The whole way: there, in, and back; answers where it ends.
    pub async fn sign_in_at(&mut self, provider: &str, login: &str) -> String {
        let there = self.leave_for(provider).await;
        let back = self.sign_in_there(&there, login).await;
        self.open(&back).await
    }

    /// Gives the mailed code that a sign-in on a new browser ended with; answers where it ends then.
    pub async fn give_mailed_code(&mut self, end: &str, email: &str) -> String {
        let challenge = end
            .strip_prefix("/login/second-factor#challenge=")
            .and_then(|rest| rest.strip_suffix("&methods=mailed_code"))
            .unwrap_or_else(|| panic!("{end} asks for no mailed code"));
        let code = self.shop.mailed_code(email).await;
        self.shop.later(1);
        let finish = self.shop.second_factor(challenge, &code);
        let answer = self
            .send(finish.to("/api/v1/auth/login/2fa?session=cookie"))
            .await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        "/".to_owned()
    }

    /// Fills in the provider's forms; answers the path that it sends back to.
    pub async fn sign_in_there(&mut self, there: &str, login: &str) -> String {
        let mut url = Url::parse(there).expect("an address");
        for _ in 0..12 {
            let page = self.ask(WebRequest::get(url.as_str())).await;
            let answer = match page.status.as_u16() {
                200 => {
                    let html = String::from_utf8_lossy(&page.body).into_owned();
                    let form = match html.contains("name=\"login\"") {
                        true => vec![("prompt", "login"), ("login", login), ("password", "any")],
                        false => vec![("prompt", "consent")],
                    };
                    let form = form_urlencoded::Serializer::new(String::new())
                        .extend_pairs(form)
                        .finish();
                    let request = WebRequest::post(url.as_str(), form).map(|request| {
                        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
                        request.header(header::CONTENT_TYPE, kind)
                    });
                    self.ask(request).await
                }
                _ => page,
            };
            assert_eq!(
                answer.status.as_u16(),
                303,
                "{url}: {}",
                String::from_utf8_lossy(&answer.body)
            );
            let to = location(&answer.headers);
            if let Some(back) = to.strip_prefix(SITE) {
                return back.to_owned();
            }
            url = url.join(&to).expect("an address");
        }
        panic!("the provider sends {login} round in circles");
    }

    /// Which cookies of ours it has.
    pub fn has(&self, cookie: &str) -> bool {
        self.ours.contains_key(cookie)
    }

    async fn ask(
        &mut self,
        request: Result<WebRequest, stockade_platform::web_client::WebError>,
    ) -> stockade_platform::web_client::WebResponse {
        let request = request.expect("an address");
        let line = HeaderValue::from_str(&cookies(&self.theirs)).expect("cookies");
        let answer = self
            .web
            .send(request.header(header::COOKIE, line))
            .await
            .expect("an answer");
        keep(&mut self.theirs, &answer.headers);
        answer
    }
}

/// One parameter of an address.
pub fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(SITE)
        .and_then(|site| site.join(url))
        .expect("an address");
    let found = url.query_pairs().find(|(known, _)| known == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {url}"))
        .1
        .into_owned()
}

fn location(headers: &HeaderMap) -> String {
    let location = headers.get(header::LOCATION).expect("a location");
    location.to_str().expect("text").to_owned()
}

fn cookies(jar: &BTreeMap<String, String>) -> String {
    let pairs: Vec<_> = jar
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("; ")
}

fn keep(jar: &mut BTreeMap<String, String>, headers: &HeaderMap) {
    for line in headers.get_all(header::SET_COOKIE) {
        let line = line.to_str().expect("text");
        let (pair, _) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').expect("a cookie");
        match value {
            "" => drop(jar.remove(name)),
            value => drop(jar.insert(name.to_owned(), value.to_owned())),
        }
    }
}
