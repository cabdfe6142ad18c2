//! `GET` and `POST /api/admin/demo`: a new platform is filled with demonstration data from the browser, in development.
//! `POST /api/admin/demo/sign-ins` says once who can sign in with what.

use std::collections::BTreeMap;

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use stockade_platform::db::{DbResult, Reader};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{FEWEST_CUSTOMERS, FEWEST_DAYS, MOST_CUSTOMERS, MOST_DAYS, SignIn, Wanted, run::Standing};
use crate::{
    app::App,
    core::{change::Change, event::AuditEvent},
    features::auth,
    http::{
        error::{ApiResult, Problem},
        json::Json,
    },
    security::{access::Permission, authorisation::Guarded as _, roles::Administrator},
};

/// How much history.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FillAsk {
    /// 12 to 1,000; 100 if absent.
    customers: Option<usize>,
    /// 21 to 366; 183 if absent.
    days: Option<i64>,
    /// The same seed makes the same people do the same things; 1 if absent.
    seed: Option<u64>,
}

/// Where it stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DemoState {
    Available,
    Unavailable,
    Running,
    Done,
    Failed,
}

/// Demonstration data.
#[derive(Serialize, ToSchema)]
pub(super) struct DemoView {
    state: DemoState,
    /// Why it is unavailable, or has failed.
    why: Option<String>,
    /// How much of it was lived.
    percent: u64,
    /// The day being lived.
    #[schema(example = "2026-03-14")]
    day: Option<String>,
    /// How often what happened, once it is done.
    happened: BTreeMap<&'static str, u64>,
}

/// Who can sign in with what.
#[derive(Serialize, ToSchema)]
pub(super) struct DemoSignIns {
    items: Vec<SignIn>,
}

/// `/demo`, below `/api/admin`
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show, start).may(Permission::Administer))
        .routes(routes!(sign_ins).may(Permission::Administer))
}

/// Whether demonstration data can be filled in, and how far it has come.
#[utoipa::path(
    get, path = "/api/admin/demo", tag = "administration", operation_id = "show_demo",
    responses((status = 200, body = DemoView), (status = 403, body = Problem))
)]
async fn show(State(app): State<App>, _admin: Administrator) -> ApiResult<Answer<DemoView>> {
    Ok(Answer(view(&app).await?))
}

/// Fills a database without customers with demonstration data, in the background, in development only.
#[utoipa::path(
    post, path = "/api/admin/demo", tag = "administration", operation_id = "start_demo", request_body = FillAsk,
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 202, body = DemoView), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem))
)]
async fn start(
    State(app): State<App>,
    admin: Administrator,
    Json(ask): Json<FillAsk>,
) -> ApiResult<(StatusCode, Answer<DemoView>)> {
    let wanted = Wanted {
        seed: ask.seed.unwrap_or(1),
        customers: ask.customers.unwrap_or(100),
        days: ask.days.unwrap_or(183),
        until: app.clock.now(),
        outside_development: false,
    };
    if !(FEWEST_CUSTOMERS..=MOST_CUSTOMERS).contains(&wanted.customers)
        || !(FEWEST_DAYS..=MOST_DAYS).contains(&wanted.days)
    {
        let detail = "there can be 12 to 1,000 customers and 21 to 366 days";
        return Err(Problem::unprocessable("demo.invalid", detail).into());
    }
    let standing = view(&app).await?;
    let open = matches!(standing.state, DemoState::Available | DemoState::Failed);
    if !open {
        let why = standing.why.unwrap_or_else(|| "it has begun already".to_owned());
        return Err(Problem::conflict("demo.unavailable", why).into());
    }
    app.change(&*admin, async move |change: &mut Change<'_>| {
        let event = AuditEvent::done("demo.begun").about_nobody();
        change.commit(
            event.with(serde_json::json!({ "seed": wanted.seed, "customers": wanted.customers })),
            (),
        )
    })
    .await?;
    app.demo.begin(&app, wanted);
    Ok((StatusCode::ACCEPTED, Answer(view(&app).await?)))
}

/// Says who can sign in with what, once: afterwards only hashes are kept.
#[utoipa::path(
    post, path = "/api/admin/demo/sign-ins", tag = "administration", operation_id = "tell_demo_sign_ins",
    extensions(("x-rate-limit" = json!("desk"))),
    responses((status = 200, body = DemoSignIns), (status = 403, body = Problem), (status = 410, body = Problem))
)]
async fn sign_ins(State(app): State<App>, _admin: Administrator) -> ApiResult<Answer<DemoSignIns>> {
    match app.demo.tell_sign_ins() {
        Some(items) => Ok(Answer(DemoSignIns { items })),
        None => {
            let detail = "there is nothing to tell, or it was told already";
            Err(Problem::new(StatusCode::GONE, "demo.told", detail).into())
        }
    }
}

async fn view(app: &App) -> ApiResult<DemoView> {
    let empty = |state| DemoView {
        state,
        why: None,
        percent: 0,
        day: None,
        happened: BTreeMap::new(),
    };
    let standing = app.demo.standing();
    Ok(match standing {
        Standing::Running(progress) => DemoView {
            percent: progress.thousandths / 10,
            day: Some(progress.day).filter(|day| !day.is_empty()),
            ..empty(DemoState::Running)
        },
        Standing::Done(summary) => DemoView {
            percent: 100,
            happened: summary.happened,
            ..empty(DemoState::Done)
        },
        Standing::Failed(why) => DemoView {
            why: Some(why),
            ..empty(DemoState::Failed)
        },
        Standing::NotBegun => match obstacle(app).await? {
            Some(why) => DemoView {
                why: Some(why.to_owned()),
                ..empty(DemoState::Unavailable)
            },
            None => empty(DemoState::Available),
        },
    })
}

async fn obstacle(app: &App) -> ApiResult<Option<&'static str>> {
    if !app.config.is_development() {
        return Ok(Some("this is not for development"));
    }
    if !app.demo.can_be_filled() {
        return Ok(Some("this server was not started by `stockade serve`"));
    }
    let customers: DbResult<bool> = app
        .read(async move |reader: &mut Reader| auth::customers_exist(reader).await)
        .await;
    Ok(customers?.then_some("there are customers already"))
}
