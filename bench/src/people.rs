//! Customers for a load: they register, confirm by mail, sign in, get a signing key and pay in, all through the front
//! door.

use std::{
    collections::HashMap, io::Write as _, net::SocketAddr, path::Path, process::Stdio, rc::Rc, time::Duration,
};

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use stockade_platform::mail::Mailbox;
use tokio::time::sleep;

use crate::{
    failure::{Done, Failure},
    load::{Chance, Connection},
    requests::{self, SignedPost},
    target::Settings,
};

/// So much that no load spends it, in dollars.
const DEPOSIT: &str = "1000000000.00";
/// How often to look for mail, and how many times.
const LOOK: (Duration, u32) = (Duration::from_millis(50), 1_200);

/// A customer with an open session.
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) device: String,
    pub(crate) token: String,
    pub(crate) key_id: String,
    pub(crate) key: hmac::Key,
}

/// A session of somebody who signs nothing.
pub(crate) struct Session {
    pub(crate) token: String,
    pub(crate) device: String,
}

/// Makes an analyst from the command line, as an operator would, and signs them in.
pub(crate) async fn analyst(address: SocketAddr, settings: &Settings) -> Done<Session> {
    let (email, mut chance) = ("analyst@bench.example", Chance::unique());
    let password = format!("{:016x}-{:016x}", chance.next(), chance.next());
    let fail = || Failure::of("cannot make an analyst");
    let mut program = settings
        .command()
        .args([
            "admin",
            "create",
            "--role",
            "analyst",
            "--password-stdin",
            "--email",
            email,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(fail())?;
    if let Some(mut input) = program.stdin.take() {
        writeln!(input, "{password}").map_err(fail())?;
    }
    let status = program.wait().map_err(fail())?;
    if !status.success() {
        return Err(Failure::new(format!(
            "`stockade admin create` ended with {status}"
        )));
    }
    let device = chance.uuid().to_string();
    let login = requests::login(address, email, &password, &device);
    let session = Desk::open(address).await?.send("signing in", &login, 200).await?;
    Ok(Session {
        token: text(&session, "access_token")?,
        device,
    })
}

/// Makes `count` customers, with cash.
pub(crate) async fn join(address: SocketAddr, mail_folder: &Path, count: usize) -> Done<Vec<Rc<Person>>> {
    let mut desk = Desk::open(address).await?;
    let mut chance = Chance::unique();
    let mut asked = Vec::with_capacity(count);
    for number in 0..count {
        let email = format!("customer-{number}@bench.example");
        let password = format!("{:016x}-{:016x}", chance.next(), chance.next());
        let body = json!({ "email": email, "password": password, "name": format!("Customer {number}") });
        desk.post("/api/v1/auth/register", None, &body, 202).await?;
        asked.push((email, password));
    }
    let tokens = confirmation_tokens(mail_folder, count).await?;
    let mut people = Vec::with_capacity(count);
    for (email, password) in asked {
        let token = tokens
            .get(&email)
            .ok_or_else(|| Failure::new(format!("no mail came to {email}")))?;
        let body = json!({ "token": token, "password": password });
        desk.post("/api/v1/auth/email/verify", None, &body, 201).await?;
        let person = desk.sign_in(email, password, chance.uuid().to_string()).await?;
        desk.deposit(&person).await?;
        people.push(Rc::new(person));
    }
    Ok(people)
}

/// The token in each person's mail, once all have come.
async fn confirmation_tokens(folder: &Path, count: usize) -> Done<HashMap<String, String>> {
    let mailbox = Mailbox::new(folder);
    let (interval, looks) = LOOK;
    for _ in 0..looks {
        let mails = mailbox
            .list()
            .await
            .map_err(Failure::of("cannot read the mails"))?;
        if mails.len() >= count {
            let token = |links: &[String]| Some(links.first()?.split_once("token=")?.1.to_owned());
            return Ok(mails
                .into_iter()
                .filter_map(|mail| Some((mail.to, token(&mail.links)?)))
                .collect());
        }
        sleep(interval).await;
    }
    Err(Failure::new("the confirmation mails did not come"))
}

/// A connection for setting things up, where speed does not matter.
struct Desk {
    address: SocketAddr,
    connection: Connection,
}

impl Desk {
    async fn open(address: SocketAddr) -> Done<Self> {
        let connection = Connection::open(address)
            .await
            .map_err(Failure::of("cannot reach the server"))?;
        Ok(Self { address, connection })
    }

    async fn sign_in(&mut self, email: String, password: String, device: String) -> Done<Person> {
        let login = requests::login(self.address, &email, &password, &device);
        let session = self.send("signing in", &login, 200).await?;
        let token = text(&session, "access_token")?;
        let key = self
            .post(
                "/api/v1/auth/session-key",
                Some((&token, &device)),
                &Value::Null,
                201,
            )
            .await?;
        let secret = text(&key, "secret")?;
        Ok(Person {
            email,
            password,
            device,
            token,
            key_id: text(&key, "id")?,
            // The characters as they stand are the key.
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
        })
    }

    async fn deposit(&mut self, person: &Person) -> Done {
        let body = json!({ "amount": DEPOSIT, "currency": "USD" }).to_string();
        let mut post = SignedPost::new(self.address, person, "/api/v1/cash/deposits", &[body]);
        let mut request = Vec::new();
        post.write(&mut request);
        self.send("paying in", &request, 201).await.map(drop)
    }

    async fn post(
        &mut self,
        path: &str,
        by: Option<(&str, &str)>,
        body: &Value,
        expected: u16,
    ) -> Done<Value> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = requests::post(self.address, path, by, &body);
        self.send(path, &request, expected).await
    }

    async fn send(&mut self, what: &str, request: &[u8], expected: u16) -> Done<Value> {
        let answer = self
            .connection
            .exchange(request)
            .await
            .map_err(Failure::of(format!("{what} failed")))?;
        if answer.status == expected {
            return Ok(serde_json::from_slice(answer.body).unwrap_or_default());
        }
        let (status, body) = (answer.status, String::from_utf8_lossy(answer.body));
        Err(Failure::new(format!(
            "{what} was answered with {status} instead of {expected}: {body}"
        )))
    }
}

fn text(object: &Value, field: &str) -> Done<String> {
    let found = object[field].as_str().map(str::to_owned);
    found.ok_or_else(|| Failure::new(format!("an answer has no {field}: {object}")))
}
