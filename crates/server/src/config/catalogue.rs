//! The settings there are, read from the embedded default file: name, default, comment. Nothing else lists them.
//!
//! A comment that ends in "Secret." keeps the value out of every output.

use toml::{Table, Value};

/// The embedded file.
pub(super) const DEFAULTS: &str = include_str!("../../../../stockade.default.toml");

/// Every setting, in the file's order.
pub(super) struct Catalogue {
    pub(super) sections: Vec<Section>,
}

/// The settings under one heading; the first section has neither name nor comment.
#[derive(Default)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) comment: Vec<String>,
    pub(super) settings: Vec<Setting>,
}

/// One setting.
pub(super) struct Setting {
    /// `section.name`, or the bare name above the first heading.
    pub(super) key: String,
    /// Lines of explanation.
    pub(super) comment: Vec<String>,
    pub(super) default: Value,
}

impl Catalogue {
    pub(super) fn embedded() -> Self {
        Self::parse(DEFAULTS)
    }

    fn parse(text: &str) -> Self {
        let values: Table = text.parse().expect("the embedded default file is TOML");
        let mut sections = vec![Section::default()];
        let mut comment = Vec::new();
        for line in text.lines() {
            if let Some(words) = line.strip_prefix('#') {
                comment.push(words.trim().to_owned());
                continue;
            }
            let comment = std::mem::take(&mut comment);
            let section = sections.last_mut().expect("there is always the first section");
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                sections.push(Section {
                    name: name.to_owned(),
                    comment,
                    settings: Vec::new(),
                });
            } else if let Some((name, _)) = line.split_once('=') {
                section
                    .settings
                    .push(Setting::new(&section.name, name.trim(), comment, &values));
            }
        }
        Self { sections }
    }

    pub(super) fn settings(&self) -> impl Iterator<Item = &Setting> {
        self.sections.iter().flat_map(|section| &section.settings)
    }

    pub(super) fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings().find(|setting| setting.key == key)
    }

    pub(super) fn has_section(&self, name: &str) -> bool {
        self.sections.iter().any(|section| section.name == name)
    }

    /// The setting somebody probably meant.
    pub(super) fn nearest(&self, unknown: &str) -> Option<&Setting> {
        let distance = |setting: &&Setting| {
            let whole = edits(unknown, &setting.key);
            // A setting put under another heading is as near as a slip of one letter.
            whole.min(1 + edits(last(unknown), last(&setting.key)))
        };
        self.settings()
            .min_by_key(distance)
            .filter(|setting| distance(setting) <= 1 + last(unknown).len() / 4)
    }
}

impl Setting {
    fn new(section: &str, name: &str, comment: Vec<String>, values: &Table) -> Self {
        let (key, found) = match section {
            "" => (name.to_owned(), values.get(name)),
            _ => (
                format!("{section}.{name}"),
                values.get(section).and_then(|table| table.get(name)),
            ),
        };
        let default = found
            .expect("the default file writes `name = value` on one line")
            .clone();
        Self {
            key,
            comment,
            default,
        }
    }

    /// Whether the value may be shown to nobody.
    pub(super) fn is_secret(&self) -> bool {
        self.comment.last().is_some_and(|line| line.ends_with("Secret."))
    }

    /// The environment variable that sets it.
    pub(super) fn variable(&self) -> String {
        variable(&self.key)
    }
}

/// The environment variable that sets `key`.
pub(super) fn variable(key: &str) -> String {
    match key {
        "environment" => "STOCKADE_ENV".to_owned(),
        key => format!("STOCKADE_{}", key.replace('.', "__").to_uppercase()),
    }
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// How many letters must be added, dropped or replaced to make one text of the other (Levenshtein's distance).
pub(super) fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, known) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *known);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_explained_by_one_sentence() {
        let catalogue = Catalogue::embedded();
        for setting in catalogue.settings() {
            let text = setting.comment.join(" ");
            let sentence = text.strip_suffix(" Secret.").unwrap_or(&text);
            assert!(
                sentence.ends_with('.') && sentence.len() > 10,
                "{}: {text:?}",
                setting.key
            );
            assert!(
                sentence.starts_with(|c: char| c.is_uppercase() || c == '`'),
                "{}: {text:?}",
                setting.key
            );
            assert_eq!(sentence.matches(". ").count(), 0, "{}: {text:?}", setting.key);
        }
        for section in &catalogue.sections[1..] {
            assert!(!section.comment.is_empty(), "[{}] has no comment", section.name);
        }
    }

    #[test]
    fn the_catalogue_holds_what_the_file_holds() {
        let values: Table = DEFAULTS.parse().unwrap();
        let in_file: usize = values
            .values()
            .map(|value| value.as_table().map_or(1, Table::len))
            .sum();
        let catalogue = Catalogue::embedded();
        assert_eq!(catalogue.settings().count(), in_file);
        assert_eq!(
            catalogue.setting("server.bind").unwrap().default.as_str(),
            Some("127.0.0.1:8000")
        );
        assert_eq!(
            catalogue.setting("data_dir").unwrap().variable(),
            "STOCKADE_DATA_DIR"
        );
        assert_eq!(
            catalogue.setting("server.bind").unwrap().variable(),
            "STOCKADE_SERVER__BIND"
        );
    }

    #[test]
    fn a_slip_finds_what_was_meant_and_nonsense_finds_nothing() {
        let catalogue = Catalogue::embedded();
        let nearest = |unknown| catalogue.nearest(unknown).map(|setting| setting.key.as_str());
        assert_eq!(nearest("server.bnid"), Some("server.bind"));
        assert_eq!(nearest("sever.bind"), Some("server.bind"));
        assert_eq!(nearest("http.public_url"), Some("server.public_url"));
        assert_eq!(nearest("enviroment"), Some("environment"));
        assert_eq!(nearest("telemetry.sample_rate"), None);
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("same", "same"), 0);
    }
}
