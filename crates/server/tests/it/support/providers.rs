//! Providers of the stories: a certified one in a process of its own, one that lies as it is told, and one that
//! speaks as GitHub does.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::form_urlencoded;

use super::{database::Database, shop::Shop};

impl Shop {
    /// Opens for business with these providers, each its name and issuer, and more settings.
    pub async fn with_providers(
        database: Database,
        providers: &[(&str, &str)],
        more: &[(&str, &str)],
    ) -> Self {
        let line = |(name, issuer): &(&str, &str)| match *name {
            "github" => format!("github issuer={issuer} client_id=stockade"),
            name => format!("{name} issuer={issuer} client_id=stockade"),
        };
        let lines: Vec<_> = providers.iter().map(line).collect();
        let secret = |(name, _): &(&str, &str)| format!("{name}:secret of stockade");
        let secrets: Vec<_> = providers.iter().map(secret).collect();
        let (lines, secrets) = (lines.join(","), secrets.join("\n"));
        let mut settings = vec![
            ("OIDC__PROVIDERS", lines.as_str()),
            ("OIDC__CLIENT_SECRETS", secrets.as_str()),
            ("OUTGOING__ALLOWED_NETWORKS", "127.0.0.0/8"),
        ];
        settings.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        settings.extend(more);
        Self::start_with(database, &settings).await
    }
}

/// The npm package `oidc-provider`, certified by the OpenID Foundation, in a process of its own.
pub struct RealProvider {
    child: Child,
    /// Open as long as the provider runs, which has more to say now and then.
    _out: BufReader<ChildStdout>,
    pub issuer: String,
}

impl RealProvider {
    /// Starts it for providers of these names.
    pub fn start(names: &[&str]) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc-provider");
        let back = |name: &&str| format!("http://localhost:8000/api/v1/auth/oidc/{name}/callback");
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .args(names.iter().map(back))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node 20 or newer; it runs the OpenID Connect provider of the stories");
        let mut issuer = String::new();
        let out = child.stdout.take().expect("its output");
        let mut out = BufReader::new(out);
        out.read_line(&mut issuer).expect("its issuer");
        let issuer = issuer.trim().to_owned();
        assert!(
            issuer.starts_with("http://127.0.0.1:"),
            "the provider did not start; run `npm ci` in {folder}, as `cargo xtask test` does"
        );
        Self {
            child,
            _out: out,
            issuer,
        }
    }
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a token is signed.
#[derive(Clone, Copy, Debug)]
pub enum Signed {
    /// With the key that the provider publishes.
    Well,
    /// With another key under the same name.
    ByAnother,
    /// Not at all: `alg` is `none`.
    Not,
    /// With HS256 and the published key as the secret.
    WithThePublicKey,
}

/// A provider that says whatever the story wants.
pub struct Liar {
    pub issuer: String,
    says: Arc<Mutex<Says>>,
}

struct Says {
    issuer: String,
    key: EcdsaKeyPair,
    id_token: String,
    userinfo: Value,
    form: HashMap<String, String>,
    authorization: String,
}

impl Liar {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("its address"));
        let says = Arc::new(Mutex::new(Says {
            issuer: issuer.clone(),
            key: new_key(),
            id_token: String::new(),
            userinfo: Value::Null,
            form: HashMap::new(),
            authorization: String::new(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&says));
        serve(listener, router);
        Self { issuer, says }
    }

    /// What the next code is good for.
    pub fn says(&self, signed: Signed, claims: &Value) {
        let mut says = self.says.lock().unwrap();
        says.id_token = sign(&says.key, signed, claims);
    }

    pub fn says_of_the_user(&self, userinfo: Value) {
        self.says.lock().unwrap().userinfo = userinfo;
    }

    /// Signs with a new key from now on.
    pub fn changes_its_key(&self) {
        self.says.lock().unwrap().key = new_key();
    }

    /// The form and the credentials that came with the last code.
    pub fn was_asked(&self) -> (HashMap<String, String>, String) {
        let says = self.says.lock().unwrap();
        (says.form.clone(), says.authorization.clone())
    }
}

type Shared = State<Arc<Mutex<Says>>>;

async fn metadata(State(says): Shared) -> Json<Value> {
    let issuer = says.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
    }))
}

