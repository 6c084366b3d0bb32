//! Where a tablet's documents differ from the server's, and the whole documents that mend it.

use floorbook_shared::document::DocumentKey;
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::sync::fingerprint::{Fingerprint, bucket};
use floorbook_shared::sync::message::{
    COMPARED_MAX_DOCUMENTS, Compared, FRAME_BYTES, FeedState, Fetched,
};
use floorbook_shared::sync::server::FeedsOf;
use redb::ReadTransaction;

use super::page::LogReader;
use super::values::{
    DocumentRow, FeedEntry, FeedTotal, bucket_key, decode, get, index_key, sixteen,
};
use crate::database::Result;
use crate::database::tables::{DOCUMENTS, FEED_INDEX, FEED_TOTALS};

/// What is here of the buckets that differ from a tablet's, as many as fit into an answer.
pub(super) fn compare(
    read: &ReadTransaction,
    of: &FeedsOf,
    theirs: &[Fingerprint],
) -> Result<Compared> {
    let totals = read.open_table(FEED_TOTALS)?;
    let mut answer = Compared {
        store: of.store,
        buckets: Vec::new(),
        documents: Vec::new(),
    };
    let mut announced = 0;
    for (number, theirs) in (0..=u8::MAX).zip(theirs) {
        let mut ours = FeedTotal::default();
        for feed in &of.feeds {
            let total = get::<FeedTotal>("feed_totals", &totals, &bucket_key(*feed, number))?;
            let total = total.unwrap_or_default();
            ours.fingerprint.toggle(total.fingerprint);
            ours.documents = ours.documents.saturating_add(total.documents);
        }
        if ours.fingerprint == *theirs {
            continue;
        }
        announced += usize::try_from(ours.documents).unwrap_or(usize::MAX);
        if !answer.buckets.is_empty() && announced > COMPARED_MAX_DOCUMENTS {
            break;
        }
        answer.buckets.push(number);
    }
    if answer.buckets.is_empty() {
        return Ok(answer);
    }
    let index = read.open_table(FEED_INDEX)?;
    for feed in &of.feeds {
        let first = index_key(*feed, DocumentId::from_bytes([0; 16]));
        let last = index_key(*feed, DocumentId::from_bytes([u8::MAX; 16]));
        for entry in index.range(first.as_slice()..=last.as_slice())? {
            let (key, value) = entry?;
            let Some(document) = key.value().get(16..) else {
                continue;
            };
            let document = DocumentId::from_bytes(sixteen("feed_index", document)?);
            if answer.buckets.contains(&bucket(document)) {
                let entry: FeedEntry = decode("feed_index", value.value())?;
                if entry.state == FeedState::Here {
                    answer.documents.push((document, entry.digest));
                }
            }
        }
    }
    Ok(answer)
}

/// Whole documents of some feeds, as many of the first asked for as fit into a frame.
pub(super) fn fetch(
    read: &ReadTransaction,
    reader: &LogReader,
    of: &FeedsOf,
    documents: &[DocumentId],
) -> Result<Fetched> {
    let rows = read.open_table(DOCUMENTS)?;
    let index = read.open_table(FEED_INDEX)?;
    let mut answer = Fetched {
        store: of.store,
        items: Vec::new(),
        unknown: Vec::new(),
    };
    let mut bytes = 0;
    for id in documents {
        let row = get::<DocumentRow>("documents", &rows, id.as_bytes())?;
        let row = row.filter(|row| row.store == of.store);
        let found = match row {
            Some(row) => entry_of(&index, of, &row)?.map(|found| (row.key, found)),
            None => None,
        };
        let Some((key, (feed, entry))) = found else {
            answer.unknown.push(*id);
            continue;
        };
        let item = reader.whole_item(feed, key, entry)?;
        let size = item.row.len() + item.chunks.iter().map(Vec::len).sum::<usize>();
        if !answer.items.is_empty() && bytes + size > FRAME_BYTES {
            break;
        }
        bytes += size;
        answer.items.push(item);
    }
    Ok(answer)
}

/// Where a document is in some feeds: where it lives, or else a mark of where it was.
fn entry_of(
    index: &impl redb::ReadableTable<&'static [u8], &'static [u8]>,
    of: &FeedsOf,
    row: &DocumentRow,
) -> Result<Option<(FeedId, FeedEntry)>> {
    let DocumentKey { id, .. } = row.key;
    let home = of.feeds.get(&row.feed);
    for feed in home.into_iter().chain(&of.feeds) {
        let entry = get::<FeedEntry>("feed_index", index, &index_key(*feed, id))?;
        if let Some(entry) = entry {
            return Ok(Some((*feed, entry)));
        }
    }
    Ok(None)
}
