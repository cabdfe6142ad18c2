//! The files that the checks read, in memory, so that a bad sample is as easy to make as a good one.

use std::io;
use std::path::Path;

const FOLDERS: [&str; 6] = ["crates", "bench", "examples", "xtask", "fuzz", "migrations"];
const FILES: [&str; 2] = ["ARCHITECTURE.md", "Cargo.toml"];

/// The sources, sorted by path.
pub(crate) struct Tree {
    files: Vec<File>,
}

/// A file. Its path starts at the repository's root and is parted by `/`.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Tree {
    /// Reads the sources below `root`.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for name in FILES {
            if root.join(name).exists() {
                files.push(File {
                    path: name.to_owned(),
                    text: std::fs::read_to_string(root.join(name))?,
                });
            }
        }
        for folder in FOLDERS {
            if root.join(folder).is_dir() {
                gather(&root.join(folder), folder, &mut files)?;
            }
        }
        Ok(Self::sorted(files))
    }

    /// A tree made of these paths and texts.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self::sorted(files.iter().map(file).collect())
    }

    fn sorted(mut files: Vec<File>) -> Self {
        files.sort_by(|one, two| one.path.cmp(&two.path));
        Self { files }
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }

    /// The files below a folder, or the file itself, whose path ends so.
    pub(crate) fn below<'a>(&'a self, folder: &'a str, end: &'a str) -> impl Iterator<Item = &'a File> {
        let inside = move |path: &str| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.is_empty())
        };
        self.files
            .iter()
            .filter(move |file| inside(&file.path) && file.path.ends_with(end))
    }

    /// All Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.below("", ".rs")
    }
}

fn gather(folder: &Path, name: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            if !path.ends_with("/target") {
                gather(&entry.path(), &path, files)?;
            }
        } else if [".rs", ".sql", "/Cargo.toml"]
            .iter()
            .any(|end| path.ends_with(end))
        {
            files.push(File {
                text: std::fs::read_to_string(entry.path())?,
                path,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_its_namesakes() {
        let tree = Tree::of(&[("a/b.rs", ""), ("a/b/c.rs", ""), ("ab/c.rs", ""), ("a/d.sql", "")]);
        let paths = |folder, end| {
            tree.below(folder, end)
                .map(|file| file.path.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(paths("a", ".rs"), ["a/b.rs", "a/b/c.rs"]);
        assert_eq!(paths("a/b.rs", ".rs"), ["a/b.rs"]);
        assert_eq!(tree.rust().count(), 3);
    }
}
