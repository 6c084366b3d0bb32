//! Records as Automerge documents: genesis, commands to changes, reading, conflicts.
//!
//! A customer is one document. Its containers are made by the [genesis](genesis) change and by
//! nothing else: every later change writes scalars under keys, or edits the remarks' text, so two
//! tablets can never make two objects that hide one another. Collections are maps; an entry that
//! never changes is one value under its id, what changes is one key per property (`<id>/number`).

pub mod author;
pub mod command;
pub mod genesis;
pub mod history;
pub mod read;
pub mod schema;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, Change, ChangeHash, LoadOptions, ReadDoc, TextEncoding};

use crate::document::author::ChangeAuthor;
use crate::id::DocumentId;
use crate::sync::chain;

/// How positions in texts are counted, on every host. The library's default depends on features
/// that any crate in the graph may switch on, so it is never left to it.
pub const TEXT_ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

/// What a document describes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(from = "u16", into = "u16")]
pub enum DocumentKind {
    /// A customer card.
    Customer,
    /// What a newer program made: kept and passed on, never opened.
    Unknown(u16),
}

impl From<u16> for DocumentKind {
    fn from(number: u16) -> Self {
        match number {
            0 => Self::Customer,
            other => Self::Unknown(other),
        }
    }
}

impl From<DocumentKind> for u16 {
    fn from(kind: DocumentKind) -> Self {
        match kind {
            DocumentKind::Customer => 0,
            DocumentKind::Unknown(number) => number,
        }
    }
}

/// A document's identity in every format: its id and how often it was founded again.
///
/// Founding again removes values together with their history; it gives up the field history.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct DocumentKey {
    /// The id.
    pub id: DocumentId,
    /// 0 for the first founding.
    pub incarnation: u32,
}

/// A customer's document in memory.
#[derive(Clone, Debug)]
pub struct Document {
    automerge: Automerge,
}

/// A change that another copy of a document lacks: hash, author and bytes.
pub type MissingChange = (chain::ChangeHash, Option<ChangeAuthor>, Vec<u8>);

/// Stored bytes that do not make a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// A chunk can't be parsed.
    #[error("a stored chunk is damaged: {0}")]
    Damaged(String),
    /// A chunk builds on changes that are missing.
    #[error("{0} stored changes build on changes that are missing")]
    MissingChanges(usize),
}

impl Document {
    /// A new customer document: genesis and nothing else.
    pub fn found() -> Self {
        let mut automerge = Automerge::new_with_encoding(TEXT_ENCODING);
        let applied = automerge.apply_changes([genesis::customer()]);
        assert!(
            applied.is_ok(),
            "the genesis change is a constant that applies to nothing"
        );
        Self { automerge }
    }

    /// Loads a document from its stored chunks (changes and snapshots in any order).
    pub fn load<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, LoadError> {
        let mut chunks = chunks.into_iter().peekable();
        // A snapshot at the start is the document already: splitting it into its changes and
        // applying them would take three times as long.
        let opened = match chunks.peek() {
            Some(first) if chunk_type(first) == Some(CHUNK_TYPE_DOCUMENT) => open_snapshot(first)?,
            Some(_) | None => None,
        };
        let mut document = match opened {
            Some(document) => {
                chunks.next();
                document
            }
            None => Self::found(),
        };
        if chunks.peek().is_some() {
            document.absorb(chunks)?;
        }
        Ok(document)
    }

