//! Messages as bytes: kind, length, body.
//!
//! Kind and length are fixed-width so that a message of an unknown kind can be skipped; the body
//! is postcard and may be longer than this version knows (a newer one appended fields). A long
//! message may travel compressed, as the body of a message of its own kind.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sync::message::{
    Ack, Bye, CAN_INFLATE, Capabilities, ClientMessage, Compare, Compared, Confirmed, Cursors,
    Fetch, Fetched, Frame, Hello, History, MESSAGE_MAX_BYTES, Offer, Push, Refused, Report,
    Restored, Rewind, ServerMessage, Welcome,
};

/// Bytes before the body: two of kind, four of length, big-endian.
const HEADER_BYTES: usize = 6;
/// How hard is tried: beyond this a first sync gets a few percent shorter and takes twice as long.
const DEFLATE_LEVEL: u32 = 3;
/// Messages shorter than this are never compressed, in bytes.
const DEFLATE_FROM_BYTES: usize = 4 * 1024;

/// Bytes that are no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than is accepted.
    #[error("the message is longer than {MESSAGE_MAX_BYTES} bytes")]
    TooLong,
    /// Shorter than its header says.
    #[error("the message is cut off")]
    CutOff,
    /// What was compressed can't be inflated.
    #[error("a compressed message can't be inflated")]
    NotInflatable,
    /// The body is not what its kind says.
    #[error("the body of a message of kind {kind} can't be read")]
    BadBody {
        /// The kind.
        kind: u16,
    },
}

mod kind {
    pub const HELLO: u16 = 1;
    pub const PUSH: u16 = 2;
    pub const CURSOR_CONFIRMED: u16 = 3;
    pub const PING: u16 = 4;
    pub const HISTORY: u16 = 5;
    pub const COMPARE: u16 = 6;
    pub const FETCH: u16 = 7;
    pub const CURSORS: u16 = 8;
    pub const REPORT: u16 = 9;
    pub const OFFER: u16 = 10;
    /// Another message, compressed (raw deflate); in either direction.
    pub const DEFLATED: u16 = 100;
    pub const WELCOME: u16 = 101;
    pub const FRAME: u16 = 102;
    pub const ACK: u16 = 103;
    pub const REFUSED: u16 = 104;
    pub const PONG: u16 = 105;
    pub const BYE: u16 = 106;
    pub const REWIND: u16 = 107;
    pub const COMPARED: u16 = 108;
    pub const FETCHED: u16 = 109;
    pub const RESTORED: u16 = 110;
}

/// A message that travels in one direction.
pub trait Message: Sized {
    /// The bytes of the message.
    fn encode(&self) -> Vec<u8>;

    /// The message of this kind and body; `None` if the kind is unknown.
    fn from_body(kind: u16, body: &[u8]) -> Result<Option<Self>, DecodeError>;

    /// The bytes of the message for a reader who can do this: long ones compressed where that
    /// makes them shorter.
    fn encode_for(&self, capabilities: Capabilities) -> Vec<u8> {
        let bytes = self.encode();
        if capabilities & CAN_INFLATE == 0 || bytes.len() < DEFLATE_FROM_BYTES {
            return bytes;
        }
        let deflated = deflate(&bytes);
        if deflated.len() < bytes.len() {
            deflated
        } else {
            bytes
        }
    }

    /// Reads a message; `None` if its kind is unknown (from a newer version): skip it.
    fn decode(bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        match unwrap(bytes)? {
            (kind::DEFLATED, body) => {
                let inflated = inflate(body)?;
                let (kind, body) = unwrap(&inflated)?;
                Self::from_body(kind, body)
            }
            (kind, body) => Self::from_body(kind, body),
        }
    }
}

impl Message for ClientMessage {
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Hello(body) => wrap(kind::HELLO, body),
            Self::Push(body) => wrap(kind::PUSH, body),
            Self::CursorConfirmed(body) => wrap(kind::CURSOR_CONFIRMED, body),
            Self::Ping(body) => wrap(kind::PING, body),
            Self::History(body) => wrap(kind::HISTORY, body),
            Self::Compare(body) => wrap(kind::COMPARE, body),
            Self::Fetch(body) => wrap(kind::FETCH, body),
            Self::Cursors(body) => wrap(kind::CURSORS, body),
            Self::Report(body) => wrap(kind::REPORT, body),
            Self::Offer(body) => wrap(kind::OFFER, body),
        }
    }

    fn from_body(kind: u16, body: &[u8]) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match kind {
            kind::HELLO => Self::Hello(read::<Hello>(kind, body)?),
            kind::PUSH => Self::Push(read::<Push>(kind, body)?),
            kind::CURSOR_CONFIRMED => Self::CursorConfirmed(read::<Confirmed>(kind, body)?),
            kind::PING => Self::Ping(read(kind, body)?),
            kind::HISTORY => Self::History(read::<History>(kind, body)?),
            kind::COMPARE => Self::Compare(read::<Compare>(kind, body)?),
            kind::FETCH => Self::Fetch(read::<Fetch>(kind, body)?),
            kind::CURSORS => Self::Cursors(read::<Cursors>(kind, body)?),
            kind::REPORT => Self::Report(read::<Report>(kind, body)?),
            kind::OFFER => Self::Offer(read::<Offer>(kind, body)?),
            _ => return Ok(None),
        }))
    }
}

