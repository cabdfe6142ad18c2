//! No crate of ours may hold `unsafe` code: the workspace forbids it, and every member takes the workspace's lints.

use super::manifest::{Section, members, sections};
use super::tree::Tree;

/// A missing ban, or a crate that does not take part.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    let says = |path: &str, section: &str, key: &str, value: &str| {
        let wanted = |found: &Section| found.name == section && found.says(key, value);
        tree.text(path)
            .is_some_and(|text| sections(text).iter().any(wanted))
    };
    if !says("Cargo.toml", "workspace.lints.rust", "unsafe_code", "\"forbid\"") {
        problems.push("Cargo.toml: [workspace.lints.rust] must say unsafe_code = \"forbid\"".to_owned());
    }
    for member in members(tree) {
        let path = format!("{member}/Cargo.toml");
        if !says(&path, "lints", "workspace", "true") {
            problems.push(format!("{path}: [lints] must say workspace = true"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str =
        "[workspace]\nmembers = [\"crates/a\"]\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";

    #[test]
    fn a_weaker_word_than_forbid_is_seen() {
        let member = ("crates/a/Cargo.toml", "[lints]\nworkspace = true");
        assert!(problems(&Tree::of(&[("Cargo.toml", ROOT), member])).is_empty());
        let weak = ROOT.replace("forbid", "deny");
        assert_eq!(problems(&Tree::of(&[("Cargo.toml", &weak), member])).len(), 1);
    }

    #[test]
    fn a_member_of_its_own_mind_is_seen() {
        for text in [
            "",
            "[lints]\nworkspace = false",
            "[dependencies]\nworkspace = true",
        ] {
            let wrong = problems(&Tree::of(&[("Cargo.toml", ROOT), ("crates/a/Cargo.toml", text)]));
            assert_eq!(
                wrong,
                ["crates/a/Cargo.toml: [lints] must say workspace = true"],
                "{text}"
            );
        }
    }
}