    /// Adds stored or received chunks. Chunks that are already here change nothing.
    ///
    /// Chunks are split into changes before they are applied: the library's own incremental
    /// loading drops what follows a torn chunk without a word, and reports success for changes
    /// whose dependencies are missing.
    pub fn absorb<'a>(
        &mut self,
        chunks: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), LoadError> {
        let mut changes = Vec::new();
        for chunk in chunks {
            changes.extend(changes_of(chunk)?);
        }
        self.apply(changes)
    }

    /// Adds changes. Changes that are already here change nothing.
    pub fn apply(&mut self, changes: Vec<Change>) -> Result<(), LoadError> {
        let hashes: Vec<chain::ChangeHash> = changes.iter().map(hash_of).collect();
        self.automerge
            .apply_changes(changes)
            .map_err(|error| LoadError::Damaged(error.to_string()))?;
        let missing = hashes.iter().filter(|hash| !self.contains(hash)).count();
        if missing > 0 {
            Err(LoadError::MissingChanges(missing))
        } else {
            Ok(())
        }
    }

    /// Whether the document holds this change.
    pub fn contains(&self, change: &chain::ChangeHash) -> bool {
        let hash = ChangeHash(*change.as_bytes());
        self.automerge.get_change_meta_by_hash(&hash).is_some()
    }

    /// Whether the document holds all that is in this chunk. Unreadable chunks are not held.
    pub fn holds(&self, chunk: &[u8]) -> bool {
        changes_of(chunk)
            .is_ok_and(|changes| changes.iter().all(|change| self.contains(&hash_of(change))))
    }

    /// The document without these changes; what builds on them must be among them.
    pub fn without<'a>(
        &self,
        chunks: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, LoadError> {
        let mut left_out = Vec::new();
        for chunk in chunks {
            left_out.extend(changes_of(chunk)?.iter().map(Change::hash));
        }
        let mut document = Self::found();
        let changes = self.automerge.get_changes(&[]);
        document.apply(
            changes
                .into_iter()
                .filter(|change| !left_out.contains(&change.hash()))
                .collect(),
        )?;
        Ok(document)
    }

    /// The document as its first change left it; blank if there is none.
    pub fn opening(&self) -> Self {
        let mut opening = Self::found();
        let genesis = genesis::customer().hash();
        let mut changes = self.automerge.get_changes(&[]).into_iter();
        if let Some(first) = changes.find(|change| change.hash() != genesis) {
            // A first change that builds on others leaves the opening blank.
            let _ = opening.apply(vec![first]);
        }
        opening
    }

    /// The heads, sorted.
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads = self.automerge.get_heads();
        heads.sort_unstable();
        heads
    }

    /// The heads as they would be without some changes, unless others build on these.
    pub fn heads_without(&self, left_out: &BTreeSet<chain::ChangeHash>) -> Vec<chain::ChangeHash> {
        let mut built_on = BTreeSet::new();
        let mut heads = Vec::new();
        // What builds on a change stands behind it.
        for change in self.automerge.get_changes_meta(&[]).iter().rev() {
            let hash = chain::ChangeHash::from(change.hash);
            let is_built_on = built_on.contains(&change.hash);
            if is_built_on || !left_out.contains(&hash) {
                built_on.extend(change.deps.iter().copied());
                if !is_built_on {
                    heads.push(hash);
                }
            }
        }
        heads.sort_unstable();
        heads
    }

    /// All changes that lie under these heads, with the heads themselves; `None` if a head is not
    /// here.
    pub fn under(&self, heads: &[chain::ChangeHash]) -> Option<BTreeSet<chain::ChangeHash>> {
        if !heads.iter().all(|head| self.contains(head)) {
            return None;
        }
        let mut under: BTreeSet<chain::ChangeHash> = heads.iter().copied().collect();
        // What builds on a change stands behind it.
        for change in self.automerge.get_changes_meta(&[]).iter().rev() {
            if under.contains(&change.hash.into()) {
                under.extend(change.deps.iter().map(|dep| chain::ChangeHash::from(*dep)));
            }
        }
        Some(under)
    }

    /// Its changes that another copy does not have, none of them before what it builds on: hash,
    /// author and bytes.
    pub fn changes_missing_in(&self, other: &Self) -> Vec<MissingChange> {
        let missing = |hash: ChangeHash| !other.contains(&hash.into());
        let authors: BTreeMap<ChangeHash, Option<ChangeAuthor>> = self
            .automerge
            .get_changes_meta(&[])
            .into_iter()
            .filter(|change| missing(change.hash))
            .map(|change| {
                let author = change.author.as_ref().and_then(ChangeAuthor::from_author);
                (change.hash, author)
            })
            .collect();
        let changes = self.automerge.get_changes(&[]).into_iter();
        changes
            .filter(|change| missing(change.hash()))
            .map(|change| {
                let author = authors.get(&change.hash()).copied().flatten();
                (change.hash().into(), author, change.raw_bytes().to_vec())
            })
            .collect()
    }

    /// Whether anything but genesis is in it.
    pub fn is_blank(&self) -> bool {
        self.heads() == [genesis::customer().hash()]
    }

    /// The whole document as one uncompressed chunk.
    pub fn snapshot(&self) -> Vec<u8> {
        self.automerge.save_nocompress()
    }

    /// Whether the document can be saved as it is, and comes back the same from what was saved.
    pub(crate) fn survives(&self, saved: &[u8]) -> bool {
        open_snapshot(saved).is_ok_and(|loaded| {
            loaded.is_some_and(|loaded| {
                let remarks = schema::Container::Remarks.object();
                loaded.heads() == self.heads() && loaded.automerge.text(remarks).is_ok()
            })
        })
    }

    /// The Automerge document underneath, for reading and for the gate.
    pub(crate) fn automerge(&self) -> &Automerge {
        &self.automerge
    }

    /// The Automerge document underneath, for writing.
    pub(crate) fn automerge_mut(&mut self) -> &mut Automerge {
        &mut self.automerge
    }
}

