//! Passwords and one-time codes, which never show themselves in logs.

use std::fmt;

use serde::{Deserialize, Serialize};

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
}
