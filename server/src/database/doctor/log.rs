//! The logs of the stores: numbers, chain, and that each change can be found by its hash.

use std::collections::BTreeMap;

use floorbook_shared::id::{DocumentId, FeedId, StoreId};
use floorbook_shared::sync::chain::Cursor;
use redb::ReadableTable;

use super::{Ailment, Ward};
use crate::database::Result;
use crate::database::document_log::values::{
    LogDeed, LogEntry, decode, get, hash_key, head_key, seq_of,
};
use crate::database::tables::{CHANGE_BY_HASH, LOG, META};

/// What the logs say of each document.
#[derive(Default)]
pub(in crate::database) struct Logged {
    /// By document.
    pub(in crate::database) documents: BTreeMap<DocumentId, LoggedDocument>,
    /// Feeds that documents have left, with the entry that says so.
    pub(in crate::database) left: BTreeMap<(DocumentId, FeedId), u64>,
    /// Changes in all logs.
    pub(in crate::database) changes: u64,
}

/// What a log says of one document.
#[derive(Clone, Copy)]
pub(in crate::database) struct LoggedDocument {
    /// The store whose log it is.
    pub(in crate::database) store: StoreId,
    /// Its latest entry.
    pub(in crate::database) latest_seq: u64,
    /// The latest entry of the feed that it is in: a change, or that it came.
    pub(in crate::database) latest_here: u64,
    /// The feed that it came to last and the entry that says so, if it was ever moved.
    pub(in crate::database) entered: Option<(FeedId, u64)>,
    /// Changes of it.
    pub(in crate::database) changes: u64,
}

/// The end of a store's log, as far as it was read.
struct Reached {
    store: StoreId,
    cursor: Cursor,
}

pub(super) fn check(ward: &mut Ward<'_>, logged: &mut Logged) -> Result<()> {
    let log = ward.read.open_table(LOG)?;
    let by_hash = ward.read.open_table(CHANGE_BY_HASH)?;
    let mut reached: Option<Reached> = None;
    for entry in log.iter()? {
        let (key, value) = entry?;
        ward.pace.step();
        let seq = seq_of(key.value())?;
        let Some(store) = key.value().first_chunk::<16>() else {
            continue;
        };
        let store = StoreId::from_bytes(*store);
        let subject = format!("store {store}, entry {seq}");
        if reached.as_ref().is_none_or(|before| before.store != store) {
            if let Some(before) = reached.take() {
                check_head(ward, &before)?;
            }
            reached = Some(Reached {
                store,
                cursor: Cursor::default(),
            });
        }
        let Some(before) = &mut reached else { continue };
        if seq != before.cursor.seq + 1 {
            let gap = format!(
                "store {store}, entries {} to {}",
                before.cursor.seq + 1,
                seq - 1
            );
            ward.findings.add(Ailment::LogGap, "log", gap);
        }
        before.cursor.seq = seq;
        let Ok(entry) = decode::<LogEntry>("log", value.value()) else {
            ward.findings.add(Ailment::LogBroken, "log", subject);
            continue;
        };
        let document = entry.document.id;
        let expected = before.cursor.chain.extend(seq, document, &entry.change);
        if expected != entry.chain {
            ward.findings
                .add(Ailment::LogBroken, "log", subject.clone());
        }
        // From a break on, the chain is followed as it stands: one break is one finding.
        before.cursor.chain = entry.chain;
        let known = logged.documents.entry(document).or_insert(LoggedDocument {
            store,
            latest_seq: 0,
            latest_here: 0,
            entered: None,
            changes: 0,
        });
        known.latest_seq = seq;
        match entry.deed {
            LogDeed::Change => known.latest_here = seq,
            LogDeed::Entered(feed) => {
                known.latest_here = seq;
                known.entered = Some((feed, seq));
                logged.left.remove(&(document, feed));
                continue;
            }
            LogDeed::Left(feed) => {
                logged.left.insert((document, feed), seq);
                continue;
            }
        }
        known.changes += 1;
        logged.changes += 1;
        let found = by_hash.get(hash_key(document, &entry.change).as_slice())?;
        if found.map(|value| seq_of(value.value())).transpose()? != Some(seq) {
            let subject = format!("document {document}, {subject}");
            ward.findings
                .add(Ailment::HashIndexWrong, "change_by_hash", subject);
        }
    }
    if let Some(last) = reached {
        check_head(ward, &last)?;
    }
    Ok(())
}

fn check_head(ward: &mut Ward<'_>, reached: &Reached) -> Result<()> {
    let meta = ward.read.open_table(META)?;
    let head: Cursor = get("meta", &meta, &head_key(reached.store))?.unwrap_or_default();
    if (head.seq, head.chain) != (reached.cursor.seq, reached.cursor.chain) {
        let subject = format!(
            "store {}: ends at {}, noted is {}",
            reached.store, reached.cursor.seq, head.seq
        );
        ward.findings.add(Ailment::LogHeadWrong, "meta", subject);
    }
    Ok(())
}
