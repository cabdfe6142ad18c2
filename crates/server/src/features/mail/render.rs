//! How a letter looks: as plain text, and as HTML with the styles in place, since mail programs take no others.
//! Everything is escaped; nothing a person typed becomes markup. Nothing is loaded from anywhere.

use super::letter::{Content, Link, Part};
use crate::http::web_page::escape;

/// A letter as it goes out.
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) html: String,
}

/// Renders a letter that stands for `held_back` more of its kind; `home` is the platform's address.
pub(super) fn render(content: &Content, held_back: i64, home: &str) -> Rendered {
    let mut parts = content.parts.clone();
    parts.extend(note(held_back).map(Part::Paragraph));
    Rendered {
        text: text(&parts),
        html: html(&content.subject, &parts, home),
    }
}

fn note(held_back: i64) -> Option<String> {
    match held_back {
        0 => None,
        1 => {
            Some("One more mail like this one was not sent, so that your mailbox is not flooded.".to_owned())
        }
        more => Some(format!(
            "{more} more mails like this one were not sent, so that your mailbox is not flooded."
        )),
    }
}

fn text(parts: &[Part]) -> String {
    let mut text = String::new();
    let mut before: Option<&Part> = None;
    for part in parts {
        let among_facts = matches!((before, part), (Some(Part::Fact(..)), Part::Fact(..)));
        if before.is_some() && !among_facts {
            text.push('\n');
        }
        text += &match part {
            Part::Paragraph(words) => format!("{words}\n"),
            Part::Link(Link { words, url }) => format!("{words}:\n{url}\n"),
            Part::Fact(name, what) => format!("{name}: {what}\n"),
            Part::Code(code) => format!("    {code}\n"),
            Part::Verbatim(lines) => format!("{}\n", lines.trim_end()),
        };
        before = Some(part);
    }
    text + "\n--\nStockade\n"
}

const VERBATIM: &str = "margin:0 0 16px;padding:12px;background:#f6f7f9;font-size:12px;white-space:pre-wrap;word-break:break-all";
const PAGE: &str = "margin:0;padding:32px 12px;background:#f6f7f9;color:#151b26;\
                    font:15px/1.55 Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BRAND: &str = "padding:0 4px 16px;font-size:17px;font-weight:700;letter-spacing:-.01em;color:#2f55e0";
const CARD: &str = "padding:32px;background:#ffffff;border:1px solid #e4e8ee;border-radius:8px";
const HEADING: &str = "margin:0 0 16px;font-size:20px;line-height:1.3;font-weight:650;color:#151b26";
const PARAGRAPH: &str = "margin:0 0 16px";
const BUTTON: &str = "display:inline-block;margin:4px 0 20px;padding:11px 20px;border-radius:8px;\
                      background:#2f55e0;color:#ffffff;font-weight:600;text-decoration:none";
const TABLE: &str = "width:100%;margin:0 0 20px;border-collapse:collapse;border-top:1px solid #e4e8ee";
const NAME: &str = "padding:9px 16px 9px 0;border-bottom:1px solid #e4e8ee;color:#5a6577;vertical-align:top;\
                    white-space:nowrap";
const WHAT: &str = "padding:9px 0;border-bottom:1px solid #e4e8ee;width:100%;overflow-wrap:anywhere";
const CODE: &str = "margin:0 0 20px;padding:14px;border-radius:8px;background:#f6f7f9;text-align:center;\
                    font:600 24px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.12em";
const FOOTER: &str = "padding:16px 4px 0;font-size:13px;color:#5a6577";

fn html(subject: &str, parts: &[Part], home: &str) -> String {
    let (subject, home) = (escape(subject), escape(home));
    let body = body(parts);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{subject}</title></head>\
         <body style=\"{PAGE}\"><div style=\"max-width:560px;margin:0 auto\"><div style=\"{BRAND}\">Stockade</div>\
         <div style=\"{CARD}\"><h1 style=\"{HEADING}\">{subject}</h1>{body}</div>\
         <div style=\"{FOOTER}\">Sent by Stockade, <a href=\"{home}\" style=\"color:#5a6577\">{home}</a></div>\
         </div></body></html>"
    )
}

fn body(parts: &[Part]) -> String {
    let is_fact = |part: Option<&Part>| matches!(part, Some(Part::Fact(..)));
    let mut body = String::new();
    for (at, part) in parts.iter().enumerate() {
        body += &match part {
            Part::Paragraph(words) => format!("<p style=\"{PARAGRAPH}\">{}</p>", escape(words)),
            Part::Link(link) => {
                let (url, words) = (escape(&link.url), escape(&link.words));
                format!("<a href=\"{url}\" style=\"{BUTTON}\">{words}</a>")
            }
            Part::Code(code) => format!("<p style=\"{CODE}\">{}</p>", escape(code)),
            Part::Verbatim(lines) => format!("<pre style=\"{VERBATIM}\">{}</pre>", escape(lines)),
            Part::Fact(name, what) => {
                let opens = !is_fact(at.checked_sub(1).and_then(|before| parts.get(before)));
                let closes = !is_fact(parts.get(at + 1));
                format!(
                    "{}<tr><td style=\"{NAME}\">{}</td><td style=\"{WHAT}\">{}</td></tr>{}",
                    if opens {
                        format!("<table role=\"presentation\" style=\"{TABLE}\">")
                    } else {
                        String::new()
                    },
                    escape(name),
                    escape(what),
                    if closes { "</table>" } else { "" },
                )
            }
        };
    }
    body
}

#[cfg(test)]
mod tests {
    use super::{super::letter::Letter, *};

    const HOME: &str = "https://stockade.example";

    #[test]
    fn words_never_become_markup() {
        let letter = Letter::to("ana@example.com", "a < b")
            .paragraph("<script>alert(\"1\")</script> & more")
            .link(Link::new("<here>", "https://a.example/?x=1&y=\"2\""))
            .fact("<Device>", "<img src=x>")
            .code("<12>");
        let Rendered { text, html } = render(&letter.content, 0, HOME);
        assert!(html.contains("<title>a &lt; b</title>"));
        assert!(html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more</p>"));
        assert!(html.contains("<a href=\"https://a.example/?x=1&amp;y=&quot;2&quot;\""));
        for escaped in [
            "&lt;here&gt;",
            "&lt;Device&gt;",
            "&lt;img src=x&gt;",
            "&lt;12&gt;",
        ] {
            assert!(html.contains(escaped), "{escaped}");
        }
        assert!(!html.contains("<script") && !html.contains("<img"));
        assert!(text.contains("<here>:\nhttps://a.example/?x=1&y=\"2\"\n"));
    }

    #[test]
    fn facts_stand_together_and_what_was_held_back_is_said() {
        let letter = Letter::to("ana@example.com", "New device")
            .paragraph("Hello.")
            .fact("When", "now")
            .fact("Where", "here")
            .paragraph("Bye.");
        let one = render(&letter.content, 1, HOME);
        assert_eq!(
            one.text,
            "Hello.\n\nWhen: now\nWhere: here\n\nBye.\n\nOne more mail like this one was not sent, so that your mailbox \
             is not flooded.\n\n--\nStockade\n"
        );
        assert_eq!(one.html.matches("<table").count(), 1);
        assert_eq!(one.html.matches("</table>").count(), 1);
        assert!(
            render(&letter.content, 7, HOME)
                .html
                .contains("7 more mails like this one were not sent")
        );
        assert!(!render(&letter.content, 0, HOME).text.contains("flooded"));
    }
}
