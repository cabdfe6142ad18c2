//! The whole program without a socket: its router is called as a client would call it, on a clock that stands still
//! until the story moves it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use serde_json::json;
use stockade::{
    app::App,
    config::{Config, Inputs},
    core::audit::sequencer::Sequencer,
    features::{auth, mail},
    http::router,
};
use stockade_platform::{
    clock::Clock,
    db::Location,
    mail::{MailSummary, Mailer},
    random,
};
use tempfile::TempDir;

use super::{
    database::{Database, Kind},
    http::Ask,
    process::program,
};

/// When stories begin.
const START: &str = "2026-06-01T12:00:00Z";

/// One running instance of the program.
pub struct Shop {
    pub app: App,
    pub clock: Clock,
    pub(super) router: axum::Router,
    /// Numbers the log on PostgreSQL, where a worker would.
    sequencer: Sequencer,
    ground: Arc<Ground>,
}

/// What several instances stand on.
struct Ground {
    database: Database,
    data: Folder,
    settings: Vec<(String, String)>,
}

/// A folder, of a story's own or of the process that told it to this one.
enum Folder {
    Own(TempDir),
    Told(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Told(path) => path,
        }
    }
}

impl Ground {
    fn url(&self) -> String {
        match &self.database.location {
            Location::Sqlite { path, .. } => format!("sqlite:{}", path.display()),
            Location::Postgres { url, .. } => url.clone(),
        }
    }
}

impl Shop {
    /// Opens for business with default settings, without Redis.
    pub async fn start(database: Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same with settings as environment variables name them, without their prefix.
    pub async fn start_with(database: Database, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Self::start_in(database, data, settings).await
    }

    /// The same on data that is there already.
    pub async fn start_on(database: Database, data: TempDir) -> Self {
        Self::start_in(database, data, &[]).await
    }

    async fn start_in(database: Database, data: TempDir, settings: &[(&str, &str)]) -> Self {
        let named = settings
            .iter()
            .map(|(name, value)| (format!("STOCKADE_{name}"), (*value).to_owned()));
        let ground = Ground {
            database,
            data: Folder::Own(data),
            settings: named.collect(),
        };
        let clock = Clock::manual(START.parse().expect("a time"));
        Self::open(Arc::new(ground), clock).await
    }

    /// The same with Redis, as two instances would share it.
    pub async fn start_with_redis(database: Database) -> Self {
        Self::start_with_redis_and(database, &[]).await
    }

    /// The same with settings.
    pub async fn start_with_redis_and(database: Database, settings: &[(&str, &str)]) -> Self {
        // Other tests use the same server; a database of their own is theirs most of the time, and ids never clash.
        let number = random::bytes::<1>()[0] % 16;
        let url = format!("{}/{number}", redis_url());
        let settings: Vec<_> = settings
            .iter()
            .copied()
            .chain([("REDIS__URL", url.as_str())])
            .collect();
        Self::start_with(database, &settings).await
    }

    /// Serves on a free port of this machine; answers where. The clock goes on from the present, as a client's does.
    pub async fn serve(&self) -> String {
        let present = Clock::System.now().as_second();
        self.later((present - self.now().as_second()).max(0));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("its address");
        let service = self
            .router
            .clone()
            .into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        format!("http://{address}")
    }

    /// One more instance on the same database, data folder, Redis and clock.
    pub async fn second(&self) -> Self {
        Self::open(Arc::clone(&self.ground), self.clock.clone()).await
    }

    /// What another process needs to know to open an instance at this moment.
    pub fn to_text(&self) -> String {
        let (ground, url) = (&self.ground, self.ground.url());
        json!([url, ground.data.path(), ground.settings, self.now()]).to_string()
    }

    /// One more instance, in another process than the one that told this.
    pub async fn of_text(text: &str) -> Self {
        let (url, data, settings, now): (String, PathBuf, _, Timestamp) =
            serde_json::from_str(text).expect("a ground");
        let ground = Ground {
            database: Database::at(&url),
            data: Folder::Told(data),
            settings,
        };
        Self::open(Arc::new(ground), Clock::manual(now)).await
    }

    async fn open(ground: Arc<Ground>, clock: Clock) -> Self {
        let fixed = [
            ("STOCKADE_DATA_DIR", ground.data.path().display().to_string()),
            ("STOCKADE_DATABASE__URL", ground.url()),
            ("STOCKADE_DATABASE__POOL_SIZE", "6".to_owned()),
            ("STOCKADE_DATABASE__POOL_OVERFLOW", "2".to_owned()),
            ("STOCKADE_PASSWORDS__HASH_THREADS", "1".to_owned()),
        ];
        // Stories ask more than people do; those about limits say so.
        let scale = ("STOCKADE_RATE_LIMIT__SCALE", "1000".to_owned());
        let limited = ground.settings.iter().any(|(name, _)| name == scale.0);
        let fixed = fixed.into_iter().chain((!limited).then_some(scale));
        let fixed = fixed.map(|(name, value)| (name.to_owned(), value));
        let inputs = Inputs {
            start_dir: ground.data.path().to_owned(),
            environment: fixed.chain(ground.settings.iter().cloned()).collect(),
            ..Inputs::default()
        };
        let config = match Config::load(&inputs) {
            Ok(config) => config,
            Err(problems) => panic!("{problems}"),
        };
        let app = App::start(config, clock.clone())
            .await
            .expect("the program starts");
        app.demo.take_settings_from(inputs);
        let router = router::router(app.clone());
        let sequencer = Sequencer::new(random::uuid_v7(clock.now()), clock.clone());
        Self {
            app,
            clock,
            router,
            sequencer,
            ground,
        }
    }

    /// Runs a command of the program beside this instance, on the same data; answers whether it succeeded, and what it printed.
    pub fn command(&self, arguments: &[&str]) -> (bool, String) {
        let ground = &self.ground;
        let output = program(&ground.database, ground.data.path())
            .envs(ground.settings.iter().map(|(name, value)| (name, value)))
            .args(arguments)
            .output()
            .expect("the program runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("text");
        (output.status.success(), text)
    }

    /// Which database it runs on.
    pub fn kind(&self) -> Kind {
        self.ground.database.kind
    }

    /// Where its data is, for whoever opens it beside the program.
    pub fn location(&self) -> &Location {
        &self.ground.database.location
    }

    /// Moves the clock.
    pub fn later(&self, seconds: i64) {
        self.clock.advance(seconds);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        Ask::new(self, "GET", path)
    }

    pub fn post(&self, path: &str) -> Ask<'_> {
        Ask::new(self, "POST", path)
    }

    pub fn put(&self, path: &str) -> Ask<'_> {
        Ask::new(self, "PUT", path)
    }

