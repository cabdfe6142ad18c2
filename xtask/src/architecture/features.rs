//! Who may call whom inside the server: `core` calls no feature; a feature calls another only through its front door
//! (`mod.rs`), and only one that stands further down in the list of ARCHITECTURE.md.

use super::paths::{Mention, mentions, module_of};
use super::tree::{File, Tree};

const DOCUMENT: &str = "ARCHITECTURE.md";
const HEADING: &str = "Who may call whom";
const CORE: &str = "crates/server/src/core";
const FEATURES: &str = "crates/server/src/features";

/// Calls that go up, sideways, or past a front door; features missing from the list.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let order = match Order::read(tree.text(DOCUMENT).unwrap_or_default()) {
        Ok(order) => order,
        Err(problem) => return vec![problem],
    };
    let mut problems = Vec::new();
    for file in tree.below(CORE, ".rs") {
        for Mention { line, path } in mentions(&module_of(&file.path), &file.text) {
            if path.get(1).is_some_and(|part| part == "features") {
                problems.push(format!(
                    "{}:{line}: core calls no feature ({})",
                    file.path,
                    path.join("::")
                ));
            }
        }
    }
    let features = tree
        .below(FEATURES, ".rs")
        .filter(|file| module_of(&file.path).len() > 2);
    problems.extend(features.flat_map(|file| feature_problems(tree, &order, file)));
    problems.dedup();
    problems
}

fn feature_problems(tree: &Tree, order: &Order, file: &File) -> Vec<String> {
    let module = module_of(&file.path);
    let feature = &module[2];
    let Some(own) = order.level(feature) else {
        return vec![format!(
            "{FEATURES}/{feature}: give {feature} a place under “{HEADING}” in {DOCUMENT}"
        )];
    };
    let complain = |Mention { line, path }: &Mention| {
        let (root, rest) = path.get(1).zip(path.get(2..))?;
        let (other, inside) = (root == "features").then_some(rest)?.split_first()?;
        if other == feature {
            return None;
        }
        let why = match (order.level(other), inside.first()) {
            (None, _) => format!("{other} is no feature of the list"),
            (Some(level), _) if level <= own => format!("{feature} does not stand above {other}"),
            (_, Some(part)) if is_module(tree, other, part) && !is_handed_out(tree, other, inside) => {
                format!("{part} lies behind {other}'s front door")
            }
            _ => return None,
        };
        Some(format!("{}:{line}: {} ({why})", file.path, path.join("::")))
    };
    mentions(&module, &file.text)
        .iter()
        .filter_map(complain)
        .collect()
}

fn is_module(tree: &Tree, feature: &str, part: &str) -> bool {
    let folder = format!("{FEATURES}/{feature}/{part}");
    tree.text(&format!("{folder}.rs")).is_some() || tree.below(&folder, ".rs").next().is_some()
}

/// A path that ends in the name of a private module means what the front door hands out under that name; the module
/// itself the compiler refuses.
fn is_handed_out(tree: &Tree, feature: &str, inside: &[String]) -> bool {
    let [part] = inside else {
        return false;
    };
    let front = tree.text(&format!("{FEATURES}/{feature}/mod.rs"));
    front.is_some_and(|text| text.lines().any(|line| line == format!("mod {part};")))
}

/// The list: highest level first, features of one level side by side.
struct Order(Vec<Vec<String>>);

impl Order {
    /// Reads the fenced block under the heading: `a > b, c > d`, over as many lines as it likes.
    fn read(document: &str) -> Result<Self, String> {
        let missing = || format!("{DOCUMENT} has no fenced block under “{HEADING}”");
        let mut lines = document
            .lines()
            .skip_while(|line| !(line.starts_with('#') && line.ends_with(HEADING)));
        lines.next().ok_or_else(missing)?;
        let section = lines.take_while(|line| !line.starts_with('#'));
        let mut block = section.skip_while(|line| !line.starts_with("```")).skip(1);
        let list: String = block
            .by_ref()
            .take_while(|line| !line.starts_with("```"))
            .collect::<Vec<_>>()
            .join(" ");
        let names = |level: &str| {
            level
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect::<Vec<_>>()
        };
        let levels: Vec<_> = list.split('>').map(names).collect();
        if levels.iter().flatten().any(String::is_empty) {
            return Err(missing());
        }
        Ok(Self(levels))
    }

    fn level(&self, feature: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|level| level.iter().any(|name| name == feature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "# A\n\n## Who may call whom\n\nText.\n\n```\norders, cash\n  > risk > ledger\n```\n## B\n";

    fn check(path: &str, text: &str) -> Vec<String> {
        let path = format!("crates/server/src/{path}");
        let store = "crates/server/src/features/ledger/store.rs";
        let tree = Tree::of(&[("ARCHITECTURE.md", LIST), (store, ""), (&path, text)]);
        problems(&tree)
    }

    #[test]
    fn downwards_through_the_front_door_is_fine() {
        let text = "use crate::features::{risk, ledger::Entry};\nuse super::store;\nfn f() { risk::assess(); Entry::new() }";
        assert!(check("features/orders/place.rs", text).is_empty());
        assert!(check("core/change.rs", "use crate::app::App;").is_empty());
        assert!(check("features/mod.rs", "pub mod orders;").is_empty());
    }

    #[test]
    fn core_calls_no_feature() {
        let wrong = check(
            "core/change.rs",
            "fn f() { super::super::features::ledger::post() }",
        );
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].contains("core/change.rs:1"), "{wrong:?}");
        assert_eq!(check("core/mod.rs", "use crate::features;").len(), 1);
    }

    #[test]
    fn upwards_and_sideways_are_seen() {
        assert_eq!(
            check("features/ledger/mod.rs", "use crate::features::risk::assess;").len(),
            1
        );
        assert_eq!(
            check("features/cash/pay.rs", "fn f() { super::super::orders::place() }").len(),
            1
        );
    }

    #[test]
    fn a_back_door_is_seen_even_through_an_import() {
        let direct = check("features/risk/mod.rs", "use crate::features::ledger::store::all;");
        assert_eq!(direct.len(), 1, "{direct:?}");
        let import = check(
            "features/risk/mod.rs",
            "use crate::features::ledger;\nfn f() { ledger::store::all() }",
        );
        assert_eq!(import.len(), 1, "{import:?}");
        assert!(
            import[0].contains("mod.rs:2") && import[0].contains("front door"),
            "{import:?}"
        );
    }

    #[test]
    fn a_name_handed_out_may_be_that_of_a_private_module() {
        let file = |name: &str| format!("crates/server/src/features/{name}");
        let seen = |declared: &str, text: &str| {
            problems(&Tree::of(&[
                ("ARCHITECTURE.md", LIST),
                (&file("ledger/post.rs"), ""),
                (&file("ledger/mod.rs"), declared),
                (&file("risk/mod.rs"), text),
            ]))
            .len()
        };
        let call = "use crate::features::ledger;\nfn f() { ledger::post() }";
        assert_eq!(seen("mod post;\npub use self::post::post;", call), 0);
        assert_eq!(seen("pub mod post;", call), 1);
        assert_eq!(seen("mod post;", "use crate::features::ledger::post::inner;"), 1);
    }

    #[test]
    fn what_is_not_in_the_list_is_seen() {
        assert_eq!(check("features/gifts/mod.rs", "").len(), 1);
        assert_eq!(check("features/risk/mod.rs", "use crate::features::*;").len(), 1);
        assert_eq!(
            problems(&Tree::of(&[(
                "ARCHITECTURE.md",
                "## Who may call whom\n## Next\n"
            )]))
            .len(),
            1
        );
    }
}
