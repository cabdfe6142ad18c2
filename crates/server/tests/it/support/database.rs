//! A fresh database for each test: a SQLite file in a temporary folder, or a PostgreSQL database of its own.

use std::sync::Arc;

use stockade::core::{change::Core, migrations};
use stockade_platform::{
    clock::Clock,
    db::{
        Location,
        migrate::{self, Migration, Text},
    },
    random,
    vault::{MasterKey, Vault},
};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A fresh, empty database.
pub struct Database {
    pub kind: Kind,
    pub location: Location,
    /// Keeps the SQLite file until the test ends.
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub async fn fresh(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let path = folder.path().join("stockade.db");
                Self {
                    kind,
                    location: Location::Sqlite { path, readers: 2 },
                    _folder: Some(folder),
                }
            }
            Kind::Postgres => Self::on_server(&postgres_url()).await,
        }
    }

    /// The database at this address, which somebody else looks after.
    pub fn at(url: &str) -> Self {
        let (kind, location) = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let path = path.into();
                (Kind::Sqlite, Location::Sqlite { path, readers: 2 })
            }
            None => {
                let url = url.to_owned();
                let location = Location::Postgres {
                    url,
                    connections: 12,
                    executors: 2,
                };
                (Kind::Postgres, location)
            }
        };
        Self {
            kind,
            location,
            _folder: None,
        }
    }

    /// A fresh database on this PostgreSQL server.
    pub async fn on_server(server: &str) -> Self {
        let name = format!("it_{}", hex::encode(random::bytes::<8>()));
        let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls)
            .await
            .expect("PostgreSQL answers");
        tokio::spawn(connection);
        client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await
            .expect("a fresh database");
        let (server, _) = server.rsplit_once('/').expect("the address names a database");
        let location = Location::Postgres {
            url: format!("{server}/{name}"),
            connections: 12,
            executors: 2,
        };
        Self {
            kind: Kind::Postgres,
            location,
            _folder: None,
        }
    }

    /// Opens it with the program's schema, and after that whatever the test adds.
    pub async fn open(&self, extra: &'static str) -> Arc<Core> {
        self.open_with_clock(extra, Clock::System).await
    }

    pub async fn open_with_clock(&self, extra: &'static str, clock: Clock) -> Arc<Core> {
        migrate::run(&self.location, migrations::ALL)
            .await
            .expect("the schema");
        if !extra.is_empty() {
            let newest = migrations::ALL.last().expect("there are migrations").version;
            let mut all = vec![placeholder(newest)];
            all.push(Migration {
                version: newest + 1,
                name: "test",
                sql: Text::Portable(extra),
            });
            migrate::run(&self.location, &all)
                .await
                .expect("the test's schema");
        }
        Core::open(&self.location, clock, vault())
            .await
            .expect("the database opens")
    }
}

/// Already applied; only its number counts.
fn placeholder(version: i64) -> Migration {
    Migration {
        version,
        name: "applied",
        sql: Text::Portable(""),
    }
}

pub fn vault() -> Vault {
    let key = MasterKey::from_bytes(&[7; 31].into_iter().chain([8]).collect::<Vec<u8>>()).expect("32 bytes");
    Vault::new([("test".to_owned(), key)], "test").expect("the current key is among them")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command names its servers in the environment"
)]
pub fn postgres_url() -> String {
    std::env::var("STOCKADE_TEST_POSTGRES_URL")
        .expect("STOCKADE_TEST_POSTGRES_URL names a PostgreSQL server; `cargo xtask test` starts one")
}

/// Runs a story to its end on a runtime of its own.
pub fn run<F>(kind: Kind, story: impl FnOnce(Database) -> F)
where
    F: Future<Output = ()>,
{
    on_a_runtime(async {
        let database = Database::fresh(kind).await;
        let made = database.location.clone();
        story(database).await;
        if let Location::Postgres { url, .. } = made {
            drop_database(&url).await;
        }
    });
}

/// Gives the disk back: a thousand databases are as many times twelve megabytes.
async fn drop_database(url: &str) {
    let (_, name) = url.rsplit_once('/').expect("the address names a database");
    let (client, connection) = tokio_postgres::connect(&postgres_url(), tokio_postgres::NoTls)
        .await
        .expect("PostgreSQL answers");
    tokio::spawn(connection);
    client
        .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .await
        .expect("the database can be dropped");
}

/// Runs something to its end on a runtime of its own.
pub fn on_a_runtime(what: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(what);
}

/// A story that is told on both databases: two tests, `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($(#[doc = $about:literal])* async fn $name:ident($database:ident: Database) $body:block) => {
        $(#[doc = $about])*
        mod $name {
            use super::*;
            use $crate::support::database::{Database, Kind, run};

            async fn story($database: Database) $body

            #[test]
            fn sqlite() {
                run(Kind::Sqlite, story);
            }

            #[test]
            fn postgres() {
                run(Kind::Postgres, story);
            }
        }
    };
}
