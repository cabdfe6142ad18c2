//! Incidents: opened by rule, gathered in one, worked on by people; and accounts that are frozen and restored.

mod gathering;
mod outsiders;
mod restriction;
mod telling;
mod working;

use serde_json::{Value, json};
use stockade::features::{auth, incidents};
use stockade_domain::roles::Role;

use crate::{
    devices::{Browser, CHROME, FIREFOX},
    support::{
        people::{PASSWORD, Tokens, text},
        shop::Shop,
    },
};

pub const INCIDENTS: &str = "/api/admin/security/incidents";
pub const ACCOUNTS: &str = "/api/admin/security/accounts";

impl Shop {
    /// Lets incidents be gathered from what has happened.
    pub async fn gather(&self) {
        self.number_the_log().await;
        incidents::follow_log(&self.app).await.unwrap();
        self.number_the_log().await;
    }

    /// Incidents as somebody of the staff finds them, newest first.
    pub async fn incidents(&self, who: &Tokens, query: &str) -> Vec<Value> {
        self.gather().await;
        let path = format!("{INCIDENTS}?{query}");
        let list = self.get(&path).bearer(&who.access).send().await.expect(200);
        list["items"].as_array().unwrap().clone()
    }

    /// Somebody of the staff with this address, signed in.
    pub async fn colleague(&self, email: &str, role: Role) -> Tokens {
        auth::create_staff(&self.app, email, PASSWORD, role)
            .await
            .unwrap();
        self.sign_in(email, PASSWORD).await
    }

    /// Signs in in vain from an address.
    pub async fn guess(&self, email: &str, from: &str) {
        let guess = self.login(email, "not the password of anybody").from(from);
        guess.send().await.refused(401, "sign_in.failed");
    }

    /// Acts on an incident.
    pub async fn act(&self, who: &Tokens, id: &Value, act: &str, ask: Value) -> crate::support::http::Answer {
        let path = format!("{INCIDENTS}/{}/{act}", text(id));
        self.post(&path).bearer(&who.access).json(ask).send().await
    }
}

/// A stranger uses a refresh token on another device. The one whose it was is signed in elsewhere, too.
pub async fn steal_a_session(shop: &Shop, email: &str) -> (Browser, Tokens) {
    let mut hers = Browser::new(FIREFOX);
    let bystander = hers.signs_in(shop, email).await;
    let taken = hers.signs_in(shop, email).await;
    let thief = Browser::new(CHROME);
    let stolen = thief.sends(shop.refresh(&taken.refresh)).send().await;
    stolen.refused(401, "token.stolen");
    (hers, bystander)
}

/// A stranger who knows the password, and reads the mail, signs in with a copy of a device's cookie.
pub async fn copy_the_device(shop: &Shop, of: &Browser, email: &str) -> Tokens {
    let mut copy = Browser {
        agent: CHROME,
        cookie: of.cookie.clone(),
    };
    copy.signs_in(shop, email).await
}

pub fn reason() -> Value {
    json!({ "identity_check": "Video call; passport and face agree with the file." })
}
