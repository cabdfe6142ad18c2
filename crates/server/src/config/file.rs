//! The configuration file: the one named on the command line, or else `stockade.toml` where the program was started, or
//! else in the data folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use super::{
    Inputs, Origin, Problem,
    catalogue::Catalogue,
    layers::{Given, Layer},
    value,
};

/// What the file sets, and whether it could be read; no file is as good as an empty one.
pub(super) fn layer(
    catalogue: &Catalogue,
    inputs: &Inputs,
    data_dir: &Path,
    problems: &mut Vec<Problem>,
) -> (Layer, bool) {
    let path = match &inputs.config_file {
        Some(named) => inputs.start_dir.join(named),
        None => match usual(&inputs.start_dir, data_dir) {
            Some(found) => found,
            None => return (Layer::new(), true),
        },
    };
    match read(&path) {
        Ok(table) => (
            Reading {
                catalogue,
                origin: Origin::File(path),
                problems,
            }
            .layer(table),
            true,
        ),
        Err(what) => {
            problems.push(Problem {
                key: String::new(),
                origin: Origin::File(path),
                what,
            });
            (Layer::new(), false)
        }
    }
}

/// The first of the usual files that exists, even if it turns out to be unreadable.
fn usual(start_dir: &Path, data_dir: &Path) -> Option<PathBuf> {
    let places = [start_dir.to_owned(), start_dir.join(data_dir)];
    places
        .into_iter()
        .map(|folder| folder.join("stockade.toml"))
        .find(|path| path.exists())
}

/// The file's content. A problem names the line and never quotes it: it may hold a secret.
fn read(path: &Path) -> Result<Table, String> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "does not exist; name a file that does".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    text.parse().map_err(|error: toml::de::Error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("not TOML: {} in line {line}", error.message())
    })
}

struct Reading<'a> {
    catalogue: &'a Catalogue,
    origin: Origin,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn layer(mut self, table: Table) -> Layer {
        let mut layer = Layer::new();
        for (name, value) in table {
            match value {
                Value::Table(section) if self.catalogue.setting(&name).is_none() => {
                    self.section(&name, section, &mut layer);
                }
                _ if self.catalogue.has_section(&name) => {
                    self.problem(
                        name.clone(),
                        format!("a section, not a setting; write [{name}] and its settings below"),
                    );
                }
                value => self.setting(name, value, &mut layer),
            }
        }
        layer
    }

    fn section(&mut self, name: &str, section: Table, layer: &mut Layer) {
        if section.is_empty() && !self.catalogue.has_section(name) {
            self.problem(name.to_owned(), "not a section; take it out".to_owned());
        }
        for (setting, value) in section {
            self.setting(format!("{name}.{setting}"), value, layer);
        }
    }

    fn setting(&mut self, key: String, value: Value, layer: &mut Layer) {
        let Some(setting) = self.catalogue.setting(&key) else {
            let what = match self.catalogue.nearest(&key) {
                Some(meant) => format!("not a setting; did you mean {}?", meant.key),
                None => "not a setting; `stockade config env-example` lists them all".to_owned(),
            };
            return self.problem(key, what);
        };
        match value::check_kind(&setting.default, &value) {
            Ok(()) => drop(layer.insert(
                key,
                Given {
                    value,
                    origin: self.origin.clone(),
                },
            )),
            Err(what) => self.problem(key, what),
        }
    }

    fn problem(&mut self, key: String, what: String) {
        self.problems.push(Problem {
            key,
            origin: self.origin.clone(),
            what,
        });
    }
}
