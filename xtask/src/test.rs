//! `cargo xtask test`: lint, then all tests with real servers and independent clients. The runner's summary is the last thing printed.

use crate::process::{Done, Failure, cargo, root, run, succeeds};
use crate::servers::Servers;
use crate::{debian, lint, python, web};
use std::path::PathBuf;
use std::process::Command;

pub(crate) const HELP: &str = "
Integration tests run each story on SQLite and on PostgreSQL with Redis, and mail goes to a real server in TLS. The
servers are private: new, on free ports of 127.0.0.1, gone afterwards. On Debian as root missing ones are installed, elsewhere you are told which.
Stories of sign-in at other providers run a certified one in Node 20 or newer, brought by `npm ci`, and so do newman, which
runs the Postman collection, and the signing client in TypeScript; independent clients run in a Python of their own, below target/.
Tests in a module `vectors` compare against published data that may not be copied into the project. They run where
STOCKADE_TEST_DATA names its folder, and are left out, which is said, where it does not.

Where Node 20 or newer is, the web UI's tests come first, those in a browser included; a choice of crates or names
leaves them out.

  --full      also what takes minutes: an independent tester that makes requests out of the OpenAPI document
  --no-lint   tests alone
  -p PACKAGE  only this crate's tests
  FILTER      only tests whose name contains it
  -- …        further arguments for the runner: cargo-nextest where it is installed, else `cargo test`

Exit code: the runner's.";

pub(crate) fn start(arguments: &[String]) -> Done {
    let choice = Choice::read(arguments)?;
    if choice.lint {
        lint::start(&[])?;
    }
    let with = With {
        nextest: succeeds(&mut cargo("nextest --version")),
        data: has_data(),
    };
    if !with.data {
        eprintln!("xtask: STOCKADE_TEST_DATA is not set; tests in modules `{NEEDS_DATA}` are left out");
    }
    web::install(&root().join(PROVIDER))?;
    web::install(&root().join("web"))?;
    web::install(&web::postman())?;
    if choice.is_everything() {
        web::test()?;
    }
    let servers = Servers::start()?;
    let python = python(&python::CLIENTS)?.join("python");
    let schemathesis = match choice.full {
        true => Some(self::python(&python::SCHEMATHESIS)?.join("schemathesis")),
        false => None,
    };
    for mut step in choice.steps(&with) {
        servers.name_to_tests(&mut step);
        servers.name_post_to(&mut step);
        Servers::name_keeper_to(&mut step)?;
        step.env("STOCKADE_TEST_PYTHON", &python);
        if let Some(program) = &schemathesis {
            step.env("STOCKADE_TEST_SCHEMATHESIS", program);
        }
        run(&mut step)?;
    }
    Ok(())
}

/// The programs of one of the tests' Pythons.
pub(crate) fn python(environment: &python::Environment) -> Result<PathBuf, Failure> {
    debian::provide(&[debian::PYTHON])?;
    python::provide(environment)
}

/// The OpenID Connect provider that stories sign in with; it needs Node.
const PROVIDER: &str = "crates/server/tests/oidc-provider";

/// Modules of this name hold the tests that need STOCKADE_TEST_DATA.
const NEEDS_DATA: &str = "vectors::";
/// The module that holds the tests that only a full run has time for.
const TAKES_MINUTES: &str = "full::";

/// What the machine offers.
struct With {
    nextest: bool,
    data: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "not a setting of Stockade: where the tests' data lies"
)]
fn has_data() -> bool {
    std::env::var_os("STOCKADE_TEST_DATA").is_some()
}

/// What was asked for.
#[derive(Debug, PartialEq)]
struct Choice {
    lint: bool,
    full: bool,
    packages: Vec<String>,
    filters: Vec<String>,
    for_the_runner: Vec<String>,
}

