//! `stockade openapi`: prints the document that clients are generated from.

use std::process::ExitCode;

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
pub(super) fn print() -> ExitCode {
    match crate::http::router::openapi().to_pretty_json() {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => super::fail(&error),
    }
}
