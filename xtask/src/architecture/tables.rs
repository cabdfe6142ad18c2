//! A table is named in one place: its feature's `store.rs`, or the one file of `core` that owns it.
//!
//! Tables are those that `migrations/` creates. SQL is found in string literals by its keywords in capitals.

use super::source::{Kind, tokens};
use super::tree::{File, Tree};
use std::collections::{BTreeMap, BTreeSet};

const SERVER: &str = "crates/server/src";

/// Tables named outside a store, and tables with two owners.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let tables: BTreeSet<String> = tree
        .below("migrations", ".sql")
        .flat_map(|file| created(&file.text))
        .collect();
    let mut problems = Vec::new();
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in tree
        .below("crates", ".rs")
        .filter(|file| file.path.contains("/src/"))
    {
        for (line, table) in named(file)
            .into_iter()
            .filter(|(_, table)| tables.contains(table))
        {
            if file.path.starts_with(SERVER) && !is_store(&file.path) {
                problems.push(format!("{}:{line}: {table} belongs in a store.rs", file.path));
            }
            owners.entry(table).or_default().insert(owner(&file.path));
        }
    }
    for (table, owners) in owners.iter().filter(|(_, owners)| owners.len() > 1) {
        let owners: Vec<_> = owners.iter().map(String::as_str).collect();
        problems.push(format!("the table {table} is named in {}", owners.join(" and ")));
    }
    problems
}

fn created(migration: &str) -> Vec<String> {
    let words = words(migration);
    let after = |at: usize| {
        words[at + 2..]
            .iter()
            .find(|word| !matches!(word.as_str(), "IF" | "NOT" | "EXISTS"))
    };
    let starts =
        (0..words.len().saturating_sub(2)).filter(|at| words[*at] == "CREATE" && words[*at + 1] == "TABLE");
    starts.filter_map(after).cloned().collect()
}

/// Names after FROM, JOIN, INTO and UPDATE in the file's strings, with the line of the string.
fn named(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for token in tokens(&file.text) {
        let Kind::Text(text) = &token.is else { continue };
        let words = words(text);
        for (at, word) in words.iter().enumerate() {
            let names = match word.as_str() {
                "FROM" => list(&words[at + 1..]),
                "JOIN" | "INTO" | "UPDATE" => words.get(at + 1).into_iter().collect(),
                _ => continue,
            };
            found.extend(names.into_iter().map(|name| (token.line, name.clone())));
        }
    }
    found
}

/// `a, b AS x, c y WHERE …` names a, b and c.
fn list(words: &[String]) -> Vec<&String> {
    let mut names = Vec::new();
    let mut wanted = true;
    for word in words {
        match word.as_str() {
            "," => wanted = true,
            "AS" => {}
            word_in_capitals if word_in_capitals.chars().all(|letter| letter.is_ascii_uppercase()) => break,
            "(" | ")" | ";" => break,
            _ if wanted => {
                names.push(word);
                wanted = false;
            }
            _ => {}
        }
    }
    names
}

/// SQL's names, keywords and single marks; `--` comments are left out.
fn words(sql: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for line in sql.lines().map(|line| line.split("--").next().unwrap_or(line)) {
        for letter in line.chars().chain(['\n']) {
            let last = words.len() - 1;
            if letter.is_alphanumeric() || letter == '_' {
                words[last].push(letter);
            } else if letter.is_whitespace() {
                words.push(String::new());
            } else {
                words.extend([letter.to_string(), String::new()]);
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// In `core` a file is one concern with its tables; in a feature use cases and SQL are kept apart.
fn is_store(path: &str) -> bool {
    let inside = path.strip_prefix(SERVER).unwrap_or(path);
    let store = inside.ends_with("/store.rs") || inside.contains("/store/");
    inside.starts_with("/core/") || (inside.starts_with("/features/") && store)
}

/// A `store` folder is one owner, like a single file.
fn owner(path: &str) -> String {
    path.split_once("/store/")
        .map_or(path.to_owned(), |(before, _)| format!("{before}/store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATION: (&str, &str) = (
        "migrations/0001_a.sql",
        "-- CREATE TABLE no\nCREATE TABLE IF NOT EXISTS orders (id UUID);\nCREATE TABLE lots(id UUID);",
    );

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        let paths: Vec<_> = files
            .iter()
            .map(|(path, text)| (format!("{SERVER}/{path}"), *text))
            .collect();
        let mut all = vec![MIGRATION];
        all.extend(paths.iter().map(|(path, text)| (path.as_str(), *text)));
        problems(&Tree::of(&all))
    }

    #[test]
    fn one_store_a_table_is_fine() {
        let orders = "fn f() { sql(\"SELECT id FROM orders o WHERE id = $1 FOR UPDATE\"); sql(\"UPDATE orders SET id = $1\") }";
        let lots = "fn f() { sql(\"INSERT INTO lots (id) VALUES ($1) ON CONFLICT DO UPDATE SET id = $1\") }";
        let prose = "fn f() { say(\"away FROM home; removed from orders\") } // FROM orders";
        let files = [
            ("features/orders/store.rs", orders),
            ("features/portfolio/store/lots.rs", lots),
            ("features/portfolio/store/more.rs", lots),
            ("features/cash/mod.rs", prose),
        ];
        assert!(check(&[("core/once.rs", lots)]).is_empty());
        assert_eq!(check(&files), [""; 0]);
    }

    #[test]
    fn sql_outside_a_store_is_seen() {
        let wrong = check(&[(
            "features/orders/place.rs",
            "\n\nfn f() { sql(\"DELETE \\\n  FROM orders\") }",
        )]);
        assert_eq!(
            wrong,
            [format!(
                "{SERVER}/features/orders/place.rs:3: orders belongs in a store.rs"
            )]
        );
        assert_eq!(
            check(&[("http/store.rs", "const A: &str = \"SELECT 1 FROM lots\";")]).len(),
            1
        );
    }

    #[test]
    fn a_second_owner_is_seen_wherever_the_name_stands() {
        let owner = (
            "features/orders/store.rs",
            "const A: &str = \"UPDATE orders SET id = 1\";",
        );
        for sql in [
            "SELECT 1 FROM lots l JOIN orders o ON TRUE",
            "SELECT 1 FROM lots AS l, orders WHERE TRUE",
            "WITH x AS (SELECT 1 FROM orders) SELECT 1 FROM x",
        ] {
            let text = format!("const A: &str = r#\"{sql}\"#;");
            for second in ["features/cash/store.rs", "core/once.rs"] {
                let wrong = check(&[owner, (second, &text)]);
                assert_eq!(wrong.len(), 1, "{sql}: {wrong:?}");
                assert!(wrong[0].starts_with("the table orders is named in "), "{wrong:?}");
            }
        }
    }
}
