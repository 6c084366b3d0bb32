//! The scanner: walks the bytes of a chunk before Automerge sees one of them.
//!
//! The library believes what a chunk claims: 79 bytes of run-length columns that claim 10^12
//! operations never come back from parsing, and a deflated chunk inflates to hundreds of
//! megabytes. So everything that a change claims is bounded here first, without expanding it, in
//! memory and time that follow from its bytes alone. What the library never writes is refused.

mod bytes;
mod columns;
mod runs;

use sha2::{Digest, Sha256};

use self::bytes::Reader;
use self::columns::Columns;
pub use self::columns::{Action, OperationId, ScannedKey, ScannedOperation, ScannedValue};
use crate::sync::chain::ChangeHash;
use crate::sync::message::{CHANGE_MAX_BYTES, CHANGE_MAX_OPERATIONS};

/// Most changes that a change may build on: concurrent heads of one document.
pub const CHANGE_MAX_DEPENDENCIES: usize = 100;
/// Most actors whose operations a change may name. A tablet takes a fresh actor at every start, so
/// long-lived remarks have many; replacing them names all of them.
pub const CHANGE_MAX_ACTORS: usize = 1_000;
/// Most operations that a change may say it replaces: one each, and more where values conflict.
pub const CHANGE_MAX_PREDECESSORS: usize = 2 * CHANGE_MAX_OPERATIONS;
/// Longest message of a change, in bytes; none of ours has one.
pub const CHANGE_MESSAGE_MAX_BYTES: usize = 256;
/// Longest author, in bytes; ours have 32.
pub const CHANGE_AUTHOR_MAX_BYTES: usize = 64;
/// Length of an actor, in bytes. Any other would only make room for more of them.
pub const ACTOR_BYTES: usize = 16;
/// Most heads of a document chunk.
pub const SNAPSHOT_MAX_HEADS: usize = 10_000;
/// Most actors of a document chunk.
pub const SNAPSHOT_MAX_ACTORS: usize = 100_000;
/// Times of changes beyond this many seconds on either side of 1970 are no times.
const TIME_MAX_SECONDS: u64 = 1 << 40;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// The type byte stands behind magic and checksum.
const CHUNK_TYPE_OFFSET: usize = 8;
/// How the footer with the author begins.
const AUTHOR_FOOTER: u64 = 1;

/// What a chunk is, by its type byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkType {
    /// A document with its whole history.
    Document,
    /// One change.
    Change,
    /// One change, deflated.
    CompressedChange,
    /// Several changes.
    Bundle,
}

