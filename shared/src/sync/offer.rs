//! Offers: history that a restored server lacks, brought back by a tablet that holds a receipt.
//!
//! The receipt proves that the server itself once held the document with these heads, and a head
//! is a hash over all that it builds on. So every change that is reached from the heads passed the
//! gate before, with its author; who brings it back does not matter, and what is not reached does
//! not come in.
//!
//! *Invariant:* nothing of an offer is shown to Automerge before its receipt is verified and the
//! scanner has walked its bytes.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Author;

use crate::document::author::ChangeAuthor;
use crate::faults;
use crate::sync::chain::ChangeHash;
use crate::sync::fingerprint::Fingerprint;
use crate::sync::gate::{Candidate, GateError};
use crate::sync::message::{FeedState, Offered};
use crate::sync::receipt::{Claim, Receipt, ReceiptKey};
use crate::sync::scanner::{ScanError, ScannedChange, scan_change};

/// Why an offered document was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// This server gave no such receipt for this document with these heads.
    #[error("the receipt is not one of this server for this document")]
    ForgedReceipt,
    /// A change is not as the gate would take one.
    #[error("{0}")]
    Change(#[from] GateError),
    /// A change is not part of what the receipt was given for.
    #[error("a change does not lie under the heads of the receipt")]
    NotCovered,
    /// Something under the heads of the receipt is neither offered nor stored.
    #[error("something under the heads of the receipt is missing")]
    Incomplete,
}

impl OfferError {
    /// Stable code for logs and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ForgedReceipt => "forged_receipt",
            Self::Change(error) => error.code(),
            Self::NotCovered => "not_covered",
            Self::Incomplete => "incomplete_offer",
        }
    }
}

impl From<ScanError> for OfferError {
    fn from(error: ScanError) -> Self {
        Self::Change(error.into())
    }
}

/// An offer whose receipt is good and whose changes were scanned.
#[derive(Debug)]
pub struct Vouched<'o> {
    offered: &'o Offered,
    /// The place in the log at which the receipt was given.
    pub seq: u64,
    changes: BTreeMap<ChangeHash, ScannedChange<'o>>,
}

/// Verifies the receipt of an offered document, and then scans its changes.
///
/// # Errors
/// If the receipt is not of this key for this document in this feed with these heads, or a change
/// is none.
pub fn open<'o>(offered: &'o Offered, key: &ReceiptKey) -> Result<Vouched<'o>, OfferError> {
    let receipt = Receipt::from_bytes(&offered.receipt).ok_or(OfferError::ForgedReceipt)?;
    let claim = Claim {
        document: offered.document,
        kind: offered.kind,
        feed: offered.feed,
        state: FeedState::Here,
        seq: receipt.seq(),
        digest: Fingerprint::of(offered.document, &offered.heads),
    };
    if !key.verifies(&claim, &receipt) && !faults::is_planted("receipt_not_verified") {
        return Err(OfferError::ForgedReceipt);
    }
    let mut changes = BTreeMap::new();
    for bytes in &offered.changes {
        let change = scan_change(bytes)?;
        changes.insert(change.hash, change);
    }
    Ok(Vouched {
        offered,
        seq: receipt.seq(),
        changes,
    })
}

impl<'o> Vouched<'o> {
    /// The offered changes that are not stored, none of them before what it builds on.
    ///
    /// # Errors
    /// If a change is not reached from the heads of the receipt, or something that is reached is
    /// neither offered nor stored.
    pub fn missing(
        &self,
        is_stored: &dyn Fn(&ChangeHash) -> bool,
    ) -> Result<Vec<&ScannedChange<'o>>, OfferError> {
        let fresh = |hash: &ChangeHash| self.changes.get(hash).filter(|_| !is_stored(hash));
        let mut order = Vec::new();
        let mut seen: BTreeSet<ChangeHash> = BTreeSet::new();
        // What is to be looked at, and what comes into the order once all below it is there. A
        // history may be thousands of changes deep, so this is no recursion.
        let mut open: Vec<(ChangeHash, bool)> = Vec::new();
        let mut heads = self.offered.heads.clone();
        if faults::is_planted("offer_not_closed") {
            heads.extend(self.changes.keys());
        }
        open.extend(heads.into_iter().map(|head| (head, false)));
        while let Some((hash, is_done)) = open.pop() {
            let Some(change) = fresh(&hash) else {
                if is_stored(&hash) {
                    continue;
                }
                return Err(OfferError::Incomplete);
            };
            if is_done {
                order.push(change);
            } else if seen.insert(hash) {
                open.push((hash, true));
                open.extend(change.deps.iter().map(|dep| (*dep, false)));
            }
        }
        let offered = self.changes.keys().filter(|hash| !is_stored(hash));
        if offered.count() == order.len() {
            Ok(order)
        } else {
            Err(OfferError::NotCovered)
        }
    }
}

/// The changes as candidates for the gate, each credited to who made it: the person and tablet that
/// the actor's first change names, or that the actor is known to belong to.
///
/// # Errors
/// If a change does not tell who made it.
pub fn credited<'c>(
    changes: &[&'c ScannedChange<'c>],
    bound: &BTreeMap<Vec<u8>, ChangeAuthor>,
) -> Result<Vec<Candidate<'c>>, GateError> {
    let mut named: BTreeMap<&[u8], ChangeAuthor> = BTreeMap::new();
    let mut candidates = Vec::with_capacity(changes.len());
    for change in changes {
        let known = bound.get(change.actor).copied();
        if let Some(author) = stated(change)? {
            named.entry(change.actor).or_insert(author);
        }
        let author = named.get(change.actor).copied().or(known);
        candidates.push(Candidate {
            change,
            author: author.ok_or(GateError::ForeignActor)?,
            // The gate compares it with what the change states.
            bound: known,
        });
    }
    Ok(candidates)
}

/// Who an actor's first change says made it.
fn stated(change: &ScannedChange<'_>) -> Result<Option<ChangeAuthor>, GateError> {
    if change.seq != 1 {
        return Ok(None);
    }
    let author = change.author.map(|bytes| Author::from(bytes.to_vec()));
    let author = author.and_then(|author| ChangeAuthor::from_author(&author));
    author.ok_or(GateError::ForeignAuthor).map(Some)
}
