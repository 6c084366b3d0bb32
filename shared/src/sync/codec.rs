//! Messages as bytes: kind, length, body.
//!
//! Kind and length are fixed-width so that a message of an unknown kind can be skipped; the body
//! is postcard and may be longer than this version knows (a newer one appended fields).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sync::message::{
    Ack, Bye, ClientMessage, Frame, Hello, MESSAGE_MAX_BYTES, Push, Refused, ServerMessage, Welcome,
};

/// Bytes before the body: two of kind, four of length, big-endian.
const HEADER_BYTES: usize = 6;

/// Bytes that are no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than is accepted.
    #[error("the message is longer than {MESSAGE_MAX_BYTES} bytes")]
    TooLong,
    /// Shorter than its header says.
    #[error("the message is cut off")]
    CutOff,
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
    pub const WELCOME: u16 = 101;
    pub const FRAME: u16 = 102;
    pub const ACK: u16 = 103;
    pub const REFUSED: u16 = 104;
    pub const PONG: u16 = 105;
    pub const BYE: u16 = 106;
}

/// A message that travels in one direction.
pub trait Message: Sized {
    /// The bytes of the message.
    fn encode(&self) -> Vec<u8>;

    /// Reads a message; `None` if its kind is unknown (from a newer version): skip it.
    fn decode(bytes: &[u8]) -> Result<Option<Self>, DecodeError>;
}

impl Message for ClientMessage {
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Hello(body) => wrap(kind::HELLO, body),
            Self::Push(body) => wrap(kind::PUSH, body),
            Self::CursorConfirmed(body) => wrap(kind::CURSOR_CONFIRMED, body),
            Self::Ping(body) => wrap(kind::PING, body),
        }
    }

    fn decode(bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        let (kind, body) = unwrap(bytes)?;
        Ok(Some(match kind {
            kind::HELLO => Self::Hello(read::<Hello>(kind, body)?),
            kind::PUSH => Self::Push(read::<Push>(kind, body)?),
            kind::CURSOR_CONFIRMED => Self::CursorConfirmed(read(kind, body)?),
            kind::PING => Self::Ping(read(kind, body)?),
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
        }
    }

    fn decode(bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        let (kind, body) = unwrap(bytes)?;
        Ok(Some(match kind {
            kind::WELCOME => Self::Welcome(read::<Welcome>(kind, body)?),
            kind::FRAME => Self::Frame(read::<Frame>(kind, body)?),
            kind::ACK => Self::Ack(read::<Ack>(kind, body)?),
            kind::REFUSED => Self::Refused(read::<Refused>(kind, body)?),
            kind::PONG => Self::Pong(read(kind, body)?),
            kind::BYE => Self::Bye(read::<Bye>(kind, body)?),
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
