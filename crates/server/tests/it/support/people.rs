//! People of the stories: how they join, sign in and sign what they ask for.

use serde_json::{Value, json};
use stockade::features::auth;
use stockade_domain::roles::Role;

use super::{http::Ask, shop::Shop};

/// The password of everybody who does not choose one.
pub const PASSWORD: &str = "quartz lantern meadow thirteen";

/// A signing key as its owner has it.
#[derive(Clone, Debug)]
pub struct SigningKey {
    pub id: String,
    pub secret: String,
}

/// A session's tokens.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// Somebody signed in, with a signing key.
pub struct Customer<'s> {
    pub shop: &'s Shop,
    pub id: String,
    pub email: String,
    pub tokens: Tokens,
    pub key: SigningKey,
}

impl Shop {
    /// Registers `name@example.com`, confirms the mailed link, signs in and makes a signing key.
    pub async fn customer(&self, name: &str) -> Customer<'_> {
        let email = format!("{name}@example.com");
        let id = self.join(&email, PASSWORD).await;
        let tokens = self.sign_in(&email, PASSWORD).await;
        let key = self.session_key(&tokens).await;
        Customer {
            shop: self,
            id,
            email,
            tokens,
            key,
        }
    }

    /// The access token of `name@example.com`, who has just joined.
    pub async fn join_and_sign_in(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        self.join(&email, PASSWORD).await;
        self.sign_in(&email, PASSWORD).await.access
    }

    /// Somebody of the staff, signed in.
    pub async fn staff(&self, role: Role) -> Tokens {
        let email = format!("{role}@example.com");
        auth::create_staff(&self.app, &email, PASSWORD, role)
            .await
            .expect("somebody of the staff");
        self.sign_in(&email, PASSWORD).await
    }

    /// Registers and confirms; answers the person's id.
    pub async fn join(&self, email: &str, password: &str) -> String {
        self.register(email, password).await;
        let token = self.mailed_token(&email.to_lowercase()).await;
        let user = self
            .post("/api/v1/auth/email/verify")
            .json(json!({ "token": token, "password": password }))
            .send()
            .await
            .expect(201);
        text(&user["id"])
    }

    pub async fn register(&self, email: &str, password: &str) {
        // A second passes, so that mails have an order.
        self.later(1);
        let ask = json!({ "email": email, "password": password, "name": "Ana" });
        self.post("/api/v1/auth/register")
            .json(ask)
            .send()
            .await
            .expect(202);
        self.answer_mail_requests().await;
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Tokens {
        // A second passes, so that the codes of two sign-ins have an order.
        self.later(1);
        let login = self.login(email, password);
        let answer = login.clone().send().await.expect(200);
        tokens(&self.with_mailed_code(login, answer).await)
    }

    /// The answer to a sign-in, after its mailed code where it asks for one, as on a device that is not known.
    pub async fn with_mailed_code(&self, login: Ask<'_>, answer: Value) -> Value {
        if answer["methods"] != json!(["mailed_code"]) {
            return answer;
        }
        let code = self.mailed_code(&login.value_of("email").to_lowercase()).await;
        let ask = json!({ "challenge": answer["challenge"], "code": code });
        let path = match login.path().split_once('?') {
            Some((_, query)) => format!("/api/v1/auth/login/2fa?{query}"),
            None => "/api/v1/auth/login/2fa".to_owned(),
        };
        login.to(&path).json(ask).send().await.expect(200)
    }

    /// A sign-in not yet sent.
    pub fn login(&self, email: &str, password: &str) -> Ask<'_> {
        self.post("/api/v1/auth/login")
            .json(json!({ "email": email, "password": password }))
    }

    /// A refresh not yet sent.
    pub fn refresh(&self, refresh_token: &str) -> Ask<'_> {
        self.post("/api/v1/auth/refresh")
            .json(json!({ "refresh_token": refresh_token }))
    }

    pub fn me(&self, access_token: &str) -> Ask<'_> {
        self.get("/api/v1/auth/me").bearer(access_token)
    }

    /// The session's own signing key.
    pub async fn session_key(&self, tokens: &Tokens) -> SigningKey {
        let made = self
            .post("/api/v1/auth/session-key")
            .bearer(&tokens.access)
            .send()
            .await
            .expect(201);
        signing_key(&made)
    }

    /// Makes a signing key under step-up, with the password and a mailed code.
    pub async fn signing_key(&self, tokens: &Tokens, ask: Value) -> SigningKey {
        let request = self.post("/api/v1/signing-keys").bearer(&tokens.access).json(ask);
        signing_key(&self.stepped_up(tokens, request).await.send().await.expect(201))
    }

    /// The request with a proof for it, which somebody without a second factor gives.
    pub async fn stepped_up<'a>(&'a self, tokens: &Tokens, request: Ask<'a>) -> Ask<'a> {
        let refused = request.clone().send().await.refused(403, "step_up.required");
        assert_eq!(refused["methods"], json!(["password_and_mail"]));
        let begun = self.begin_step_up(tokens, &refused).await;
        let me = self.me(&tokens.access).send().await.expect(200);
        let code = self.mailed_code(&text(&me["email"])).await;
        let ask = json!({ "challenge": begun["challenge"], "code": code, "password": PASSWORD });
        let proven = self.prove_step_up(tokens, ask).send().await.expect(200);
        request.header("x-step-up", text(&proven["proof"]))
    }

    /// Begins the step-up that a refusal asks for.
    pub async fn begin_step_up(&self, tokens: &Tokens, refused: &Value) -> Value {
        self.later(1);
        self.post("/api/v1/auth/step-up")
            .bearer(&tokens.access)
            .json(json!({ "operation": refused["operation"] }))
            .send()
            .await
            .expect(201)
    }

    /// A proof not yet sent.
    pub fn prove_step_up(&self, tokens: &Tokens, ask: Value) -> Ask<'_> {
        self.post("/api/v1/auth/step-up/verify")
            .bearer(&tokens.access)
            .json(ask)
    }

    /// The code in the newest mail to an address.
    pub async fn mailed_code(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        let code_in = |text: &str| {
            text.split(|c: char| !c.is_ascii_alphanumeric())
                .find(is_code)
                .map(str::to_owned)
        };
        let newest = mails.iter().rev().find_map(|mail| code_in(&mail.text));
        newest.expect("a mail with a code")
    }
}

