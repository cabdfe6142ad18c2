//! Rust source as tokens: enough of the language to tell code from comments and strings.

/// A token and the line it starts on, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) is: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Word(String),
    /// A string's content, with escaped line ends joined and other escapes kept as their letter.
    Text(String),
    /// A number as written.
    Number(String),
    /// `::`
    PathSeparator,
    /// Any other character.
    Mark(char),
}

impl Token {
    /// The name, if it is one.
    pub(crate) fn word(&self) -> Option<&str> {
        if let Kind::Word(word) = &self.is {
            Some(word)
        } else {
            None
        }
    }

    /// Whether it is this character.
    pub(crate) fn is(&self, mark: char) -> bool {
        self.is == Kind::Mark(mark)
    }
}

/// Cuts a file into tokens; comments, lifetimes, character literals and white space are left out.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { text, at: 0, line: 1 };
    let mut tokens: Vec<Token> = Vec::new();
    while let Some(next) = reader.peek() {
        let line = reader.line;
        if next.is_whitespace() {
            reader.take();
        } else if reader.rest().starts_with("//") {
            reader.take_while(|letter| letter != '\n');
        } else if reader.rest().starts_with("/*") {
            reader.skip_block_comment();
        } else if let Some(text) = reader.string() {
            tokens.push(Token {
                line,
                is: Kind::Text(text),
            });
        } else if next == '\'' {
            reader.skip_character_or_lifetime();
        } else if next.is_ascii_digit() {
            // In `pair.0.1` the last part is no number with a point.
            let is_field = tokens.last().is_some_and(|token| token.is('.'));
            tokens.push(Token {
                line,
                is: Kind::Number(reader.number(is_field)),
            });
        } else if starts_word(next) {
            let raw = reader
                .rest()
                .strip_prefix("r#")
                .is_some_and(|rest| rest.starts_with(starts_word));
            if raw {
                reader.skip(2);
            }
            tokens.push(Token {
                line,
                is: Kind::Word(reader.take_while(continues_word)),
            });
        } else if reader.rest().starts_with("::") {
            reader.skip(2);
            tokens.push(Token {
                line,
                is: Kind::PathSeparator,
            });
        } else {
            reader.take();
            tokens.push(Token {
                line,
                is: Kind::Mark(next),
            });
        }
    }
    tokens
}

fn starts_word(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn continues_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn skip(&mut self, letters: usize) {
        for _ in 0..letters {
            self.take();
        }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(next) = self.peek().filter(|next| wanted(*next)) {
            taken.push(next);
            self.take();
        }
        taken
    }

    /// Block comments nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        while !self.rest().is_empty() {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.skip(2);
            } else {
                self.take();
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// `"…"`, `b"…"`, `c"…"`, `r#"…"#` and so on, if one starts here.
    fn string(&mut self) -> Option<String> {
        let mark = self.rest().find(|letter| !matches!(letter, 'b' | 'c' | 'r'))?;
        let (prefix, rest) = self.rest().split_at(mark);
        if !matches!(prefix, "" | "b" | "c" | "r" | "br" | "cr") {
            return None;
        }
        let hashes = rest.chars().take_while(|letter| *letter == '#').count();
        let raw = prefix.ends_with('r');
        if !rest[hashes..].starts_with('"') || (hashes > 0 && !raw) {
            return None;
        }
        self.skip(mark + hashes + 1);
        Some(if raw {
            self.raw_text(hashes)
        } else {
            self.escaped_text()
        })
    }

    fn raw_text(&mut self, hashes: usize) -> String {
        let end = format!("\"{}", "#".repeat(hashes));
        let mut text = String::new();
        while !self.rest().is_empty() && !self.rest().starts_with(&end) {
            text.extend(self.take());
        }
        self.skip(end.len());
        text
    }

    fn escaped_text(&mut self) -> String {
        let mut text = String::new();
        while let Some(letter) = self.take() {
            match letter {
                '"' => break,
                '\\' if self.peek() == Some('\n') => drop(self.take_while(char::is_whitespace)),
                '\\' => text.extend(self.take()),
                letter => text.push(letter),
            }
        }
        text
    }

    /// `'a'` and `'\n'` end with a quote; a lifetime does not.
    fn skip_character_or_lifetime(&mut self) {
        self.take();
        let mut ahead = self.rest().chars();
        match (ahead.next(), ahead.next()) {
            (Some('\\'), _) => {
                self.skip(2);
                self.take_while(|letter| letter != '\'');
                self.take();
            }
            (Some(_), Some('\'')) => self.skip(2),
            _ => drop(self.take_while(continues_word)),
        }
    }

    fn number(&mut self, is_field: bool) -> String {
        let mut number = self.take_while(continues_word);
        let mut ahead = self.rest().chars();
        let has_point =
            ahead.next() == Some('.') && ahead.next().is_some_and(|letter| letter.is_ascii_digit());
        if has_point && !is_field {
            self.take();
            number = format!("{number}.{}", self.take_while(continues_word));
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let show = |token: &Token| match &token.is {
            Kind::Word(word) => word.clone(),
            Kind::Text(text) => format!("<{text}>"),
            Kind::Number(number) => format!("#{number}"),
            Kind::PathSeparator => "::".to_owned(),
            Kind::Mark(mark) => mark.to_string(),
        };
        tokens(text).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        assert_eq!(show("a // b\n/* c /* d */ e */ f"), "a f");
        assert_eq!(show("'x' '\\'' '\\u{1F600}' &'a str 'static"), "& str");
        assert_eq!(show("use r#type::x;"), "use type :: x ;");
    }

    #[test]
    fn strings_of_all_kinds_are_read() {
        assert_eq!(show("f(\"a \\\"b\\\" \\\n      c\")"), "f ( <a \"b\" c> )");
        assert_eq!(
            show("r#\"say \"x\" // y\"# b\"z\" br\"w\" c\"v\" break_r"),
            "<say \"x\" // y> <z> <w> <v> break_r"
        );
    }

    #[test]
    fn numbers_keep_their_point_and_ranges_theirs() {
        assert_eq!(
            show("1.5 0..10 x.0.1 1_000u64 2e3 7.max(1)"),
            "#1.5 #0 . . #10 x . #0 . #1 #1_000u64 #2e3 #7 . max ( #1 )"
        );
    }

    #[test]
    fn lines_are_counted_through_strings() {
        let tokens = tokens("\"a\nb\"\nc");
        assert_eq!(tokens.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 3]);
    }
}
