//! All routes on one screen: the one table of what the server answers and to whom. The router is made
//! from it, and so is the test of every route against every role.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use floorbook_shared::access::Action;
use floorbook_shared::api::IMPORT_MAX_BYTES;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{
    MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::trace::TraceLayer;

use super::rule::{self, Who};
use super::{
    error, handovers, headers, health, import, lookup, origin, people, rescue, server_state,
    sessions, stores, tablets, web,
};
use crate::state::AppState;
use crate::sync::socket;

/// Largest body of a route that does not say otherwise, in bytes.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// How long a route may take until its answer is given up.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long a file may take until the answer is given up; the work itself goes on.
const FILE_TIME_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Largest body with a file: the largest file as base64, its name and what it may create.
const FILE_BODY_MAX_BYTES: usize = IMPORT_MAX_BYTES.div_ceil(3) * 4 + 1024 * 1024;

/// One route: a method and a path, who may use it, and what answers.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method; a GET takes HEAD as well.
    pub method: Method,
    /// The path, with `{id}` where it names something.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// Largest body, in bytes.
    pub body_max_bytes: usize,
    time_limit: Duration,
    handler: MethodRouter<State>,
}

/// All routes. What is not here is the web app, which anyone may read.
pub fn all() -> Vec<Route> {
    use Action::{HandOver, ManagePeople, ManageStores, ManageTablets, RetireTablet};
    use Who::{Anyone, Enrolled, May, MayAt, MayIn, Person, Tablet};
    vec![
        get("/healthz", Anyone, health::check),
        // Who it is and what they may see is told and judged in the conversation.
        get("/sync", Anyone, socket::open),
        get("/api/state", Anyone, server_state::show),
        // These two have a one-time code in the body.
        post("/api/setup", Anyone, sessions::set_up),
        post("/api/enrol", Anyone, tablets::enrol),
        post("/api/sign-in", Tablet, sessions::sign_in),
        post("/api/invitation", Tablet, sessions::invitation),
        post("/api/join", Tablet, sessions::join),
        post("/api/sign-out", Person, sessions::sign_out),
        get("/api/people", May(ManagePeople), people::list),
        post("/api/people", May(ManagePeople), people::add),
        patch("/api/people/{id}", May(ManagePeople), people::change),
        post("/api/people/{id}/invite", May(ManagePeople), people::invite),
        get("/api/stores", May(ManageStores), stores::list),
        post("/api/stores", May(ManageStores), stores::add),
        // Name and time zone: administrators alone, which the handler asks.
        patch(
            "/api/stores/{id}",
            MayAt(Action::ChangeSettings),
            stores::change,
        ),
        get("/api/tablets", May(RetireTablet), tablets::list),
        post("/api/tablets/code", May(ManageTablets), tablets::code),
        patch("/api/tablets/{id}", May(ManageTablets), tablets::rename),
        post(
            "/api/tablets/{id}/retire",
            May(RetireTablet),
            tablets::retire,
        ),
        post(
            "/api/tablets/{id}/stolen",
            May(ManageTablets),
            tablets::stolen,
        ),
        post(
            "/api/tablets/{id}/holdings",
            May(ManageTablets),
            tablets::holdings,
        ),
        post("/api/emptied", Enrolled, tablets::emptied),
        get("/api/handovers", MayIn(HandOver), handovers::list),
        post("/api/handovers", MayIn(HandOver), handovers::begin),
        post("/api/handovers/{id}/end", MayIn(HandOver), handovers::end),
        post("/api/lookup", MayIn(Action::LookUp), lookup::look_up),
        post("/api/rescue", May(ManageTablets), rescue::rescue).for_files(),
        post(
            "/api/import/customers",
            May(Action::Import),
            import::customers,
        )
        .for_files(),
    ]
}

fn get<T: 'static>(path: &'static str, who: Who, handler: impl Handler<T, State>) -> Route {
    Route::new(Method::GET, MethodFilter::GET, path, who, handler)
}

fn post<T: 'static>(path: &'static str, who: Who, handler: impl Handler<T, State>) -> Route {
    Route::new(Method::POST, MethodFilter::POST, path, who, handler)
}

fn patch<T: 'static>(path: &'static str, who: Who, handler: impl Handler<T, State>) -> Route {
    Route::new(Method::PATCH, MethodFilter::PATCH, path, who, handler)
}

type State = Arc<AppState>;

impl Route {
    fn new<T: 'static>(
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        who: Who,
        handler: impl Handler<T, State>,
    ) -> Self {
        Self {
            method,
            path,
            who,
            body_max_bytes: BODY_MAX_BYTES,
            time_limit: TIME_LIMIT,
            handler: on(filter, handler),
        }
    }

    /// It takes a whole file, and the time that takes.
    fn for_files(self) -> Self {
        Self {
            body_max_bytes: FILE_BODY_MAX_BYTES,
            time_limit: FILE_TIME_LIMIT,
            ..self
        }
    }

    /// It is given up after this time.
    pub fn within(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// What answers, behind the rule and the limits.
    fn guarded(self, state: &State) -> MethodRouter<State> {
        let time_limit = self.time_limit;
        let rule = middleware::from_fn_with_state((Arc::clone(state), self.who), rule::admit);
        self.handler
            .route_layer(rule)
            .route_layer(DefaultBodyLimit::max(self.body_max_bytes))
            .route_layer(middleware::from_fn(move |request, next| {
                limit_time(time_limit, request, next)
            }))
    }
}

/// The whole server as one service.
pub fn router(state: Arc<AppState>) -> Router {
    router_of(all(), state)
}

/// The same, of these routes.
pub fn router_of(routes: Vec<Route>, state: Arc<AppState>) -> Router {
    routes
        .into_iter()
        .fold(Router::new(), |router, route| {
            router.route(route.path, route.guarded(&state))
        })
        .fallback(web::serve)
        .method_not_allowed_fallback(async || error::method_not_allowed())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&state),
            origin::require_own_origin,
        ))
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
