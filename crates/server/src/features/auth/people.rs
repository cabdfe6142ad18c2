//! `GET /api/admin/users`: people by name, address, role or id, for staff who look somebody up. Roles are given on the
//! command line.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stockade_domain::roles::Role;
use stockade_platform::db::DbResult;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::store::people::{self, Found, Wanted};
use crate::{
    app::App,
    http::{
        error::{ApiResult, Problem},
        page::{Page, PageAsk},
        query::Query,
    },
    security::roles::AuditReader,
};

/// Ids at most.
const MOST_IDS: usize = 100;

/// Longest text to look for, in characters.
const LONGEST: usize = 200;

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct PeopleAsk {
    /// What their name or address holds, whatever the case.
    query: Option<String>,
    /// `customer`, `analyst`, `auditor`, `operator` or `admin`
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// Only these: up to 100 ids, with commas between them.
    ids: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
    /// People at most, up to 200; 50 if absent.
    limit: Option<u32>,
}

/// Somebody who can sign in.
#[derive(Serialize, ToSchema)]
pub(super) struct KnownPerson {
    id: Uuid,
    email: String,
    name: Option<String>,
    #[schema(value_type = String, example = "customer")]
    role: Role,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    /// When their account was frozen, if it is.
    #[schema(value_type = Option<String>, format = DateTime)]
    restricted_at: Option<Timestamp>,
}

/// People who can sign in, those who joined last first. Who was erased is not among them.
#[utoipa::path(
    get, path = "/api/admin/users", tag = "administration", params(PeopleAsk),
    responses((status = 200, body = Page<KnownPerson>), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn list(
    State(app): State<App>,
    _reader: AuditReader,
    Query(ask): Query<PeopleAsk>,
) -> ApiResult<Json<Page<KnownPerson>>> {
    let page = PageAsk {
        cursor: ask.cursor,
        limit: ask.limit,
    };
    let wanted = Wanted {
        ids: ask.ids.as_deref().map(ids).transpose()?,
        text: ask.query.map(|text| text.chars().take(LONGEST).collect()),
        role: ask.role,
        before: ask.cursor,
        rows: page.rows(),
    };
    let found: DbResult<Vec<Found>> = app
        .read(async move |reader| people::list(reader, &wanted).await)
        .await;
    let views = found?.into_iter().map(view).collect();
    Ok(Json(page.page(views, |person: &KnownPerson| person.id)))
}

fn ids(text: &str) -> ApiResult<Vec<Uuid>> {
    let wrong = || {
        let detail = "name up to 100 ids, with commas between them";
        Problem::unprocessable("users.ids_invalid", detail).field("ids", detail)
    };
    let ids: Result<Vec<Uuid>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|_| wrong())?;
    match ids.len() > MOST_IDS {
        true => Err(wrong().into()),
        false => Ok(ids),
    }
}

fn view(found: Found) -> KnownPerson {
    KnownPerson {
        id: found.id,
        email: found.email,
        name: found.name,
        role: found.role,
        joined_at: found.joined_at,
        restricted_at: found.restricted_at,
    }
}
