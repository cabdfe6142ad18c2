//! `stockade openapi`: prints the document that clients are generated from.

use std::process::ExitCode;

use crate::http::router;

pub(super) fn print() -> ExitCode {
    super::print(&format!("{:#}", router::in_order(&router::openapi())))
}
