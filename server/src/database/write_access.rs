//! When people lost the right to write in a book: what they wrote before they could know of it is
//! still taken for a while.
//!
//! The table follows the organisation: every transaction that changes the version of the scope
//! compares who may write now with what stands here.

use std::collections::BTreeSet;

use floorbook_shared::access::{Access, Scope};
use floorbook_shared::id::{FeedId, PersonId};
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::document_log::head;
use super::organisation::{get, scope};
use super::tables::{self, META, WRITE_ACCESS};
use super::{DatabaseError, Result};

/// What somebody wrote before they could know of a change is taken for so long after it, in
/// milliseconds: 60 days.
pub const LATE_MAX_MILLIS: i64 = 60 * 86_400_000;

/// That somebody may not write in a book any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostAccess {
    /// The end of the log of the book's store at that time.
    pub seq: u64,
    /// The first version of the scope without the right.
    pub scope_version: u64,
    /// When.
    pub at: Timestamp,
}

/// What stands here of a person and a book in which they may write, or could.
#[derive(Default, Serialize, Deserialize)]
struct WriteAccess {
    lost: Option<LostAccess>,
}

fn key(person: PersonId, feed: FeedId) -> [u8; 32] {
    let mut key = [0; 32];
    let (left, right) = key.split_at_mut(16);
    left.copy_from_slice(person.as_bytes());
    right.copy_from_slice(feed.as_bytes());
    key
}

/// When somebody lost the right to write in a book, if they had it once and have it no more.
pub(super) fn lost(
    read: &ReadTransaction,
    person: PersonId,
    feed: FeedId,
) -> Result<Option<LostAccess>> {
    let table = read.open_table(WRITE_ACCESS)?;
    let row = get::<WriteAccess>("write_access", &table, &key(person, feed))?;
    Ok(row.and_then(|row| row.lost))
}

/// Notes what changed, in the transaction that changes it, if the version of the scope was this
/// before.
pub(super) fn follow(write: &WriteTransaction, before: u64, at: Timestamp) -> Result<()> {
    if scope::version(&write.open_table(META)?)? == before {
        return Ok(());
    }
    let scope = scope::changed_by(write)?;
    let writers = writers(&scope);
    let mut table = write.open_table(WRITE_ACCESS)?;
    let meta = write.open_table(META)?;
    let mut changed: Vec<([u8; 32], Option<WriteAccess>)> = Vec::new();
    let mut known = BTreeSet::new();
    for entry in table.iter()? {
        let (stored, value) = entry?;
        let stored: [u8; 32] = stored
            .value()
            .try_into()
            .map_err(|_| DatabaseError::damaged("write_access", "a key is too short"))?;
        let row: WriteAccess = tables::decode("write_access", value.value())?;
        known.insert(stored);
        let has = writers.contains(&stored);
        match row.lost {
            None if !has => {
                let [_, feed] = halves(stored);
                let store = scope.feed(FeedId::from_bytes(feed)).map(|feed| feed.store);
                let seq = match store {
                    Some(store) => head(&meta, store)?.seq,
                    None => 0,
                };
                let lost = LostAccess {
                    seq,
                    scope_version: scope.version,
                    at,
                };
                changed.push((stored, Some(WriteAccess { lost: Some(lost) })));
            }
            Some(_) if has => changed.push((stored, Some(WriteAccess::default()))),
            Some(lost) if is_over(lost.at, at) => changed.push((stored, None)),
            None | Some(_) => {}
        }
    }
    let new = writers.difference(&known);
    changed.extend(new.map(|new| (*new, Some(WriteAccess::default()))));
    for (key, row) in changed {
        match row {
            Some(row) => {
                let value = tables::encode("write_access", &row)?;
                table.insert(key.as_slice(), value.as_slice())?;
            }
            None => drop(table.remove(key.as_slice())?),
        }
    }
    Ok(())
}

/// Whether something lies further back than is asked about.
pub fn is_over(at: Timestamp, now: Timestamp) -> bool {
    now.as_millis().saturating_sub(at.as_millis()) > LATE_MAX_MILLIS
}

fn halves(key: [u8; 32]) -> [[u8; 16]; 2] {
    let mut halves = [[0; 16]; 2];
    for (half, bytes) in halves.iter_mut().zip(key.chunks_exact(16)) {
        half.copy_from_slice(bytes);
    }
    halves
}

/// Who may write in which book.
fn writers(scope: &Scope) -> BTreeSet<[u8; 32]> {
    let mut writers = BTreeSet::new();
    for person in scope.people.iter().filter(|person| person.is_active) {
        for feed in &scope.feeds {
            if scope.access(person.id, feed.id) == Some(Access::Write) {
                writers.insert(key(person.id, feed.id));
            }
        }
    }
    writers
}
