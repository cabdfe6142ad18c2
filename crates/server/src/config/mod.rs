//! The settings: which there are, where each value comes from, and what is wrong with them.
//!
//! Defaults (`stockade.default.toml`, embedded) < `stockade.toml` < environment < flags. A new setting is one commented
//! line in the default file and one field in its section's struct. [`Config::load`] reports every problem at once, each
//! with its key, its source and the fix; what it returns has been checked as a whole. Secrets never show in `Debug`, in
//! a problem, or in [`Loaded::show`].
//!
//! The layers are laid over each other here, in a page of code, rather than by the `config` crate: that one stops at the
//! first problem and does not tell where a value came from.

mod admission;
mod alpaca;
mod audit;
mod backup;
mod cash;
mod catalogue;
mod contradictions;
mod database;
mod devices;
mod environment;
mod events;
mod example;
mod field;
mod file;
mod forecasts;
mod geo;
mod incidents;
pub mod keys;
mod layers;
mod lockout;
mod log;
mod mail;
mod market;
mod network;
mod news;
mod observability;
mod oidc;
mod outgoing;
mod passphrase;
mod passwords;
mod problem;
mod rate_limit;
mod redis;
mod registration;
mod reviews;
mod second_factors;
mod secrets;
mod security_log;
mod server;
mod show;
mod signing;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod tokens;
mod trading;
mod value;
mod worker;

use std::path::PathBuf;

use serde::Deserialize;
use stockade_platform::db::Location;

pub use self::{
    admission::Admission,
    alpaca::Alpaca,
    audit::Audit,
    backup::Backup,
    cash::Cash,
    database::{Database, DatabaseUrl},
    devices::Devices,
    events::Events,
    example::env_example,
    forecasts::Forecasts,
    geo::Geo,
    incidents::Incidents,
    layers::{Flag, Inputs, Loaded},
    lockout::Lockout,
    log::{Log, LogFormat},
    mail::Mail,
    market::{Feed, Market},
    network::Network,
    news::{News, NewsFeed},
    observability::Observability,
    oidc::{ClientSecret, Oidc, OidcKind, OidcProvider},
    outgoing::Outgoing,
    passwords::{HashKind, HashWork, Passwords},
    problem::{Origin, Problem, Problems},
    rate_limit::{Rate, RateLimit, Rates},
    redis::Redis,
    registration::Registration,
    reviews::Reviews,
    second_factors::SecondFactors,
    secrets::{Key, NamedKey, Secrets},
    security_log::{Lines, SecurityLog},
    server::{ForwardedHeader, Server},
    signing::Signing,
    stream::Stream,
    tls::Tls,
    tokens::{TokenAlgorithm, Tokens},
    trading::Trading,
    worker::Worker,
};

/// Every setting, typed and checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Development or production.
    pub environment: Environment,
    /// Where everything that is written goes.
    #[serde(deserialize_with = "field::folder")]
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: Server,
    /// TLS that ends here.
    pub tls: Tls,
    /// Requests at work and waiting.
    pub admission: Admission,
    /// How often one may ask.
    pub rate_limit: RateLimit,
    /// Streams of events.
    pub events: Events,
    /// The database.
    pub database: Database,
    /// Shared state.
    pub redis: Redis,
    /// Keys as they were given; [`Config::keys`] completes them.
    pub secrets: Secrets,
    /// The audit log.
    pub audit: Audit,
    /// Copies of the database.
    pub backup: Backup,
    /// Passwords and their hashes.
    pub passwords: Passwords,
    /// When authenticators rest.
    pub lockout: Lockout,
    /// Second factors and step-up.
    pub second_factors: SecondFactors,
    /// What people sign in from.
    pub devices: Devices,
    /// Access and refresh tokens.
    pub tokens: Tokens,
    /// Request signatures.
    pub signing: Signing,
    /// How people join.
    pub registration: Registration,
    /// Prices.
    pub market: Market,
    /// Feeds of news.
    pub news: News,
    /// Forecasts of prices.
    pub forecasts: Forecasts,
    /// Alpaca's market data.
    pub alpaca: Alpaca,
    /// Prices as they move.
    pub stream: Stream,
    /// Orders and their venue.
    pub trading: Trading,
    /// Cash in and out.
    pub cash: Cash,
    /// Transactions that wait for an analyst.
    pub reviews: Reviews,
    /// Outgoing mail.
    pub mail: Mail,
    /// Sign-in with other people's accounts.
    pub oidc: Oidc,
    /// Where addresses are.
    pub geo: Geo,
    /// Requests to other people's servers.
    pub outgoing: Outgoing,
    /// Log lines.
    pub log: Log,
    /// What is an incident, and who is told.
    pub incidents: Incidents,
    /// Security events for people and for other systems.
    pub security_log: SecurityLog,
    /// Who may watch the program.
    pub observability: Observability,
    /// Background work.
    pub worker: Worker,
}

/// What the program may assume about its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// A desk: keys are made when missing, mails go to a folder and a mailbox page.
    Development,
    /// People's money: only what was set on purpose.
    Production,
}

impl Config {
    /// The settings that count; [`Loaded`] also has what to warn of.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(inputs: &Inputs) -> Result<Self, Problems> {
        Loaded::from(inputs).map(|loaded| loaded.config)
    }

    /// Whether this is a desk rather than production.
    pub fn is_development(&self) -> bool {
        self.environment == Environment::Development
    }

    /// Where the data is, and how many connections serve it.
    pub fn location(&self) -> Location {
        self.database.location(&self.data_dir)
    }

    /// The keys to work with: those given, and in development those of `data_dir/keys`, made when missing.
    ///
    /// # Errors
    /// [`keys::KeyFileError`] when a key file cannot be read or made.
    pub fn keys(&self) -> Result<keys::Keys, keys::KeyFileError> {
        keys::load_or_create(&self.secrets, &self.data_dir)
    }
}
