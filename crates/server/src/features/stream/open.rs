//! `GET /stream`: the handshake of a stream.

use axum::{
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::StatusCode,
    response::Response,
};

use super::{protocol::LONGEST, talk::talk};
use crate::{
    app::App,
    core::actor::SignedIn,
    http::error::{ApiResult, Problem},
};

/// What each stream reads and writes at once, in bytes: there may be very many.
const BUFFER: usize = 4 * 1024;
/// What waits to be written at most, in bytes: beyond it the stream waits for its client.
const WAITING: usize = 256 * 1024;

/// A stream of prices (RFC 6455). Say `{"action":"subscribe","symbols":["KO"]}`.
#[utoipa::path(
    get, path = "/api/v1/stream", tag = "market",
    params(("ticket" = Option<String>, Query, description = "from POST /stream/ticket, where no header can be sent")),
    responses(
        (status = 101, description = "The connection is a WebSocket from now on."),
        (status = 426, body = Problem, description = "`stream.upgrade_required`"),
        (status = 429, body = Problem, description = "`stream.too_many_connections`"),
        (status = 503, body = Problem, description = "`stream.full`"),
    )
)]
pub(super) async fn open(
    State(app): State<App>,
    user: SignedIn,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    let upgrade = upgrade.map_err(|_| {
        let detail = "this is a WebSocket: ask for an upgrade, with HTTP/1.1";
        Problem::new(StatusCode::UPGRADE_REQUIRED, "stream.upgrade_required", detail)
    })?;
    let seat = app.streams.seats.take(user.id)?;
    // Listening begins here, so that whatever ends the session after it was checked is heard.
    let notices = app.streams.hub.listen();
    Ok(upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(WAITING)
        .max_message_size(2 * LONGEST)
        .max_frame_size(2 * LONGEST)
        .on_upgrade(async move |socket| talk(app, socket, user.session, notices, seat).await))
}
