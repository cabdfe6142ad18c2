//! `stockade risk replay`.

use std::process::ExitCode;

use crate::{app::App, cli::progress, features::risk};

pub(super) async fn run(app: &App, json: bool) -> ExitCode {
    let bar = progress::counter("decisions");
    let report = match risk::replay(app, |done| bar.set_position(done)).await {
        Ok(report) => report,
        Err(error) => return crate::cli::fail(&format!("{error:?}")),
    };
    bar.finish_and_clear();
    let text = match json {
        true => serde_json::to_string_pretty(&report).unwrap_or_default(),
        false => in_words(&report),
    };
    let code = match report.different {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    };
    crate::cli::answer(&text, code)
}

fn in_words(report: &risk::Replayed) -> String {
    let mut text = String::new();
    for id in &report.named {
        text.push_str(&format!("{id} comes out otherwise\n"));
    }
    let (decisions, different) = (report.decisions, report.different);
    text.push_str(&format!(
        "{decisions} decisions made anew, {different} came out otherwise"
    ));
    text
}
