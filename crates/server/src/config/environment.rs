//! Environment variables: `STOCKADE_SECTION__NAME`, or the same with `_FILE` for a file that holds the value.
//!
//! `STOCKADE_ENV` stands for `environment`; `DATABASE_URL` is another name for `STOCKADE_DATABASE__URL`, which wins.
//!
//! No variable of ours is passed over in silence: what is no setting is refused where it must be meant for us, and else
//! warned of. Only names that container platforms and our own tools set by themselves are left alone.

use std::{env, ffi::OsString, fs, path::PathBuf};

use super::{
    Flag, Inputs, Origin, Problem,
    catalogue::{Catalogue, edits},
    layers::{Given, Layer},
    value,
};

const PREFIX: &str = "STOCKADE_";

/// Variables of our tests, benchmarks, scripts and example clients, which run beside the program.
const TOOLS: [&str; 11] = [
    "STOCKADE_API_KEY",
    "STOCKADE_BENCH",
    "STOCKADE_BIN",
    "STOCKADE_CHROMIUM",
    "STOCKADE_SAYS",
    "STOCKADE_SIGNING_KEY_ID",
    "STOCKADE_SIGNING_SECRET",
    "STOCKADE_SITE",
    "STOCKADE_TEST",
    "STOCKADE_URL",
    "STOCKADE_VERSION",
];

/// What the names of others of theirs begin with.
const OF_TOOLS: [&str; 2] = ["STOCKADE_BENCH_", "STOCKADE_TEST_"];

impl Inputs {
    /// The process's own environment and folder: the one place that reads them. Bytes that are not UTF-8 become U+FFFD,
    /// which is refused later.
    pub fn of_process(config_file: Option<PathBuf>, flags: Vec<Flag>) -> Self {
        let ours = |name: &str| name.starts_with(PREFIX) || name == "DATABASE_URL";
        let text = |os: OsString| os.to_string_lossy().into_owned();
        let environment = env::vars_os().map(|(name, value)| (text(name), text(value)));
        Self {
            start_dir: PathBuf::from("."),
            config_file,
            environment: environment.filter(|(name, _)| ours(name)).collect(),
            flags,
        }
    }
}

/// What the environment sets, and what to warn of.
pub(super) fn layer(
    catalogue: &Catalogue,
    inputs: &Inputs,
    problems: &mut Vec<Problem>,
) -> (Layer, Vec<String>) {
    let mut layer = Layer::new();
    let mut reading = Reading {
        catalogue,
        inputs,
        problems,
        warnings: Vec::new(),
    };
    let mut variables: Vec<_> = inputs.environment.iter().collect();
    // DATABASE_URL comes before every STOCKADE_ name, so those replace it; NAME comes before NAME_FILE.
    variables.sort();
    for (name, text) in variables {
        if let Some((key, given)) = reading.variable(name, text) {
            reading.set(key, given, &mut layer);
        }
    }
    (layer, reading.warnings)
}

struct Reading<'a> {
    catalogue: &'a Catalogue,
    inputs: &'a Inputs,
    problems: &'a mut Vec<Problem>,
    warnings: Vec<String>,
}

impl Reading<'_> {
    fn variable(&mut self, name: &str, text: &str) -> Option<(String, Given)> {
        let origin = Origin::Variable(name.to_owned());
        let (key, text) = match self.key(name) {
            Some(key) => (key, Ok(text.to_owned())),
            None => match name.strip_suffix("_FILE").and_then(|name| self.key(name)) {
                Some(key) => (key, self.content(text)),
                None => {
                    self.unknown(name);
                    return None;
                }
            },
        };
        let default = &self.catalogue.setting(&key)?.default;
        match text
            .and_then(no_stray_bytes)
            .and_then(|text| value::of_text(default, &text))
        {
            Ok(value) => Some((key, Given { value, origin })),
            Err(what) => {
                self.problems.push(Problem { key, origin, what });
                None
            }
        }
    }

    fn key(&self, name: &str) -> Option<String> {
        if name == "DATABASE_URL" {
            return Some("database.url".to_owned());
        }
        self.catalogue
            .settings()
            .find(|setting| setting.variable() == name)
            .map(|setting| setting.key.clone())
    }

    /// The content of a value file, without the newline that editors put at the end.
    fn content(&self, path: &str) -> Result<String, String> {
        let mut text = fs::read_to_string(self.inputs.start_dir.join(path))
            .map_err(|error| format!("names the file {path:?}, which cannot be read: {error}"))?;
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        Ok(text)
    }

    fn set(&mut self, key: String, given: Given, layer: &mut Layer) {
        let twice = match layer.get(&key).map(|earlier| &earlier.origin) {
            Some(Origin::Variable(earlier)) if earlier != "DATABASE_URL" => Some(earlier.clone()),
            _ => None,
        };
        match twice {
            Some(earlier) => {
                let what = format!("also set by {earlier}; leave one of them");
                self.problems.push(Problem {
                    key,
                    origin: given.origin,
                    what,
                });
            }
            None => drop(layer.insert(key, given)),
        }
    }

    /// A name in one of our sections is meant for us, and so is one that is nearly one of ours or names a setting in other
    /// words (`STOCKADE_ENVIRONMENT`, `STOCKADE_BIND`). Of others there is a warning only: one script may serve several
    /// versions, of which some have a section that others do not.
    fn unknown(&mut self, name: &str) {
        let without_file = name.strip_suffix("_FILE").unwrap_or(name);
        let Some(rest) = without_file.strip_prefix(PREFIX) else {
            return;
        };
        if is_left_alone(name, rest) {
            return;
        }
        let bare = |name: &str| name.replace("__", "_");
        let near = |variable: &str| edits(&bare(variable), &bare(without_file)) <= 2;
        let nearly = self
            .catalogue
            .settings()
            .find(|setting| near(&setting.variable()));
        let key = rest.replace("__", ".").to_lowercase();
        let meant = nearly.or_else(|| self.catalogue.nearest(&key));
        let what = match meant {
            Some(setting) => format!("not a setting; did you mean {}?", setting.variable()),
            None if self
                .catalogue
                .has_section(key.split('.').next().unwrap_or_default())
                && rest.contains("__") =>
            {
                "not a setting; `stockade config env-example` lists them all".to_owned()
            }
            None => {
                self.warnings.push(format!(
                    "{name} is not a setting and changes nothing; `stockade config env-example` lists them all"
                ));
                return;
            }
        };
        self.problems.push(Problem {
            key,
            origin: Origin::Variable(name.to_owned()),
            what,
        });
    }
}

/// Whether a name is not meant as a setting. Kubernetes sets `NAME_SERVICE_HOST`, `NAME_SERVICE_PORT…` and `NAME_PORT…` for a
/// service called NAME.
fn is_left_alone(name: &str, rest: &str) -> bool {
    let of_platform = rest == "SERVICE_HOST"
        || ["PORT", "SERVICE_PORT"].iter().any(|port| {
            rest.strip_prefix(port)
                .is_some_and(|more| more.is_empty() || more.starts_with('_'))
        });
    let of_tools = TOOLS.contains(&name) || OF_TOOLS.iter().any(|begin| name.starts_with(begin));
    (of_platform && !rest.contains("__")) || of_tools
}

fn no_stray_bytes(text: String) -> Result<String, String> {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err("holds bytes that are not UTF-8; write it in UTF-8".to_owned());
    }
    Ok(text)
}
