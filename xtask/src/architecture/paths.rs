//! The paths that a Rust file mentions, made absolute: `use` trees unfolded, imported names, `self` and `super`
//! followed. Enough to see who calls whom; macros that build paths are not seen.

use super::source::{Kind, Token, tokens};
use std::collections::HashMap;

/// A path into our own crate, from `crate` on. The last part is `*` for a glob.
#[derive(Debug, PartialEq)]
pub(crate) struct Mention {
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

/// What `text` mentions, where `module` is the file's own path, such as `["crate", "features", "orders"]`.
pub(crate) fn mentions(module: &[String], text: &str) -> Vec<Mention> {
    let tokens = tokens(text);
    let mut walk = Walk {
        tokens: &tokens,
        at: 0,
        module: module.to_vec(),
        open: Vec::new(),
        depth: 0,
    };
    let found = walk.all();
    // What a name stands for. A later import of the same name wins; scopes inside a file are not told apart.
    let mut names = HashMap::new();
    for leaf in found.iter().filter(|leaf| leaf.imported) {
        if let (Some(name), Some(path)) = (leaf.name(), absolute(leaf, &HashMap::new())) {
            names.insert(name, path);
        }
    }
    let mentions = found.iter().filter_map(|leaf| {
        Some(Mention {
            line: leaf.line,
            path: absolute(leaf, &names)?,
        })
    });
    mentions.collect()
}

/// The module path of a file below a crate's `src`.
pub(crate) fn module_of(file: &str) -> Vec<String> {
    let inside = file.split_once("/src/").map_or(file, |(_, inside)| inside);
    let parts = inside
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| !matches!(*part, "mod" | "lib" | "main"));
    std::iter::once("crate").chain(parts).map(str::to_owned).collect()
}

/// One path as written, and where.
struct Leaf {
    line: usize,
    module: Vec<String>,
    parts: Vec<String>,
    alias: Option<String>,
    imported: bool,
}

impl Leaf {
    fn name(&self) -> Option<String> {
        let own = self.parts.iter().rev().find(|part| *part != "self");
        self.alias
            .clone()
            .or_else(|| own.cloned())
            .filter(|name| name != "*")
    }
}

/// The path from `crate` on; `None` when it leads into another crate.
fn absolute(leaf: &Leaf, names: &HashMap<String, Vec<String>>) -> Option<Vec<String>> {
    let (first, rest) = leaf.parts.split_first()?;
    let mut path = match first.as_str() {
        "crate" => vec![first.clone()],
        "self" => leaf.module.clone(),
        "super" => leaf.module[..leaf.module.len().saturating_sub(1)].to_vec(),
        name => names.get(name)?.clone(),
    };
    for part in rest {
        match part.as_str() {
            "super" => drop(path.pop()),
            "self" => {}
            part => path.push(part.to_owned()),
        }
    }
    Some(path)
}

struct Walk<'a> {
    tokens: &'a [Token],
    at: usize,
    module: Vec<String>,
    /// Brace depths at which an inline module of ours was opened.
    open: Vec<usize>,
    depth: usize,
}

