//! `stockade openapi`: prints the document that clients are generated from.

use std::process::ExitCode;

use crate::http::router;

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
pub(super) fn print() -> ExitCode {
    println!("{:#}", router::in_order(&router::openapi()));
    ExitCode::SUCCESS
}