impl ChunkType {
    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Document),
            1 => Some(Self::Change),
            2 => Some(Self::CompressedChange),
            3 => Some(Self::Bundle),
            _ => None,
        }
    }
}

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// The change is larger than a change may be.
    #[error("the change is too large")]
    TooLarge,
    /// No chunk, or one of another type.
    #[error("the bytes are no chunk of this type")]
    WrongType,
    /// The bytes end too early.
    #[error("the bytes end too early")]
    Torn,
    /// Something follows the chunk.
    #[error("something follows the chunk")]
    Trailing,
    /// The checksum does not fit the bytes.
    #[error("the checksum is wrong")]
    WrongChecksum,
    /// A number is written in more bytes than it needs or has too many bits.
    #[error("a number is badly written")]
    BadNumber,
    /// More of something than there may be.
    #[error("too many {0}")]
    TooMany(&'static str),
    /// A value that the library never writes, or that is no value.
    #[error("a bad value: {0}")]
    BadValue(&'static str),
    /// A column that the library never writes.
    #[error("a bad column: {0}")]
    BadColumn(&'static str),
}

impl ScanError {
    /// Whether the chunk only is more than is allowed, rather than damaged or hostile.
    pub const fn is_excess(self) -> bool {
        matches!(self, Self::TooLarge | Self::TooMany(_))
    }
}

/// A change as its bytes tell it. Everything in it is bounded and consistent in itself; whether it
/// fits a document is for the gate to say.
#[derive(Clone, Debug)]
pub struct ScannedChange<'a> {
    /// The bytes themselves.
    pub bytes: &'a [u8],
    /// The hash: a change's identity everywhere.
    pub hash: ChangeHash,
    /// The changes that it builds on, each named once.
    pub deps: Vec<ChangeHash>,
    /// Who made it, as an actor.
    pub actor: &'a [u8],
    /// Number of the actor's change.
    pub seq: u64,
    /// Number of its first operation.
    pub start_op: u64,
    /// How many operations it has.
    pub operations: u64,
    /// When it was made, in seconds since 1970, as its maker's clock had it.
    pub time: i64,
    /// The message beside it; empty for ours.
    pub message: &'a str,
    /// The bytes of the author, if it states one.
    pub author: Option<&'a [u8]>,
    /// The other actors whose operations it names.
    pub other_actors: Vec<&'a [u8]>,
    columns: Columns<'a>,
}

impl<'a> ScannedChange<'a> {
    /// The number of its last operation.
    pub const fn max_op(&self) -> u64 {
        // The scanner refuses numbers beyond 32 bits.
        (self.start_op + self.operations).saturating_sub(1)
    }

    /// How many bytes the values of its operations take up.
    pub const fn value_bytes(&self) -> usize {
        self.columns.value_bytes()
    }

    /// The actor that an operation's id names.
    pub fn actor_of(&self, id: OperationId) -> Option<&'a [u8]> {
        match id.actor.checked_sub(1) {
            None => Some(self.actor),
            Some(other) => self.other_actors.get(other).copied(),
        }
    }

    /// Its operations one by one.
    pub fn each_operation(&self) -> impl Iterator<Item = ScannedOperation<'a>> + '_ {
        self.columns.operations()
    }
}

/// The type of a chunk, by its type byte alone.
pub fn chunk_type(chunk: &[u8]) -> Option<ChunkType> {
    if chunk.starts_with(&MAGIC) {
        chunk
            .get(CHUNK_TYPE_OFFSET)
            .and_then(|byte| ChunkType::from_byte(*byte))
    } else {
        None
    }
}

/// Walks an uncompressed change and bounds everything that it claims.
///
/// # Errors
/// If it is too large, damaged, or not as the library writes a change.
pub fn scan_change(bytes: &[u8]) -> Result<ScannedChange<'_>, ScanError> {
    if bytes.len() > CHANGE_MAX_BYTES {
        return Err(ScanError::TooLarge);
    }
    let (hash, body) = open_chunk(bytes, ChunkType::Change)?;
    let mut reader = Reader::new(body);
    let deps = hashes(&mut reader, CHANGE_MAX_DEPENDENCIES, "dependencies")?;
    let actor = actor(&mut reader)?;
    let seq = reader.unsigned()?;
    let start_op = reader.unsigned()?;
    let time = reader.signed()?;
    let message = text(reader.prefixed(CHANGE_MESSAGE_MAX_BYTES, "bytes of a message")?)?;
    let other_actors = other_actors(&mut reader, actor)?;
    let actors: Vec<&[u8]> = [actor].into_iter().chain(other_actors.clone()).collect();
    let columns = Columns::read(&mut reader, start_op, &actors)?;
    let author = author(reader.rest())?;
    let operations = columns.length();
    if seq == 0 || time.unsigned_abs() > TIME_MAX_SECONDS {
        return Err(ScanError::BadValue("number or time"));
    }
    Ok(ScannedChange {
        bytes,
        hash,
        deps,
        actor,
        seq,
        start_op,
        operations,
        time,
        message,
        author,
        other_actors,
        columns,
    })
}

/// Whether a document chunk is as it was written, by its checksum.
pub fn is_sound_snapshot(bytes: &[u8]) -> bool {
    open_chunk(bytes, ChunkType::Document).is_ok()
}