impl Walk<'_> {
    fn all(&mut self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match &token.is {
                Kind::Word(word) if word == "use" => {
                    self.at += 1;
                    self.tree(&[], true, &mut leaves);
                }
                Kind::Word(word) if word == "mod" => self.enter_module(),
                Kind::Word(_) => self.tree(&[], false, &mut leaves),
                Kind::Mark('{') => {
                    self.depth += 1;
                    self.at += 1;
                }
                Kind::Mark('}') => {
                    self.leave_block();
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        leaves
    }

    /// `mod name {`; a `mod name;` opens nothing.
    fn enter_module(&mut self) {
        let name = self.tokens.get(self.at + 1).and_then(Token::word);
        if let Some(name) = name.filter(|_| self.mark_at(self.at + 2, '{')) {
            self.module.push(name.to_owned());
            self.depth += 1;
            self.open.push(self.depth);
            self.at += 3;
        } else {
            self.at += 1;
        }
    }

    fn leave_block(&mut self) {
        if self.open.last() == Some(&self.depth) {
            self.open.pop();
            self.module.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Reads `a::b::{c, d::*} as e` into its leaves, each with what came before it.
    fn tree(&mut self, before: &[String], imported: bool, leaves: &mut Vec<Leaf>) {
        let mut parts = before.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        // `::name` starts outside our crate.
        if before.is_empty()
            && self
                .tokens
                .get(self.at)
                .is_some_and(|token| token.is == Kind::PathSeparator)
        {
            parts.push(String::new());
            self.at += 1;
        }
        loop {
            match self.tokens.get(self.at).map(|token| &token.is) {
                Some(Kind::Word(word)) => parts.push(word.clone()),
                Some(Kind::Mark('*')) if imported => parts.push("*".to_owned()),
                Some(Kind::Mark('{')) if imported => return self.group(&parts, leaves),
                _ => break,
            }
            self.at += 1;
            if self
                .tokens
                .get(self.at)
                .is_none_or(|token| token.is != Kind::PathSeparator)
            {
                break;
            }
            self.at += 1;
        }
        let alias = self.alias().filter(|_| imported);
        if imported || parts.len() > 1 {
            leaves.push(Leaf {
                line,
                module: self.module.clone(),
                parts,
                alias,
                imported,
            });
        }
    }

    fn group(&mut self, parts: &[String], leaves: &mut Vec<Leaf>) {
        self.at += 1;
        while self.at < self.tokens.len() && !self.mark_at(self.at, '}') {
            let start = self.at;
            self.tree(parts, true, leaves);
            // A comma, or something that we do not understand.
            if self.mark_at(self.at, ',') || self.at == start {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn alias(&mut self) -> Option<String> {
        let is_alias = self.tokens.get(self.at).and_then(Token::word) == Some("as");
        let name = self
            .tokens
            .get(self.at + 1)
            .and_then(Token::word)
            .filter(|_| is_alias)?;
        self.at += 2;
        Some(name.to_owned())
    }

    fn mark_at(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let module = module_of("crates/server/src/features/orders/place.rs");
        mentions(&module, text)
            .iter()
            .map(|mention| mention.path.join("::"))
            .collect()
    }

    #[test]
    fn files_know_their_module() {
        assert_eq!(
            module_of("crates/server/src/core/change.rs").join("::"),
            "crate::core::change"
        );
        assert_eq!(
            module_of("crates/server/src/features/orders/mod.rs").join("::"),
            "crate::features::orders"
        );
        assert_eq!(module_of("crates/server/src/lib.rs").join("::"), "crate");
    }

    #[test]
    fn use_trees_unfold() {
        let paths = found("use crate::{app::App, features::{risk::{self, Decision as D}, ledger::*}};");
        let expected = [
            "app::App",
            "features::risk::self",
            "features::risk::Decision",
            "features::ledger::*",
        ];
        let without_self = expected.map(|path| format!("crate::{}", path.trim_end_matches("::self")));
        assert_eq!(paths, without_self);
    }

    #[test]
    fn imported_names_are_followed() {
        let paths =
            found("use crate::features::risk as r; use std::fmt; fn f() { r::store::all(); fmt::write(); }");
        assert_eq!(
            paths,
            ["crate::features::risk", "crate::features::risk::store::all"]
        );
        let paths = found("use crate::features; fn f() { features::risk::assess::<u8>() }");
        assert_eq!(paths, ["crate::features", "crate::features::risk::assess"]);
    }

    #[test]
    fn relative_paths_start_where_they_stand() {
        assert_eq!(
            found("fn f() { super::store::x(); }"),
            ["crate::features::orders::store::x"]
        );
        assert_eq!(
            found("fn f() { super::super::risk::x(); }"),
            ["crate::features::risk::x"]
        );
        let inside = "mod tests { fn f() { super::super::x(); } } fn g() { self::y(); }";
        assert_eq!(
            found(inside),
            ["crate::features::orders::x", "crate::features::orders::place::y"]
        );
    }

    #[test]
    fn lines_are_given() {
        let module = module_of("crates/server/src/lib.rs");
        assert_eq!(
            mentions(&module, "\n\nuse crate::a::b;")
                .first()
                .map(|mention| mention.line),
            Some(3)
        );
    }
}
