//! The real program in a process of its own, spoken to over a socket.

use std::{
    io::Write as _,
    process::{Child, Command, ExitStatus, Stdio},
    sync::Arc,
};

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use stockade_platform::{clock::Clock, db::Location, random};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{
    database::Database,
    people::{PASSWORD, SigningKey, text},
};

/// A server process.
pub struct Process {
    child: Child,
    pub port: u16,
    ground: Arc<Ground>,
}

/// What a process and its fellows stand on, and what outlives them.
struct Ground {
    data: tempfile::TempDir,
    database: Database,
    settings: Vec<(String, String)>,
}

/// Somebody signed in at the process.
#[derive(Clone)]
pub struct Client {
    pub port: u16,
    access: String,
    pub refresh: String,
    key: SigningKey,
}

/// A signed request, which may be sent more than once.
pub struct Signed {
    path: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Signed {
    pub async fn send(&self, port: u16) -> Option<(u16, Value)> {
        request(port, "POST", &self.path, &self.headers, &self.body).await
    }
}

impl Process {
    /// Starts `stockade serve` on a free port and waits until it serves.
    pub async fn start(database: Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same with settings as environment variables name them, without their prefix.
    pub async fn start_with(database: Database, settings: &[(&str, &str)]) -> Self {
        let named = settings
            .iter()
            .map(|(name, value)| (format!("STOCKADE_{name}"), (*value).to_owned()));
        let ground = Ground {
            data: tempfile::tempdir().expect("a temporary folder"),
            database,
            settings: named.collect(),
        };
        Self::open(Arc::new(ground)).await
    }

    /// One more process on the same ground.
    pub async fn second(&self) -> Self {
        Self::open(Arc::clone(&self.ground)).await
    }

    async fn open(ground: Arc<Ground>) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let child = ground.serve(port);
        let process = Self { child, port, ground };
        process.until_ready().await;
        process
    }

    /// Ends the process as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("the process to end");
    }

    /// Starts it again on what it left.
    pub async fn start_again(&mut self) {
        self.child = self.ground.serve(self.port);
        self.until_ready().await;
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill");
        self.child.wait().expect("the process to end")
    }

    /// Runs another command of the program beside it; answers its exit status and output.
    pub fn command(&self, arguments: &[&str], input: &str) -> (bool, String) {
        let mut child = self
            .ground
            .program()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child
            .stdin
            .take()
            .expect("its input")
            .write_all(input.as_bytes())
            .expect("to write");
        let output = child.wait_with_output().expect("its output");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    }

    /// Another command of the program, on the same ground, still to be run.
    pub fn command_of(&self, arguments: &[&str]) -> Command {
        let mut command = self.ground.program();
        command.args(arguments);
        command
    }

    /// Where its data lies.
    pub fn data_dir(&self) -> &std::path::Path {
        self.ground.data.path()
    }

    /// On which database it runs.
    pub fn database_kind(&self) -> super::database::Kind {
        self.ground.database.kind
    }

    /// Tells a client of another language where the server is, where its data lies, and how to run the program beside it.
    pub fn name_to(&self, client: &mut Command) {
        let program = self.ground.program();
        client
            .arg(format!("http://localhost:{}", self.port))
            .args([self.ground.data.path().as_os_str(), program.get_program()]);
        for (name, value) in program.get_envs() {
            client.env(name, value.expect("nothing is taken away"));
        }
    }

    /// Makes a customer on the command line and signs them in.
    pub async fn customer(&self, email: &str) -> Client {
        let arguments = [
            "admin",
            "create",
            "--email",
            email,
            "--password-stdin",
            "--role",
            "customer",
        ];
        let (made, output) = self.command(&arguments, PASSWORD);
        assert!(made, "{output}");
        let login = json!({"email": email, "password": PASSWORD}).to_string();
        let (status, session) = request(self.port, "POST", "/api/v1/auth/login", &[], &login)
            .await
            .expect("an answer");
        assert_eq!(status, 200, "{session}");
        let access = text(&session["access_token"]);
        let bearer = ("authorization", format!("Bearer {access}"));
        let (status, key) = request(self.port, "POST", "/api/v1/auth/session-key", &[bearer], "")
            .await
            .expect("an answer");
        assert_eq!(status, 201, "{key}");
        let key = SigningKey {
            id: text(&key["id"]),
            secret: text(&key["secret"]),
        };
        Client {
            port: self.port,
            access,
            refresh: text(&session["refresh_token"]),
            key,
        }
    }

