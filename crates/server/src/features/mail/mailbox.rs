//! `GET /dev/mailbox`: in development, the mails that would have gone out. As a page for people (the
//! web UI's, where it was built), as JSON for programs. Mails hold tokens, so only who sits at the machine sees them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use stockade_platform::mail::{MailSummary, Mailer};

use crate::{
    app::App,
    http::{
        error::{ApiError, ApiResult, Problem},
        nearby::Nearby,
        web_page::{self, escape},
        web_ui,
    },
};

#[derive(Serialize)]
struct Mails {
    items: Vec<MailSummary>,
}

pub(super) async fn show(_: Nearby, State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    let Some(Mailer::Folder(folder)) = &app.mailer else {
        let detail = "the mailbox exists in development only, without a mail server";
        return Err(Problem::not_found("route.unknown", detail).into());
    };
    if let Some(page) = web_ui::page(&headers) {
        return Ok(page);
    }
    let mails = folder.mailbox().list().await;
    let items = mails.map_err(|error| ApiError::Fault(format!("the mail folder cannot be read: {error}")))?;
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    if accepted.contains("application/json") {
        return Ok(Json(Mails { items }).into_response());
    }
    Ok(web_page::respond("Mailbox", &page(&items)))
}

fn page(mails: &[MailSummary]) -> String {
    if mails.is_empty() {
        return "<h1>Mailbox</h1><p>No mail yet. What Stockade sends in development appears here.</p>"
            .to_owned();
    }
    format!(
        "<h1>Mailbox</h1>{}",
        mails.iter().map(article).collect::<String>()
    )
}

fn article(mail: &MailSummary) -> String {
    let link = |link: &String| format!("<li><a href=\"{0}\">{0}</a></li>", escape(link));
    let links: String = mail.links.iter().map(link).collect();
    format!(
        "<article><h2>{}</h2><p>To {}, <time>{}</time></p><pre>{}</pre><ul>{links}</ul></article>",
        escape(&mail.subject),
        escape(&mail.to),
        mail.at,
        escape(&mail.text),
    )
}
