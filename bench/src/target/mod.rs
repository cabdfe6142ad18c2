//! What is measured: a server of its own, in a process of its own, and what the system says of that process.

mod backtest;
mod books;
mod child;
mod database;
mod process;
mod settings;

pub(crate) use self::{
    backtest::backtest,
    books::check_books,
    child::Child,
    database::{Database, Reader, version_of_redis},
    process::Process,
    settings::Settings,
};

use std::{net::SocketAddr, path::Path, process::Command};

use crate::failure::{Done, Failure};

/// What `stockade serve` prints before its address.
const STOCKADE_SAYS: &str = "listening on ";

/// Starts the product with these settings, on a port of the system's choice.
pub(crate) fn start_stockade(settings: &Settings) -> Done<Child> {
    let mut command = settings.command();
    command.arg("serve");
    Child::start(
        "stockade",
        command,
        STOCKADE_SAYS,
        &settings.folder().join("server.log"),
    )
}

/// Starts the bare server: this program, `bare`.
pub(crate) fn start_bare(folder: &Path) -> Done<Child> {
    let me = std::env::current_exe().map_err(Failure::of("cannot find myself"))?;
    let mut command = Command::new(me);
    command.arg("bare");
    Child::start(
        "the bare server",
        command,
        STOCKADE_SAYS,
        &folder.join("bare.log"),
    )
}

/// The socket address at the beginning of a text.
fn address_at_start(text: &str) -> Option<SocketAddr> {
    let end = text
        .find(|c: char| !(c.is_ascii_hexdigit() || ".:[]".contains(c)))
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_ends_where_the_sentence_goes_on() {
        let found = |text| address_at_start(text).map(|address| address.to_string());
        assert_eq!(found("127.0.0.1:8000)").as_deref(), Some("127.0.0.1:8000"));
        assert_eq!(found("[::1]:80").as_deref(), Some("[::1]:80"));
        assert_eq!(found("nowhere"), None);
    }
}
