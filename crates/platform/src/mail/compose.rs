//! Turns a mail into the bytes of RFC 5322 and MIME: UTF-8, both parts quoted-printable.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Address,
    message::{
        Mailbox, Message, MultiPart, MultiPartKind, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};

use super::{Mail, MailError};

/// The whole message, headers first, lines ended by CRLF.
pub(super) fn compose(from: &Mailbox, mail: &Mail) -> Result<Vec<u8>, MailError> {
    if mail.subject.chars().any(char::is_control) {
        return Err(MailError::InvalidSubject);
    }
    // Runs of blanks do not survive the folding of encoded words (RFC 2047 §6.2), single ones do.
    let subject = mail.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(subject)
        .date(SystemTime::from(mail.at.max(Timestamp::UNIX_EPOCH)))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .multipart(
            // Quoted-printable writes every `=` as `=3D`, so no body can contain this boundary.
            MultiPart::builder()
                .kind(MultiPartKind::Alternative)
                .boundary(format!("=_{}", mail.id.simple()))
                .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
                .singlepart(part(ContentType::TEXT_HTML, &mail.html)),
        )
        .map_err(|_| MailError::InvalidAddress)?;
    Ok(message.formatted())
}

/// The sender, with or without a name.
pub(super) fn sender(text: &str) -> Result<Mailbox, MailError> {
    let sender: Mailbox = text.parse().map_err(|_| MailError::InvalidAddress)?;
    if sender.name.iter().any(|name| name.chars().any(char::is_control)) {
        return Err(MailError::InvalidAddress);
    }
    address(sender.email.as_ref())?;
    Ok(sender)
}

/// A bare address that may stand in a header.
pub(super) fn address(text: &str) -> Result<Address, MailError> {
    // A header holds ASCII; whatever ends a line or hides in one has no place in an address.
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(MailError::InvalidAddress);
    }
    text.parse().map_err(|_| MailError::InvalidAddress)
}

fn part(kind: ContentType, body: &str) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(body.to_owned())
}
