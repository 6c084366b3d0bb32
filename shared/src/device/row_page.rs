//! Many rows as one value of the tablet's storage: squeezed, because opening a tablet means to
//! unseal all of them, and rows are alike.

use crate::device::record::{RowRecord, from_bytes, to_bytes};
use crate::vault::seal::OpenError;

/// What a squeezed page begins with; one that is not squeezed is JSON, which begins otherwise.
const SQUEEZED: u8 = b'L';
/// Longest page, in bytes: many times what the rows of one can be.
const PAGE_MAX_BYTES: usize = 64 * 1024 * 1024;

/// The rows as they are sealed.
pub(crate) fn pack(rows: &[RowRecord]) -> Vec<u8> {
    let mut page = vec![SQUEEZED];
    page.extend(lz4_flex::compress_prepend_size(&to_bytes(&rows)));
    page
}

/// Reads rows that were unsealed.
pub(crate) fn unpack(page: &[u8]) -> Result<Vec<RowRecord>, OpenError> {
    let Some((&SQUEEZED, squeezed)) = page.split_first() else {
        return from_bytes(page);
    };
    let (length, content) =
        lz4_flex::block::uncompressed_size(squeezed).map_err(|_| OpenError::Damaged)?;
    if length > PAGE_MAX_BYTES {
        return Err(OpenError::Damaged);
    }
    let json = lz4_flex::decompress(content, length).map_err(|_| OpenError::Damaged)?;
    from_bytes(&json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentKey, DocumentKind};
    use crate::id::{DocumentId, FeedId, StoreId};
    use crate::view::row::CustomerRow;
    use crate::view::row_text::RowText;

    fn rows(count: u8) -> Vec<RowRecord> {
        let row = |number| RowRecord {
            document: DocumentKey {
                id: DocumentId::from_bytes([number; 16]),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            feed: FeedId::from_bytes([1; 16]),
            store: StoreId::from_bytes([2; 16]),
            chunks: 3,
            heads: Vec::new(),
            receipt: None,
            is_leaving: false,
            revision: u64::from(number),
            row: Some(RowText::of(&CustomerRow {
                name: format!("顾客{number}"),
                ..CustomerRow::default()
            })),
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn a_page_holds_its_rows_in_little_space_and_one_of_an_older_program_is_read() {
        let rows = rows(100);
        let page = pack(&rows);
        assert_eq!(unpack(&page).unwrap(), rows);
        let plain = to_bytes(&rows);
        assert!(page.len() * 4 < plain.len(), "{} bytes", page.len());
        assert_eq!(unpack(&plain).unwrap(), rows);
    }

    #[test]
    fn a_damaged_page_is_no_page() {
        let page = pack(&rows(10));
        let huge = [&[SQUEEZED][..], &u32::MAX.to_le_bytes(), &page[5..]].concat();
        for damaged in [&page[..page.len() / 2], &huge, &[SQUEEZED], b"L123", b""] {
            assert!(unpack(damaged).is_err());
        }
    }
}
