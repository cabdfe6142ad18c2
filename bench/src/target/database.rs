//! A database of its own on the PostgreSQL server that was named, and what that server is.

use tokio_postgres::{Client, NoTls};

use crate::{
    failure::{Done, Failure},
    load::Chance,
};

/// A database that begins empty. [`Database::drop`] removes it.
pub(crate) struct Database {
    admin: Client,
    name: String,
    url: String,
}

impl Database {
    /// Makes it beside the database that `url` names.
    pub(crate) async fn create(url: &str) -> Done<Self> {
        let admin = connect(url).await?;
        let name = format!("stockade_bench_{:016x}", Chance::unique().next());
        let made = admin.batch_execute(&format!("CREATE DATABASE {name}")).await;
        made.map_err(Failure::of("cannot make a database"))?;
        let (server, _) = url
            .rsplit_once('/')
            .ok_or_else(|| Failure::new("the URL names no database"))?;
        let url = format!("{server}/{name}");
        Ok(Self { admin, name, url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The server's version, how it is reached, and what decides whether a commit is on disk.
    pub(crate) async fn describe(&self) -> Done<String> {
        let way = match self.url.contains("%2F") {
            true => "a Unix socket",
            false => "TCP",
        };
        let version = self.show("server_version").await?;
        let mut parts = vec![format!("PostgreSQL {version} by {way}")];
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            parts.push(format!("{name}={}", self.show(name).await?));
        }
        Ok(parts.join(", "))
    }

    /// Whether an acknowledged commit survives a crash.
    pub(crate) async fn is_durable(&self) -> Done<bool> {
        Ok(self.show("fsync").await? == "on" && self.show("synchronous_commit").await? == "on")
    }

    /// A second connection, to look at the database while it is under load.
    pub(crate) async fn reader(&self) -> Done<Reader> {
        Ok(Reader(connect(&self.url).await?))
    }

    /// Removes the database.
    pub(crate) async fn drop(self) -> Done {
        let dropped = self
            .admin
            .batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
            .await;
        dropped.map_err(Failure::of("cannot remove the database"))
    }

    async fn show(&self, setting: &str) -> Done<String> {
        let row = self.admin.query_one(&format!("SHOW {setting}"), &[]).await;
        row.and_then(|row| row.try_get(0))
            .map_err(Failure::of(format!("cannot read {setting}")))
    }
}

/// Looks at a database.
pub(crate) struct Reader(Client);

impl Reader {
    /// The text in the only column of the only row, if there is a row.
    pub(crate) async fn text(&self, query: &str) -> Done<Option<String>> {
        let row = self.0.query_opt(query, &[]).await;
        let text = row.and_then(|row| row.map(|row| row.try_get(0)).transpose());
        text.map_err(Failure::of("cannot look at the database"))
    }
}

async fn connect(url: &str) -> Done<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .map_err(Failure::of("cannot reach PostgreSQL"))?;
    // It ends when the client is dropped; what is wrong with it the client's calls tell.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

/// The version that a Redis server tells.
pub(crate) async fn version_of_redis(url: &str) -> Done<String> {
    let fail = "cannot ask Redis for its version";
    let client = redis::Client::open(url).map_err(Failure::of(fail))?;
    let mut connection = client
        .get_multiplexed_async_connection()
        .await
        .map_err(Failure::of(fail))?;
    let info: String = redis::cmd("INFO")
        .arg("server")
        .query_async(&mut connection)
        .await
        .map_err(Failure::of(fail))?;
    let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
    Ok(version.unwrap_or("unknown").to_owned())
}
