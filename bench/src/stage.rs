//! The product, running and full of customers.

use std::{net::SocketAddr, rc::Rc};

use stockade_platform::market::Replay;

use crate::{
    failure::{Done, Failure},
    lab::{Lab, measure},
    load::{Caller, Pace, Window},
    options::Side,
    people::{self, Person},
    report::Load,
    requests::{self, Ids},
    target::{self, Child, Database, Process, Settings, check_books, version_of_redis},
};

/// A running server with customers who have cash.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) settings: Settings,
    pub(crate) server: Child,
    pub(crate) people: Vec<Rc<Person>>,
    pub(crate) symbols: Vec<String>,
    pub(crate) database: Option<Database>,
    /// Orders and deposits that the server has confirmed.
    acknowledged: u64,
}

impl Stage {
    /// Starts a server on a fresh database and fills it with customers.
    pub(crate) async fn open(lab: &mut Lab<'_>, side: Side) -> Done<Self> {
        Self::open_with(lab, side, &[]).await
    }

    /// The same with other settings than the usual.
    pub(crate) async fn open_with(lab: &mut Lab<'_>, side: Side, other: &[(&str, &str)]) -> Done<Self> {
        let (name, database) = match side {
            Side::Embedded => ("embedded", None),
            Side::Servers => {
                let url = lab.given.postgres.as_deref();
                let url = url.ok_or_else(|| Failure::new("STOCKADE_BENCH_POSTGRES_URL is not set"))?;
                ("PostgreSQL + Redis", Some(Database::create(url).await?))
            }
        };
        let redis = database.as_ref().and(lab.given.redis.clone());
        if let Some(database) = &database {
            let mut about = database.describe().await?;
            if let Some(url) = &redis {
                about += &format!("; Redis {}", version_of_redis(url).await?);
            }
            if !database.is_durable().await? {
                about += " (commits are NOT durable, so these figures do not count)";
            }
            if !lab.report.settings.contains(&about) {
                lab.report.settings.push(about);
            }
        }
        let url = database.as_ref().map(Database::url);
        let mut settings = settings(lab, url, redis.as_deref())?;
        for (name, value) in other {
            settings.set(name, value);
        }
        let server = target::start_stockade(&settings)?;
        let count = usize::from(lab.options.people);
        let people = people::join(server.address(), &settings.mail_folder(), count).await;
        let people = people.map_err(|failure| Failure::new(format!("{failure}\n{}", server.last_words())))?;
        let tradable = Replay::embedded();
        let symbols = tradable.assets().iter().filter(|asset| asset.tradable);
        let symbols = symbols.map(|asset| asset.symbol.as_str().to_owned()).collect();
        Ok(Self {
            name,
            settings,
            server,
            acknowledged: people.len() as u64,
            people,
            symbols,
            database,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Callers that each place order after order, one a customer.
    pub(crate) fn buyers(&self, ids: Ids) -> Vec<Caller> {
        self.people
            .iter()
            .map(|person| requests::buy(self.address(), person, &self.symbols, ids))
            .collect()
    }

    /// Callers that each get one path again and again, one a customer.
    pub(crate) fn readers(&self, path: &str) -> Vec<Caller> {
        self.people
            .iter()
            .map(|person| requests::get(self.address(), person, path))
            .collect()
    }

    /// Measures a load on this server. Its rows and notes bear the stage's name.
    pub(crate) async fn measure(
        &self,
        what: &str,
        callers: Vec<Caller>,
        pace: Pace,
        window: Window,
    ) -> Done<Load> {
        let name = format!("{what}, {}", self.name);
        let process = self.process();
        let measured = measure(&name, (self.address(), &process), callers, pace, window).await;
        measured.map_err(|failure| Failure::new(format!("{failure}\n{}", self.server.last_words())))
    }

    /// The server's process.
    pub(crate) fn process(&self) -> Process {
        self.server.process()
    }

    /// Measures a load of orders alone, all of which the books must hold at the end.
    pub(crate) async fn measure_orders(
        &mut self,
        what: &str,
        ids: Ids,
        pace: Pace,
        window: Window,
    ) -> Done<Load> {
        let load = self.measure(what, self.buyers(ids), pace, window).await?;
        self.acknowledged += load.acknowledged;
        Ok(load)
    }

    /// Stops the server, has its books checked, and clears away.
    pub(crate) async fn close(self, lab: &mut Lab<'_>) -> Done {
        self.server.stop()?;
        let checked = check_books(&self.settings, self.acknowledged)
            .map_err(|failure| Failure::new(format!("{}: {failure}", self.name)))?;
        lab.report.notes.push(format!("{}: {checked}", self.name));
        match self.database {
            Some(database) => database.drop().await,
            None => Ok(()),
        }
    }
}

/// Settings with what the command line changes.
pub(crate) fn settings(lab: &Lab<'_>, postgres: Option<&str>, redis: Option<&str>) -> Done<Settings> {
    let parent =
        std::path::absolute(&lab.options.data).map_err(Failure::of("cannot find the data folder"))?;
    let mut settings = Settings::new(&lab.given.binary, &parent, postgres, redis)?;
    for (name, value) in &lab.options.set {
        settings.set(name, value);
    }
    Ok(settings)
}
