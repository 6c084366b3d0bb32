//! A key of 32 bytes, and the short name by which a stored value says which key seals it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::hex_bytes;
use crate::id::Randomness;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// A key for sealing. It is hexadecimal in JSON, wiped when it is dropped, and never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// The key with these bytes.
    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// A fresh key.
    pub fn draw(randomness: &mut dyn Randomness) -> Self {
        let mut bytes = [0; KEY_BYTES];
        randomness.fill(&mut bytes);
        Self(bytes)
    }

    /// A key for one purpose, made of material that is secret.
    pub(crate) fn derive(context: &str, material: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(context);
        for part in material {
            hasher.update(part);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// The bytes themselves; whoever asks for them must not print them.
    pub const fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The short name of the key, which tells nothing about it.
    pub fn id(&self) -> KeyId {
        let [a, b, c, d, ..] = *blake3::hash(&self.0).as_bytes();
        // Zero is the name of values in the clear.
        KeyId(u32::from_be_bytes([a, b, c, d]).max(1))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(…)")
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        hex_bytes::serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        hex_bytes::deserialize(deserializer).map(Self)
    }
}

/// The short name of a key: which one seals a stored value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub u32);

impl KeyId {
    /// The name that stands at values in the clear.
    pub const CLEAR: Self = Self(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_hexadecimal_in_json_and_hidden_in_debug_output() {
        let key = Key::from_bytes([0xab; KEY_BYTES]);
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(json, format!("\"{}\"", "ab".repeat(KEY_BYTES)));
        assert_eq!(serde_json::from_str::<Key>(&json).unwrap(), key);
        let private = postcard::to_stdvec(&key).unwrap();
        assert_eq!(private.len(), KEY_BYTES);
        assert_eq!(postcard::from_bytes::<Key>(&private).unwrap(), key);
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    #[test]
    fn no_key_has_the_name_of_values_in_the_clear() {
        for number in 0..200_u8 {
            assert_ne!(Key::from_bytes([number; KEY_BYTES]).id(), KeyId::CLEAR);
        }
    }
}
