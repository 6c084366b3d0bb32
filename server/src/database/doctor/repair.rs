//! Mends what can be derived from the logs and the changes.
//!
//! Invariants: the log and the changes are never written, and of a document only a damaged snapshot
//! is taken out, without which it loads; each step is one transaction, so that
//! breaking off in the middle leaves what was mended and nothing half.

use std::collections::BTreeMap;
use std::ops::Bound;

use floorbook_shared::document::DocumentKind;
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::FeedState;
use redb::{ReadTransaction, ReadableTable};

use super::documents::{
    Archive, Totals, add_to_totals, is_right, is_right_index_entry, is_right_order_entry,
    wrong_totals,
};
use super::finding::Findings;
use super::log::{self, Logged, LoggedDocument};
use super::{Pace, Ward};
use crate::database::document_log::values::{
    ActorRow, DocumentRow, FeedEntry, LogDeed, LogEntry, decode, encode, get, hash_key, index_key,
    log_key, seq_of,
};
use crate::database::tables::{
    ACTORS, CHANGE_BY_HASH, DOCUMENTS, FEED_INDEX, FEED_ORDER, FEED_TOTALS, LOG, ROWS, SNAPSHOTS,
    Table,
};
use crate::database::{RedbDatabase, Result};

/// Entries that are looked at between two transactions.
const STEP_ENTRIES: usize = 5_000;
/// Documents that are opened between two transactions.
const STEP_DOCUMENTS: usize = 200;

