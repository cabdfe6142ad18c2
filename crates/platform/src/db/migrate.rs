//! Migrations: embedded, forward only, each in one transaction, so that one interrupted by a kill runs again.
//!
//! One portable text serves both databases. PostgreSQL's type names are used, which SQLite accepts. Three spellings
//! are translated: for SQLite `BIGINT PRIMARY KEY` becomes its rowid, and a table whose text ends in
//! `) /* clustered */;` is stored in its primary key's order; for PostgreSQL ` TEXT` columns get `COLLATE "C"`, so that
//! text sorts by its bytes on both. Where the databases really differ (triggers), a migration has two texts.

use super::{DbError, DbResult, Location, sqlite};

/// One step of the schema.
pub struct Migration {
    /// Grows from step to step.
    pub version: i64,
    /// What it brings, from the file's name.
    pub name: &'static str,
    /// The SQL.
    pub sql: Text,
}

/// The SQL of a migration.
pub enum Text {
    /// The same on both databases.
    Portable(&'static str),
    /// Where they differ.
    Pair {
        /// For SQLite.
        sqlite: &'static str,
        /// For PostgreSQL.
        postgres: &'static str,
    },
}

const VERSIONS_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL)";

const NEWEST: &str = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM schema_migrations";

/// Instances that start at once take turns. The number is arbitrary but ours.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7482910463)";

/// Brings the schema up to date; answers how many migrations ran. Refuses a schema newer than this program.
pub async fn run(location: &Location, migrations: &[Migration]) -> DbResult<usize> {
    match location {
        Location::Sqlite { path, .. } => {
            let mut connection = sqlite::open_for_migration(path)?;
            let transaction =
                connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            transaction.execute_batch(VERSIONS_TABLE)?;
            let newest = transaction.query_row(NEWEST, [], |row| row.get(0))?;
            let pending = pending(migrations, newest)?;
            for migration in pending {
                let sql = match migration.sql {
                    Text::Portable(sql) => for_sqlite(sql),
                    Text::Pair { sqlite, .. } => for_sqlite(sqlite),
                };
                transaction.execute_batch(&sql)?;
                transaction.execute(
                    "INSERT INTO schema_migrations (version, name) VALUES (?1, ?2)",
                    (migration.version, migration.name),
                )?;
            }
            transaction.commit()?;
            Ok(pending.len())
        }
        Location::Postgres { url, .. } => {
            let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            let transaction = client.transaction().await?;
            transaction.batch_execute(POSTGRES_LOCK).await?;
            transaction.batch_execute(VERSIONS_TABLE).await?;
            let newest = transaction.query_one(NEWEST, &[]).await?.try_get(0)?;
            let pending = pending(migrations, newest)?;
            for migration in pending {
                match migration.sql {
                    Text::Portable(sql) => transaction.batch_execute(&for_postgres(sql)).await?,
                    Text::Pair { postgres, .. } => transaction.batch_execute(postgres).await?,
                }
                transaction
                    .execute(
                        "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)",
                        &[&migration.version, &migration.name],
                    )
                    .await?;
            }
            transaction.commit().await?;
            Ok(pending.len())
        }
    }
}

/// The version that the database's schema has; 0 when there is none.
pub async fn version(location: &Location) -> DbResult<i64> {
    match location {
        Location::Sqlite { path, .. } => {
            if !path.exists() {
                return Ok(0);
            }
            let connection = sqlite::open_for_migration(path)?;
            let table = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_migrations'";
            let tables: i64 = connection.query_row(table, [], |row| row.get(0))?;
            match tables {
                0 => Ok(0),
                _ => Ok(connection.query_row(NEWEST, [], |row| row.get(0))?),
            }
        }
        Location::Postgres { url, .. } => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            let table = "SELECT to_regclass('schema_migrations') IS NOT NULL";
            match client.query_one(table, &[]).await?.try_get(0)? {
                false => Ok(0),
                true => Ok(client.query_one(NEWEST, &[]).await?.try_get(0)?),
            }
        }
    }
}

/// How many migrations would run.
///
/// # Errors
/// When the database's schema is newer than these migrations.
pub async fn waiting(location: &Location, migrations: &[Migration]) -> DbResult<usize> {
    pending(migrations, version(location).await?).map(<[Migration]>::len)
}

fn pending(migrations: &[Migration], newest: i64) -> DbResult<&[Migration]> {
    let known = migrations.last().map_or(0, |last| last.version);
    if newest > known {
        return Err(DbError::Fault(format!(
            "the database has schema {newest}, this program knows {known}: run the newer program"
        )));
    }
    let done = migrations.partition_point(|migration| migration.version <= newest);
    Ok(&migrations[done..])
}

fn for_sqlite(sql: &str) -> String {
    sql.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
        .replace(") /* clustered */;", ") WITHOUT ROWID;")
}

fn for_postgres(sql: &str) -> String {
    sql.replace(" TEXT", " TEXT COLLATE \"C\"")
}
