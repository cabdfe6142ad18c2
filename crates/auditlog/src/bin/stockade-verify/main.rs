//! Checks an exported audit log, or a proof for one entry of it, offline.
//!
//! Exit code 0: what was checked is valid. 1: damage was found. 2: it could not be checked.

mod offered;
mod text;

use std::fs;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use auditlog::VerifyingKey;
use auditlog::export::ExportReader;
use auditlog::verify::verify_export;
use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use offered::Offered;

const DAMAGED: u8 = 1;
const NOT_CHECKED: u8 = 2;

/// Checks an exported audit log against its signed checkpoint and those that you kept from earlier.
#[derive(Parser)]
#[command(
    name = "stockade-verify",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
#[command(after_help = "Exit code: 0 valid, 1 damage found, 2 it could not be checked.")]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    export: Option<Export>,
}

#[derive(Args)]
struct Export {
    /// The export's directory
    #[arg(value_name = "EXPORT_DIR")]
    folder: PathBuf,
    /// The log's verifying key, name+hash+base64
    #[arg(long, value_name = "VKEY")]
    key: VerifyingKey,
    /// A checkpoint file that you kept from earlier; may be given several times
    #[arg(long = "checkpoint", value_name = "KEPT_FILE")]
    kept: Vec<PathBuf>,
    /// Prints the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Checks a proof for one entry
    Proof {
        /// The server's answer, saved as it came, or a proof file (.tlog-proof)
        file: PathBuf,
        /// File with the entry's bytes, for a proof file
        #[arg(long, value_name = "LEAF_FILE")]
        entry: Option<PathBuf>,
        /// The log's verifying key, name+hash+base64
        #[arg(long, value_name = "VKEY")]
        key: VerifyingKey,
    },
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse() {
        CommandLine {
            command: Some(Command::Proof { file, entry, key }),
            ..
        } => check_proof(&file, entry.as_deref(), &key),
        CommandLine {
            export: Some(export), ..
        } => check_export(&export),
        CommandLine { .. } => Err("Nothing to check; see --help.".to_owned()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(DAMAGED),
        Err(why) => {
            // Where nobody can be told any more, the exit code still tells.
            let _ = writeln!(io::stderr(), "Not checked: {why}");
            ExitCode::from(NOT_CHECKED)
        }
    }
}

fn check_export(export: &Export) -> Result<bool, String> {
    let kept = export
        .kept
        .iter()
        .map(|file| read_text(file))
        .collect::<Result<Vec<_>, _>>()?;
    let reader = ExportReader::open(&export.folder).map_err(|error| error.to_string())?;
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let bar = progress_bar(reader.entries());
    let report = verify_export(reader, &export.key, &kept, threads, |done| bar.set_position(done));
    bar.finish_and_clear();
    let report = report.map_err(|error| error.to_string())?;
    let text = match export.json {
        true => serde_json::to_string_pretty(&report).map_err(|error| error.to_string())? + "\n",
        false => text::report(&report, &export.key, kept.len()),
    };
    say(&text)?;
    Ok(report.valid)
}

fn check_proof(file: &Path, entry: Option<&Path>, key: &VerifyingKey) -> Result<bool, String> {
    let checked = Offered::read(file, entry)?.check(key);
    let text = match &checked {
        Ok(shown) => {
            let (index, size, origin) = (shown.index, shown.checkpoint.size, &shown.checkpoint.origin);
            let payload = shown.payload.as_deref().and_then(text::printable);
            let says = payload.map_or_else(String::new, |payload| format!("It says: {payload}\n"));
            format!(
                "Valid: this is entry {index} of {origin}, under its signed checkpoint of {size} entries.\n{says}"
            )
        }
        Err(why) => format!("Refused: {why}.\n"),
    };
    say(&text)?;
    Ok(checked.is_ok())
}

/// A reader that has seen enough (`| head`) is not a failure; the exit code tells the outcome all the same.
fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn read_text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Drawn on standard error, and only when that is a terminal.
fn progress_bar(entries: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} entries, {per_sec}, {eta} left");
    ProgressBar::new(entries).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
