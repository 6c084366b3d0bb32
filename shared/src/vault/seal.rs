//! Sealing and opening: version ‖ key id ‖ nonce ‖ bytes ‖ tag.
//!
//! ChaCha20-Poly1305 with a random nonce. A value is bound to its place by associated data, so it
//! can't be put anywhere else. Values without personal data are in the clear (key id 0) and carry
//! a tag of BLAKE3 over the same, which finds damage and misplacement, not forgery.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use crate::faults;
use crate::id::Randomness;
use crate::vault::key::{Key, KeyId};

/// Version of the envelope around every sealed value; 1 had no associated data.
const ENVELOPE_VERSION: u8 = 2;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// What every sealed value is longer than its content, in bytes.
pub const OVERHEAD_BYTES: usize = HEADER_BYTES + TAG_BYTES;

/// Why a sealed value can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Its key is not here.
    #[error("the value is locked")]
    Locked,
    /// It is damaged, stands in the wrong place, or comes from a newer program.
    #[error("the value is damaged")]
    Damaged,
}

/// Where a value belongs: part of what its tag protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// What kind of value it is, for example the store of the tablet's database.
    pub kind: &'a str,
    /// Which one of them.
    pub key: &'a [u8],
}

impl<'a> Place<'a> {
    /// The place of a value in a store of the tablet's database.
    pub const fn new(kind: &'a str, key: &'a [u8]) -> Self {
        Self { kind, key }
    }

    fn associated(self, header: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(header.len() + 1 + self.kind.len() + self.key.len());
        bytes.extend_from_slice(header);
        if !faults::is_planted("value_accepted_elsewhere") {
            bytes.extend_from_slice(self.kind.as_bytes());
            // No kind contains a zero, so no two places read the same.
            bytes.push(0);
            bytes.extend_from_slice(self.key);
        }
        bytes
    }
}

/// The parts of a sealed value.
struct Parts<'a> {
    header: &'a [u8],
    key: KeyId,
    nonce: &'a [u8],
    body: &'a [u8],
}

fn parts(value: &[u8]) -> Option<Parts<'_>> {
    let (header, rest) = value.split_at_checked(1 + KEY_ID_BYTES)?;
    let (nonce, body) = rest.split_at_checked(NONCE_BYTES)?;
    let (version, key) = header.split_first()?;
    if *version != ENVELOPE_VERSION || body.len() < TAG_BYTES {
        return None;
    }
    let key = KeyId(u32::from_be_bytes(key.try_into().ok()?));
    Some(Parts {
        header,
        key,
        nonce,
        body,
    })
}

/// The name of the key that seals a value; clear values have [`KeyId::CLEAR`].
pub fn key_of(value: &[u8]) -> Result<KeyId, OpenError> {
    parts(value)
        .map(|parts| parts.key)
        .ok_or(OpenError::Damaged)
}

/// Seals a value.
pub fn seal(key: &Key, place: Place<'_>, bytes: &[u8], randomness: &mut dyn Randomness) -> Vec<u8> {
    let mut nonce = [0; NONCE_BYTES];
    randomness.fill(&mut nonce);
    let mut value = header(key.id(), &nonce, bytes.len());
    let associated = place.associated(value.get(..1 + KEY_ID_BYTES).unwrap_or_default());
    let payload = Payload {
        msg: bytes,
        aad: &associated,
    };
    // It fails only for content beyond 256 GB, and such a value would then not open.
    let sealed = cipher(key).encrypt(&Nonce::from(nonce), payload);
    value.extend_from_slice(&sealed.unwrap_or_default());
    value
}

/// Opens a value with the one key that it can be sealed with.
pub fn open(key: &Key, place: Place<'_>, value: &[u8]) -> Result<Vec<u8>, OpenError> {
    open_among([key], place, value)
}

/// Opens a value with the key that it names, if that is among these.
pub fn open_among<'a>(
    keys: impl IntoIterator<Item = &'a Key>,
    place: Place<'_>,
    value: &[u8],
) -> Result<Vec<u8>, OpenError> {
    let parts = parts(value).ok_or(OpenError::Damaged)?;
    if parts.key == KeyId::CLEAR {
        return Err(OpenError::Damaged);
    }
    let mut keys = keys.into_iter();
    let key = keys.find(|key| key.id() == parts.key);
    let key = key.ok_or(OpenError::Locked)?;
    let nonce: [u8; NONCE_BYTES] = parts.nonce.try_into().map_err(|_| OpenError::Damaged)?;
    let associated = place.associated(parts.header);
    let payload = Payload {
        msg: parts.body,
        aad: &associated,
    };
    let opened = cipher(key).decrypt(&Nonce::from(nonce), payload);
    opened.map_err(|_| OpenError::Damaged)
}

/// Puts a value without personal data into the envelope, in the clear.
pub fn seal_clear(place: Place<'_>, bytes: &[u8]) -> Vec<u8> {
    let mut value = header(KeyId::CLEAR, &[0; NONCE_BYTES], bytes.len());
    value.extend_from_slice(bytes);
    let tag = clear_tag(place, &value);
    value.extend_from_slice(&tag);
    value
}

/// Takes a value without personal data out of the envelope.
pub fn open_clear<'a>(place: Place<'_>, value: &'a [u8]) -> Result<&'a [u8], OpenError> {
    let parts = parts(value).ok_or(OpenError::Damaged)?;
    let split = value.len().saturating_sub(TAG_BYTES);
    let (tagged, stated) = value.split_at_checked(split).ok_or(OpenError::Damaged)?;
    if parts.key != KeyId::CLEAR || stated != clear_tag(place, tagged) {
        return Err(OpenError::Damaged);
    }
    tagged.get(HEADER_BYTES..).ok_or(OpenError::Damaged)
}

fn header(key: KeyId, nonce: &[u8], content_bytes: usize) -> Vec<u8> {
    let mut value = Vec::with_capacity(OVERHEAD_BYTES + content_bytes);
    value.push(ENVELOPE_VERSION);
    value.extend_from_slice(&key.0.to_be_bytes());
    value.extend_from_slice(nonce);
    value
}

fn cipher(key: &Key) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.expose().into())
}

fn clear_tag(place: Place<'_>, tagged: &[u8]) -> [u8; TAG_BYTES] {
    let mut hasher = blake3::Hasher::new();
    let associated = place.associated(&[]);
    hasher.update(&u64::try_from(associated.len()).unwrap_or(0).to_be_bytes());
    hasher.update(&associated);
    hasher.update(tagged);
    let mut tag = [0; TAG_BYTES];
    for (target, byte) in tag.iter_mut().zip(hasher.finalize().as_bytes()) {
        *target = *byte;
    }
    tag
}
