//! `[database]`: where the data is.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de::Error};
use stockade_platform::db::Location;

use super::field::within;

/// The database.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Which database.
    pub url: DatabaseUrl,
    /// Reading threads on SQLite.
    #[serde(deserialize_with = "within::<1, 64, _, _>")]
    pub readers: usize,
    /// Connections kept to PostgreSQL: a third of all for units of work, the others for reads.
    #[serde(deserialize_with = "within::<1, 1_000, _, _>")]
    pub pool_size: usize,
    /// Connections beyond those in a rush.
    #[serde(deserialize_with = "within::<0, 1_000, _, _>")]
    pub pool_overflow: usize,
    /// Threads that run units of work on PostgreSQL.
    #[serde(deserialize_with = "within::<1, 64, _, _>")]
    pub executors: usize,
    /// Whether `serve` migrates first.
    pub migrate_at_start: bool,
}

/// Which database.
#[derive(Debug)]
pub enum DatabaseUrl {
    /// The file `stockade.db` in the data folder.
    DataDir,
    /// This SQLite file.
    Sqlite(PathBuf),
    /// This PostgreSQL database; the address may hold a password.
    Postgres(SecretString),
}

impl Database {
    /// Connections to PostgreSQL at most.
    pub(super) fn connections(&self) -> usize {
        self.pool_size + self.pool_overflow
    }

    pub(super) fn location(&self, data_dir: &Path) -> Location {
        let sqlite = |path: PathBuf| Location::Sqlite {
            path,
            readers: self.readers,
        };
        match &self.url {
            DatabaseUrl::DataDir => sqlite(data_dir.join("stockade.db")),
            DatabaseUrl::Sqlite(path) => sqlite(path.clone()),
            DatabaseUrl::Postgres(url) => Location::Postgres {
                url: url.expose_secret().to_owned(),
                connections: self.connections(),
                executors: self.executors,
            },
        }
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let url = String::deserialize(from)?;
        if url.is_empty() {
            return Ok(Self::DataDir);
        }
        if let Some(rest) = url.strip_prefix("sqlite:") {
            return sqlite_path(rest).map(Self::Sqlite).map_err(D::Error::custom);
        }
        if is_postgres(&url) {
            return Ok(Self::Postgres(url.into()));
        }
        Err(D::Error::custom(
            "not the address of a database; write sqlite:PATH or postgres://user:password@host:port/database",
        ))
    }
}

/// `PATH`, or `//PATH` as other programs write it.
fn sqlite_path(rest: &str) -> Result<PathBuf, &'static str> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    match path {
        "" => Err("names no file; write sqlite:PATH"),
        // Each connection to such a database would see one of its own.
        ":memory:" => Err("cannot be in memory; write sqlite:PATH"),
        _ if path.contains(['?', '#']) => Err("takes no options; write sqlite:PATH"),
        _ => Ok(PathBuf::from(path)),
    }
}

fn is_postgres(url: &str) -> bool {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}
