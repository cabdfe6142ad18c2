//! One SQLite connection: statements prepared once, parameters bound by number.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    collections::HashMap,
    ffi::OsString,
    fs::File,
    io::ErrorKind,
    path::Path,
    rc::Rc,
};

use rusqlite::{OpenFlags, ToSql, config::DbConfig, types::ToSqlOutput, types::ValueRef};

use crate::db::{
    error::{DbError, DbResult},
    query::Query,
    row::{FromRow, Row},
    value::Value,
};

/// Prepared statements kept a connection; more than the program has.
const STATEMENTS: usize = 512;

/// A connection, shared within its thread by the transactions that run on it one after another.
#[derive(Clone)]
pub(in crate::db) struct Connection(Rc<Inner>);

struct Inner {
    raw: rusqlite::Connection,
    /// `$n` is bound by first appearance on SQLite, `?n` by number: a text of the program is rewritten once. It is known
    /// again by where it lies and how long it is, since to hash a statement takes longer than to bind it.
    rewritten: RefCell<HashMap<(usize, usize), Rc<str>>>,
    unit: Cell<UnitUnderWay>,
}

/// The unit that the transaction is at.
#[derive(Clone, Copy, Default)]
struct UnitUnderWay {
    /// Rows that the connection had changed before it.
    changes_before: u64,
    has_savepoint: bool,
    /// It asked to be undone, after changes.
    is_undone: bool,
}

/// Opens the writer's connection, which does not wait for the disk in COMMIT, and the write-ahead log, for
/// [`super::horizon`] to do so.
pub(super) fn open_to_write(path: &Path) -> DbResult<(Connection, File)> {
    let connection = open(path, false)?;
    let raw = &connection.0.raw;
    // The log is there from the first look on.
    raw.execute_batch("PRAGMA synchronous = NORMAL; SELECT count(*) FROM sqlite_schema;")?;
    let log = log_of(Path::new(raw.path().unwrap_or_default()));
    let log = File::open(log).map_err(unavailable)?;
    Ok((connection, log))
}

/// Has the disk keep what a process that was killed has left in the write-ahead log.
pub(super) fn sync_log(path: &Path) -> DbResult<()> {
    let path = path.canonicalize().map_err(unavailable)?;
    match File::open(log_of(&path)) {
        Ok(log) => log.sync_data().map_err(unavailable),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unavailable(error)),
    }
}

fn log_of(database: &Path) -> OsString {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    log
}

fn unavailable(error: std::io::Error) -> DbError {
    DbError::Unavailable(error.to_string())
}

/// Opens a connection that waits for the disk in COMMIT, or a read-only one.
pub(super) fn open(path: &Path, read_only: bool) -> DbResult<Connection> {
    let raw = if read_only {
        rusqlite::Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?
    } else {
        open_for_migration(path)?
    };
    raw.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this, a statement on a table with a partial index is planned anew whenever a value that might fall under the
    // index's condition is bound to it, which is every time.
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The checkpointer moves the log; see its file. 6 MiB of pages: SQLite looks through all it has after each COMMIT that
    // split a page, and forgets all that it has read once another connection has written. The operating system has the
    // others at hand.
    raw.execute_batch(
        "PRAGMA cache_size = -6144; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;",
    )?;
    Ok(Connection(Rc::new(Inner {
        raw,
        rewritten: RefCell::default(),
        unit: Cell::default(),
    })))
}

/// Opens or creates the database file. `synchronous = FULL`: what is committed survives a power cut.
pub(in crate::db) fn open_for_migration(path: &Path) -> DbResult<rusqlite::Connection> {
    let raw = rusqlite::Connection::open(path)?;
    raw.busy_timeout(std::time::Duration::from_secs(5))?;
    raw.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(raw)
}

impl Connection {
    pub(in crate::db) fn query<T: FromRow>(&self, query: &Query) -> DbResult<Vec<T>> {
        let mut statement = self.bound(query)?;
        let mut rows = statement.raw_query();
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(T::from_row(&mut Row::sqlite(row))?);
        }
        Ok(out)
    }

    pub(in crate::db) fn execute(&self, query: &Query) -> DbResult<u64> {
        let changed = self.bound(query)?.raw_execute()?;
        Ok(changed as u64)
    }

    /// Begins a unit of the group's transaction, with a savepoint or without.
    pub(super) fn begin_unit(&self, has_savepoint: bool) -> DbResult<()> {
        self.0.unit.set(UnitUnderWay {
            changes_before: self.0.raw.total_changes(),
            has_savepoint,
            is_undone: false,
        });
        match has_savepoint {
            true => self.control("SAVEPOINT unit"),
            false => Ok(()),
        }
    }

    /// Ends the unit; its changes are the group's now.
    pub(super) fn end_unit(&self) -> DbResult<()> {
        match self.0.unit.get().has_savepoint {
            true => self.control("RELEASE unit"),
            false => Ok(()),
        }
    }

    /// Undoes the current unit back to its savepoint, which stays open.
    ///
    /// # Errors
    /// `Aborted` when it has made changes and has no savepoint: its group's transaction cannot be kept.
    pub(in crate::db) fn start_over(&self) -> DbResult<()> {
        let mut unit = self.0.unit.get();
        if self.0.raw.total_changes() == unit.changes_before {
            return Ok(());
        }
        unit.is_undone = true;
        self.0.unit.set(unit);
        match unit.has_savepoint {
            true => self.control("ROLLBACK TO unit"),
            false => Err(DbError::Aborted),
        }
    }

    /// Whether the current unit asked to be undone, after changes.
    pub(super) fn is_undone(&self) -> bool {
        self.0.unit.get().is_undone
    }

    /// BEGIN, COMMIT, SAVEPOINT and their kind.
    pub(super) fn control(&self, text: &'static str) -> DbResult<()> {
        self.0.raw.prepare_cached(text)?.raw_execute()?;
        Ok(())
    }

    /// True when no transaction is open: a disk error has rolled all of it back.
    pub(super) fn is_autocommit(&self) -> bool {
        self.0.raw.is_autocommit()
    }

    fn bound(&self, query: &Query) -> DbResult<rusqlite::CachedStatement<'_>> {
        let text = self.numbered(query);
        let mut statement = self.0.raw.prepare_cached(&text)?;
        if statement.parameter_count() != query.values.len() {
            return Err(DbError::Fault(format!(
                "{} values bound to: {text}",
                query.values.len()
            )));
        }
        for (index, value) in query.values.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, value)?;
        }
        Ok(statement)
    }

    fn numbered(&self, query: &Query) -> Rc<str> {
        let Cow::Borrowed(text) = query.text else {
            return query.text.replace('$', "?").into();
        };
        let mut rewritten = self.0.rewritten.borrow_mut();
        let known = rewritten.entry((text.as_ptr().addr(), text.len()));
        Rc::clone(known.or_insert_with(|| text.replace('$', "?").into()))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Int(Some(v)) | Self::Timestamp(Some(v)) => ValueRef::Integer(*v),
            Self::Bool(Some(v)) => ValueRef::Integer(i64::from(*v)),
            Self::Text(Some(v)) => ValueRef::Text(v.as_bytes()),
            Self::Json(Some(v)) => ValueRef::Text(v.as_bytes()),
            Self::Bytes(Some(v)) => ValueRef::Blob(v),
            Self::Uuid(Some(v)) => ValueRef::Blob(v.as_bytes()),
            _ => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}
