//! Whole copies of a database that is in use, and putting one back where no database is, or in the place of one that
//! nobody uses. What stood there is set aside, never overwritten.
//!
//! SQLite is copied by `VACUUM INTO`: one snapshot, compacted, while others go on writing. PostgreSQL is copied by
//! `pg_dump` in its own format and put back by `pg_restore` in one transaction; both must be on the path.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use rusqlite::OpenFlags;
use tokio_postgres::{NoTls, config::Host};

use super::{DbError, DbResult, Location};

/// How long a copy waits for a writer of another process.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes a copy of the database as it is at one instant to a new file.
///
/// # Errors
/// [`DbError::Fault`] with what the database or `pg_dump` says.
pub async fn copy(location: &Location, into: &Path) -> DbResult<()> {
    match location {
        Location::Sqlite { path, .. } => copy_sqlite(path, into)?,
        Location::Postgres { url, .. } => {
            let mut dump = program("pg_dump", url)?;
            dump.args([
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
            ])
            .arg(format!("--exclude-schema={ASIDE}*"))
            .arg("--file")
            .arg(into);
            run(&mut dump)?;
        }
    }
    File::open(into)
        .and_then(|file| file.sync_all())
        .map_err(|error| fault(into, &error))
}

fn copy_sqlite(path: &Path, into: &Path) -> DbResult<()> {
    let raw = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    raw.busy_timeout(PATIENCE)?;
    let name = into
        .to_str()
        .ok_or_else(|| fault(into, &"the path is not UTF-8"))?;
    raw.execute("VACUUM INTO ?1", [name])?;
    let copy = rusqlite::Connection::open_with_flags(into, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        broken => Err(fault(into, &broken)),
    }
}

/// Puts a copy where the location says. `stamp` names what is set aside: the file beside the new one, or the schema
/// beside the new `public`. Answers that name when something was.
///
/// # Errors
/// [`DbError::Unavailable`] when somebody is connected to the database, or when it holds something and `replace` is not
/// asked for; [`DbError::Fault`] with what went wrong, after which everything is as before.
pub async fn put_back(
    location: &Location,
    from: &Path,
    replace: bool,
    stamp: &str,
) -> DbResult<Option<String>> {
    match location {
        Location::Sqlite { path, .. } => put_back_sqlite(path, from, replace, stamp),
        Location::Postgres { url, .. } => put_back_postgres(url, from, replace, stamp).await,
    }
}

fn put_back_sqlite(path: &Path, from: &Path, replace: bool, stamp: &str) -> DbResult<Option<String>> {
    let beside = |end: &str| PathBuf::from(format!("{}{end}", path.display()));
    let mut aside = None;
    if path.exists() {
        if !replace {
            return Err(occupied(&path.display().to_string()));
        }
        nobody_uses(path)?;
        let kept = beside(&format!(".replaced-{stamp}"));
        fs::rename(path, &kept).map_err(|error| fault(&kept, &error))?;
        aside = Some(kept.display().to_string());
    } else if beside("-wal").exists() {
        let text = format!(
            "{} lies there without its database; move it away first",
            beside("-wal").display()
        );
        return Err(DbError::Unavailable(text));
    }
    let draft = beside(".draft");
    let placed = fs::copy(from, &draft)
        .and_then(|_| File::open(&draft)?.sync_all())
        .and_then(|()| fs::rename(&draft, path))
        .and_then(|()| File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all());
    if let Err(error) = placed {
        let _ = fs::remove_file(&draft);
        if let Some(kept) = &aside {
            fs::rename(kept, path).map_err(|error| fault(path, &error))?;
        }
        return Err(fault(path, &error));
    }
    Ok(aside)
}

/// Leaving WAL mode takes a lock that no other connection may share, idle ones included, and leaves one file.
fn nobody_uses(path: &Path) -> DbResult<()> {
    let raw = rusqlite::Connection::open(path)?;
    raw.busy_timeout(Duration::ZERO)?;
    let mode: Result<String, _> = raw.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
    match mode {
        Ok(mode) if mode == "delete" => Ok(()),
        _ => Err(in_use(&path.display().to_string())),
    }
}

/// What the schema that was replaced is called, before its stamp.
const ASIDE: &str = "before_restore_";

const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

const RELATIONS: &str = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";

async fn put_back_postgres(url: &str, from: &Path, replace: bool, stamp: &str) -> DbResult<Option<String>> {
    let mut restore = program("pg_restore", url)?;
    restore
        .args([
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
        ])
        .args(["--no-comments", "--dbname"])
        .arg(database_name(url)?)
        .arg(from);
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    let count = async |sql: &str| DbResult::Ok(client.query_one(sql, &[]).await?.try_get::<_, i64>(0)?);
    if count(OTHERS).await? > 0 {
        return Err(in_use("the database"));
    }
    let holds = count(RELATIONS).await? > 0;
    if !holds {
        return run(&mut restore).map(|()| None);
    }
    if !replace {
        return Err(occupied("the database's schema public"));
    }
    let aside = format!("{ASIDE}{}", stamp.to_lowercase());
    client
        .batch_execute(&format!(
            "BEGIN; ALTER SCHEMA public RENAME TO {aside}; CREATE SCHEMA public; COMMIT"
        ))
        .await?;
    if let Err(failed) = run(&mut restore) {
        client
            .batch_execute(&format!(
                "BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA {aside} RENAME TO public; COMMIT"
            ))
            .await?;
        return Err(failed);
    }
    Ok(Some(format!("schema {aside}")))
}

fn database_name(url: &str) -> DbResult<String> {
    let config: tokio_postgres::Config = url.parse()?;
    let name = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    Ok(name.to_owned())
}

/// One of PostgreSQL's programs. Where to connect, and the password, go through its environment, since everybody on the
/// machine can read a command line.
fn program(name: &str, url: &str) -> DbResult<Command> {
    let config: tokio_postgres::Config = url.parse()?;
    let mut command = Command::new(name);
    command.env("PGDATABASE", database_name(url)?);
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        Some(Host::Unix(folder)) => command.env("PGHOST", folder),
        None => &mut command,
    };
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
    }
    Ok(command)
}

fn run(command: &mut Command) -> DbResult<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).output().map_err(|error| {
        let advice = "install PostgreSQL's client programs, not older than the server";
        DbError::Fault(format!("cannot start {name}: {error}; {advice}"))
    })?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(DbError::Fault(format!("{name}: {}", said.trim())))
}

fn occupied(what: &str) -> DbError {
    DbError::Unavailable(format!(
        "{what} is not empty; `--replace` sets what is there aside and puts the copy in its place"
    ))
}

fn in_use(what: &str) -> DbError {
    DbError::Unavailable(format!(
        "{what} is in use; stop every instance and whatever else is connected first"
    ))
}

fn fault(path: &Path, error: &dyn std::fmt::Display) -> DbError {
    DbError::Fault(format!("{}: {error}", path.display()))
}
