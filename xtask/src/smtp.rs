//! A private mail server with TLS and sign-in, for the tests of outgoing mail. Its certificate is made anew each time.

use crate::daemon::Daemon;
use crate::process::{Failure, found, output, root, succeeds};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's own Python comes first, because that one has Debian's packages.
const PYTHONS: [&str; 2] = ["/usr/bin/python3", "python3"];

/// The server and what tests need to know of it.
pub(crate) struct Smtp {
    _server: Daemon,
    /// Holds its ports (`starttls`, `tls`, `plain`), its certificate `ca.pem`, and the mails it took.
    pub(crate) folder: PathBuf,
}

/// Serves from a new folder below `parent`.
pub(crate) fn start(parent: &Path) -> Result<Smtp, Failure> {
    let folder = parent.join("smtp");
    std::fs::create_dir(&folder).map_err(|error| Failure::of("cannot make a folder for mails", error))?;
    make_certificate(&folder)?;
    let Some(python) = python() else {
        return Err(Failure::Said("aiosmtpd is not installed".into()));
    };
    let mut command = Command::new(python);
    command.arg(root().join("xtask/smtp_server.py")).arg(&folder);
    let server = Daemon::start("the mail server", command, "TERM")?;
    Ok(Smtp {
        _server: server,
        folder,
    })
}

/// Whether this machine has the server, and a Python that runs it.
pub(crate) fn installed() -> bool {
    python().is_some()
}

/// Whether this machine can make certificates.
pub(crate) fn makes_certificates() -> bool {
    found("openssl")
}

fn python() -> Option<&'static str> {
    PYTHONS
        .into_iter()
        .find(|python| succeeds(Command::new(python).args(["-c", "import aiosmtpd"])))
}

fn make_certificate(folder: &Path) -> Result<(), Failure> {
    let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
                 -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out ca.pem";
    let mut openssl = Command::new("openssl");
    output(openssl.args(words.split_whitespace()).current_dir(folder)).map(drop)
}
