//! Protection from requests that other websites forge.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error;
use crate::database::model::Denial;
use crate::state::AppState;

/// Lets a request that may change something through only from our own pages, and only with JSON,
/// which forms of other websites can't send, and a WebSocket only from our own pages, since
/// browsers let any page open one. `SameSite=Strict` stands behind this, but another port of the
/// same machine counts as the same site.
pub async fn require_own_origin(
    State(state): State<Arc<AppState>>,
    request: Request,
    next: Next,
) -> Response {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let opens_socket = request.headers().contains_key(header::UPGRADE);
    if is_reading && !opens_socket {
        return next.run(request).await;
    }
    if !is_own_origin(request.headers(), request.uri()) {
        state.note_refusal(None, None, Denial::ForeignOrigin).await;
        return error::foreign_origin().into_response();
    }
    if is_reading {
        return next.run(request).await;
    }
    let is_json = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return error::not_json().into_response();
    }
    next.run(request).await
}

/// Where browsers say how the page that sends a request is related to us.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the `Origin` of a request, if it has one, is the host that it asks for, and its browser
/// does not call it another site's.
fn is_own_origin(headers: &HeaderMap, uri: &Uri) -> bool {
    let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| uri.authority().map(|authority| authority.as_str()));
    let (Ok(origin), Some(host)) = (origin.to_str(), host) else {
        return false;
    };
    origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))
        .is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}
