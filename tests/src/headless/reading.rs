//! What is on a tablet: documents and their heads, as its disk has them.

use anyhow::{Context, Result};
use automerge::ChangeHash;
use floorbook_shared::device::storage::{Read, StoreName};
use floorbook_shared::document::Document;
use floorbook_shared::id::DocumentId;

use super::tablet::Tablet;
use crate::tablet_storage::TabletStorage;

fn chunks(tablet: &Tablet<impl TabletStorage>, prefix: String) -> Result<Vec<(String, Vec<u8>)>> {
    let read = Read {
        id: 0,
        store: StoreName::Chunks,
        prefix,
    };
    let entries = tablet.storage.read(&read)?;
    let opened = entries.into_iter().map(|(key, value)| {
        let chunk = tablet.device.look_into(StoreName::Chunks, &key, &value);
        let chunk = chunk.with_context(|| format!("the chunk {key}"))?;
        Ok((key, chunk))
    });
    opened.collect()
}

/// A document as it is stored; blank if the tablet does not have it.
///
/// # Errors
/// If a part of it is damaged or missing.
pub fn document(tablet: &Tablet<impl TabletStorage>, id: DocumentId) -> Result<Document> {
    let mut chunks = chunks(tablet, String::new())?;
    chunks.retain(|(key, _)| document_of(key).is_ok_and(|of| of == id));
    let document = Document::load(chunks.iter().map(|(_, chunk)| chunk.as_slice()));
    document.with_context(|| format!("the document {id}"))
}

/// The documents of which the tablet has chunks, in the order of their ids.
///
/// # Errors
/// If the storage can't be read.
pub fn documents(tablet: &Tablet<impl TabletStorage>) -> Result<Vec<DocumentId>> {
    let mut ids = Vec::new();
    for (key, _) in chunks(tablet, String::new())? {
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
pub fn heads(tablet: &Tablet<impl TabletStorage>, id: DocumentId) -> Result<Vec<ChangeHash>> {
    Ok(document(tablet, id)?.heads())
}
