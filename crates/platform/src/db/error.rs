//! What can go wrong at the database, in the few kinds that callers tell apart.

/// A database failure. Its text is for the log; it is never shown to a client.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database is away, the pool is exhausted or the queue is full: try again later. Nothing was changed.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The connection was lost while COMMIT was under way: the change may or may not have happened.
    #[error("the outcome of a commit is unknown: {0}")]
    OutcomeUnknown(String),
    /// Deadlock or serialisation failure: the unit may run again.
    #[error("serialisation failure: {0}")]
    Serialization(String),
    /// A unique, foreign-key, check or not-null constraint was broken.
    #[error("constraint violated: {0}")]
    Constraint(String),
    /// `one` found no row.
    #[error("no row where one was required")]
    NoRow,
    /// An earlier statement of this transaction failed, so it can only be rolled back.
    #[error("the transaction has already failed")]
    Aborted,
    /// The unit of work panicked; its effects were rolled back.
    #[error("the unit of work panicked")]
    Panicked,
    /// Anything else: bad SQL, a wrong type, a full disk.
    #[error("database fault: {0}")]
    Fault(String),
}

/// Shorthand for results of this module.
pub type DbResult<T> = Result<T, DbError>;

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::Constraint(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Unavailable(error.to_string()),
            _ => Self::Fault(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = describe(&error);
        match error.code().map(tokio_postgres::error::SqlState::code) {
            Some("40001" | "40P01") => Self::Serialization(text),
            Some(state) if state.starts_with("23") => Self::Constraint(text),
            // 08 connection, 53 resources, 57P shutdown: the server is away, not the statement wrong.
            Some(state) if state.starts_with("08") || state.starts_with("53") || state.starts_with("57P") => {
                Self::Unavailable(text)
            }
            Some("25P02") => Self::Aborted,
            Some(_) => Self::Fault(text),
            None => Self::Unavailable(text),
        }
    }
}

impl From<deadpool_postgres::PoolError> for DbError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => match Self::from(error) {
                Self::Fault(text) => Self::Unavailable(text),
                other => other,
            },
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// The driver's own text is only "db error"; the server's words say what and where.
fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => match db.constraint() {
            Some(constraint) => format!("{} ({}, constraint {constraint})", db.message(), db.code().code()),
            None => format!("{} ({})", db.message(), db.code().code()),
        },
        None => error.to_string(),
    }
}
