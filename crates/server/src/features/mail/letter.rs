//! A letter's words, written once and rendered as plain text and as HTML when it goes out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A letter to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub(super) to: String,
    /// What limits go by; the subject, unless it was said.
    pub(super) kind: Option<&'static str>,
    pub(super) content: Content,
}

/// What lies in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) subject: String,
    pub(super) parts: Vec<Part>,
    /// From then on it would only mislead, and is not sent any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
}

/// A link in a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub(super) words: String,
    pub(super) url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    Paragraph(String),
    Link(Link),
    /// A name and what it is, such as When: 1 June.
    Fact(String, String),
    /// A code to be typed.
    Code(String),
    /// Lines for a program, word for word.
    Verbatim(String),
}

impl Link {
    /// These words lead to this address.
    pub fn new(words: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            url: url.into(),
        }
    }
}

impl Letter {
    /// A letter without words yet.
    pub fn to(address: &str, subject: &str) -> Self {
        Self {
            to: address.to_owned(),
            kind: None,
            content: Content {
                subject: subject.to_owned(),
                parts: Vec::new(),
                until: None,
            },
        }
    }

    /// Limits count this letter among these rather than among those with its subject.
    pub fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Not to be sent any more from then on, because what it offers has ended.
    pub fn until(mut self, end: Timestamp) -> Self {
        self.content.until = Some(end);
        self
    }

    /// Adds a paragraph.
    pub fn paragraph(self, words: impl Into<String>) -> Self {
        self.part(Part::Paragraph(words.into()))
    }

    /// Adds a link, on a line of its own or as a button.
    pub fn link(self, link: Link) -> Self {
        self.part(Part::Link(link))
    }

    /// Adds a line of a small table.
    pub fn fact(self, name: impl Into<String>, what: impl Into<String>) -> Self {
        self.part(Part::Fact(name.into(), what.into()))
    }

    /// Adds a code that is to be typed.
    pub fn code(self, code: impl Into<String>) -> Self {
        self.part(Part::Code(code.into()))
    }

    /// Adds lines for a program, word for word.
    pub fn verbatim(self, lines: impl Into<String>) -> Self {
        self.part(Part::Verbatim(lines.into()))
    }

    fn part(mut self, part: Part) -> Self {
        self.content.parts.push(part);
        self
    }

    /// What limits go by.
    pub(super) fn kind(&self) -> &str {
        self.kind.unwrap_or(&self.content.subject)
    }
}
