//! The documents name files that exist, link to pages that exist, and the compliance table leaves no requirement out.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const TABLE: &str = include_str!("../../../../docs/COMPLIANCE.md");

#[test]
fn every_line_of_the_table_says_how() {
    let rows = rows();
    assert!(rows.len() > 200);
    for (id, cells) in rows {
        let [status, how, code, test] = cells;
        let files = code.matches('`').count() / 2;
        match status {
            "met" => assert!(files > 0, "{id} is met by no code"),
            "n/a" => assert!(
                !how.is_empty() && test.is_empty(),
                "{id} is not applicable for no reason"
            ),
            "open" => assert!(
                !how.is_empty() && test.is_empty(),
                "{id} does not say what is missing"
            ),
            other => panic!("{id}: {other}"),
        }
    }
}

#[test]
fn the_table_is_counted() {
    let count = |wanted| rows().values().filter(|cells| cells[0] == wanted).count();
    let sum = format!(
        "{} met, {} not applicable, {} open",
        count("met"),
        count("n/a"),
        count("open")
    );
    assert!(TABLE.contains(&sum), "{sum}");
}

#[test]
fn files_and_pages_that_are_named_exist() {
    let mut named = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let folder = document.parent().unwrap();
        for path in text.split('`').skip(1).step_by(2).filter(|path| is_path(path)) {
            assert!(
                root().join(path).exists(),
                "{}: {path} is not there",
                document.display()
            );
            named += 1;
        }
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
        {
            let outside = link.is_empty() || link.contains("://") || link.starts_with("mailto:");
            assert!(
                outside || folder.join(link).exists(),
                "{}: {link} leads nowhere",
                document.display()
            );
        }
    }
    assert!(named > 300);
}

/// Against the published list, of which only numbers and levels are read.
mod vectors {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_requirement_of_levels_one_and_two_is_left_out() {
        #[expect(
            clippy::disallowed_methods,
            reason = "not a setting: where the tests' data lies"
        )]
        let data = std::env::var("STOCKADE_TEST_DATA").expect("STOCKADE_TEST_DATA names the data's folder");
        let list = fs::read_to_string(Path::new(&data).join("asvs/asvs-5.0.0.csv")).unwrap();
        // A description may hold commas and line breaks; a number stands in its column or nowhere, and the level is last.
        let mut wanted = BTreeSet::new();
        let mut id = None;
        for line in list.lines() {
            id = line.split(',').find(|cell| is_id(cell)).or(id);
            let level = line
                .rsplit(',')
                .next()
                .and_then(|level| level.trim().parse::<u8>().ok());
            if let (Some(found), Some(1 | 2)) = (id, level) {
                wanted.insert(found);
            }
        }
        assert_eq!(wanted.len(), 253);
        let listed: BTreeSet<&str> = rows().into_keys().collect();
        let missing: Vec<_> = wanted.difference(&listed).collect();
        let unknown: Vec<_> = listed.difference(&wanted).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "{missing:?} {unknown:?}"
        );
    }
}

/// The rows of the table by number: status, how, code, test.
fn rows() -> BTreeMap<&'static str, [&'static str; 4]> {
    let mut rows = BTreeMap::new();
    for line in TABLE.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, id, status, how, code, test, _] = cells[..]
            && is_id(id)
        {
            assert!(
                rows.insert(id, [status, how, code, test]).is_none(),
                "{id} stands there twice"
            );
        }
    }
    rows
}

/// `V1.2.3`
fn is_id(text: &str) -> bool {
    let numbers = text.strip_prefix('V').unwrap_or_default();
    numbers.split('.').count() == 3 && numbers.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// A file or folder of the repository, rather than an address, a command or a name.
fn is_path(text: &str) -> bool {
    let tops = [
        "crates/",
        "deploy/",
        "docs/",
        "web/",
        "xtask/",
        "bench/",
        "migrations/",
        "examples/",
        "postman/",
    ];
    tops.iter().any(|top| text.starts_with(top)) && !text.contains([' ', '*', '<', '{'])
}

fn documents() -> Vec<PathBuf> {
    let pages = |folder: PathBuf| {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "md"))
            .collect::<Vec<_>>()
    };
    [pages(root()), pages(root().join("docs"))].concat()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
