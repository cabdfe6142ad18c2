//! `stockade risk replay`.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use crate::{app::App, features::risk};

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
pub(super) async fn run(app: &App, json: bool) -> ExitCode {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} decisions, {per_sec}") {
        bar.set_style(style);
    }
    let report = match risk::replay(app, |done| bar.set_position(done)).await {
        Ok(report) => report,
        Err(error) => return crate::cli::fail(&format!("{error:?}")),
    };
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        for id in &report.named {
            println!("{id} comes out otherwise");
        }
        let (decisions, different) = (report.decisions, report.different);
        println!("{decisions} decisions made anew, {different} came out otherwise");
    }
    match report.different {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
