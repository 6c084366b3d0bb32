//! What is on a tablet: documents and their heads, as its disk has them.

use anyhow::{Context, Result};
use automerge::ChangeHash;
use floorbook_shared::device::storage::{self, Read, StoreName};
use floorbook_shared::document::Document;
use floorbook_shared::id::DocumentId;

use crate::tablet_storage::TabletStorage;

fn chunks(stored: &dyn TabletStorage, prefix: String) -> Result<Vec<(String, Vec<u8>)>> {
    let read = Read {
        id: 0,
        store: StoreName::Chunks,
        prefix,
    };
    let entries = stored.read(&read)?;
    let opened = entries.into_iter().map(|(key, value)| {
        let chunk = storage::open(&value).with_context(|| format!("the chunk {key}"))?;
        Ok((key, chunk.to_vec()))
    });
    opened.collect()
}

/// A document as it is stored; blank if the tablet does not have it.
///
/// # Errors
/// If a part of it is damaged or missing.
pub fn document(stored: &dyn TabletStorage, id: DocumentId) -> Result<Document> {
    let mut chunks = chunks(stored, String::new())?;
    chunks.retain(|(key, _)| document_of(key).is_ok_and(|of| of == id));
    let document = Document::load(chunks.iter().map(|(_, chunk)| chunk.as_slice()));
    document.with_context(|| format!("the document {id}"))
}

/// The documents of which the tablet has chunks, in the order of their ids.
///
/// # Errors
/// If the storage can't be read.
pub fn documents(stored: &dyn TabletStorage) -> Result<Vec<DocumentId>> {
    let mut ids = Vec::new();
    for (key, _) in chunks(stored, String::new())? {
        ids.push(document_of(&key)?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The document that a key in chunks belongs to: it stands behind the feed.
fn document_of(key: &str) -> Result<DocumentId> {
    let id = key.split('/').nth(1);
    let id = id.context("a key without a document")?;
    id.parse().context("a key without a document")
}

/// The heads of a document, sorted; two tablets with the same heads hold the same.
///
/// # Errors
/// As [`document`].
pub fn heads(stored: &dyn TabletStorage, id: DocumentId) -> Result<Vec<ChangeHash>> {
    Ok(document(stored, id)?.heads())
}
