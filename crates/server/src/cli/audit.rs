//! `stockade audit verify`, `export`, `checkpoint`, `reanchor` and `key`. Exit code 1 when damage was found or nothing could be
//! done.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use super::progress;
use crate::{
    app::App,
    core::{
        actor::Actor,
        audit::{
            anchor::{self, Standing},
            checkpoint,
            export::{self, Exported},
            verify::{self, Verification},
        },
        change::Change,
        event::AuditEvent,
    },
    features::audit,
    http::error::ApiResult,
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Verify the whole log in the database; exit code 1 when it is damaged
    Verify {
        /// A checkpoint file that you kept from earlier; may be given several times
        #[arg(long = "checkpoint", value_name = "FILE")]
        kept: Vec<PathBuf>,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// Write the log to an empty directory, where stockade-verify checks it without this program
    Export {
        /// The directory, made when it is not there
        folder: PathBuf,
        /// Leave out what the entries say, which names people
        #[arg(long)]
        no_payloads: bool,
    },
    /// Print the newest signed head, signing it first if the log has grown; keep it elsewhere
    Checkpoint,
    /// Print the key that checkpoints are verified with
    Key,
    /// Say on record that the log goes on from what the database holds, after a backup was restored
    Reanchor {
        /// What happened, in a sentence for auditors
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let (text, valid) = match answer(app, command).await {
        Ok(answered) => answered,
        Err(why) => return super::fail(&why),
    };
    let code = match valid {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    };
    super::answer(&text, code)
}

/// What to print, and whether all is well.
async fn answer(app: &App, command: Command) -> Result<(String, bool), String> {
    match command {
        Command::Verify { kept, json } => verify(app, &kept, json).await,
        Command::Export { folder, no_payloads } => export(app, &folder, !no_payloads).await,
        Command::Checkpoint => match checkpoint::sign(&app.core, &app.log_key).await {
            Ok(Some(signed)) => {
                let kept = anchor::keep(&app.config.data_dir, &signed.note);
                kept.map_err(|error| format!("the checkpoint could not be kept in data_dir: {error}"))?;
                Ok((signed.note, true))
            }
            Ok(None) => Err("the log is empty; there is no head to sign".into()),
            Err(error) => Err(error.to_string()),
        },
        Command::Reanchor { reason } => reanchor(app, &reason).await,
        Command::Key => Ok((format!("{}\n", app.log_key.verifying_key()), true)),
    }
}

async fn verify(app: &App, kept: &[PathBuf], json: bool) -> Result<(String, bool), String> {
    let read = |file: &PathBuf| {
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let mut kept = kept.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    kept.extend(anchor::kept(&app.config.data_dir).map_err(|error| error.to_string())?);
    let bar = progress::bar(0, "entries");
    let shown = bar.clone();
    let verified = verify::verify(&app.core, &app.log_key, kept, move |done, of| {
        progress::show(&shown, done, of)
    })
    .await;
    bar.finish_and_clear();
    let outcome = verified.map_err(|error| error.to_string())?;
    if let Err(error) = record(app, audit::verified(&outcome)).await {
        tracing::error!(?error, "this verification could not be put on record");
    }
    let text = match json {
        true => serde_json::to_string_pretty(&outcome).map_err(|error| error.to_string())? + "\n",
        false => in_sentences(&outcome),
    };
    Ok((text, outcome.valid))
}

/// The log goes on from what the database holds; the break and its reason are the next entry.
async fn reanchor(app: &App, reason: &str) -> Result<(String, bool), String> {
    if reason.trim().is_empty() {
        return Err("say in --reason what happened; auditors read it".into());
    }
    let data_dir = &app.config.data_dir;
    let standing = anchor::standing(&app.core, &app.log_key, data_dir).await;
    let broken = match standing.map_err(|error| error.to_string())? {
        Standing::Continues => return Ok(("the log continues its checkpoint; nothing to do\n".into(), true)),
        Standing::Broken(broken) => broken,
    };
    record(app, anchor::reanchored(&broken, reason))
        .await
        .map_err(|error| format!("this could not be put on record, so nothing was done: {error:?}"))?;
    anchor::set_aside(data_dir, &broken).map_err(|error| error.to_string())?;
    Ok((format!("{broken}\nre-anchored, on record\n"), true))
}

async fn export(app: &App, folder: &Path, payloads: bool) -> Result<(String, bool), String> {
    record(app, audit::exported(payloads))
        .await
        .map_err(|error| format!("the export could not be put on record, so there is none: {error:?}"))?;
    let bar = progress::bar(0, "entries");
    let shown = bar.clone();
    let progress = move |done, of| progress::show(&shown, done, of);
    let exported = export::export(&app.core, &app.log_key, folder, payloads, progress).await;
    bar.finish_and_clear();
    let Exported {
        entries,
        payloads,
        erased,
        without,
    } = exported.map_err(|error| error.to_string())?;
    let (folder, key) = (folder.display(), app.log_key.verifying_key());
    let text = format!(
        "{entries} entries exported to {folder}: {payloads} payloads, {erased} erased, {without} without\n\
         check it with: stockade-verify {folder} --key {key}\n"
    );
    Ok((text, true))
}

/// What is done here is on record like everything else, unless the log takes no more entries.
async fn record(app: &App, event: AuditEvent) -> ApiResult<()> {
    let commit = async move |change: &mut Change<'_>| change.commit(event.clone(), ());
    app.change(Actor::program("stockade audit"), commit).await
}

fn in_sentences(outcome: &Verification) -> String {
    let mut text = format!(
        "{} entries, {} waiting for a number\n",
        outcome.entries, outcome.pending
    );
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    match &outcome.checkpoint {
        Some(head) => line(format!("signed: {} entries, root {}", head.size, head.root)),
        None => line("signed: nothing that counts".into()),
    }
    line(format!(
        "older checkpoints that agree: {}; payloads: {} checked, {} erased",
        outcome.kept_confirmed, outcome.payloads, outcome.erased
    ));
    for problem in &outcome.problems {
        line(format!("  {}: {}", problem.kind, problem.detail));
    }
    let unlisted = outcome.problem_count - outcome.problems.len() as u64;
    if unlisted > 0 {
        line(format!("  and {unlisted} more"));
    }
    line(match outcome.valid {
        true => "valid: the log is complete and unaltered".into(),
        false if outcome.problem_count == 1 => "damaged: 1 problem".into(),
        false => format!("damaged: {} problems", outcome.problem_count),
    });
    text
}
