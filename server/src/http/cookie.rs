//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::access::code::SESSION_DAYS;

/// Name of the cookie. The prefix makes browsers insist on `Secure`, on this host and on `/`;
/// they accept that on loopback without TLS too.
pub const NAME: &str = "__Host-floorbook_session";

const ATTRIBUTES: &str = "HttpOnly; Secure; SameSite=Strict; Path=/";

/// The session token of a request.
pub fn read(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

/// Sets the session of a browser.
pub fn set(token: &str) -> Option<HeaderValue> {
    let max_age = SESSION_DAYS * 24 * 60 * 60;
    let text = format!("{NAME}={token}; {ATTRIBUTES}; Max-Age={max_age}");
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Takes the session from a browser.
pub fn clear() -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{NAME}=; {ATTRIBUTES}; Max-Age=0")).ok()
}
