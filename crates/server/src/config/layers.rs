//! The layers, laid over each other: defaults < file < environment < flags.
//!
//! A value that is not acceptable is reported and replaced by its default, so that the others are still judged.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{
    Config, Origin, Problem, Problems, catalogue::Catalogue, contradictions, environment, file, value,
};

/// Where settings may come from besides the defaults. Holds secrets, and therefore cannot be printed.
#[derive(Clone, Default)]
pub struct Inputs {
    /// The folder that `stockade.toml` and relative paths of value files are looked up in.
    pub start_dir: PathBuf,
    /// The file to read instead of the usual ones; it must exist.
    pub config_file: Option<PathBuf>,
    /// Environment variables; those of other programs are passed over.
    pub environment: Vec<(String, String)>,
    /// What the command line sets.
    pub flags: Vec<Flag>,
}

/// A setting given on the command line.
#[derive(Clone)]
pub struct Flag {
    /// The flag as it is typed, as in `--bind`.
    pub name: &'static str,
    /// The setting, as in `server.bind`.
    pub key: &'static str,
    /// The value, written as in a variable.
    pub value: String,
}

/// The settings that count, and where each came from.
pub struct Loaded {
    /// The settings, typed and checked.
    pub config: Config,
    /// The same as they were written, in the catalogue's order.
    pub(super) given: Vec<(String, Given)>,
    /// What is not wrong, but probably not meant.
    pub warnings: Vec<String>,
}

/// A value and its source.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Values by key.
pub(super) type Layer = BTreeMap<String, Given>;

impl Loaded {
    /// Reads all sources and checks the whole.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn from(inputs: &Inputs) -> Result<Self, Problems> {
        let catalogue = Catalogue::embedded();
        let mut problems = Vec::new();
        let (environment, mut warnings) = environment::layer(&catalogue, inputs, &mut problems);
        let flags = flags(&catalogue, &inputs.flags, &mut problems);
        let data_dir = data_dir(&catalogue, [&flags, &environment]);
        let (file, readable) = file::layer(&catalogue, inputs, &data_dir, &mut problems);

        let mut layers = defaults(&catalogue);
        for (key, given) in file.into_iter().chain(environment).chain(flags) {
            replace(&catalogue, &mut layers, key, given, &mut problems);
        }
        let config =
            typed(&layers).expect("each value was accepted beside the defaults, and none looks at another");
        // An unreadable file may well hold what seems to be missing.
        if readable {
            contradictions::find(&config, &layers, &mut problems);
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        warnings.extend(contradictions::open_desk(&config));
        let in_order = |key: &str| layers.get(key).map(|given| (key.to_owned(), given.clone()));
        let given = catalogue
            .settings()
            .filter_map(|setting| in_order(&setting.key))
            .collect();
        Ok(Self {
            config,
            given,
            warnings,
        })
    }
}

fn flags(catalogue: &Catalogue, flags: &[Flag], problems: &mut Vec<Problem>) -> Layer {
    let mut layer = Layer::new();
    for flag in flags {
        let origin = Origin::Flag(flag.name.to_owned());
        let setting = catalogue
            .setting(flag.key)
            .expect("a flag names a setting of the default file");
        match value::of_text(&setting.default, &flag.value) {
            Ok(value) => drop(layer.insert(setting.key.clone(), Given { value, origin })),
            Err(what) => problems.push(Problem {
                key: setting.key.clone(),
                origin,
                what,
            }),
        }
    }
    layer
}

/// The data folder as known before any file is read; the first layer that names it counts.
fn data_dir(catalogue: &Catalogue, layers: [&Layer; 2]) -> PathBuf {
    let named = layers
        .iter()
        .find_map(|layer| layer.get("data_dir"))
        .map(|given| &given.value);
    let default = catalogue.setting("data_dir").map(|setting| &setting.default);
    named
        .or(default)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .into()
}

fn defaults(catalogue: &Catalogue) -> Layer {
    let given = |default: &Value| Given {
        value: default.clone(),
        origin: Origin::Default,
    };
    catalogue
        .settings()
        .map(|setting| (setting.key.clone(), given(&setting.default)))
        .collect()
}

/// Puts a value over what was there, if it is acceptable. It is tried beside the defaults alone, so that one bad value
/// never hides another.
fn replace(
    catalogue: &Catalogue,
    layers: &mut Layer,
    key: String,
    given: Given,
    problems: &mut Vec<Problem>,
) {
    let mut alone = defaults(catalogue);
    alone.insert(key.clone(), given.clone());
    match typed(&alone) {
        Ok(_) => drop(layers.insert(key, given)),
        Err(error) => {
            let what = error
                .message()
                .replacen("unknown variant", "cannot be", 1)
                .replacen(", expected", "; write", 1);
            problems.push(Problem {
                key,
                origin: given.origin,
                what,
            });
        }
    }
}

fn typed(layers: &Layer) -> Result<Config, toml::de::Error> {
    let mut root = Table::new();
    for (key, given) in layers {
        let value = given.value.clone();
        match key.split_once('.') {
            None => drop(root.insert(key.clone(), value)),
            Some((section, name)) => {
                let section = root.entry(section).or_insert_with(|| Value::Table(Table::new()));
                section
                    .as_table_mut()
                    .map(|table| table.insert(name.to_owned(), value));
            }
        }
    }
    Config::deserialize(Value::Table(root))
}
