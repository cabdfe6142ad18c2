//! Pythons of the tests' own, with the independent clients and testers that talk to the program: virtual environments
//! below `target/`, made anew when what one should hold has changed.

use crate::process::{Done, Failure, output, root, run, succeeds};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A virtual environment.
pub(crate) struct Environment {
    folder: &'static str,
    /// What it holds, each at one version.
    requirements: &'static str,
}

/// For the clients that every run of the tests uses.
pub(crate) const CLIENTS: Environment = Environment {
    folder: "target/test-python",
    requirements: "crates/server/tests/clients/requirements.txt",
};
/// For the tester that makes requests out of the OpenAPI document.
pub(crate) const SCHEMATHESIS: Environment = Environment {
    folder: "target/test-schemathesis",
    requirements: "crates/server/tests/clients/schemathesis.txt",
};
/// Python 3.9 or newer: Debian's own, or the first on the path.
const PYTHONS: [&str; 2] = ["python3", "/usr/bin/python3"];

/// The folder of the environment's programs, its interpreter `python` among them.
pub(crate) fn provide(environment: &Environment) -> Result<PathBuf, Failure> {
    let folder = root().join(environment.folder);
    let (programs, python) = (folder.join("bin"), folder.join("bin/python"));
    let requirements = root().join(environment.requirements);
    let wanted = std::fs::read_to_string(&requirements)
        .map_err(|error| Failure::of("cannot read the clients' requirements", error))?;
    let made_for = folder.join("made-for.txt");
    if std::fs::read_to_string(&made_for).is_ok_and(|made| made == wanted) {
        return Ok(programs);
    }
    make(&folder, &python, &requirements)?;
    std::fs::write(&made_for, wanted).map_err(|error| Failure::of("cannot write to target/", error))?;
    Ok(programs)
}

/// Whether this machine can make such an environment.
pub(crate) fn makes_environments() -> bool {
    maker().is_some()
}

fn maker() -> Option<&'static str> {
    PYTHONS
        .into_iter()
        .find(|python| succeeds(Command::new(python).args(["-c", "import venv, ensurepip"])))
}

fn make(folder: &Path, python: &Path, requirements: &Path) -> Done {
    let Some(maker) = maker() else {
        return Err(Failure::Said("no Python makes virtual environments here".into()));
    };
    run(Command::new(maker).args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "-r",
    ]);
    output(pip.arg(requirements)).map(drop)
}
