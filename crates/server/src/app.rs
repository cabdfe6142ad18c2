//! The one state struct, built only here. Everything a request or a job stands on hangs from it.

use std::{ops::Deref, path::Path, sync::Arc};

use auditlog::SigningKey;
use axum::http::HeaderMap;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use stockade_platform::{
    clock::Clock,
    db::{DbError, Reader, migrate},
    mail::{MailError, Mailer},
    market::{Alpaca, MarketFeed, Provider, Replay, Source, Stored},
    random,
    shared::{Memory, Redis, Shared},
    web_client::WebClient,
};
use uuid::Uuid;

use crate::{
    config::{Config, Feed},
    core::{
        actor::Actor,
        audit::tail::Tail,
        change::{Change, Core, Outcome},
        keys::{learn_erasures, open_vault},
        migrations,
    },
    demo,
    features::{
        api_keys, auth::Auth, corporate_actions, ledger::AccountCache, market, orders, risk::Risk,
        security_log::SecurityLog, stream::Streams,
    },
    http::{
        error::ApiResult,
        frame,
        mail_check::MailCheck,
        router,
        spans::Spans,
        stream::Listeners,
        traffic::{Endpoints, Traffic},
    },
    security::{admission::Admission, rate_limit::RateLimits},
};

/// A handle on the running application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What hangs from the handle.
pub struct Inner {
    /// The settings, already validated.
    pub config: Config,
    /// Where the present comes from.
    pub clock: Clock,
    /// The database and what units of work need.
    pub core: Arc<Core>,
    /// Counters, flags and messages that instances share.
    pub shared: Shared,
    /// Prices.
    pub market: MarketFeed,
    /// Whom prices are asked from, where it is a provider.
    pub provider: Option<Provider>,
    /// Tells this process from others.
    pub instance: Uuid,
    /// Who listens to prices.
    pub streams: Streams,
    /// What became of shares.
    pub splits: market::Splits,
    /// Signs checkpoints of the audit log.
    pub log_key: SigningKey,
    /// Takes mail away; without one, mail waits.
    pub mailer: Option<Mailer>,
    /// Whether it could, as last seen.
    pub mail_check: MailCheck,
    /// Asks other people's servers.
    pub web: WebClient,
    /// Tokens, sessions and password hashing.
    pub auth: Auth,
    /// The policy and the places that risk is assessed by.
    pub risk: Risk,
    /// Whose turn it is to match orders that wait.
    pub matching: orders::Matching,
    /// Who is told of security events.
    pub security_log: SecurityLog,
    /// API keys that were presented.
    pub api_keys: api_keys::Remembered,
    /// Which account is whose.
    pub accounts: AccountCache,
    /// Who is at work and who waits.
    pub admission: Arc<Admission>,
    /// What the headers of every answer start from.
    pub headers: HeaderMap,
    /// How often one may ask.
    pub rate_limits: RateLimits,
    /// What passed through.
    pub traffic: Traffic,
    /// Requests that are followed.
    pub spans: Spans,
    /// Streams of events that are open.
    pub listeners: Listeners,
    /// Demonstration data that is being filled in.
    pub demo: demo::Run,
    /// The end of the log, for those who wait for what comes.
    pub tail: Arc<Tail>,
}

