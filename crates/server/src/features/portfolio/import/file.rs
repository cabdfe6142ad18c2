//! CSV (RFC 4180): lines of cells, with quotes where a cell holds a comma, a quote or a line break.

use std::collections::HashMap;

use crate::http::error::{ApiResult, Problem};

/// A file's lines by the names of its columns.
pub(super) struct File {
    columns: HashMap<String, usize>,
    pub(super) lines: Vec<Line>,
}

/// One line's cells, and where in the file it begins.
pub(super) struct Line {
    pub(super) number: u64,
    cells: Vec<String>,
}

impl File {
    /// Reads a file whose first line names the columns, each once.
    pub(super) fn read(text: &str) -> ApiResult<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = split(text).ok_or_else(|| unreadable("a quote is not closed"))?;
        lines.retain(|line| line.cells.iter().any(|cell| !cell.trim().is_empty()));
        if lines.is_empty() {
            return Err(unreadable("it is empty").into());
        }
        let mut columns = HashMap::new();
        for (index, name) in lines.remove(0).cells.into_iter().enumerate() {
            let name = name.trim().to_ascii_lowercase();
            if !name.is_empty() && columns.insert(name.clone(), index).is_some() {
                return Err(unreadable(&format!("the column {name} is there twice")).into());
            }
        }
        Ok(Self { columns, lines })
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// A cell without the spaces around it; `None` when it is empty or there is no such column.
    pub(super) fn cell<'l>(&self, line: &'l Line, column: &str) -> Option<&'l str> {
        let cell = line.cells.get(*self.columns.get(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }
}

pub(super) fn unreadable(why: &str) -> Problem {
    Problem::unprocessable("import.unreadable", format!("the file cannot be read: {why}")).field("csv", why)
}

/// Lines of cells; `None` when a quote is not closed.
fn split(text: &str) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let (mut number, mut begins) = (1, 1);
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        number += u64::from(letter == '\n');
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                cells.push(std::mem::take(&mut cell));
                lines.push(Line {
                    number: begins,
                    cells: std::mem::take(&mut cells),
                });
                begins = number;
            }
            '\r' if !quoted => {}
            letter => cell.push(letter),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        lines.push(Line {
            number: begins,
            cells,
        });
    }
    (!quoted).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_quotes_and_line_breaks() {
        let file = File::read("\u{feff}Date,\"note\",x\r\n1,\"a, \"\"b\"\"\nc\",\r\n\r\n2, d ,e")
            .ok()
            .unwrap();
        let seen: Vec<_> = file
            .lines
            .iter()
            .map(|line| {
                (
                    line.number,
                    file.cell(line, "date"),
                    file.cell(line, "note"),
                    file.cell(line, "x"),
                )
            })
            .collect();
        let quoted = Some("a, \"b\"\nc");
        assert_eq!(
            seen,
            [(2, Some("1"), quoted, None), (5, Some("2"), Some("d"), Some("e"))]
        );
        assert!(file.has("x") && !file.has("y"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["", "\n \n", "date,Date\n", "date\n\"1"] {
            assert!(File::read(text).is_err(), "{text}");
        }
    }
}
