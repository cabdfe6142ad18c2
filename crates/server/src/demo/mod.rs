//! The demonstration: months of a platform's life, lived through the program's own router on a clock that is moved.
//! Customers join, sign in, invest; strangers try to get in; the desk works its cases. For newcomers, pictures and tests.
//!
//! Invariants: nothing is written but by requests that anybody could send and by the worker's own jobs, so whatever holds
//! for a real database holds for this one. Who does what follows from the seed; passwords and secrets never do. No mail
//! leaves: all of it goes into a folder that is removed. It fills only a database without customers, and outside
//! development only when told so.

mod api;
mod authenticator;
mod browser;
mod chance;
mod customer;
mod desk;
mod door;
mod history;
mod investing;
mod people;
mod places;
mod policies;
mod post;
mod run;
mod strangers;
mod summary;
mod victims;
mod world;

use jiff::Timestamp;
use stockade_platform::db::DbError;
use tracing::{instrument::WithSubscriber as _, subscriber::NoSubscriber};

pub use self::{
    api::routes,
    run::Run,
    summary::{SignIn, Summary},
};
use self::{history::History, world::World};
use crate::{app::StartError, config::Config, http::error::ApiError};

/// The fewest customers and days: with fewer, not everything can befall somebody.
pub const FEWEST_CUSTOMERS: usize = 12;
/// See [`FEWEST_CUSTOMERS`].
pub const FEWEST_DAYS: i64 = 21;
/// The most customers: beyond that names would repeat.
pub const MOST_CUSTOMERS: usize = 1_000;
/// The longest history, in days.
pub const MOST_DAYS: i64 = 366;

/// What is to be filled in.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// From which everything follows but secrets.
    pub seed: u64,
    /// How many customers.
    pub customers: usize,
    /// How many days of history.
    pub days: i64,
    /// When it ends.
    pub until: Timestamp,
    /// Fill a database that is not for development, too.
    pub outside_development: bool,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Of a thousand.
    pub thousandths: u64,
    /// The day being lived, as 2026-05-01.
    pub day: String,
}

/// Why there is no demonstration. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DemoError(pub String);

/// What a step comes to.
type Done<T = ()> = Result<T, DemoError>;

/// Lives the whole history; answers what came of it and who can sign in with what.
///
/// # Errors
/// When the database has customers, is not for development, or something in the history does not go as it must.
pub async fn fill(config: Config, wanted: Wanted, progress: impl Fn(Progress) + Send) -> Done<Summary> {
    // Thousands of requests would each write a line of the program's log.
    let filling = async {
        let world = World::open(config, wanted).await?;
        History::new(world, wanted).live(progress).await
    };
    filling.with_subscriber(NoSubscriber::default()).await
}

impl From<ApiError> for DemoError {
    fn from(error: ApiError) -> Self {
        Self(match error {
            ApiError::Refused(problem) => problem.detail.to_string(),
            ApiError::Database(error) => error.to_string(),
            ApiError::Fault(text) => text,
        })
    }
}

impl From<DbError> for DemoError {
    fn from(error: DbError) -> Self {
        Self(error.to_string())
    }
}

impl From<StartError> for DemoError {
    fn from(error: StartError) -> Self {
        Self(error.0)
    }
}
