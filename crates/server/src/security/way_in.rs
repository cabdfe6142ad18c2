//! The way in, behind the request frame: admission, then the rate limit. They are one layer of the router, because each layer
//! of its own would copy the route behind it for every request.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{
    admission,
    rate_limit::{self, RateClass, Tally},
};
use crate::{app::App, core::actor::Origin};

/// The layer.
pub async fn enter(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let tally = request.extensions().get::<Arc<Tally>>().cloned();
    let tally = tally.unwrap_or_else(|| Arc::new(Tally::new(RateClass::Read)));
    let ip = request.extensions().get::<Origin>().and_then(|origin| origin.ip);
    request.extensions_mut().insert(app.clone());
    let counted = rate_limit::limit(&app, &tally, ip, next.run(request));
    admission::admit(&app, tally.class, ip, counted).await
}
