//! Passwords, one-time codes and tokens, which never show themselves in logs.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A password or one-time code on its way between a person and the server; plain text in JSON.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself; whoever asks for it must not print it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes the secret itself out.
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Bytes of a session's token.
pub const SESSION_TOKEN_BYTES: usize = 32;

/// The token of a session as it travels in a message; in JSON it is a [`Secret`] in hex.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionToken([u8; SESSION_TOKEN_BYTES]);

/// A text that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is no token")]
pub struct NotAToken;

impl SessionToken {
    /// The token with these bytes.
    pub const fn from_bytes(bytes: [u8; SESSION_TOKEN_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes of the token; whoever asks for them must not print them.
    pub const fn expose(&self) -> &[u8; SESSION_TOKEN_BYTES] {
        &self.0
    }

    /// Reads a token: lower-case hex and nothing else, so that each has one spelling.
    pub fn from_hex(hex: &str) -> Result<Self, NotAToken> {
        if hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAToken);
        }
        let mut bytes = [0; SESSION_TOKEN_BYTES];
        hex::decode_to_slice(hex, &mut bytes).map_err(|_| NotAToken)?;
        Ok(Self(bytes))
    }

    /// The token as it stands in JSON and in the header of a request.
    pub fn to_hex(&self) -> Secret {
        hex::encode(self.0).into()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_plain_in_json_and_hidden_in_debug_output() {
        let secret = Secret::from("four plain old words");
        let json = serde_json::to_string(&secret).unwrap();
        assert_eq!(json, "\"four plain old words\"");
        assert_eq!(serde_json::from_str::<Secret>(&json).unwrap(), secret);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
    #[test]
    fn a_token_has_one_spelling_and_hides_in_debug_output() {
        let token = SessionToken::from_bytes([0xab; 32]);
        let hex = token.to_hex();
        assert_eq!(SessionToken::from_hex(hex.expose()), Ok(token));
        assert_eq!(
            SessionToken::from_hex(&hex.expose().to_uppercase()),
            Err(NotAToken)
        );
        assert_eq!(SessionToken::from_hex("ab"), Err(NotAToken));
        assert_eq!(format!("{token:?}"), "SessionToken(…)");
    }
}
