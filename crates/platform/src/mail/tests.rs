//! From a mail to a file and back, to a real server, and what must never get into a header.

mod smtp;

use mail_parser::MessageParser;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

const FROM: &str = "Stockade <post@stockade.example>";

fn mail() -> Mail {
    Mail {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        at: "2026-03-01T08:30:00Z".parse().unwrap(),
        to: "ana@example.com".to_owned(),
        subject: "Grüße: confirm your address – 確認".to_owned(),
        text: "Hello Ana,\n\nopen https://stockade.example/confirm?token=a=b&n=1 within 30 minutes.\n.\nFrom us: 100 % ✓\n".to_owned(),
        html: format!("<p>Hello Ana, {} <a href=\"https://stockade.example/\">open</a></p>", "ä".repeat(400)),
    }
}

fn composed(mail: &Mail) -> Result<String, MailError> {
    let bytes = compose::compose(&compose::sender(FROM)?, mail)?;
    Ok(String::from_utf8(bytes).unwrap())
}

/// The names of the top headers, in order.
fn headers(message: &str) -> Vec<String> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let names = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    names
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect()
}

const HEADERS: [&str; 7] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
];

#[tokio::test]
async fn a_mail_is_written_once_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::folder(folder.path().join("new"), FROM).unwrap();
    let Mailer::Folder(post) = &mailer else {
        panic!("not a folder")
    };
    assert!(post.mailbox().list().await.unwrap().is_empty());

    mailer.send(&mail()).await.unwrap();
    mailer.send(&mail()).await.unwrap();
    let later = Mail {
        id: Uuid::from_u128(2),
        at: "2026-03-01T08:31:00Z".parse().unwrap(),
        ..mail()
    };
    mailer.send(&later).await.unwrap();

    let found = post.mailbox().list().await.unwrap();
    assert_eq!(
        found.iter().map(|mail| mail.id).collect::<Vec<_>>(),
        [later.id, mail().id]
    );
    let expected = MailSummary {
        id: mail().id,
        to: mail().to,
        subject: mail().subject,
        at: mail().at,
        text: mail().text,
        links: vec!["https://stockade.example/confirm?token=a=b&n=1".to_owned()],
    };
    assert_eq!(found[1], expected);
}

#[tokio::test]
async fn half_written_and_foreign_files_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["notes.eml", "01900000-0000-7000-8000-000000000001.part"] {
        std::fs::write(folder.path().join(name), "To: x@y.example\r\n\r\nhalf").unwrap();
    }
    assert!(Mailbox::new(folder.path()).list().await.unwrap().is_empty());
}

#[test]
fn the_message_is_ascii_with_short_lines_and_both_parts() {
    let message = composed(&mail()).unwrap();
    assert!(message.is_ascii());
    assert!(
        message
            .split("\r\n")
            .all(|line| line.len() <= 78 && !line.contains(['\r', '\n']))
    );
    assert_eq!(
        sorted(headers(&message)),
        sorted(HEADERS.map(str::to_owned).to_vec())
    );
    assert!(message.contains("Message-ID: <01900000-0000-7000-8000-000000000001@stockade.example>\r\n"));
    assert!(message.contains("Date: Sun, 01 Mar 2026 08:30:00 +0000\r\n"));
    let parsed = MessageParser::default().parse(message.as_bytes()).unwrap();
    assert_eq!(parsed.body_html(0).unwrap(), mail().html);
    assert_eq!(
        composed(&mail()).unwrap(),
        message,
        "nothing in it is drawn by lot"
    );
}

#[test]
fn addresses_that_could_end_a_line_or_add_a_recipient_are_refused() {
    for to in [
        "ana@example.com\r\nBcc: eve@example.com",
        "ana@example.com\nBcc: eve@example.com",
        "ana@example.com, eve@example.com",
        "Ana <ana@example.com>",
        "\"a\r\nBcc: eve@example.com\"@example.com",
        "ana@example.com\0",
        "änä@example.com",
        "ana",
        "",
    ] {
        assert!(
            matches!(
                composed(&Mail {
                    to: to.to_owned(),
                    ..mail()
                }),
                Err(MailError::InvalidAddress)
            ),
            "{to:?}"
        );
    }
    for from in ["Eve\r\nBcc: x@example.com <eve@example.com>", "nobody", ""] {
        assert!(
            matches!(Mailer::folder("unused", from), Err(MailError::InvalidAddress)),
            "{from:?}"
        );
    }
}

#[test]
fn subjects_of_two_lines_are_refused() {
    for subject in [
        "Hello\r\nBcc: eve@example.com",
        "Hello\nthere",
        "a\rb",
        "a\0b",
        "a\u{85}b",
    ] {
        let result = composed(&Mail {
            subject: subject.to_owned(),
            ..mail()
        });
        assert!(matches!(result, Err(MailError::InvalidSubject)), "{subject:?}");
    }
}

#[test]
fn a_body_cannot_forge_a_part() {
    let text = format!(
        "--=_{}\r\nContent-Type: text/html\r\n\r\n<b>forged</b>",
        mail().id.simple()
    );
    let message = composed(&Mail { text, ..mail() }).unwrap();
    let parsed = MessageParser::default().parse(message.as_bytes()).unwrap();
    assert_eq!(
        (
            parsed.text_body_count(),
            parsed.html_body_count(),
            parsed.attachment_count()
        ),
        (1, 1, 0)
    );
    assert_eq!(parsed.body_html(0).unwrap(), mail().html);
}

proptest! {
    #[test]
    fn whatever_is_typed_the_headers_stay_ours(to in "\\PC{0,30}", subject in any::<String>(), text in any::<String>()) {
        for to in [to, mail().to] {
            if let Ok(message) = composed(&Mail { to, subject: subject.clone(), text: text.clone(), ..mail() }) {
                prop_assert!(message.is_ascii());
                prop_assert_eq!(sorted(headers(&message)), sorted(HEADERS.map(str::to_owned).to_vec()));
            }
        }
    }

    #[test]
    fn any_line_of_text_comes_back_as_the_subject(subject in "[^\\pC\\pZ](\\PC{0,118}[^\\pC\\pZ])?") {
        let message = composed(&Mail { subject: subject.clone(), ..mail() }).unwrap();
        let parsed = MessageParser::default().parse(message.as_bytes()).unwrap();
        let words: Vec<&str> = subject.split_whitespace().collect();
        prop_assert_eq!(parsed.subject().unwrap_or_default(), words.join(" "));
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
