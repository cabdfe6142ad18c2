//! `stockade serve` and `stockade migrate`.

use std::{net::SocketAddr, process::ExitCode};

use clap::ValueEnum;
use stockade_platform::{clock::Clock, db, tls_server::TlsServer};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    app::App,
    config::{Config, Inputs},
    core::{
        audit::anchor::{self, Standing},
        migrations,
    },
    features::{auth, closing},
    http::{listen, router},
    worker,
};

/// One half of the program.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Half {
    /// The HTTP server
    Api,
    /// The background work
    Worker,
}

/// Serves until SIGTERM or SIGINT, then drains.
pub(super) async fn serve(config: Config, inputs: &Inputs, only: Option<Half>) -> ExitCode {
    let bind = config.server.bind;
    let tls = match config.tls.files() {
        Some((certificate, key)) => match TlsServer::open(certificate, key) {
            Ok(tls) => Some(tls),
            Err(error) => return super::fail(&format!("cannot serve with TLS: {error}")),
        },
        None => None,
    };
    let app = match App::start(config, Clock::System).await {
        Ok(app) => app,
        Err(error) => return super::fail(&error),
    };
    app.demo.take_settings_from(inputs.clone());
    match anchor::standing(&app.core, &app.log_key, &app.config.data_dir).await {
        Ok(Standing::Continues) => {}
        Ok(Standing::Broken(broken)) => {
            let advice =
                "if a backup was restored on purpose, say so with `stockade audit reanchor --reason TEXT`";
            return super::fail(&format!("{broken}; {advice}"));
        }
        Err(error) => return super::fail(&error),
    }
    match closing::repeat_erasures(&app).await {
        Ok(0) => {}
        Ok(erased) => tracing::warn!(erased, "the database had forgotten erasures; they are done again"),
        Err(error) => return super::fail(&format!("erasures could not be repeated: {error:?}")),
    }
    let (stop, stopped) = watch::channel(false);
    let streaming = app.clone();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping: no new requests, those in flight are finished");
        streaming.listeners.close();
        stop.send(true)
    });
    let upkeep = worker::start_everywhere(&app, stopped.clone());
    let jobs = (only != Some(Half::Api)).then(|| worker::start(&app, stopped.clone()));
    if only != Some(Half::Worker) {
        match TcpListener::bind(bind).await {
            Ok(listener) => {
                announce(&app, listener.local_addr().unwrap_or(bind)).await;
                let router = router::router(app.clone());
                listen::serve(listener, router, &app.config.server, tls, until(stopped)).await;
            }
            Err(error) => {
                return super::fail(&format!(
                    "cannot listen on {bind}: {error}; choose another server.bind"
                ));
            }
        }
    }
    if let Some(jobs) = jobs {
        jobs.join_all().await;
    }
    upkeep.join_all().await;
    tracing::info!("stopped");
    ExitCode::SUCCESS
}

/// Brings the schema up to date and stops.
pub(super) async fn migrate(config: Config, check: bool) -> ExitCode {
    if let Err(error) = std::fs::create_dir_all(&config.data_dir) {
        return super::fail(&format!("cannot create data_dir: {error}"));
    }
    if check {
        return match db::migrate::waiting(&config.location(), migrations::ALL).await {
            Ok(waiting) => super::print(&format!("{waiting} migrations have not run")),
            Err(error) => super::fail(&error),
        };
    }
    match db::migrate::run(&config.location(), migrations::ALL).await {
        Ok(ran) => super::print(&format!(
            "the schema is at version {} ({ran} migrations ran)",
            migrations::ALL.last().map_or(0, |last| last.version)
        )),
        Err(error) => super::fail(&error),
    }
}

/// Tells the person at the terminal where to go.
async fn announce(app: &App, address: SocketAddr) {
    let (version, url) = (env!("CARGO_PKG_VERSION"), &app.config.server.public_url);
    let mut text =
        format!("Stockade {version} is at {url} (listening on {address})\n  API description  {url}/docs\n");
    if app.config.is_development() {
        text.push_str(&format!(
            "  development      mails are kept at {url}/dev/mailbox\n"
        ));
    }
    match auth::first_link(app).await {
        Ok(Some(link)) => text.push_str(&format!(
            "  first start      make the first administrator, once: {link}\n"
        )),
        Ok(None) => {}
        Err(error) => tracing::error!(?error, "cannot make the first administrator's link"),
    }
    if let Err(error) = super::say(&text) {
        tracing::warn!(%error, "nobody could be told where the server is");
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn stop_signal() {
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        _ => std::future::pending().await,
    }
}