/// An entry that has to be written anew, or taken out.
struct Prescription {
    name: &'static str,
    table: Table,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

/// What a step says: what to write, and behind which key the next one begins.
struct Step {
    prescriptions: Vec<Prescription>,
    next: Option<Vec<u8>>,
}

pub(super) fn repair(
    database: &RedbDatabase,
    tell: &dyn Fn(String),
) -> Result<BTreeMap<String, u64>> {
    let mut mended = BTreeMap::new();
    let mut logged = Logged::default();
    tell("reading the logs".to_owned());
    database.read(|read| {
        let mut ward = Ward {
            read,
            findings: &mut Findings::default(),
            pace: &Pace::FAST,
        };
        log::check(&mut ward, &mut logged)
    })?;
    // What has no place goes first, so that what belongs there can come.
    for (name, table) in [
        ("change_by_hash", CHANGE_BY_HASH),
        ("feed_index", FEED_INDEX),
        ("feed_order", FEED_ORDER),
        ("rows", ROWS),
        ("actors", ACTORS),
    ] {
        tell(format!("mending {name}"));
        run(database, &mut mended, |read, after| {
            without_place(read, &logged, name, table, after)
        })?;
    }
    tell("mending the index of changes".to_owned());
    run(database, &mut mended, hashes)?;
    tell("mending what is derived from the documents".to_owned());
    run(database, &mut mended, |read, after| {
        documents(read, &logged, after)
    })?;
    let once = |prescriptions| {
        Ok(Step {
            prescriptions,
            next: None,
        })
    };
    run(database, &mut mended, |read, _| once(marks(read, &logged)?))?;
    run(database, &mut mended, |read, _| once(totals(read)?))?;
    Ok(mended)
}

/// Takes step after step until there is nothing left to look at.
fn run(
    database: &RedbDatabase,
    mended: &mut BTreeMap<String, u64>,
    step: impl Fn(&ReadTransaction, Bound<&[u8]>) -> Result<Step>,
) -> Result<()> {
    let mut after: Option<Vec<u8>> = None;
    loop {
        let from = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let taken = database.read(|read| step(read, from))?;
        if !taken.prescriptions.is_empty() {
            database.write(|write| {
                for prescription in &taken.prescriptions {
                    let mut table = write.open_table(prescription.table)?;
                    let key = prescription.key.as_slice();
                    match &prescription.value {
                        Some(value) => drop(table.insert(key, value.as_slice())?),
                        None => drop(table.remove(key)?),
                    }
                }
                Ok(())
            })?;
            for prescription in taken.prescriptions {
                *mended.entry(prescription.name.to_owned()).or_default() += 1;
            }
        }
        match taken.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Looks at up to `count` entries of a table.
fn look(
    read: &ReadTransaction,
    table: Table,
    from: Bound<&[u8]>,
    count: usize,
    mut visit: impl FnMut(&[u8], &[u8], &mut Vec<Prescription>) -> Result<()>,
) -> Result<Step> {
    let table = read.open_table(table)?;
    let mut step = Step {
        prescriptions: Vec::new(),
        next: None,
    };
    for (number, entry) in table.range::<&[u8]>((from, Bound::Unbounded))?.enumerate() {
        let (key, value) = entry?;
        visit(key.value(), value.value(), &mut step.prescriptions)?;
        if number + 1 == count {
            step.next = Some(key.value().to_vec());
            break;
        }
    }
    Ok(step)
}

/// Takes out what belongs to no document or contradicts the log.
fn without_place(
    read: &ReadTransaction,
    logged: &Logged,
    name: &'static str,
    table: Table,
    from: Bound<&[u8]>,
) -> Result<Step> {
    let archive = Archive::open(read)?;
    let documents = read.open_table(DOCUMENTS)?;
    let log = read.open_table(LOG)?;
    look(read, table, from, STEP_ENTRIES, |key, value, prescribed| {
        let is_right = match name {
            "change_by_hash" => is_logged(&documents, &log, key, value),
            "feed_index" => is_right_index_entry(&documents, &archive, logged, key, value)?,
            "feed_order" => is_right_order_entry(&archive, key, value)?,
            "rows" => documents.get(key)?.is_some(),
            _ => decode::<ActorRow>("actors", value).is_ok(),
        };
        // The entry of a document that is here is written anew, not taken out: it says since when
        // the document is in its feed.
        let is_kept = name == "feed_index" && is_of_its_feed(logged, &documents, key);
        if !is_right && !is_kept {
            prescribed.push(Prescription {
                name,
                table,
                key: key.to_vec(),
                value: None,
            });
        }
        Ok(())
    })
}

/// Whether an entry of the index of changes is the one that the log names.
fn is_logged(
    documents: &impl ReadableTable<&'static [u8], &'static [u8]>,
    log: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
    value: &[u8],
) -> bool {
    let Some((id, hash)) = key.split_first_chunk::<16>() else {
        return false;
    };
    let row = get::<DocumentRow>("documents", documents, id)
        .ok()
        .flatten();
    let (Some(row), Ok(seq)) = (row, seq_of(value)) else {
        return false;
    };
    let entry = get::<LogEntry>("log", log, &log_key(row.store, seq))
        .ok()
        .flatten();
    entry.is_some_and(|entry| {
        entry.document.id.as_bytes() == id && entry.change.as_bytes().as_slice() == hash
    })
}

/// Whether an entry of the feed index is of the feed that its document is in.
fn is_of_its_feed(
    logged: &Logged,
    documents: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> bool {
    let Some((feed, id)) = key.split_first_chunk::<16>() else {
        return false;
    };
    let row = get::<DocumentRow>("documents", documents, id)
        .ok()
        .flatten();
    row.is_some_and(|row| {
        let entered = logged
            .documents
            .get(&row.key.id)
            .and_then(|known| known.entered);
        entered.map_or(row.feed, |(feed, _)| feed).as_bytes() == feed
    })
}

/// Makes each change of the log findable by its hash.
fn hashes(read: &ReadTransaction, from: Bound<&[u8]>) -> Result<Step> {
    let by_hash = read.open_table(CHANGE_BY_HASH)?;
    look(read, LOG, from, STEP_ENTRIES, |key, value, prescribed| {
        let Ok(entry) = decode::<LogEntry>("log", value) else {
            return Ok(());
        };
        if entry.deed != LogDeed::Change {
            return Ok(());
        }
        let seq = seq_of(key)?.to_be_bytes();
        let hash_key = hash_key(entry.document.id, &entry.change);
        let found = by_hash.get(hash_key.as_slice())?;
        if found.is_none_or(|found| found.value() != seq.as_slice()) {
            prescribed.push(Prescription {
                name: "change_by_hash",
                table: CHANGE_BY_HASH,
                key: hash_key.to_vec(),
                value: Some(seq.to_vec()),
            });
        }
        Ok(())
    })
}

/// Writes what documents say of themselves, and where they stand in their feeds.
fn documents(read: &ReadTransaction, logged: &Logged, from: Bound<&[u8]>) -> Result<Step> {
    let archive = Archive::open(read)?;
    look(
        read,
        DOCUMENTS,
        from,
        STEP_DOCUMENTS,
        |_, value, prescribed| {
            // A document whose own entry can't be read is for a backup to bring back.
            let Ok(row) = decode::<DocumentRow>("documents", value) else {
                return Ok(());
            };
            let Some(known) = logged.documents.get(&row.key.id) else {
                return Ok(());
            };
            if row.store != known.store {
                return Ok(());
            }
            let row = DocumentRow {
                latest_seq: known.latest_seq,
                feed: known.entered.map_or(row.feed, |(feed, _)| feed),
                ..row
            };
            mend(&archive, &row, known, value, prescribed)
        },
    )
}

fn mend(
    archive: &Archive,
    row: &DocumentRow,
    known: &LoggedDocument,
    stored: &[u8],
    prescribed: &mut Vec<Prescription>,
) -> Result<()> {
    let id: DocumentId = row.key.id;
    let opened = match row.kind {
        DocumentKind::Customer => archive.load(row, &mut |_, _, _| {})?,
        DocumentKind::Unknown(_) => None,
    };
    for key in opened.iter().flat_map(|opened| &opened.damaged_snapshots) {
        prescribed.push(Prescription {
            name: "snapshots",
            table: SNAPSHOTS,
            key: key.clone(),
            value: None,
        });
    }
    let mut write = |name, table, key: &[u8], value: Vec<u8>| {
        prescribed.push(Prescription {
            name,
            table,
            key: key.to_vec(),
            value: Some(value),
        });
    };
    let right = encode("documents", row)?;
    if right != stored {
        write("documents", DOCUMENTS, id.as_bytes(), right);
    }
    let before = archive.feed_entry(row.feed, id);
    let mut digest = before.map(|entry| entry.digest).unwrap_or_default();
    if let Some(opened) = opened {
        digest = opened.digest;
        if let Some(right) = archive.right_row(id, &opened.document)? {
            write("rows", ROWS, id.as_bytes(), right);
        }
        for (actor, author) in &opened.actors {
            if !archive.is_bound(actor, author) {
                write("actors", ACTORS, actor, encode("actors", author)?);
            }
        }
    }
    let is_right = |entry: &FeedEntry| is_right(entry, known) && entry.digest == digest;
    if !before.as_ref().is_some_and(is_right) {
        // Where it is not known since when the document is in the feed, everyone gets all of it.
        let entered_seq = before
            .map(|entry| entry.entered_seq)
            .filter(|entered| (1..=known.latest_here).contains(entered))
            .unwrap_or(known.latest_here);
        let entry = FeedEntry {
            entered_seq,
            latest_seq: known.latest_here,
            state: FeedState::Here,
            digest,
        };
        let value = encode("feed_index", &entry)?;
        write("feed_index", FEED_INDEX, &index_key(row.feed, id), value);
    }
    if !archive.is_in_order(row, row.feed, known.latest_here) {
        let value = encode("feed_order", &(row.feed, row.key))?;
        let key = log_key(row.store, known.latest_here);
        write("feed_order", FEED_ORDER, &key, value);
    }
    Ok(())
}

/// Writes that documents left feeds, as the log tells it.
fn marks(read: &ReadTransaction, logged: &Logged) -> Result<Vec<Prescription>> {
    let archive = Archive::open(read)?;
    let documents = read.open_table(DOCUMENTS)?;
    let mut prescribed = Vec::new();
    for ((id, feed), seq) in &logged.left {
        let row = get::<DocumentRow>("documents", &documents, id.as_bytes());
        let Some(row) = row.ok().flatten() else {
            continue;
        };
        let before = archive.feed_entry(*feed, *id);
        if before.is_none_or(|entry| (entry.state, entry.latest_seq) != (FeedState::Left, *seq)) {
            let entry = FeedEntry {
                entered_seq: *seq,
                latest_seq: *seq,
                state: FeedState::Left,
                digest: Fingerprint::EMPTY,
            };
            prescribed.push(Prescription {
                name: "feed_index",
                table: FEED_INDEX,
                key: index_key(*feed, *id).to_vec(),
                value: Some(encode("feed_index", &entry)?),
            });
        }
        if !archive.is_in_order(&row, *feed, *seq) {
            prescribed.push(Prescription {
                name: "feed_order",
                table: FEED_ORDER,
                key: log_key(row.store, *seq).to_vec(),
                value: Some(encode("feed_order", &(*feed, row.key))?),
            });
        }
    }
    Ok(prescribed)
}

/// Writes what the feeds hold in all.
fn totals(read: &ReadTransaction) -> Result<Vec<Prescription>> {
    let mut right = Totals::new();
    for entry in read.open_table(FEED_INDEX)?.iter()? {
        let (key, value) = entry?;
        add_to_totals(&mut right, key.value(), value.value());
    }
    let wrong = wrong_totals(read, &right)?;
    let prescriptions = wrong.into_iter().map(|(key, total)| {
        Ok(Prescription {
            name: "feed_totals",
            table: FEED_TOTALS,
            key,
            value: Some(encode("feed_totals", &total)?),
        })
    });
    prescriptions.collect()
}
