//! Rows by themselves, beside the documents that they are of.

use std::ops::Bound;

use floorbook_shared::id::DocumentId;
use floorbook_shared::view::row_text::RowText;
use redb::{ReadableTable, Table};

use super::values::sixteen;
use crate::database::Result;
use crate::database::log::OutdatedRows;

/// Looks for rows of an older version.
pub(super) fn outdated(
    rows: &impl ReadableTable<&'static [u8], &'static [u8]>,
    version: u16,
    after: Option<DocumentId>,
    count: usize,
) -> Result<OutdatedRows> {
    let from = after.as_ref().map_or(Bound::Unbounded, |id| {
        Bound::Excluded(id.as_bytes().as_slice())
    });
    let mut looked = OutdatedRows::default();
    for entry in rows.range::<&[u8]>((from, Bound::Unbounded))?.take(count) {
        let (key, row) = entry?;
        let id = DocumentId::from_bytes(sixteen("rows", key.value())?);
        // One that can't be read is the doctor's.
        let is_older = serde_json::from_slice::<RowText>(row.value())
            .is_ok_and(|row| row.view_version() < version);
        if is_older {
            looked.outdated.push(id);
        }
        looked.last = Some(id);
    }
    Ok(looked)
}

/// Puts rows in the place of older ones.
pub(super) fn renew(
    rows: &mut Table<'_, &'static [u8], &'static [u8]>,
    renewed: &[(DocumentId, Vec<u8>)],
) -> Result<()> {
    for (id, row) in renewed {
        rows.insert(id.as_bytes().as_slice(), row.as_slice())?;
    }
    Ok(())
}