/// In front of every key in Redis.
const REDIS_PREFIX: &str = "stockade";

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Why the application did not start. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl App {
    /// Brings the schema up to date (if so configured), opens everything and reads what must be known from the start.
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StartError> {
        let mailer = mailer(&config).map_err(|error| StartError(format!("mail: {error}")))?;
        Self::start_with(config, clock, mailer).await
    }

    /// The same with what takes mail away.
    pub async fn start_with(
        config: Config,
        clock: Clock,
        mailer: Option<Mailer>,
    ) -> Result<Self, StartError> {
        let fail = |what: &str, error: &dyn std::fmt::Display| StartError(format!("{what}: {error}"));
        create_folder(&config.data_dir)?;
        let location = config.location();
        if config.database.migrate_at_start {
            let ran = migrate::run(&location, migrations::ALL)
                .await
                .map_err(|e| fail("cannot migrate the database", &e))?;
            tracing::info!(migrations = ran, "the schema is up to date");
        }
        let keys = config.keys().map_err(|e| fail("cannot read the keys", &e))?;
        let masters = keys.master.into_iter().map(|named| (named.id, named.source));
        let masters: Vec<_> = masters.collect();
        let core = Core::open_with(&location, clock.clone(), async |db| {
            open_vault(db, &masters).await
        })
        .await
        .map_err(|e| fail("cannot open the database", &e))?;
        let this = Arc::clone(&core);
        let check = async move |reader: &mut Reader| this.keys.check(reader).await;
        let checked: Result<(), DbError> = core.db.read(check).await;
        checked.map_err(|e| fail("secrets.master_keys", &e))?;
        // Who was erased while nobody was running, before a key row put back from a copy can be read.
        learn_erasures(&core)
            .await
            .map_err(|e| fail("cannot read who was erased", &e))?;
        let shared = match &config.redis.url {
            None => Shared::Memory(Memory::new(clock.clone())),
            Some(url) => {
                let redis = Redis::connect(url.expose_secret(), REDIS_PREFIX).await;
                Shared::Redis(redis.map_err(|e| fail("redis.url", &e))?)
            }
        };
        let outgoing = config.outgoing.clone();
        let web = WebClient::new(config.outgoing.ca_file.as_deref(), move |address| {
            outgoing.allows(address)
        })
        .map_err(|e| fail("outgoing.ca_file", &e))?;
        let log_key = SigningKey::from_seed(&config.audit.origin, keys.audit.expose_secret())
            .map_err(|e| fail("audit.origin", &e))?;
        let auth =
            Auth::start(&config, &keys.token).map_err(|e| fail("cannot start password hashing", &e))?;
        let market = market_feed(&config);
        let provider = provider(&config, &web);
        let risk = Risk::start(&config.geo, &keys.token).map_err(|e| fail("geo", &e))?;
        core.keys.on_erasure(risk.forgets());
        risk.keep_policy(&core)
            .await
            .map_err(|e| fail("cannot keep the risk policy", &e))?;
        let accounts = AccountCache::default();
        let matching = orders::Matching::new(clock.now());
        let security_log =
            SecurityLog::new(&config, clock.now()).map_err(|e| fail("security_log.syslog", &e))?;
        let streams = Streams::new(config.stream);
        let admission = Admission::new(config.admission, clock.clone());
        let headers = frame::headers(&config);
        let rate_limits = RateLimits::new(&config.rate_limit);
        let endpoints = Endpoints::of(&router::openapi()).map_err(StartError)?;
        let traffic = Traffic::new(endpoints, clock.now());
        let spans = Spans::new(&config.observability);
        let listeners = Listeners::new(config.events);
        let instance = random::uuid_v7(clock.now());
        let app = Self(Arc::new(Inner {
            config,
            clock,
            core,
            shared,
            market,
            provider,
            instance,
            streams,
            splits: market::Splits::default(),
            log_key,
            mailer,
            mail_check: MailCheck::default(),
            web,
            auth,
            risk,
            matching,
            security_log,
            api_keys: api_keys::Remembered::default(),
            accounts,
            admission,
            headers,
            rate_limits,
            traffic,
            spans,
            listeners,
            demo: demo::Run::default(),
            tail: Arc::default(),
        }));
        market::refresh(&app)
            .await
            .map_err(|_| StartError("cannot read the market's prices".to_owned()))?;
        // Nobody trades at a price, or in a security, of before a split.
        corporate_actions::follow_announcements(&app)
            .await
            .map_err(|_| StartError("cannot read the corporate actions".to_owned()))?;
        Ok(app)
    }

    /// Runs one unit of work; see [`Core::change`].
    pub async fn change<T, F>(&self, actor: impl Into<Actor>, unit: F) -> ApiResult<T>
    where
        F: AsyncFn(&mut Change<'_>) -> ApiResult<Outcome<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.core.change(actor, unit).await
    }

    /// Reads from one consistent snapshot.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Reader) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.core.db.read(look).await
    }
}

/// The feed that is set. What lies in the database is read before anything is served.
fn market_feed(config: &Config) -> MarketFeed {
    let stale_after = SignedDuration::try_from(config.market.stale_after).unwrap_or(SignedDuration::MAX);
    match config.market.feed {
        Feed::Replay => MarketFeed::Replay(Replay::embedded()),
        Feed::Csv => MarketFeed::Stored(Stored::new("csv", false, stale_after)),
        Feed::Alpaca => MarketFeed::Stored(Stored::new("alpaca", config.alpaca.is_delayed(), stale_after)),
    }
}

/// The provider that is set, if the feed is one's.
fn provider(config: &Config, web: &WebClient) -> Option<Provider> {
    let alpaca = &config.alpaca;
    let url = alpaca
        .url
        .as_deref()
        .filter(|_| config.market.feed == Feed::Alpaca)?;
    let (key, secret) = (alpaca.key.clone(), alpaca.secret.clone());
    let source = Source::Alpaca(Alpaca::new(web.clone(), url, key, secret, &alpaca.feed));
    Some(Provider::new(source, alpaca.requests_per_minute))
}

/// The mail server that is set, else in development a folder, else none.
fn mailer(config: &Config) -> Result<Option<Mailer>, MailError> {
    let from = &config.mail.from;
    match config.mail.smtp(config.server.host()) {
        Some(settings) => Mailer::smtp(settings, from).map(Some),
        None if config.is_development() => Mailer::folder(config.data_dir.join("mail"), from).map(Some),
        None => {
            tracing::warn!("mail.smtp_host is not set: every mail waits in the database until it is");
            Ok(None)
        }
    }
}

fn create_folder(path: &Path) -> Result<(), StartError> {
    std::fs::create_dir_all(path)
        .map_err(|error| StartError(format!("cannot create data_dir {}: {error}", path.display())))
}
