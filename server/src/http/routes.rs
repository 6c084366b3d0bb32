//! All routes on one screen.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use floorbook_shared::api::IMPORT_MAX_BYTES;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{
    MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::trace::TraceLayer;

use super::{
    error, handovers, headers, health, import, origin, people, server_state, sessions, stores,
    tablets, web,
};
use crate::state::AppState;
use crate::sync::socket;

/// Largest body of a route that does not say otherwise, in bytes.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// How long an `/api` route may take.
const API_TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long an import may take until its answer is given up; the import itself goes on.
const IMPORT_TIME_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Largest body of an import: the largest file as base64, its name and what it may create.
const IMPORT_BODY_MAX_BYTES: usize = IMPORT_MAX_BYTES.div_ceil(3) * 4 + 1024 * 1024;

/// The whole server as one service.
pub fn router(state: Arc<AppState>) -> Router {
    let api = Router::new()
        .route("/api/state", get(server_state::show))
        .route("/api/setup", post(sessions::set_up))
        .route("/api/enrol", post(tablets::enrol))
        .route("/api/sign-in", post(sessions::sign_in))
        .route("/api/sign-out", post(sessions::sign_out))
        .route("/api/invitation", post(sessions::invitation))
        .route("/api/join", post(sessions::join))
        .route("/api/people", get(people::list).post(people::add))
        .route("/api/people/{id}", patch(people::change))
        .route("/api/people/{id}/invite", post(people::invite))
        .route(
            "/api/handovers",
            get(handovers::list).post(handovers::begin),
        )
        .route("/api/handovers/{id}/end", post(handovers::end))
        .route("/api/stores", get(stores::list).post(stores::add))
        .route("/api/stores/{id}", patch(stores::change))
        .route("/api/tablets", get(tablets::list))
        .route("/api/tablets/code", post(tablets::code))
        .route("/api/tablets/{id}", patch(tablets::rename))
        .route("/api/tablets/{id}/retire", post(tablets::retire))
        .route("/api/tablets/{id}/stolen", post(tablets::stolen))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(middleware::from_fn(async |request, next| {
            limit_time(API_TIME_LIMIT, request, next).await
        }));
    let imports = Router::new()
        .route("/api/import/customers", post(import::customers))
        .layer(DefaultBodyLimit::max(IMPORT_BODY_MAX_BYTES))
        .layer(middleware::from_fn(async |request, next| {
            limit_time(IMPORT_TIME_LIMIT, request, next).await
        }));

    Router::new()
        .merge(api)
        .merge(imports)
        .route("/sync", get(socket::open))
        .route("/healthz", get(health::check))
        .fallback(web::serve)
        .method_not_allowed_fallback(async || error::method_not_allowed())
        .layer(middleware::from_fn(origin::require_own_origin))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&state),
            headers::set,
        ))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(()),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(middleware::map_request(forget_request_id))
        .with_state(state)
}

async fn limit_time(limit: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => error::too_slow().into_response(),
    }
}

/// A request's id is always ours: one from outside could put anything into the log.
async fn forget_request_id(mut request: Request) -> Request {
    request.headers_mut().remove("x-request-id");
    request
}

/// A request in the log: the pattern of its path, never the path or the query itself.
fn span(request: &Request) -> tracing::Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str);
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), route, id)
}

/// The panic's text may hold anything, so only its place (by the panic hook) gets into the log.
fn answer_panic(_panic: Box<dyn std::any::Any + Send>) -> Response {
    error::internal("a handler panicked").into_response()
}
