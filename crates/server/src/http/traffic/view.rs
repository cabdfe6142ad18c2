//! `GET /api/admin/security/dashboard/api-security`: rate limits that were exceeded, failed authentications, invalid tokens,
//! and the endpoints that are watched, as this instance counted them since it started.

use std::sync::atomic::Ordering::Relaxed;

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Endpoint, HOURS, Hour, Traffic, hour_of, lock};
use crate::{
    app::App,
    http::error::Problem,
    security::{
        access::Permission,
        authorisation::Guarded as _,
        rate_limit::{RateClass, Scope},
        roles::AuditReader,
    },
};

/// Rows of addresses.
const MOST: usize = 100;

/// Of the operations desk: `/dashboard/api-security`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show).may(Permission::ReadDesk))
}

/// The state of the API's defences on this instance.
#[derive(Serialize, ToSchema)]
struct ApiSecurity {
    /// Since when this instance counts.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Quotas that were exceeded, by class of route and by whom the quota tells apart.
    rate_limits: Vec<ExceededView>,
    /// Who exceeded quotas most; 100 at most. Of IPv6, networks of 64 bits.
    addresses: Vec<AddressView>,
    /// Requests refused with 401, but for tokens, by code.
    failed_authentications: Vec<CodeView>,
    /// Requests refused for their token, by what was wrong with it.
    invalid_tokens: Vec<CodeView>,
    /// The last 24 hours, oldest first. An hour before this instance started has no numbers.
    hours: Vec<HourView>,
    /// Every endpoint of the API, and `*` for everything else.
    endpoints: Vec<EndpointView>,
}

#[derive(Serialize, ToSchema)]
struct ExceededView {
    class: RateClass,
    scope: Scope,
    count: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ExceedingAddress)]
struct AddressView {
    class: RateClass,
    address: String,
    count: u64,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

/// How often requests were refused with one code.
#[derive(Serialize, ToSchema)]
struct CodeView {
    #[schema(example = "token.expired")]
    code: &'static str,
    count: u64,
}

/// One hour.
#[derive(Serialize, ToSchema)]
struct HourView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    rate_limited: Option<u64>,
    failed_authentications: Option<u64>,
    invalid_tokens: Option<u64>,
}

/// One endpoint.
#[derive(Serialize, ToSchema)]
struct EndpointView {
    method: &'static str,
    path: String,
    class: RateClass,
    served: u64,
    /// Rate limits included.
    refused: u64,
    rate_limited: u64,
    failed: u64,
}

#[utoipa::path(
    get, path = "/api/admin/security/dashboard/api-security", tag = "operations desk",
    responses((status = 200, body = ApiSecurity), (status = 403, body = Problem))
)]
async fn show(State(app): State<App>, _reader: AuditReader) -> Answer<ApiSecurity> {
    Answer(view(&app.traffic, app.clock.now()))
}

fn view(traffic: &Traffic, now: Timestamp) -> ApiSecurity {
    let (invalid_tokens, failed_authentications) = unauthorized(traffic)
        .into_iter()
        .partition(|row| row.code.starts_with("token."));
    let offenders = lock(&traffic.offenders).most(MOST);
    ApiSecurity {
        since: traffic.since,
        rate_limits: exceeded(traffic),
        addresses: offenders
            .into_iter()
            .map(|one| AddressView {
                class: one.class,
                address: one.address.to_string(),
                count: one.count,
                last_at: one.last_at,
            })
            .collect(),
        failed_authentications,
        invalid_tokens,
        hours: hours(traffic, now),
        endpoints: traffic.endpoints.all().into_iter().map(endpoint).collect(),
    }
}

fn unauthorized(traffic: &Traffic) -> Vec<CodeView> {
    let codes = lock(&traffic.codes);
    let of_401 = codes.iter().filter(|(_, refusals)| refusals.status == 401);
    of_401
        .map(|(&code, refusals)| CodeView {
            code,
            count: refusals.count,
        })
        .collect()
}

fn exceeded(traffic: &Traffic) -> Vec<ExceededView> {
    let rows = RateClass::ALL.iter().flat_map(|class| {
        [Scope::Address, Scope::Account, Scope::Global].map(|scope| ExceededView {
            class: *class,
            scope,
            count: traffic.exceeded[*class as usize][scope as usize].load(Relaxed),
        })
    });
    rows.filter(|row| row.count > 0).collect()
}

fn hours(traffic: &Traffic, now: Timestamp) -> Vec<HourView> {
    let (first, last) = (hour_of(traffic.since), hour_of(now));
    let counted = *lock(&traffic.hours);
    let view = |number: i64| {
        let found = counted[number.rem_euclid(HOURS as i64) as usize];
        let hour = match found.number == number {
            true => found,
            false => Hour::default(),
        };
        let known = |count: u64| (number >= first).then_some(count);
        HourView {
            at: Timestamp::from_second(number * 3_600).unwrap_or(Timestamp::MIN),
            rate_limited: known(hour.rate_limited),
            failed_authentications: known(hour.failed_authentications),
            invalid_tokens: known(hour.invalid_tokens),
        }
    };
    (last - HOURS as i64 + 1..=last).map(view).collect()
}

fn endpoint(endpoint: &Endpoint) -> EndpointView {
    EndpointView {
        method: endpoint.method,
        path: endpoint.path.clone(),
        class: endpoint.class,
        served: endpoint.served.load(Relaxed),
        refused: endpoint.refused.load(Relaxed),
        rate_limited: endpoint.limited.load(Relaxed),
        failed: endpoint.failed.load(Relaxed),
    }
}
