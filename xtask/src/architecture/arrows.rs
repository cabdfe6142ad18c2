//! One arrow between crates: server → platform → domain. `auditlog` stands alone below them.

use super::manifest::{quoted, sections};
use super::tree::{File, Tree};

/// A folder's crate and those of ours that it may name.
const MAY_USE: [(&str, &[&str]); 6] = [
    ("auditlog", &[]),
    ("domain", &["auditlog"]),
    ("forecasts", &[]),
    ("platform", &["auditlog", "stockade-domain"]),
    (
        "server",
        &[
            "auditlog",
            "stockade-domain",
            "stockade-forecasts",
            "stockade-platform",
            "stockade-web",
        ],
    ),
    ("web", &[]),
];
const OURS: [&str; 7] = [
    "auditlog",
    "stockade-domain",
    "stockade-forecasts",
    "stockade-platform",
    "stockade-web",
    "stockade",
    "stockade-bench",
];

/// Crates that name one they must not, and crates that nobody gave a place.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    tree.below("crates", "/Cargo.toml")
        .flat_map(crate_problems)
        .collect()
}

fn crate_problems(manifest: &File) -> Vec<String> {
    let folder = manifest
        .path
        .trim_start_matches("crates/")
        .trim_end_matches("/Cargo.toml");
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == folder) else {
        return vec![format!(
            "{}: say in xtask's arrows.rs which crates it may use",
            manifest.path
        )];
    };
    let used = OURS.into_iter().filter(|ours| uses(&manifest.text, ours));
    let wrong = used.filter(|ours| !allowed.contains(ours));
    wrong
        .map(|ours| format!("{}: {folder} must not use {ours}", manifest.path))
        .collect()
}

/// Whether any dependency section names the crate: by its key, or renamed with `package = "…"`.
fn uses(manifest: &str, name: &str) -> bool {
    sections(manifest).iter().any(|section| {
        let Some((_, key)) = section.name.split_once("dependencies") else {
            return false;
        };
        let named = |line: &&str| {
            let key = line.split(['=', '.']).next().unwrap_or(line).trim();
            key == name || (line.contains("package") && quoted(line).any(|value| value == name))
        };
        key.trim_start_matches('.') == name || section.lines.iter().any(named)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_upwards_is_seen_however_it_is_written() {
        let ways = [
            "[dependencies]\nstockade-platform = { workspace = true }",
            "[dependencies]\nstockade-platform.workspace = true",
            "[dev-dependencies.stockade-platform]\nworkspace = true",
            "[target.'cfg(unix)'.dependencies]\np = { package = \"stockade-platform\", path = \"../platform\" }",
        ];
        for way in ways {
            let wrong = problems(&Tree::of(&[("crates/domain/Cargo.toml", way)]));
            assert_eq!(
                wrong,
                ["crates/domain/Cargo.toml: domain must not use stockade-platform"],
                "{way}"
            );
        }
    }

    #[test]
    fn arrows_downwards_are_fine() {
        let text = "[package]\nname = \"stockade\"\n[dependencies]\nstockade-domain = { workspace = true }\nauditlog = \"1\"";
        assert!(problems(&Tree::of(&[("crates/platform/Cargo.toml", text)])).is_empty());
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert_eq!(problems(&Tree::of(&[("crates/misc/Cargo.toml", "")])).len(), 1);
    }
}