impl Message for ServerMessage {
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Welcome(body) => wrap(kind::WELCOME, body),
            Self::Frame(body) => wrap(kind::FRAME, body),
            Self::Ack(body) => wrap(kind::ACK, body),
            Self::Refused(body) => wrap(kind::REFUSED, body),
            Self::Pong(body) => wrap(kind::PONG, body),
            Self::Bye(body) => wrap(kind::BYE, body),
            Self::Rewind(body) => wrap(kind::REWIND, body),
            Self::Compared(body) => wrap(kind::COMPARED, body),
            Self::Fetched(body) => wrap(kind::FETCHED, body),
            Self::Restored(body) => wrap(kind::RESTORED, body),
        }
    }

    fn from_body(kind: u16, body: &[u8]) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match kind {
            kind::WELCOME => Self::Welcome(read::<Welcome>(kind, body)?),
            kind::FRAME => Self::Frame(read::<Frame>(kind, body)?),
            kind::ACK => Self::Ack(read::<Ack>(kind, body)?),
            kind::REFUSED => Self::Refused(read::<Refused>(kind, body)?),
            kind::PONG => Self::Pong(read(kind, body)?),
            kind::BYE => Self::Bye(read::<Bye>(kind, body)?),
            kind::REWIND => Self::Rewind(read::<Rewind>(kind, body)?),
            kind::COMPARED => Self::Compared(read::<Compared>(kind, body)?),
            kind::FETCHED => Self::Fetched(read::<Fetched>(kind, body)?),
            kind::RESTORED => Self::Restored(read::<Restored>(kind, body)?),
            _ => return Ok(None),
        }))
    }
}

fn wrap(kind: u16, body: &impl Serialize) -> Vec<u8> {
    let body = postcard::to_stdvec(body).unwrap_or_default();
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
    bytes.extend_from_slice(&kind.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut wrapped = Vec::with_capacity(bytes.len() / 3);
    wrapped.extend_from_slice(&kind::DEFLATED.to_be_bytes());
    wrapped.extend_from_slice(&[0; 4]);
    let mut encoder = DeflateEncoder::new(wrapped, Compression::new(DEFLATE_LEVEL));
    // Writing into memory can't fail.
    let wrapped = encoder.write_all(bytes).and_then(|()| encoder.finish());
    let mut wrapped = wrapped.unwrap_or_default();
    let length = u32::try_from(wrapped.len().saturating_sub(HEADER_BYTES)).unwrap_or(u32::MAX);
    if let Some(place) = wrapped.get_mut(2..HEADER_BYTES) {
        place.copy_from_slice(&length.to_be_bytes());
    }
    wrapped
}

/// Inflates a message, never to more than a message may have.
fn inflate(body: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut inflated = Vec::new();
    let limit = u64::try_from(MESSAGE_MAX_BYTES).unwrap_or(u64::MAX);
    DeflateDecoder::new(body)
        .take(limit.saturating_add(1))
        .read_to_end(&mut inflated)
        .map_err(|_| DecodeError::NotInflatable)?;
    if inflated.len() > MESSAGE_MAX_BYTES {
        Err(DecodeError::TooLong)
    } else {
        Ok(inflated)
    }
}

fn unwrap(bytes: &[u8]) -> Result<(u16, &[u8]), DecodeError> {
    if bytes.len() > MESSAGE_MAX_BYTES {
        return Err(DecodeError::TooLong);
    }
    let (kind, rest) = bytes.split_first_chunk::<2>().ok_or(DecodeError::CutOff)?;
    let (length, body) = rest.split_first_chunk::<4>().ok_or(DecodeError::CutOff)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    let body = body.get(..length).ok_or(DecodeError::CutOff)?;
    Ok((u16::from_be_bytes(*kind), body))
}

fn read<T: DeserializeOwned>(kind: u16, body: &[u8]) -> Result<T, DecodeError> {
    postcard::take_from_bytes(body)
        .map(|(value, _)| value)
        .map_err(|_| DecodeError::BadBody { kind })
}
