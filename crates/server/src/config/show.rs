//! The settings that count, each with its source. Secrets show as `[redacted]`.

use serde_json::json;
use toml::Value;

use super::{Loaded, catalogue::Catalogue};

impl Loaded {
    /// One line a setting, in TOML with the source as a comment.
    pub fn show(&self) -> String {
        let mut text = String::new();
        for (key, value, origin) in self.lines() {
            text += &format!("{key} = {value}  # {origin}\n");
        }
        text
    }

    /// An object whose members are the settings, each with `value` and `source`.
    pub fn show_json(&self) -> serde_json::Value {
        let member = |(key, value, origin): (&str, Value, String)| {
            (key.to_owned(), json!({ "value": value, "source": origin }))
        };
        serde_json::Value::Object(self.lines().map(member).collect())
    }

    fn lines(&self) -> impl Iterator<Item = (&str, Value, String)> {
        let catalogue = Catalogue::embedded();
        self.given.iter().map(move |(key, given)| {
            // What the catalogue does not vouch for is treated as a secret.
            let secret = catalogue.setting(key).is_none_or(|setting| setting.is_secret());
            let empty = given.value.as_str() == Some("");
            let value = if secret && !empty {
                Value::from("[redacted]")
            } else {
                given.value.clone()
            };
            (key.as_str(), value, given.origin.to_string())
        })
    }
}
