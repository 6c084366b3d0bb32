//! Receipts on the tablet: kept with the rows, and brought back to a restored server.
//!
//! A receipt is kept only if it stands for heads that this tablet holds. A newer one of which that
//! can't be said (it stands for changes of others that did not arrive yet, or for less than what is
//! here because the server was restored) does not take the place of an older one that is good.

use std::collections::{BTreeMap, BTreeSet};

use crate::device::engine::{Device, Job, Opened};
use crate::device::record::{KeptReceipt, RowRecord};
use crate::device::staged::Staged;
use crate::device::verify::Check;
use crate::document::{Document, DocumentKind};
use crate::faults;
use crate::id::DocumentId;
use crate::sync::chain::ChangeHash;
use crate::sync::fingerprint::Fingerprint;
use crate::sync::heads;
use crate::sync::message::{
    FeedState, MESSAGE_MAX_BYTES, OFFER_MAX_DOCUMENTS, Offered, PUSH_BYTES, Restored,
};
use crate::sync::receipt::{Claim, Receipt};
use crate::sync::scanner::scan_change;

/// What an offered document needs beside its changes and heads, roughly; and what the message does.
const OVERHEAD_BYTES: usize = 200;

/// What is to be brought back to a store whose server lacks it.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    waiting: BTreeMap<DocumentId, Offered>,
    /// Documents that the server did not take: they are not offered again on this connection.
    refused: BTreeSet<DocumentId>,
}

impl Offers {
    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn put(&mut self, offered: Offered) {
        let id = offered.document.id;
        let is_sendable = size_of(&offered) + OVERHEAD_BYTES <= MESSAGE_MAX_BYTES;
        if is_sendable && !self.refused.contains(&id) {
            self.waiting.insert(id, offered);
        }
    }

    /// As much of it as one message takes.
    pub(crate) fn next(&mut self) -> Option<Vec<Offered>> {
        let mut bytes = 0;
        let mut documents = Vec::new();
        while let Some(entry) = self.waiting.first_entry() {
            bytes += size_of(entry.get());
            let is_full = bytes > PUSH_BYTES || documents.len() >= OFFER_MAX_DOCUMENTS;
            if is_full && !documents.is_empty() {
                break;
            }
            documents.push(entry.remove());
        }
        (!documents.is_empty()).then_some(documents)
    }

    fn note(&mut self, restored: &Restored) {
        let refused = restored.documents.iter().filter(|one| !one.code.is_empty());
        self.refused.extend(refused.map(|one| one.document));
    }
}

fn size_of(offered: &Offered) -> usize {
    let changes = offered.changes.iter().map(|change| change.len() + 3);
    OVERHEAD_BYTES + changes.sum::<usize>() + offered.heads.len() * 32
}

impl Device {
    /// Gives the rows that are about to be written the receipts that stand for them: those that
    /// just arrived, or those that were known before.
    pub(crate) fn settle_receipts(&self, staged: &mut Staged) {
        let mut rows = std::mem::take(&mut staged.rows);
        for record in &mut rows {
            record.receipt = if record.row.is_some() {
                self.receipt_for(record, staged)
            } else {
                None
            };
        }
        staged.rows = rows;
    }

    fn receipt_for(&self, record: &RowRecord, staged: &Staged) -> Option<KeptReceipt> {
        let id = record.document.id;
        let news = staged.receipts.get(&id);
        let fresh = news.and_then(|bytes| {
            let receipt = Receipt::from_bytes(bytes)?;
            let stood_for = self.stood_for(record, &receipt, &staged.removed_outbox)?;
            Some(KeptReceipt {
                feed: record.feed,
                receipt: bytes.clone(),
                heads: stood_for,
            })
        });
        let mut kept = fresh.or_else(|| {
            let before = self.index.record(id)?;
            let kept = before.receipt.as_ref()?;
            Some(KeptReceipt {
                heads: kept.heads_of(before).to_vec(),
                ..kept.clone()
            })
        })?;
        if kept.heads == record.heads {
            // The row says so already.
            kept.heads.clear();
        }
        Some(kept)
    }

