//! Where a request comes from, also behind a reverse proxy.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::error::HttpError;
use crate::state::AppState;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: HeaderName = axum::http::header::FORWARDED;

/// Proxies in a row that are looked through at most.
const PROXIES_MAX: usize = 10;

/// Where a request comes from.
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Arc<AppState>> for ClientAddress {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, HttpError> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = info.map_or(Ipv4Addr::UNSPECIFIED.into(), |info| info.0.ip());
        Ok(Self(client(peer, &parts.headers, &state.trusted_proxies)))
    }
}

/// The last address before the trusted proxies. What a stranger wrote into the headers stands
/// further left and is never reached.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: IpAddr| {
        let address = address.to_canonical();
        trusted.iter().any(|proxy| proxy.to_canonical() == address)
    };
    let mut address = peer.to_canonical();
    let mut told = forwarded(headers).into_iter().rev();
    for _ in 0..PROXIES_MAX {
        if !is_trusted(address) {
            return address;
        }
        match told.next() {
            Some(Some(before)) => address = before.to_canonical(),
            // The proxy tells nothing, or nothing that can be understood.
            Some(None) | None => return address,
        }
    }
    address
}

/// The addresses that the headers tell, the client's first.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = |name: &HeaderName| -> Vec<String> {
        let values = headers.get_all(name).iter();
        let texts = values.map(|value| value.to_str().unwrap_or("unknown"));
        texts
            .flat_map(|text| text.split(','))
            .map(|part| part.trim().to_owned())
            .collect()
    };
    let plain = values(&X_FORWARDED_FOR);
    if plain.is_empty() {
        let pairs = values(&FORWARDED);
        return pairs.iter().map(|element| for_of(element)).collect();
    }
    plain.iter().map(|text| address_of(text)).collect()
}

/// What stands behind `for=` in an element of `Forwarded`.
fn for_of(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    named.next().and_then(|(_, value)| address_of(value))
}

/// An address as proxies write it: plain, quoted, in brackets, with a port.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, headers: &[(&'static str, &str)], trusted: &[&str]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &map, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let forged = [("x-forwarded-for", "1.2.3.4")];
        assert_eq!(seen("9.9.9.9", &forged, &[]), "9.9.9.9");
        assert_eq!(seen("9.9.9.9", &forged, &["127.0.0.1"]), "9.9.9.9");
        assert_eq!(seen("127.0.0.1", &forged, &["127.0.0.1"]), "1.2.3.4");
        assert_eq!(seen("127.0.0.1", &[], &["127.0.0.1"]), "127.0.0.1");
        let appended = [("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.2")];
        let trusted = ["127.0.0.1", "10.0.0.2"];
        assert_eq!(seen("127.0.0.1", &appended, &trusted), "1.2.3.4");
        let twice = [
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-for", "1.2.3.4"),
        ];
        assert_eq!(seen("127.0.0.1", &twice, &["127.0.0.1"]), "1.2.3.4");
        let nonsense = [("x-forwarded-for", "6.6.6.6, nobody")];
        assert_eq!(seen("127.0.0.1", &nonsense, &["127.0.0.1"]), "127.0.0.1");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        let told = [(
            "forwarded",
            "for=6.6.6.6, for=\"[2001:db8::7]:4711\";proto=https",
        )];
        assert_eq!(seen("127.0.0.1", &told, &["127.0.0.1"]), "2001:db8::7");
        assert_eq!(
            seen("::ffff:127.0.0.1", &told, &["127.0.0.1"]),
            "2001:db8::7"
        );
    }
}
