//! The little of Cargo.toml that the checks need: sections, and which of our crates exist.

use super::tree::Tree;

/// A `[section]` and its lines, comments left out.
pub(crate) struct Section<'a> {
    pub(crate) name: &'a str,
    pub(crate) lines: Vec<&'a str>,
}

impl Section<'_> {
    /// Whether it says `key = value`, whatever the spaces.
    pub(crate) fn says(&self, key: &str, value: &str) -> bool {
        let wanted = Some((key, value));
        self.lines.iter().any(|line| {
            line.split_once('=')
                .map(|(key, value)| (key.trim(), value.trim()))
                == wanted
        })
    }
}

/// The file's sections in order; what stands before the first has an empty name.
pub(crate) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section {
        name: "",
        lines: Vec::new(),
    }];
    for line in text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or(line).trim())
    {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            sections.push(Section {
                name: name.trim_matches(['[', ']']),
                lines: Vec::new(),
            });
        } else if let Some(section) = sections
            .last_mut()
            .filter(|_| !line.is_empty() && !line.starts_with('#'))
        {
            section.lines.push(line);
        }
    }
    sections
}

/// The folders of the workspace's members.
pub(crate) fn members(tree: &Tree) -> Vec<String> {
    let text = tree.text("Cargo.toml").unwrap_or_default();
    let list = text
        .split_once("\nmembers = [")
        .and_then(|(_, rest)| rest.split_once(']'));
    quoted(list.map_or("", |(list, _)| list))
        .map(str::to_owned)
        .collect()
}

/// The strings in double quotes.
pub(crate) fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_members_are_found() {
        let text = "[workspace]\nmembers = [\"crates/a\",\n \"b\"]\n[lints] # c\nworkspace  = true\n";
        let tree = Tree::of(&[("Cargo.toml", text)]);
        assert_eq!(members(&tree), ["crates/a", "b"]);
        let lints = sections(text).pop().expect("a section");
        assert_eq!(lints.name, "lints");
        assert!(lints.says("workspace", "true") && !lints.says("workspace", "false"));
    }
}