    pub fn patch(&self, path: &str) -> Ask<'_> {
        Ask::new(self, "PATCH", path)
    }

    pub fn options(&self, path: &str) -> Ask<'_> {
        Ask::new(self, "OPTIONS", path)
    }

    pub fn delete(&self, path: &str) -> Ask<'_> {
        Ask::new(self, "DELETE", path)
    }

    /// Writes the mails that strangers asked for.
    pub async fn answer_mail_requests(&self) {
        while auth::answer_mail_requests(&self.app).await.expect("the requests") > 0 {}
    }

    /// Answers who asked for a mail, delivers what waits in the outbox, then all mails to an address, newest last.
    pub async fn mails_to(&self, address: &str) -> Vec<MailSummary> {
        self.answer_mail_requests().await;
        while mail::deliver_mail(&self.app).await.expect("the outbox") > 0 {}
        let Some(Mailer::Folder(folder)) = &self.app.mailer else {
            panic!("this shop's mails do not lie in a folder")
        };
        let mut mails = folder.mailbox().list().await.expect("the mail folder");
        mails.retain(|mail| mail.to == address);
        mails.sort_by_key(|mail| mail.id);
        mails
    }

    /// The token of the link in the newest mail to an address.
    pub async fn mailed_token(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let link = mails
            .last()
            .and_then(|mail| mail.links.first())
            .expect("a mail with a link");
        link.split_once("token=")
            .expect("a link with a token")
            .1
            .to_owned()
    }

    /// Lets the log be numbered, as the worker does on PostgreSQL.
    pub async fn number_the_log(&self) {
        if self.kind() == Kind::Postgres {
            while self
                .sequencer
                .turn(&self.app.core.db)
                .await
                .expect("the sequencer's turn")
                .is_full()
            {}
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command names its servers in the environment"
)]
pub fn redis_url() -> String {
    std::env::var("STOCKADE_TEST_REDIS_URL")
        .expect("STOCKADE_TEST_REDIS_URL names a Redis server; `cargo xtask test` starts one")
}
