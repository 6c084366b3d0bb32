//! Receipts of what was just committed: a tablet's own changes are not sent back to it, so the
//! acknowledgement brings the receipts of their documents.

use std::collections::BTreeMap;

use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::FeedState;
use floorbook_shared::sync::receipt::{Claim, ReceiptKey};

use super::judging::Outcome;
use crate::database::log::DocumentPlace;

/// What is to be said of the documents of a batch.
pub(super) struct Receipts {
    /// `None`: no receipts are given.
    key: Option<ReceiptKey>,
    claims: BTreeMap<DocumentId, Claim>,
}

impl Receipts {
    pub(super) const fn new(key: Option<ReceiptKey>) -> Self {
        Self {
            key,
            claims: BTreeMap::new(),
        }
    }

    /// Notes how a document stands that was judged. What was known before is acknowledged as well,
    /// because the tablet may not have got the first answer.
    pub(super) fn note(&mut self, outcome: &Outcome) {
        if self.key.is_none() {
            return;
        }
        let claim = match (&outcome.addition, &outcome.loaded) {
            (Some(addition), _) => claim(addition.place, addition.latest_seq, &addition.heads),
            (None, Some(loaded)) => {
                let heads = loaded.document.heads().into_iter();
                let heads: Vec<ChangeHash> = heads.map(ChangeHash::from).collect();
                claim(loaded.place, loaded.latest_seq, &heads)
            }
            (None, None) => return,
        };
        self.claims.insert(outcome.id, claim);
    }

    /// Notes that a change of a document was appended at this place.
    pub(super) fn note_seq(&mut self, document: DocumentId, seq: u64) {
        if let Some(claim) = self.claims.get_mut(&document) {
            claim.seq = claim.seq.max(seq);
        }
    }

    /// The receipt of a document.
    pub(super) fn of(&self, document: DocumentId) -> Option<Vec<u8>> {
        let claim = self.claims.get(&document)?;
        let receipt = self.key.as_ref()?.issue(claim);
        Some(receipt.to_bytes())
    }
}

fn claim(place: DocumentPlace, seq: u64, heads: &[ChangeHash]) -> Claim {
    Claim {
        document: place.key,
        kind: place.kind,
        feed: place.feed,
        state: FeedState::Here,
        seq,
        digest: Fingerprint::of(place.key, heads),
    }
}
