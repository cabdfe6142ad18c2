//! The documents' Mermaid diagrams: what breaks them unseen, since only a browser draws them.

/// What is wrong with the diagrams of a document, by line. A semicolon ends a statement in Mermaid, also within a sentence.
pub(crate) fn problems(document: &str) -> Vec<String> {
    let mut inside = false;
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(document.lines()) {
        match line.trim() {
            "```mermaid" => inside = true,
            "```" => inside = false,
            text if inside && text.contains(';') => {
                problems.push(format!("line {number}: a semicolon ends a Mermaid statement"));
            }
            _ => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_counts_only_within_a_diagram() {
        let text = "a; b\n```mermaid\nA->>B: one; two\nA->>B: three\n```\nc; d\n";
        assert_eq!(problems(text), ["line 3: a semicolon ends a Mermaid statement"]);
    }
}