    /// The heads here that a receipt stands for: what the store is known to have, or that with the
    /// first of what waits, which it took without the answer having arrived.
    fn stood_for(
        &self,
        record: &RowRecord,
        receipt: &Receipt,
        settled: &[u64],
    ) -> Option<Vec<ChangeHash>> {
        let is_it = |heads: &[ChangeHash]| {
            let claim = Claim {
                document: record.document,
                kind: record.kind,
                feed: record.feed,
                state: FeedState::Here,
                seq: receipt.seq(),
                digest: Fingerprint::of(record.document, heads),
            };
            receipt.stands_for(&claim) && !heads::is_blank(heads)
        };
        let mut held = record.heads.clone();
        if is_it(&held) {
            return Some(held);
        }
        for waiting in self.index.waiting_of(record.document.id) {
            if settled.contains(&waiting.header.device_seq) {
                continue;
            }
            held = heads::extended(&held, [waiting.body.change.as_slice()])?;
            if is_it(&held) {
                return Some(held);
            }
        }
        None
    }

    /// Prepares to bring back what a document has here, the store lacks, and a receipt vouches for.
    /// Answers which changes that are.
    pub(crate) fn bring_back(
        &self,
        id: DocumentId,
        theirs: &Document,
        check: &mut Check,
    ) -> BTreeSet<ChangeHash> {
        let Some(offered) = self.vouched(id, theirs) else {
            return BTreeSet::new();
        };
        let (offered, hashes) = offered;
        check.offers.put(offered);
        hashes
    }

    fn vouched(
        &self,
        id: DocumentId,
        theirs: &Document,
    ) -> Option<(Offered, BTreeSet<ChangeHash>)> {
        let record = self.index.row(id)?;
        let kept = record.receipt.as_ref()?;
        let Some(Opened::Document(ours)) = self.document(id) else {
            return None;
        };
        if record.kind != DocumentKind::Customer || faults::is_planted("receipts_left_unused") {
            return None;
        }
        let heads = kept.heads_of(record);
        let covered = ours.under(heads)?;
        let missing = ours.changes_missing_in(theirs).into_iter();
        let missing = missing.filter(|(hash, ..)| covered.contains(hash));
        let (hashes, changes): (BTreeSet<ChangeHash>, Vec<Vec<u8>>) =
            missing.map(|(hash, _, bytes)| (hash, bytes)).unzip();
        if changes.is_empty() {
            return None;
        }
        let offered = Offered {
            document: record.document,
            kind: record.kind,
            feed: kept.feed,
            receipt: kept.receipt.clone(),
            heads: heads.to_vec(),
            changes,
        };
        Some((offered, hashes))
    }

    /// The server has judged what was offered. What it took comes with a frame, and both sides are
    /// compared again.
    pub(crate) fn note_restored(&mut self, restored: &Restored) {
        if let Some(check) = self.checks.get_mut(&restored.store) {
            check.offer_answered();
            check.offers.note(restored);
            let offered = restored.documents.iter().map(|one| one.document);
            let departed = offered.filter(|id| check.departing.contains(id));
            let departed: Vec<DocumentId> = departed.collect();
            check.departed.extend(&departed);
            self.jobs.extend(departed.into_iter().map(Job::LetGo));
        }
        // What waited for it may go now. A frame does not tell of it, where all of it is this
        // tablet's own.
        for taken in restored.documents.iter().filter(|one| one.code.is_empty()) {
            self.offer_waiting(taken.document);
        }
    }

    /// Whether the store has all that the first waiting change of a document builds on.
    pub(crate) fn is_next(&self, id: DocumentId, theirs: &Document) -> bool {
        let first = self.index.waiting_of(id).next();
        let change = first.and_then(|waiting| scan_change(&waiting.body.change).ok());
        change.is_some_and(|change| change.deps.iter().all(|dep| theirs.contains(dep)))
    }
}