/// The heads of a document chunk, sorted, without loading it. Its checksum is verified.
///
/// # Errors
/// If the chunk is no document or damaged.
pub fn snapshot_heads(bytes: &[u8]) -> Result<Vec<ChangeHash>, ScanError> {
    let (_, body) = open_chunk(bytes, ChunkType::Document)?;
    let mut reader = Reader::new(body);
    for _ in 0..reader.count(SNAPSHOT_MAX_ACTORS, "actors")? {
        reader.prefixed(CHANGE_MAX_BYTES, "bytes of an actor")?;
    }
    let mut heads = hashes(&mut reader, SNAPSHOT_MAX_HEADS, "heads")?;
    heads.sort_unstable();
    Ok(heads)
}

/// Checks what stands around a chunk's body: magic, type, length and checksum.
fn open_chunk(bytes: &[u8], expected: ChunkType) -> Result<(ChangeHash, &[u8]), ScanError> {
    let mut reader = Reader::new(bytes);
    if reader.array()? != MAGIC {
        return Err(ScanError::WrongType);
    }
    let checksum: [u8; 4] = reader.array()?;
    let hashed = reader.rest();
    if ChunkType::from_byte(reader.byte()?) != Some(expected) {
        return Err(ScanError::WrongType);
    }
    let length = reader.unsigned()?;
    let body = reader.rest();
    // A length of more than the rest can't be a length in memory either.
    match u64::try_from(body.len()).unwrap_or(u64::MAX).cmp(&length) {
        std::cmp::Ordering::Less => return Err(ScanError::Torn),
        std::cmp::Ordering::Greater => return Err(ScanError::Trailing),
        std::cmp::Ordering::Equal => {}
    }
    // Type and length, as they stand before the body, are part of the hash.
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash.starts_with(&checksum) {
        Ok((ChangeHash::from_bytes(hash), body))
    } else {
        Err(ScanError::WrongChecksum)
    }
}

fn hashes(
    reader: &mut Reader<'_>,
    max: usize,
    what: &'static str,
) -> Result<Vec<ChangeHash>, ScanError> {
    let count = reader.count(max, what)?;
    let mut hashes = Vec::new();
    for _ in 0..count {
        hashes.push(ChangeHash::from_bytes(reader.array()?));
    }
    let mut sorted = hashes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() == count {
        Ok(hashes)
    } else {
        Err(ScanError::BadValue(what))
    }
}

fn actor<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ScanError> {
    let actor = reader.prefixed(CHANGE_MAX_BYTES, "bytes of an actor")?;
    if actor.len() == ACTOR_BYTES {
        Ok(actor)
    } else {
        Err(ScanError::BadValue("actor"))
    }
}

fn other_actors<'a>(reader: &mut Reader<'a>, own: &[u8]) -> Result<Vec<&'a [u8]>, ScanError> {
    let count = reader.count(CHANGE_MAX_ACTORS, "actors")?;
    let mut others: Vec<&[u8]> = Vec::new();
    for _ in 0..count {
        let other = actor(reader)?;
        let follows = others.last().is_none_or(|last| *last < other);
        if other == own || !follows {
            return Err(ScanError::BadValue("order of actors"));
        }
        others.push(other);
    }
    Ok(others)
}

fn text(bytes: &[u8]) -> Result<&str, ScanError> {
    std::str::from_utf8(bytes).map_err(|_| ScanError::BadValue("text"))
}

/// What follows the columns: nothing, or the author.
fn author(footer: &[u8]) -> Result<Option<&[u8]>, ScanError> {
    let mut reader = Reader::new(footer);
    if reader.is_done() {
        return Ok(None);
    }
    if reader.unsigned()? != AUTHOR_FOOTER {
        return Err(ScanError::BadValue("footer"));
    }
    let author = reader.prefixed(CHANGE_AUTHOR_MAX_BYTES, "bytes of an author")?;
    if reader.is_done() {
        Ok(Some(author))
    } else {
        Err(ScanError::Trailing)
    }
}
