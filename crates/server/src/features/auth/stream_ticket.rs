//! `POST /stream/ticket`: what opens one stream within a minute, for pages that can send no header with a WebSocket's
//! handshake. It may stand in an address, and so in somebody's log, because by then it is used up.
//!
//! Only its hash is stored. Issuing one is no effect on anything, so it is not on record; the session it stands for is.

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use stockade_platform::db::{DbResult, Tx};
use utoipa::ToSchema;

use super::{
    opaque::{self, OpaqueToken},
    store::{
        sessions,
        stream_tickets::{self as store, Ticket},
    },
};
use crate::{
    app::App,
    core::{
        actor::{Origin, SignedIn},
        bookkeeping::bookkeep,
    },
    http::error::{ApiResult, Problem},
};

/// How long a ticket may wait.
const LIFE: SignedDuration = SignedDuration::from_secs(60);

/// What opens one stream.
#[derive(Serialize, ToSchema)]
pub(super) struct StreamTicket {
    /// Goes into the address: `/api/v1/stream?ticket=…`.
    ticket: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A ticket that opens one stream of prices within a minute.
#[utoipa::path(
    post, path = "/api/v1/stream/ticket", tag = "market",
    extensions(("x-rate-limit" = json!("write"))),
    responses((status = 201, body = StreamTicket), (status = 401, body = Problem))
)]
pub(super) async fn create(
    State(app): State<App>,
    user: SignedIn,
) -> ApiResult<(StatusCode, Answer<StreamTicket>)> {
    let token = OpaqueToken::new();
    let expires_at = app.clock.now() + LIFE;
    let ticket = Ticket {
        user: user.id,
        session: user.session,
        amr: user.amr.join(" "),
        auth_time: user.auth_time,
    };
    let hash = token.hash();
    bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::insert(tx, hash, &ticket, expires_at).await
    })
    .await?;
    let ticket = token.as_str().to_owned();
    Ok((StatusCode::CREATED, Answer(StreamTicket { ticket, expires_at })))
}

/// Who a ticket stands for, once.
///
/// # Errors
/// 401 `stream.ticket_invalid` for one that is unknown, used or too old; `token.revoked` when its session has ended.
pub async fn redeem_stream_ticket(app: &App, ticket: &str, origin: Origin) -> ApiResult<SignedIn> {
    let (hash, now) = (opaque::hash(ticket), app.clock.now());
    let taken = bookkeep(&app.core.db, async move |tx: &mut Tx| {
        store::take(tx, hash, now).await
    })
    .await?;
    let Some(ticket) = taken else {
        let detail =
            "this ticket is unknown, used or older than a minute; POST /api/v1/stream/ticket gives a new one";
        return Err(Problem::unauthorized("stream.ticket_invalid", detail).into());
    };
    let (user, session) = (ticket.user, ticket.session);
    let holder: DbResult<_> = app
        .read(async move |reader| sessions::holder(reader, user, session).await)
        .await;
    let Some(holder) = holder?.filter(|holder| !holder.ended) else {
        return Err(super::authenticate::revoked());
    };
    let amr: Vec<String> = ticket.amr.split_whitespace().map(str::to_owned).collect();
    Ok(SignedIn {
        id: holder.user,
        session,
        api_key: None,
        role: holder.role,
        restricted: holder.restricted,
        email: holder.email.into(),
        name: holder.name.map(Into::into),
        device: holder.device,
        amr: amr.into(),
        auth_time: ticket.auth_time,
        origin,
    })
}
