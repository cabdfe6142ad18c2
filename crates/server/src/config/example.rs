//! `.env.example`: every setting as a variable, in sections, explained, made from the default file.

use std::fmt::Write;

use toml::Value;

use super::catalogue::{Catalogue, Section, Setting};

const HEAD: &str = "\
# Every setting of Stockade as an environment variable, with its default.
# Made by `stockade config env-example` from stockade.default.toml; change that file, not this one.
#
# A variable counts more than stockade.toml, and a flag counts more than a variable. With _FILE at its end, a variable
# names a file that holds the value, as befits a secret. Lists are comma-separated. Take the # off what you change.
";

/// The content of `.env.example`.
pub fn env_example() -> String {
    let mut text = HEAD.to_owned();
    for section in Catalogue::embedded().sections {
        write_section(&mut text, &section).expect("writing to a String does not fail");
    }
    text
}

fn write_section(text: &mut String, section: &Section) -> std::fmt::Result {
    if !section.name.is_empty() {
        writeln!(text, "\n# ---- {} ----", section.name)?;
        section
            .comment
            .iter()
            .try_for_each(|line| writeln!(text, "# {line}"))?;
    }
    section
        .settings
        .iter()
        .try_for_each(|setting| write_setting(text, setting))
}

fn write_setting(text: &mut String, setting: &Setting) -> std::fmt::Result {
    writeln!(text)?;
    setting
        .comment
        .iter()
        .try_for_each(|line| writeln!(text, "# {line}"))?;
    writeln!(
        text,
        "#{}={}",
        setting.variable(),
        quoted(&as_text(&setting.default))
    )
}

/// A default as a variable holds it.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(as_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Quoted where a shell, systemd or a container engine would read it otherwise.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@,".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_example_is_fresh() {
        let committed = include_str!("../../../../.env.example");
        assert!(
            committed == env_example(),
            "run `stockade config env-example > .env.example`"
        );
    }

    #[test]
    fn it_names_every_setting() {
        let text = env_example();
        for setting in Catalogue::embedded().settings() {
            assert!(
                text.contains(&format!("\n#{}=", setting.variable())),
                "{}",
                setting.key
            );
        }
    }
}