fn signing_key(made: &Value) -> SigningKey {
    SigningKey {
        id: text(&made["id"]),
        secret: text(&made["secret"]),
    }
}

impl<'s> Customer<'s> {
    pub fn get(&self, path: &str) -> Ask<'s> {
        self.shop.get(path).bearer(&self.tokens.access)
    }

    pub fn post(&self, path: &str) -> Ask<'s> {
        self.shop.post(path).bearer(&self.tokens.access)
    }

    pub fn put(&self, path: &str) -> Ask<'s> {
        self.shop.put(path).bearer(&self.tokens.access)
    }

    pub fn patch(&self, path: &str) -> Ask<'s> {
        self.shop.patch(path).bearer(&self.tokens.access)
    }

    pub fn delete(&self, path: &str) -> Ask<'s> {
        self.shop.delete(path).bearer(&self.tokens.access)
    }

    /// A signed POST with a JSON body.
    pub fn signed_post(&self, path: &str, body: Value) -> Ask<'s> {
        self.post(path).json(body).signed(&self.key)
    }

    /// The same with a key of its own instead of the session's.
    pub async fn with_key(self) -> Self {
        let key = self
            .shop
            .signing_key(&self.tokens, json!({ "name": "stories" }))
            .await;
        Self { key, ..self }
    }

    /// Deposits dollars.
    pub async fn with_cash(self, dollars: u32) -> Self {
        let ask = json!({ "amount": format!("{dollars}.00"), "currency": "USD" });
        self.signed_post("/api/v1/cash/deposits", ask)
            .send()
            .await
            .expect(201);
        self
    }
}

/// The tokens of a sign-in's or refresh's answer.
pub fn tokens(answer: &Value) -> Tokens {
    Tokens {
        access: text(&answer["access_token"]),
        refresh: text(&answer["refresh_token"]),
    }
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a text, not {value}"))
        .to_owned()
}
