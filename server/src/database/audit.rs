//! The audit: a chain of entries, each hashed over the one before.

use redb::{ReadTransaction, ReadableTable, WriteTransaction};

use super::model::{AuditEntry, AuditPlace, By, Deed};
use super::tables::{self, AUDIT};
use super::{DatabaseError, Result};

/// Adds an entry in the transaction of what it tells about.
pub(super) fn note(write: &WriteTransaction, by: By, deed: Deed) -> Result<()> {
    let mut audit = write.open_table(AUDIT)?;
    let (last, chain) = match end(&audit)? {
        None => (0, [0; 16]),
        Some(place) => (place.number, place.chain),
    };
    let mut entry = AuditEntry {
        number: last + 1,
        at: by.at,
        person: by.person,
        device: by.device,
        deed,
        chain,
    };
    entry.chain = link(&entry)?;
    let value = tables::encode("audit", &entry)?;
    audit.insert(entry.number.to_be_bytes().as_slice(), value.as_slice())?;
    Ok(())
}

/// The end of the audit; nothing while there is no entry.
pub(super) fn end(
    audit: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Option<AuditPlace>> {
    let Some((_, value)) = audit.last()? else {
        return Ok(None);
    };
    let AuditEntry { number, chain, .. } = tables::decode("audit", value.value())?;
    Ok(Some(AuditPlace { number, chain }))
}

/// The place of an entry, if there is one of this number.
pub(super) fn place(read: &ReadTransaction, number: u64) -> Result<Option<AuditPlace>> {
    let audit = read.open_table(AUDIT)?;
    let Some(value) = audit.get(number.to_be_bytes().as_slice())? else {
        return Ok(None);
    };
    let AuditEntry { number, chain, .. } = tables::decode("audit", value.value())?;
    Ok(Some(AuditPlace { number, chain }))
}

/// The hash of an entry that carries the hash of the one before.
fn link(entry: &AuditEntry) -> Result<[u8; 16]> {
    let bytes = tables::encode("audit", entry)?;
    let hash = blake3::hash(&bytes);
    let mut chain = [0; 16];
    for (target, byte) in chain.iter_mut().zip(hash.as_bytes()) {
        *target = *byte;
    }
    Ok(chain)
}

/// Entries after number `after`; a break in the chain is an error.
pub(super) fn entries(read: &ReadTransaction, after: u64, limit: usize) -> Result<Vec<AuditEntry>> {
    let audit = read.open_table(AUDIT)?;
    let mut previous: Option<[u8; 16]> = (after == 0).then_some([0; 16]);
    let mut entries = Vec::new();
    // Starts at the entry before the first wanted one, for its hash.
    for row in audit.range(after.to_be_bytes().as_slice()..)? {
        if entries.len() == limit {
            break;
        }
        let (_, value) = row?;
        let entry: AuditEntry = tables::decode("audit", value.value())?;
        if let Some(previous) = previous
            && link(&AuditEntry {
                chain: previous,
                ..entry.clone()
            })? != entry.chain
        {
            return Err(DatabaseError::damaged(
                "audit",
                format!("the chain breaks at entry {}", entry.number),
            ));
        }
        previous = Some(entry.chain);
        if entry.number > after {
            entries.push(entry);
        }
    }
    Ok(entries)
}
