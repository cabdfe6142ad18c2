//! What OpenAPI says of every operation's answers: refusals are problems (RFC 9457), any may come, and each answer is
//! described.

use axum::http::StatusCode;
use utoipa::openapi::{
    ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, content::Content, path::Operation,
};

/// The media type of problems.
const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";
/// Where the schema of a problem stands.
const SCHEMA: &str = "#/components/schemas/Problem";

/// Completes the answers of every operation.
pub(super) fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations: [&mut Option<Operation>; 5] = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            for (status, response) in responses.iter_mut() {
                if let RefOr::T(response) = response {
                    describe(status, response);
                    call_problems_by_their_name(response);
                }
            }
            responses
                .entry("default".to_owned())
                .or_insert_with(|| RefOr::T(any_problem()));
        }
    }
}

/// Every answer has a description (OpenAPI 3.1 §4.8.17): if need be the status in words.
fn describe(status: &str, response: &mut Response) {
    if response.description.is_empty() {
        let known: Option<StatusCode> = status.parse().ok();
        let words = known.and_then(|status| status.canonical_reason());
        response.description = words.unwrap_or("Answered").to_owned();
    }
}

fn call_problems_by_their_name(response: &mut Response) {
    if response.content.get(JSON).is_some_and(is_problem)
        && let Some(content) = response.content.shift_remove(JSON)
    {
        response.content.insert(PROBLEM.to_owned(), content);
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    match content {
        RefOr::T(content) => {
            matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location == SCHEMA)
        }
        RefOr::Ref(_) => false,
    }
}

/// What any operation may answer, such as 401, 403, 413 or 429.
fn any_problem() -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description("Refused: `code` says why, `detail` says it to people.")
        .content(PROBLEM, content)
        .build()
}
