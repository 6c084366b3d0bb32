//! The ledger: a small append-only file outside the database and outside its backups.
//!
//! Context: restoring yesterday's backup must undo no revocation, and tablets heal a restored
//! server by themselves only if it still knows them. So whoever signs in or out, whatever code is
//! spent or password set, and every store, person, book and tablet that joins stands here too.
//!
//! Design: lines of JSON, each with a running BLAKE3 chain over the bytes of the line. The lines of
//! one transaction are on disk *before* the transaction is committed, and the database notes in the
//! same transaction up to where it follows the ledger. A crash in between leaves lines of a
//! transaction that never was; the next append takes them back with [`Event::Voided`]. Erasures
//! will join as another kind: `restore` refuses kinds that it does not know.
//!
//! Invariants: lines are never changed; a torn end is cut off only where the database does not
//! follow it. It holds names of staff and password hashes, so only its owner may read it.
//!
//! The end of the audit stands in it too, with every transaction that added to the audit.
//!
//! Growth: a sign-in is a line of about 400 bytes (two on a tablet that is new to the person) and one
//! of 200 for the audit, so a chain with a hundred sign-ins a day writes less than 40 MB in a year,
//! and nothing per customer or edit. Reading a year of it takes less than a second, so it is never rotated.

mod event;
mod read;
mod storage;

pub use event::{Entry, Event};
pub use read::{LedgerProblem, Reading, place_of, read};
pub use storage::{FileStorage, LedgerStorage};

use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};

use floorbook_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A value of the ledger's chain, as hex.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LedgerChain([u8; 16]);

impl LedgerChain {
    /// The value after one more line, of which these are the bytes behind the chain itself.
    fn extend(self, body: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0).update(body);
        let mut value = [0; 16];
        for (target, byte) in value.iter_mut().zip(hasher.finalize().as_bytes()) {
            *target = *byte;
        }
        Self(value)
    }

    fn hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A place in a ledger; the database keeps up to where it follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPlace {
    /// Which ledger: the chain's value at its first line, which is like no other's.
    pub ledger: LedgerChain,
    /// Number of the line; 0 before the first.
    pub number: u64,
    /// The chain's value there.
    pub chain: LedgerChain,
}

/// The ledger, open for appending.
pub struct Ledger {
    storage: Box<dyn LedgerStorage>,
    end: Mutex<End>,
}

#[derive(Clone, Copy)]
struct End {
    place: LedgerPlace,
    bytes: u64,
}

impl Ledger {
    /// Opens a ledger behind what was read of it. What is torn behind that is cut off by the next
    /// append.
    pub fn open(storage: Box<dyn LedgerStorage>, reading: &Reading) -> Self {
        let end = End {
            place: reading.end,
            bytes: reading.bytes,
        };
        Self {
            storage,
            end: Mutex::new(end),
        }
    }

    /// Where its bytes are.
    pub fn storage(&self) -> &dyn LedgerStorage {
        self.storage.as_ref()
    }

    /// The end of it.
    pub fn end(&self) -> LedgerPlace {
        self.end
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .place
    }

    /// Reads all of it from the start.
    ///
    /// # Errors
    /// If the storage can't be read.
    pub fn read(&self, visit: &mut dyn FnMut(Entry)) -> io::Result<Reading> {
        read(self.storage.as_ref(), visit)
    }

    /// Appends the events of one transaction and has them on disk when it returns. `followed` is up
    /// to where the database follows: lines behind it are of transactions that were never
    /// committed, and are taken back first.
    ///
    /// # Errors
    /// If it can't be written: then the transaction must not be committed.
    pub fn append(
        &self,
        followed: u64,
        events: &[Event],
        at: Timestamp,
    ) -> io::Result<LedgerPlace> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = *end;
        let mut lines = Vec::new();
        let voided = (end.place.number > followed).then_some(Event::Voided { after: followed });
        let group = end.place.number + 1;
        for event in voided.iter().chain(events) {
            next.place.number += 1;
            let entry = event::Body {
                number: next.place.number,
                group,
                at,
                event,
            };
            let body = serde_json::to_vec(&entry)?;
            let body = body.strip_prefix(b"{").unwrap_or(&body);
            next.place.chain = next.place.chain.extend(body);
            if next.place.number == 1 {
                next.place.ledger = next.place.chain;
            }
            lines.extend_from_slice(event::CHAIN_BEFORE.as_bytes());
            lines.extend_from_slice(next.place.chain.hex().as_bytes());
            lines.extend_from_slice(event::CHAIN_BEHIND.as_bytes());
            lines.extend_from_slice(body);
            lines.push(b'\n');
        }
        self.storage.write_at(end.bytes, &lines)?;
        next.bytes += lines.len() as u64;
        *end = next;
        Ok(next.place)
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ledger")
    }
}

#[cfg(test)]
mod tests;