/// The checksum of a chunk: the first four bytes of its hash, behind four bytes of magic.
const CHECKSUM_OFFSET: usize = 4;
/// The type byte of a chunk, behind the checksum.
const CHUNK_TYPE_OFFSET: usize = 8;
/// The type of a document with its whole history.
const CHUNK_TYPE_DOCUMENT: u8 = 0;
/// The type of an uncompressed change.
pub(crate) const CHUNK_TYPE_CHANGE: u8 = 1;

/// The type byte of a chunk, if the chunk is long enough to have one.
pub(crate) fn chunk_type(chunk: &[u8]) -> Option<u8> {
    chunk.get(CHUNK_TYPE_OFFSET).copied()
}

/// Parses a change and checks its checksum, which the library does not do for single changes.
pub(crate) fn parse_change(chunk: &[u8]) -> Result<Change, LoadError> {
    let change = Change::from_bytes(chunk.to_vec())
        .map_err(|error| LoadError::Damaged(error.to_string()))?;
    let stated = chunk.get(CHECKSUM_OFFSET..CHUNK_TYPE_OFFSET);
    if stated.is_some_and(|checksum| change.hash().0.starts_with(checksum)) {
        Ok(change)
    } else {
        Err(LoadError::Damaged("the checksum is wrong".to_owned()))
    }
}

/// The hash of a change as the log names it.
fn hash_of(change: &Change) -> chain::ChangeHash {
    change.hash().into()
}

/// A document out of a snapshot; `None` if it is not one of ours, because it lacks genesis.
fn open_snapshot(chunk: &[u8]) -> Result<Option<Document>, LoadError> {
    let automerge = load_automerge(chunk)?;
    let document = Document { automerge };
    let is_ours = document.contains(&hash_of(&genesis::customer()));
    Ok(is_ours.then_some(document))
}

fn load_automerge(chunk: &[u8]) -> Result<Automerge, LoadError> {
    let options = LoadOptions::new().text_encoding(TEXT_ENCODING);
    Automerge::load_with_options(chunk, options)
        .map_err(|error| LoadError::Damaged(error.to_string()))
}

/// The changes that a chunk holds: one for a change, all of them for a snapshot.
fn changes_of(chunk: &[u8]) -> Result<Vec<Change>, LoadError> {
    if chunk_type(chunk) == Some(CHUNK_TYPE_CHANGE) {
        return parse_change(chunk).map(|change| vec![change]);
    }
    load_automerge(chunk).map(|snapshot| snapshot.get_changes(&[]))
}
