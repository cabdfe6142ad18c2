//! A letter's words, written once and rendered as plain text and as HTML. Everything is escaped; nothing a person typed
//! becomes markup.

use crate::http::web_page::escape;

/// A letter to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub(super) to: String,
    pub(super) subject: String,
    parts: Vec<Part>,
}

/// A link in a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    words: String,
    url: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Paragraph(String),
    Link(Link),
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
            subject: subject.to_owned(),
            parts: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub fn paragraph(mut self, words: impl Into<String>) -> Self {
        self.parts.push(Part::Paragraph(words.into()));
        self
    }

    /// Adds a link on a line of its own.
    pub fn link(mut self, link: Link) -> Self {
        self.parts.push(Part::Link(link));
        self
    }

    /// As plain text.
    pub(super) fn text(&self) -> String {
        let part = |part: &Part| match part {
            Part::Paragraph(words) => format!("{words}\n"),
            Part::Link(link) => format!("{}:\n{}\n", link.words, link.url),
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join("\n")
    }

    /// As an HTML document.
    pub(super) fn html(&self) -> String {
        let part = |part: &Part| match part {
            Part::Paragraph(words) => format!("<p>{}</p>", escape(words)),
            Part::Link(link) => format!(
                "<p><a href=\"{}\">{}</a></p>",
                escape(&link.url),
                escape(&link.words)
            ),
        };
        let body: String = self.parts.iter().map(part).collect();
        let subject = escape(&self.subject);
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head><body>{body}</body></html>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_never_become_markup() {
        let letter = Letter::to("ana@example.com", "a < b")
            .paragraph("<script>alert(\"1\")</script> & more")
            .link(Link::new("here", "https://a.example/?x=1&y=\"2\""));
        let html = letter.html();
        assert!(html.contains("<title>a &lt; b</title>"));
        assert!(html.contains("<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more</p>"));
        assert!(html.contains("<a href=\"https://a.example/?x=1&amp;y=&quot;2&quot;\">here</a>"));
        assert!(letter.text().contains("here:\nhttps://a.example/?x=1&y=\"2\"\n"));
    }
}
