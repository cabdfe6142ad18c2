//! The past under another policy: `stockade risk backtest` on what a load has left.

use std::time::Duration;

use serde_json::Value;

use super::Settings;
use crate::{
    failure::{Done, Failure},
    now,
};

/// How many events were decided anew, and how long the command took from its start to its end.
///
/// # Errors
/// When the command fails.
pub(crate) fn backtest(settings: &Settings) -> Done<(u64, Duration)> {
    let folder = tempfile::tempdir().map_err(Failure::of("a temporary folder"))?;
    let policy = folder.path().join("policy.toml");
    let text = run(settings, &["risk", "default-policy"])?;
    // One that decides otherwise, so that there is something to tell.
    let stricter = text.replace("flag_over = 600", "flag_over = 300");
    std::fs::write(&policy, stricter).map_err(Failure::of("cannot write a policy"))?;
    let file = policy.display().to_string();
    let before = now::elapsed();
    let said = run(settings, &["risk", "backtest", "--json", "--policy", &file])?;
    let took = now::elapsed() - before;
    let report: Value = serde_json::from_str(&said).map_err(Failure::of("a backtest's report"))?;
    Ok((report["events"].as_u64().unwrap_or(0), took))
}

fn run(settings: &Settings, arguments: &[&str]) -> Done<String> {
    let what = format!("`stockade {}`", arguments.join(" "));
    let output = settings
        .command()
        .args(arguments)
        .output()
        .map_err(Failure::of(format!("cannot run {what}")))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "{what} ended with {}:\n{complaint}",
            output.status
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