    /// Waits until it serves, as it does after an outage.
    pub async fn until_ready(&self) {
        for _ in 0..600 {
            if let Some((200, _)) = request(self.port, "GET", "/health/ready", &[], "").await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the server did not become ready");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Client {
    /// The session's access token.
    pub fn access(&self) -> &str {
        &self.access
    }

    /// A signed POST; `None` when the connection breaks before the answer is whole.
    pub async fn signed_post(&self, path: &str, idempotency_key: &str, body: &Value) -> Option<(u16, Value)> {
        self.sign(path, idempotency_key, body).send(self.port).await
    }

    /// The same, signed but not yet sent.
    pub fn sign(&self, path: &str, idempotency_key: &str, body: &Value) -> Signed {
        let body = body.to_string();
        let now: Timestamp = Clock::System.now();
        let (second, nonce) = (now.as_second(), random::uuid_v7(now).to_string());
        let hash = hex::encode(digest(&SHA256, body.as_bytes()));
        let signed = format!("POST\n{path}\n{second}\n{nonce}\n{hash}");
        let hmac_key = hmac::Key::new(hmac::HMAC_SHA256, self.key.secret.as_bytes());
        let signature = hex::encode(hmac::sign(&hmac_key, signed.as_bytes()));
        let headers = vec![
            ("authorization", format!("Bearer {}", self.access)),
            ("x-signature", signature),
            ("x-timestamp", second.to_string()),
            ("x-nonce", nonce),
            ("x-algorithm", "sha256".to_owned()),
            ("x-key-id", self.key.id.clone()),
            ("idempotency-key", idempotency_key.to_owned()),
        ];
        Signed {
            path: path.to_owned(),
            headers,
            body,
        }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, "").await.expect("an answer")
    }

    /// A request that needs no signature.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        let bearer = ("authorization", format!("Bearer {}", self.access));
        request(self.port, method, path, &[bearer], body).await
    }

    /// The same with one more header.
    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        header: (&'static str, String),
    ) -> Option<(u16, Value)> {
        let bearer = ("authorization", format!("Bearer {}", self.access));
        request(self.port, method, path, &[bearer, header], "").await
    }

    /// The same person at another instance.
    pub fn at(&self, process: &Process) -> Self {
        Self {
            port: process.port,
            ..self.clone()
        }
    }
}

impl Ground {
    fn serve(&self, port: u16) -> Child {
        self.program()
            .env("STOCKADE_SERVER__PUBLIC_URL", format!("http://localhost:{port}"))
            .args(["serve", "--bind", &format!("127.0.0.1:{port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts")
    }

    fn program(&self) -> Command {
        let mut command = program(&self.database, self.data.path());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}

pub fn program(database: &Database, data: &std::path::Path) -> Command {
    let url = match &database.location {
        Location::Sqlite { path, .. } => format!("sqlite:{}", path.display()),
        Location::Postgres { url, .. } => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockade"));
    command
        .env("STOCKADE_DATA_DIR", data)
        .env("STOCKADE_DATABASE__URL", url)
        .env("STOCKADE_LOG__LEVEL", "error")
        .env("STOCKADE_RATE_LIMIT__SCALE", "1000")
        // A core for half a minute, which stories about something else can do without.
        .env("STOCKADE_FORECASTS__ENABLED", "false")
        // No story asks servers beyond this machine.
        .env("STOCKADE_NEWS__FEEDS", "")
        .current_dir(data);
    command
}

/// One request on a connection of its own; `None` when there was no whole answer.
pub async fn request(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, String)],
    body: &str,
) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!(
        "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    stream.write_all(head.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    // An answer without content, such as 204, has no length.
    if body.len() != length.map_or(Some(0), |length| length.trim().parse::<usize>().ok())? {
        return None;
    }
    Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}
