//! What goes wrong, in two kinds: refusals are values with a stable code that the client sees; faults are logged
//! once and shown as "internal error". Both leave as `application/problem+json` (RFC 9457).

use std::num::NonZeroU32;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use stockade_domain::{
    amounts::NumberRefused,
    ledger::PostingError,
    money::AmountError,
    orders::{IllegalMove, InvalidClientOrderId, OrderRefused},
    refusal::{Refusal, RefusalClass},
    transfers::IllegalTransferMove,
};
use stockade_platform::db::DbError;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::core::event::AuditEvent;

/// Result of a handler or of anything that may refuse.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why there is no answer.
#[derive(Debug)]
pub enum ApiError {
    /// The client is told why.
    Refused(Box<Problem>),
    /// The database failed.
    Database(DbError),
    /// Something that should not happen did.
    Fault(String),
}

/// A refusal, as the client sees it (RFC 9457 §3.1). The request's id is added on the way out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; `about:blank` but for quotas that are used up, since `code` is what to switch on.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "about:blank")]
    kind: Kind,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// One sentence for a person.
    pub detail: String,
    /// Stable name of this refusal, such as `order.not_enough_cash`.
    pub code: &'static str,
    /// Fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The operation that wants a step-up first; goes to `/auth/step-up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    operation: Option<Box<str>>,
    /// Ways to step up; any one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    methods: Option<Box<[&'static str]>>,
    /// Quotas that are used up (draft-ietf-httpapi-ratelimit-headers-11 §5.1).
    #[serde(rename = "violated-policies", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    violated_policies: Option<Box<[String; 1]>>,
    /// The request this answers; also in the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
    /// Seconds after which it is worth trying again; sent as `Retry-After`.
    #[serde(skip)]
    retry_after: Option<NonZeroU32>,
    /// What the log says of it, if not just that a request was refused.
    #[serde(skip)]
    pub(crate) event: Option<Box<AuditEvent>>,
}

/// The `type` of a problem.
#[derive(Clone, Copy, Debug, Serialize)]
enum Kind {
    /// All is told by `code` (RFC 9457 §4.2.1).
    #[serde(rename = "about:blank")]
    AboutBlank,
    #[serde(rename = "https://iana.org/assignments/http-problem-types#quota-exceeded")]
    QuotaExceeded,
}

/// One field at fault.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field in the request.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
    /// Stable name of what is wrong, where several fields may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

macro_rules! statuses {
    ($($name:ident = $status:ident: $about:literal,)+) => {$(
        #[doc = $about]
        pub fn $name(code: &'static str, detail: impl Into<String>) -> Self {
            Self::new(StatusCode::$status, code, detail)
        }
    )+};
}

impl Problem {
    statuses! {
        bad_request = BAD_REQUEST: "400: the request cannot be read.",
        unauthorized = UNAUTHORIZED: "401: who asks is not established.",
        forbidden = FORBIDDEN: "403: who asks may not do this.",
        not_found = NOT_FOUND: "404: there is no such thing, or it is not yours.",
        conflict = CONFLICT: "409: the present state does not allow it.",
        unprocessable = UNPROCESSABLE_ENTITY: "422: the request can be read, but not carried out.",
    }

    /// A refusal with any status.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: Kind::AboutBlank,
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            errors: Vec::new(),
            operation: None,
            methods: None,
            violated_policies: None,
            request_id: None,
            retry_after: None,
            event: None,
        }
    }

    /// 503: try again after so many seconds.
    pub fn unavailable(code: &'static str, detail: impl Into<String>, seconds: u32) -> Self {
        Self {
            retry_after: NonZeroU32::new(seconds),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
        }
    }

    /// Completed with the request's id.
    pub fn for_request(mut self, id: Uuid) -> Self {
        self.request_id = Some(id);
        self
    }

    /// Says after how many seconds it is worth trying again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = NonZeroU32::new(seconds);
        self
    }

    /// Names the quota that is used up.
    pub fn violates(mut self, policy: String) -> Self {
        self.kind = Kind::QuotaExceeded;
        self.violated_policies = Some(Box::new([policy]));
        self
    }

    /// Says which operation wants a step-up, and how.
    pub fn step_up(mut self, operation: &str, methods: Vec<&'static str>) -> Self {
        self.operation = Some(operation.into());
        self.methods = Some(methods.into());
        self
    }

    /// Goes on record as this event rather than as `request.refused`.
    pub fn on_record(mut self, event: AuditEvent) -> Self {
        self.event = Some(Box::new(event));
        self
    }

    /// Names the fields at fault.
    pub fn fields(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// Names a field at fault.
    pub fn field(mut self, field: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError {
            field: field.into(),
            detail: detail.into(),
            code: None,
        });
        self
    }
}

impl FieldError {
    /// What the domain says of a field.
    pub fn of(refusal: &impl Refusal) -> Self {
        Self {
            field: refusal.field().unwrap_or_default().to_owned(),
            detail: refusal.to_string(),
            code: Some(refusal.code()),
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// Refusals of the domain that handlers and units meet with `?`.
macro_rules! refusals {
    ($($refusal:ty),+ $(,)?) => {$(
        impl From<$refusal> for ApiError {
            fn from(refusal: $refusal) -> Self {
                Self::refusal(&refusal)
            }
        }
    )+};
}
refusals!(
    AmountError,
    IllegalMove,
    IllegalTransferMove,
    InvalidClientOrderId,
    NumberRefused,
    OrderRefused,
    PostingError
);

impl ApiError {
    /// Any refusal of the domain.
    pub fn refusal(refusal: &impl Refusal) -> Self {
        match refusal.class() {
            RefusalClass::Fault => Self::Fault(refusal.to_string()),
            class => {
                let status = match class {
                    RefusalClass::Conflict => StatusCode::CONFLICT,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                let problem = Problem::new(status, refusal.code(), refusal.to_string());
                match refusal.field() {
                    Some(field) => problem.field(field, refusal.to_string()).into(),
                    None => problem.into(),
                }
            }
        }
    }

    fn problem(self) -> Problem {
        match self {
            Self::Refused(problem) => *problem,
            Self::Database(DbError::Unavailable(text) | DbError::Serialization(text)) => {
                tracing::warn!(error = %text, "the database is unavailable");
                Problem::unavailable(
                    "service.unavailable",
                    "try again in a moment; nothing was changed",
                    1,
                )
            }
            Self::Database(DbError::OutcomeUnknown(text)) => {
                tracing::error!(error = %text, "the outcome of a commit is unknown");
                Problem::unavailable(
                    "service.outcome_unknown",
                    "whether the database kept this is not known; repeat the request with the same Idempotency-Key",
                    1,
                )
            }
            Self::Database(error) => internal(&error),
            Self::Fault(text) => internal(&text),
        }
    }
}

fn internal(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a request failed");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "internal error")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, serde_json::to_vec(&self).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §11.6.1: a 401 says how to authenticate.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.get().into());
        }
        // The request frame adds the request's id to the body; it finds the problem here.
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}
