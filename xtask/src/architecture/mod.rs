//! The rules of ARCHITECTURE.md, held against the sources. One file a rule; each says what it checks.
//!
//! A check is a function from the tree to sentences about what is wrong. Each is also run on bad samples, because a
//! check that cannot fail is worth nothing.

mod arrows;
mod features;
mod floats;
mod manifest;
mod paths;
mod safety;
mod size;
mod source;
mod tables;
mod tree;

pub(crate) use size::sizes;
pub(crate) use tree::Tree;

/// Everything that is wrong, each with its file and line.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let checks = [
        arrows::problems,
        features::problems,
        tables::problems,
        size::problems,
        safety::problems,
        floats::problems,
    ];
    checks.iter().flat_map(|check| check(tree)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_keep_the_architecture() {
        let tree = Tree::read(crate::process::root()).expect("the sources");
        let problems = problems(&tree);
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
