//! `POST /admin/corporate-actions`: an operator announces what will happen to all shares of a security.

use axum::{Json, extract::State, http::StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use stockade_domain::{
    amounts,
    corporate_actions::{Ratio, Terms},
    decimal::DecimalText,
    ids::AccountId,
    symbol::Symbol,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Action, events, halt, list::CorporateActionView, store};
use crate::{
    app::App,
    core::{change::Change, event::AuditEvent, once::Claim},
    http::error::{ApiError, ApiResult, Problem},
    security::step_up::SteppedUp,
};

/// Every instance must know of a halt before it begins.
const NOTICE: SignedDuration = SignedDuration::from_secs(60);
/// How far ahead an action may be announced.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// What happens, to which security, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnnounceCorporateAction {
    #[schema(example = "KO")]
    symbol: String,
    /// `split` or `cash_dividend`
    #[serde(rename = "type")]
    kind: String,
    /// At least a minute ahead. Trading in a security that splits stands still from here until all holders have theirs.
    #[schema(value_type = String, format = DateTime)]
    effective_at: Timestamp,
    /// Of a split: so many new shares …
    new_shares: Option<u32>,
    /// … for so many old ones.
    old_shares: Option<u32>,
    /// Of a split: what one new share is worth, to pay out fractions of a share. Without it holders keep them.
    #[schema(value_type = Option<String>)]
    cash_in_lieu_price: Option<DecimalText>,
    /// Of a dividend.
    #[schema(value_type = Option<String>, example = "0.485")]
    amount_per_share: Option<DecimalText>,
}

/// Announces a split or a cash dividend. A security has one of each kind a day; with an `Idempotency-Key`, a repeated request
/// is answered with the action that the first one made.
#[utoipa::path(
    post, path = "/api/v1/admin/corporate-actions", tag = "administration", request_body = AnnounceCorporateAction,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 201, body = CorporateActionView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn announce(
    State(app): State<App>,
    SteppedUp { user, ask }: SteppedUp<AnnounceCorporateAction>,
) -> ApiResult<(StatusCode, Json<CorporateActionView>)> {
    let (symbol, terms) = (listed(&app, &ask.symbol)?, terms(&ask)?);
    let action = app
        .change(&user.idempotent(), async move |change: &mut Change<'_>| {
            let id = match change.claim() {
                Claim::New(id) => id,
                Claim::Done(id) => {
                    let made = store::one(change, id).await?;
                    return change.commit(AuditEvent::replayed(id), made);
                }
            };
            let action = Action {
                id,
                symbol,
                terms,
                effective_at: checked_instant(change.now(), ask.effective_at)?,
                status: "announced".to_owned(),
                announced_at: change.now(),
                applied_at: None,
                cursor: AccountId::from_uuid(Uuid::nil()),
            };
            if !store::insert(change, &action).await? {
                return Err(announced_before(&action).into());
            }
            let event = events::announced(&action);
            change.commit(event, action)
        })
        .await?;
    halt::follow_announcements(&app).await?;
    Ok((StatusCode::CREATED, Json(CorporateActionView::of(&action, 0))))
}

fn listed(app: &App, symbol: &str) -> ApiResult<Symbol> {
    let symbol: Symbol = symbol.parse().map_err(|why| ApiError::refusal(&why))?;
    match app.market.asset(&symbol) {
        Some(asset) if asset.tradable => Ok(symbol),
        _ => {
            let detail = format!("there is no security {symbol}");
            Err(Problem::unprocessable("asset.unknown", &*detail)
                .field("symbol", detail)
                .into())
        }
    }
}

fn terms(ask: &AnnounceCorporateAction) -> ApiResult<Terms> {
    let price = |field, text: &Option<DecimalText>| {
        let text = text.as_ref().map(DecimalText::as_str);
        text.map(|text| amounts::price(field, text)).transpose()
    };
    let cash_in_lieu = price("cash_in_lieu_price", &ask.cash_in_lieu_price)?;
    let per_share = price("amount_per_share", &ask.amount_per_share)?;
    match (ask.kind.as_str(), ask.new_shares, ask.old_shares, per_share) {
        ("split", Some(new), Some(old), None) => {
            let ratio = Ratio::new(new, old).map_err(|why| ApiError::refusal(&why))?;
            Ok(Terms::Split { ratio, cash_in_lieu })
        }
        ("cash_dividend", None, None, Some(per_share)) if cash_in_lieu.is_none() => {
            Ok(Terms::CashDividend { per_share })
        }
        _ => {
            let detail =
                "a split has new_shares and old_shares, a cash_dividend amount_per_share, and nothing else";
            Err(Problem::unprocessable("corporate_action.terms", detail)
                .field("type", detail)
                .into())
        }
    }
}

fn checked_instant(now: Timestamp, at: Timestamp) -> ApiResult<Timestamp> {
    if (now + NOTICE..=now + AHEAD).contains(&at) {
        return Ok(at);
    }
    let detail = "an action takes effect a minute to a year from now";
    Err(Problem::unprocessable("corporate_action.instant", detail)
        .field("effective_at", detail)
        .into())
}

fn announced_before(action: &Action) -> Problem {
    let detail = format!(
        "a {} of {} with the ex-date {} is announced already; GET /api/v1/admin/corporate-actions lists it",
        store::kind(&action.terms),
        action.symbol,
        action.ex_date(),
    );
    Problem::conflict("corporate_action.announced", detail)
}
