//! The edge of each route: the request frame, then cross-origin rules if sites are listed, then admission and the rate limit.
//!
//! A service of our own rather than a layer of axum's for each: between two of those, the route behind them is copied and
//! boxed anew for every request, which took a twentieth of what an authenticated read costs.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use axum::{extract::Request, response::Response};
use futures_util::future::BoxFuture;
use tower::{Layer, Service, ServiceExt as _, service_fn};
use tower_http::cors::CorsLayer;

use super::{cors, frame::frame};
use crate::{app::App, security::way_in::enter};

/// Puts routes behind the edge.
#[derive(Clone)]
pub struct Edge {
    app: App,
    cors: Option<CorsLayer>,
}

impl Edge {
    /// As the settings say.
    pub fn new(app: App) -> Self {
        let cors = cors::layer(&app.config.server);
        Self { app, cors }
    }
}

impl<S> Layer<S> for Edge {
    type Service = Behind<S>;

    fn layer(&self, route: S) -> Behind<S> {
        let edge = self.clone();
        Behind { edge, route }
    }
}

/// A route behind the edge.
#[derive(Clone)]
pub struct Behind<S> {
    edge: Edge,
    route: S,
}

impl<S> Service<Request> for Behind<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.route.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The one that is ready goes, its copy stays.
        let behind = self.clone();
        let Self { edge, route } = std::mem::replace(self, behind);
        Box::pin(async move {
            let Edge { app, cors } = edge;
            let way_in = |request| async {
                match cors {
                    None => enter(&app, request, route).await,
                    Some(cors) => cross_origin(&app, cors, request, route).await,
                }
            };
            Ok(frame(&app, request, way_in).await)
        })
    }
}

/// Preflights are answered here; what else comes is told who may read its answer.
async fn cross_origin<S>(app: &App, cors: CorsLayer, request: Request, route: S) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    let way_in = service_fn(move |request| {
        let route = route.clone();
        async move { Ok::<_, Infallible>(enter(app, request, route).await) }
    });
    let Ok(response) = cors.layer(way_in).oneshot(request).await;
    response
}
