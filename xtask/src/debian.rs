//! Programs that tests need beside Rust. On Debian as root they are installed; elsewhere we say what to install.

use crate::process::{Done, Failure, found, is_root, run};
use crate::{postgres, python, redis, smtp};
use std::path::Path;
use std::process::{Command, Stdio};

/// Something that must be on the machine.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    what: &'static str,
    /// The Debian package that brings it.
    package: &'static str,
    present: fn() -> bool,
}

/// The database server's programs.
pub(crate) const POSTGRESQL: Need = Need {
    what: "PostgreSQL 15 or newer with ICU (initdb, postgres)",
    package: "postgresql",
    present: postgres::installed,
};

/// The shared-state server's program.
pub(crate) const REDIS: Need = Need {
    what: "Redis 7 or newer (redis-server)",
    package: "redis-server",
    present: redis::installed,
};

/// The mail server of the tests.
pub(crate) const SMTP: Need = Need {
    what: "a Python 3 with aiosmtpd",
    package: "python3-aiosmtpd",
    present: smtp::installed,
};

/// What makes the mail server's certificate.
pub(crate) const OPENSSL: Need = Need {
    what: "openssl",
    package: "openssl",
    present: smtp::makes_certificates,
};

/// What the independent clients of the tests live in.
pub(crate) const PYTHON: Need = Need {
    what: "a Python 3 that makes virtual environments",
    package: "python3-venv",
    present: python::makes_environments,
};

/// What reads shell scripts.
pub(crate) const SHELLCHECK: Need = Need {
    what: "ShellCheck (shellcheck)",
    package: "shellcheck",
    present: || found("shellcheck"),
};

/// The browser that the web UI's stories run in.
pub(crate) const CHROMIUM: Need = Need {
    what: "Chromium (chromium)",
    package: "chromium",
    present: || found("chromium"),
};

/// Makes sure that all of these are there.
pub(crate) fn provide(needs: &[Need]) -> Done {
    let missing = absent(needs);
    if missing.is_empty() {
        return Ok(());
    }
    if !is_debian() || !is_root() {
        return Err(Failure::Said(what_to_install(&missing, is_debian())));
    }
    run(&mut apt_get(&["update", "-qq"]))?;
    let packages = missing.iter().map(|need| need.package);
    run(apt_get(&[
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        "-o",
        "Dpkg::Use-Pty=0",
    ])
    .args(packages))?;
    match absent(needs).as_slice() {
        [] => Ok(()),
        still => Err(Failure::Said(format!(
            "apt-get ran, but this is still missing: {}",
            names(still)
        ))),
    }
}

fn absent(needs: &[Need]) -> Vec<Need> {
    needs.iter().filter(|need| !(need.present)()).copied().collect()
}

/// Debian, or a system made from it.
fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && found("apt-get")
}

fn what_to_install(missing: &[Need], debian: bool) -> String {
    if debian {
        let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
        return format!(
            "missing: {}\n  sudo apt-get install -y --no-install-recommends {}",
            names(missing),
            packages.join(" ")
        );
    }
    format!(
        "missing: {}; install it with your system's package manager",
        names(missing)
    )
}

fn names(needs: &[Need]) -> String {
    needs.iter().map(|need| need.what).collect::<Vec<_>>().join("; ")
}

/// Never asks a question, and never reads an answer from the terminal.
fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Need = Need {
        what: "a shell",
        package: "dash",
        present: || found("sh"),
    };
    const GONE: Need = Need {
        what: "a lost thing",
        package: "lost-thing",
        present: || found("lost-thing"),
    };

    #[test]
    fn only_what_is_absent_is_asked_for() {
        let missing = absent(&[HERE, GONE]);
        let advice = what_to_install(&missing, true);
        assert!(
            advice.contains("apt-get install -y --no-install-recommends lost-thing"),
            "{advice}"
        );
        assert!(!advice.contains("dash"), "{advice}");
        assert!(what_to_install(&missing, false).contains("a lost thing"));
    }

    #[test]
    fn nothing_is_done_when_all_is_there() {
        assert!(provide(&[HERE]).is_ok());
    }
}