impl Choice {
    fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut choice = Self {
            lint: true,
            full: false,
            packages: vec![],
            filters: vec![],
            for_the_runner: vec![],
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--no-lint" => choice.lint = false,
                "--full" => choice.full = true,
                "-p" | "--package" => match rest.next() {
                    Some(package) => choice.packages.push(package.clone()),
                    None => return Err(Failure::Said(format!("{argument} needs a package's name"))),
                },
                "--" => choice.for_the_runner.extend(rest.by_ref().cloned()),
                unknown if unknown.starts_with('-') => {
                    return Err(Failure::Said(format!(
                        "unknown option {unknown}; the runner's own options go after `--`"
                    )));
                }
                filter => choice.filters.push(filter.to_owned()),
            }
        }
        Ok(choice)
    }

    /// The runs that make up a test run, in order. The examples in the documentation come first, because the
    /// summary of the tests is to be the last thing seen.
    fn steps(&self, with: &With) -> Vec<Command> {
        let mut steps = Vec::new();
        if self.is_everything() {
            steps.push(cargo("test --workspace --doc --quiet"));
        }
        let mut tests = cargo(if with.nextest {
            "nextest run"
        } else {
            "test --no-fail-fast --tests"
        });
        tests.args(self.packages()).args(&self.for_the_runner);
        if with.nextest {
            // Its configuration leaves out what takes minutes.
            if self.full {
                tests.arg("--ignore-default-filter");
            }
            if !with.data {
                tests.args(["-E", &format!("not test({NEEDS_DATA})")]);
            }
        } else {
            // `cargo test` itself takes one filter; the test programs take any number.
            tests.arg("--");
            if !self.full {
                tests.args(["--skip", TAKES_MINUTES]);
            }
            if !with.data {
                tests.args(["--skip", NEEDS_DATA]);
            }
        }
        tests.args(&self.filters);
        steps.push(tests);
        steps
    }

    /// Whether neither crates nor names of tests were chosen.
    fn is_everything(&self) -> bool {
        self.filters.is_empty() && self.packages.is_empty()
    }

    fn packages(&self) -> Vec<&str> {
        if self.packages.is_empty() {
            return vec!["--workspace"];
        }
        self.packages.iter().flat_map(|package| ["-p", package]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXTEST: With = With {
        nextest: true,
        data: true,
    };
    const CARGO: With = With {
        nextest: false,
        data: true,
    };

    fn steps(line: &str, with: &With) -> Vec<String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let commands = Choice::read(&words).expect("a good command line").steps(with);
        let words = |command: &Command| {
            command
                .get_args()
                .map(|word| word.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        commands.iter().map(words).collect()
    }

    #[test]
    fn everything_is_the_default_and_the_tests_come_last() {
        let examples = "test --workspace --doc --quiet";
        assert_eq!(steps("", &NEXTEST), [examples, "nextest run --workspace"]);
        let full = "nextest run --workspace --ignore-default-filter";
        assert_eq!(steps("--full", &NEXTEST), [examples, full]);
        assert_eq!(
            steps("--full", &CARGO),
            [examples, "test --no-fail-fast --tests --workspace --"]
        );
    }

    #[test]
    fn a_choice_reaches_the_runner() {
        let line = "--no-lint --full -p stockade orders cash -- --no-capture";
        assert_eq!(
            steps(line, &NEXTEST),
            ["nextest run -p stockade --no-capture --ignore-default-filter orders cash"]
        );
        let expected = "test --no-fail-fast --tests -p stockade --no-capture -- orders cash";
        assert_eq!(steps(line, &CARGO), [expected]);
    }

    #[test]
    fn tests_without_their_data_are_left_out() {
        let without = steps(
            "-p auditlog tree",
            &With {
                data: false,
                ..NEXTEST
            },
        );
        assert_eq!(without, ["nextest run -p auditlog -E not test(vectors::) tree"]);
        let without = steps("-p auditlog tree", &With { data: false, ..CARGO });
        assert_eq!(
            without,
            ["test --no-fail-fast --tests -p auditlog -- --skip full:: --skip vectors:: tree"]
        );
    }

    #[test]
    fn unknown_options_are_refused() {
        assert!(Choice::read(&["--fast".to_owned()]).is_err());
        assert!(Choice::read(&["-p".to_owned()]).is_err());
    }
}