async fn keys(State(says): Shared) -> Json<Value> {
    let says = says.lock().unwrap();
    let (x, y) = point(&says.key);
    let unknown = json!({ "kty": "AKP", "alg": "ML-DSA-44", "kid": "later", "pub": "AA" });
    let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid(&says.key), "x": x, "y": y });
    Json(json!({ "keys": [unknown, key] }))
}

async fn token(State(says): Shared, headers: HeaderMap, body: String) -> Json<Value> {
    let mut says = says.lock().unwrap();
    says.form = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    says.authorization = headers["authorization"].to_str().unwrap().to_owned();
    Json(json!({ "access_token": "for userinfo", "token_type": "Bearer", "id_token": says.id_token }))
}

async fn userinfo(State(says): Shared) -> Json<Value> {
    Json(says.lock().unwrap().userinfo.clone())
}

fn new_key() -> EcdsaKeyPair {
    let rng = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).expect("the key")
}

fn point(key: &EcdsaKeyPair) -> (String, String) {
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    (BASE64.encode(x), BASE64.encode(y))
}

fn kid(key: &EcdsaKeyPair) -> String {
    point(key).0[..8].to_owned()
}

fn sign(key: &EcdsaKeyPair, signed: Signed, claims: &Value) -> String {
    let algorithm = match signed {
        Signed::Well | Signed::ByAnother => "ES256",
        Signed::Not => "none",
        Signed::WithThePublicKey => "HS256",
    };
    let header = json!({ "alg": algorithm, "kid": kid(key) });
    let [header, claims] = [&header, claims].map(|part| BASE64.encode(part.to_string()));
    let text = format!("{header}.{claims}");
    let by = |key: &EcdsaKeyPair| {
        let signature = key
            .sign(&SystemRandom::new(), text.as_bytes())
            .expect("a signature");
        BASE64.encode(signature)
    };
    let signature = match signed {
        Signed::Well => by(key),
        Signed::ByAnother => by(&new_key()),
        Signed::Not => String::new(),
        Signed::WithThePublicKey => {
            let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key.public_key().as_ref());
            BASE64.encode(aws_lc_rs::hmac::sign(&secret, text.as_bytes()))
        }
    };
    format!("{text}.{signature}")
}

/// A server that speaks as GitHub's own do: `/login/oauth/access_token` and `/api/v3`.
pub struct GitHub {
    pub issuer: String,
    addresses: Arc<Mutex<Value>>,
}

impl GitHub {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("its address"));
        let addresses = Arc::new(Mutex::new(json!([])));
        let router = Router::new()
            .route("/login/oauth/access_token", post(github_token))
            .route("/api/v3/user", get(github_user))
            .route("/api/v3/user/emails", get(github_addresses))
            .with_state(Arc::clone(&addresses));
        serve(listener, router);
        Self { issuer, addresses }
    }

    /// Whose addresses they are: each with whether it is primary and verified.
    pub fn has(&self, addresses: &[(&str, bool, bool)]) {
        let entry = |(email, primary, verified): &(&str, bool, bool)| json!({ "email": email, "primary": primary, "verified": verified, "visibility": null });
        *self.addresses.lock().unwrap() = addresses.iter().map(entry).collect();
    }
}

/// Refusals come with the status 200.
async fn github_token(headers: HeaderMap, body: String) -> Json<Value> {
    let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!(headers["accept"], "application/json");
    let good = form["client_secret"] == "secret of stockade" && form["code_verifier"].len() == 43;
    Json(match good && form["code"] == "good" {
        true => json!({ "access_token": "gho_1", "scope": "read:user,user:email", "token_type": "bearer" }),
        false => json!({ "error": "bad_verification_code", "error_description": "<b>expired</b>" }),
    })
}

async fn github_user(headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let known = headers["authorization"] == "Bearer gho_1" && headers.contains_key("user-agent");
    let user = json!({ "login": "ana", "id": 583_231, "name": "Ana", "email": null, "type": "User" });
    if known {
        Ok(Json(user))
    } else {
        Err(StatusCode::UNAUTHORIZED)
    }
}

async fn github_addresses(State(addresses): State<Arc<Mutex<Value>>>) -> Json<Value> {
    Json(addresses.lock().unwrap().clone())
}

fn serve(listener: TcpListener, router: Router) {
    tokio::spawn(async move { axum::serve(listener, router).await });
}
