//! The cookie by which a tablet is known.

use axum::http::{HeaderMap, HeaderValue, header};
use floorbook_shared::id::DeviceId;

use crate::access::code::TOKEN_BYTES;

/// Name of the cookie. The prefix makes browsers insist on `Secure`, on this host and on `/`;
/// they accept that on loopback without TLS too.
pub const NAME: &str = "__Host-floorbook_device";

const ATTRIBUTES: &str = "HttpOnly; Secure; SameSite=Strict; Path=/";

/// Two years; browsers may cap it, so it is set anew at every sign-in.
const MAX_AGE_SECONDS: u32 = 2 * 365 * 24 * 60 * 60;

/// Bytes of an id.
const ID_BYTES: usize = 16;

/// What the cookie holds: the tablet's id, to find it, and its token.
#[derive(Clone, Copy)]
pub struct TabletCookie {
    /// The tablet.
    pub device: DeviceId,
    /// Its token, of which the server keeps a hash alone.
    pub token: [u8; TOKEN_BYTES],
}

impl TabletCookie {
    /// The cookie's value.
    pub fn to_text(self) -> String {
        hex(self.device.as_bytes()) + &hex(&self.token)
    }

    /// Reads the cookie's value; each has one spelling.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = [0; ID_BYTES + TOKEN_BYTES];
        if text.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let [high, low] = digits else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        let (id, token) = bytes.split_first_chunk::<ID_BYTES>()?;
        Some(Self {
            device: DeviceId::from_bytes(*id),
            token: token.try_into().ok()?,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const fn digit(char: u8) -> Option<u8> {
    match char {
        b'0'..=b'9' => Some(char - b'0'),
        b'a'..=b'f' => Some(char - b'a' + 10),
        _ => None,
    }
}

/// The cookie of a request.
pub fn read(headers: &HeaderMap) -> Option<TabletCookie> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
        .and_then(TabletCookie::from_text)
}

/// Sets the cookie of a browser.
pub fn set(cookie: TabletCookie) -> Option<HeaderValue> {
    let text = format!(
        "{NAME}={}; {ATTRIBUTES}; Max-Age={MAX_AGE_SECONDS}",
        cookie.to_text()
    );
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reads_as_it_was_written_and_in_no_other_way() {
        let cookie = TabletCookie {
            device: DeviceId::from_bytes([0xa1; 16]),
            token: [0x2b; 32],
        };
        let text = cookie.to_text();
        let read = TabletCookie::from_text(&text).unwrap();
        assert_eq!((read.device, read.token), (cookie.device, cookie.token));
        for other in [
            text.to_uppercase(),
            text[1..].to_owned(),
            format!("{text}00"),
            text.replace('a', "g"),
            text.replace("a1", "é"),
            String::new(),
        ] {
            assert!(TabletCookie::from_text(&other).is_none(), "{other}");
        }
    }
}
