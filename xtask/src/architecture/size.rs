//! Files stay small enough to be read in one sitting.

use super::tree::{File, Tree};

/// Lines of a Rust file, tests included.
const LONGEST: usize = 600;

/// Rust files that have grown too long.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let long = tree.rust().filter(|file| lines(file) > LONGEST);
    long.map(|file| {
        format!(
            "{}: {} lines, more than {LONGEST}; part it",
            file.path,
            lines(file)
        )
    })
    .collect()
}

/// How long files are, in a sentence.
pub(crate) fn sizes(tree: &Tree) -> String {
    let mut files: Vec<_> = tree.rust().map(|file| (lines(file), &file.path)).collect();
    files.sort();
    let (Some((median, _)), Some((most, longest))) = (files.get(files.len() / 2), files.last()) else {
        return "no Rust files".to_owned();
    };
    format!(
        "{} Rust files, median {median} lines, longest {longest} with {most}",
        files.len()
    )
}

fn lines(file: &File) -> usize {
    file.text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_too_many_is_seen() {
        let (most, more) = ("\n".repeat(LONGEST), "\n".repeat(LONGEST + 1));
        assert!(problems(&Tree::of(&[("crates/a/src/a.rs", &most)])).is_empty());
        assert_eq!(problems(&Tree::of(&[("crates/a/src/a.rs", &more)])).len(), 1);
    }

    #[test]
    fn the_median_is_the_middle_file() {
        let tree = Tree::of(&[
            ("crates/a.rs", "\n"),
            ("crates/b.rs", "\n\n"),
            ("crates/c.rs", "\n\n\n\n"),
        ]);
        assert_eq!(
            sizes(&tree),
            "3 Rust files, median 2 lines, longest crates/c.rs with 4"
        );
    }
}
