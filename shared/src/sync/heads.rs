//! The heads of documents that are not opened, from the chunks that they consist of.
//!
//! A tablet tells what it holds of thousands of documents by their heads alone. It follows them
//! from the bytes of what arrives, never from what the server says they are: otherwise a
//! fingerprint would compare the server with itself.

use crate::document::genesis;
use crate::sync::chain::ChangeHash;
use crate::sync::scanner::{ChunkType, ScanError, chunk_type, scan_change, snapshot_heads};

/// The heads of a document that consists of these chunks, each of which holds what no other does,
/// in an order in which nothing comes before what it builds on.
///
/// # Errors
/// If a chunk can't be scanned.
pub fn of_chunks<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<ChangeHash>, ScanError> {
    let mut heads = vec![genesis_hash()];
    for chunk in chunks {
        if chunk_type(chunk) == Some(ChunkType::Document) {
            // The fixed beginning is in every snapshot.
            heads = snapshot_heads(chunk)?;
        } else {
            let change = scan_change(chunk)?;
            add(&mut heads, change.hash, &change.deps);
        }
    }
    // A document of a kind that a newer program founded begins with another change.
    if heads.len() > 1 {
        heads.retain(|head| *head != genesis_hash());
    }
    heads.sort_unstable();
    Ok(heads)
}

/// The heads of a document with further changes; `None` if only the document itself can tell.
///
/// A change that builds on a current head is new for certain: nothing that is already in the
/// document builds on one. Any other may be a repeat.
pub fn extended<'a>(
    heads: &[ChangeHash],
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Option<Vec<ChangeHash>> {
    let mut heads = if heads.is_empty() {
        vec![genesis_hash()]
    } else {
        heads.to_vec()
    };
    for chunk in chunks {
        let change = scan_change(chunk).ok()?;
        let is_repeat = heads.contains(&change.hash);
        let is_new = change.deps.iter().any(|dep| heads.contains(dep));
        match (is_repeat, is_new) {
            (true, _) => {}
            (false, true) => add(&mut heads, change.hash, &change.deps),
            (false, false) => return None,
        }
    }
    heads.sort_unstable();
    Some(heads)
}

/// Whether these are the heads of a document that nothing was written into.
pub fn is_blank(heads: &[ChangeHash]) -> bool {
    heads.is_empty() || *heads == [genesis_hash()]
}

fn add(heads: &mut Vec<ChangeHash>, change: ChangeHash, deps: &[ChangeHash]) {
    heads.retain(|head| !deps.contains(head));
    heads.push(change);
}

fn genesis_hash() -> ChangeHash {
    genesis::customer().hash().into()
}
