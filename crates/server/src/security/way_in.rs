//! The way in, behind the request frame: admission, then the rate limit.

use std::{convert::Infallible, pin::pin, sync::Arc};

use axum::{extract::Request, response::Response};
use tower::{Service, ServiceExt as _};

use super::{
    admission,
    rate_limit::{self, RateClass, Tally},
};
use crate::{app::App, core::actor::Origin};

/// Lets a request come to its route.
pub async fn enter<S>(app: &App, mut request: Request, route: S) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let tally = request.extensions().get::<Arc<Tally>>().cloned();
    let tally = tally.unwrap_or_else(|| Arc::new(Tally::new(RateClass::Read)));
    let ip = request.extensions().get::<Origin>().and_then(|origin| origin.ip);
    request.extensions_mut().insert(app.clone());
    // Pinned where they are: a future that is handed over is copied each time, and stored once more by each that takes it.
    let answering = pin!(async {
        let Ok(response) = route.oneshot(request).await;
        response
    });
    let counted = pin!(rate_limit::limit(app, &tally, ip, answering));
    admission::admit(app, tally.class, ip, counted).await
}
