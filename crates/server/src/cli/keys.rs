//! `stockade keys status` and `rotate`. Exit code 1 when a data key cannot be rewrapped.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::progress;
use crate::{
    app::App,
    core::{
        actor::Actor,
        change::Change,
        event::AuditEvent,
        keys::{self, KeysStatus, Rotated},
    },
    http::error::ApiResult,
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Say how many data keys each master key wraps
    Status {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Wrap every data key with the first of secrets.master_keys; may run beside the server, and again after a kill
    Rotate {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let answered = match command {
        Command::Status { json } => status(app, json).await,
        Command::Rotate { json } => rotate(app, json).await,
    };
    match answered {
        Ok(text) => super::print(&text),
        Err(why) => super::fail(&why),
    }
}

async fn status(app: &App, json: bool) -> Result<String, String> {
    let status = keys::status(&app.core).await.map_err(|error| error.to_string())?;
    match json {
        true => serde_json::to_string_pretty(&status).map_err(|error| error.to_string()),
        false => Ok(in_sentences(&status)),
    }
}

fn in_sentences(status: &KeysStatus) -> String {
    let mut text = format!("new data keys are wrapped by {}\n", status.current);
    for by in &status.wrapped_by {
        let missing = if by.at_hand { "" } else { ", which is not at hand" };
        text.push_str(&format!(
            "{} data keys are wrapped by {}{missing}\n",
            by.data_keys, by.master_key
        ));
    }
    text.push_str(&match status.to_rotate {
        0 => "nothing is left to rotate".to_owned(),
        left => format!("{left} are left to rotate: run `stockade keys rotate`"),
    });
    text
}

async fn rotate(app: &App, json: bool) -> Result<String, String> {
    let bar = progress::bar(0, "data keys");
    let show = |done: i64, of: i64| progress::show(&bar, done.unsigned_abs(), of.unsigned_abs());
    let rotated = keys::rotate(&app.core, show).await;
    bar.finish_and_clear();
    let rotated = rotated.map_err(|error| error.to_string())?;
    let current = keys::status(&app.core)
        .await
        .map_err(|error| error.to_string())?
        .current;
    record(app, &current, rotated)
        .await
        .map_err(|error| format!("the keys are rotated, but that could not be put on record: {error:?}"))?;
    let Rotated {
        rewrapped,
        already_current,
    } = rotated;
    Ok(match json {
        true => json!({ "current": current, "rewrapped": rewrapped, "already_current": already_current })
            .to_string(),
        false => format!("{rewrapped} data keys rewrapped with {current}; {already_current} were before"),
    })
}

async fn record(app: &App, current: &str, rotated: Rotated) -> ApiResult<()> {
    let event = AuditEvent::done("keys.rotated").with(json!({
        "master_key": current,
        "rewrapped": rotated.rewrapped,
        "already_current": rotated.already_current,
    }));
    let commit = async move |change: &mut Change<'_>| change.commit(event.clone(), ());
    app.change(Actor::program("stockade keys"), commit).await
}
