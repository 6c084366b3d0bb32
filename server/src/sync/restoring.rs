//! Taking back what a restored backup lacks, from tablets that hold receipts for it.
//!
//! What a receipt vouches for passed the gate before, so nobody is asked for rights; its form is
//! judged again all the same. A document is taken or refused by itself.

use std::collections::BTreeMap;

use floorbook_shared::access::Scope;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::{Document, DocumentKind};
use floorbook_shared::faults;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate::{self, GateError, Passed};
use floorbook_shared::sync::message::{Offered, Restored, RestoredDocument};
use floorbook_shared::sync::offer::{self, OfferError};
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::sync::scanner::ScannedChange;
use floorbook_shared::sync::server::{FeedsOf, Peer};
use floorbook_shared::time::Timestamp;

use super::caught::catch;
use super::commit::{Committer, DOCUMENT_UNREADABLE, row_of};
use super::judging::{Stored, load};
use super::loaded::{Loaded, LoadedDocuments};
use crate::database::log::{Addition, DocumentPlace, NewChange, Restoration};
use crate::database::{Home, Result};

/// Code of an offered document that the ledger tells was erased.
pub const ERASED: &str = "erased";

/// What a tablet offers, and whoever it is.
#[derive(Clone, Debug)]
pub struct Offering {
    /// The tablet and the person.
    pub bearer: Peer,
    /// The feeds that they hold.
    pub of: FeedsOf,
    /// What they offer.
    pub documents: Vec<Offered>,
}

/// Why a document is not taken, as a stable code.
type Code = &'static str;

/// What is written of a document, with the code of why it is not all that was offered.
struct Taken {
    restoration: Restoration,
    code: Option<Code>,
}

/// What judging one offered document needs.
struct Case<'c> {
    offering: &'c Offering,
    offered: &'c Offered,
    scope: &'c Scope,
    key: &'c ReceiptKey,
    now: Timestamp,
}

impl Committer {
    /// Judges an offer and commits what it brings back, in one transaction.
    ///
    /// # Errors
    /// If the database can't read or write: then nothing was taken.
    pub fn restore(&mut self, offering: &Offering, now: Timestamp) -> Result<Restored> {
        let scope = self.database.scope()?;
        let key = self.database.receipt_key().cloned();
        let mut restorations = Vec::new();
        let mut documents = Vec::with_capacity(offering.documents.len());
        // Whose actors the documents before in this offer have bound.
        let mut claims = BTreeMap::new();
        for offered in &offering.documents {
            let taken = match &key {
                Some(key) => self.judge_offered(
                    &Case {
                        offering,
                        offered,
                        scope: &scope,
                        key,
                        now,
                    },
                    &claims,
                )?,
                // Without a key no receipt was ever given.
                None => Err(OfferError::ForgedReceipt.code()),
            };
            let code = match taken {
                Ok(taken) => {
                    let changes = taken.restoration.addition.changes.iter();
                    claims.extend(changes.map(|change| (change.actor.clone(), change.author)));
                    restorations.push(taken.restoration);
                    taken.code
                }
                Err(code) => Some(code),
            };
            documents.push(RestoredDocument {
                document: offered.document.id,
                code: code.unwrap_or_default().to_owned(),
            });
        }
        restorations.retain(|restoration| {
            !restoration.addition.changes.is_empty()
                || restoration.decided_by.is_some()
                || restoration.addition.place.feed != restoration.receipt_feed
        });
        if !restorations.is_empty()
            && let Err(error) = self.database.restore(&restorations)
        {
            self.loaded = LoadedDocuments::default();
            return Err(error);
        }
        for restoration in &restorations {
            // What memory holds of it is older.
            drop(self.loaded.take(restoration.addition.place.key.id));
        }
        let refused = documents.iter().filter(|one| !one.code.is_empty()).count();
        let (offered, taken) = (documents.len(), restorations.len());
        tracing::info!(device = %offering.bearer.device, offered, taken, refused, "a tablet brought back what a restored backup lacks");
        Ok(Restored {
            store: offering.of.store,
            documents,
        })
    }

    fn judge_offered(
        &mut self,
        case: &Case<'_>,
        claims: &BTreeMap<Vec<u8>, ChangeAuthor>,
    ) -> Result<std::result::Result<Taken, Code>> {
        let Case { offered, scope, .. } = *case;
        let vouched = match offer::open(offered, case.key) {
            Ok(vouched) => vouched,
            Err(error) => return Ok(Err(error.code())),
        };
        let id = offered.document.id;
        let home = self.database.home(id)?;
        if home == Some(Home::Erased) {
            return Ok(Err(ERASED));
        }
        let stored = match self.loaded.take(id) {
            Some(loaded) => Stored::Loaded(Box::new(loaded)),
            None => load(self.database.as_ref(), id)?,
        };
        let (base, is_new) = match stored {
            Stored::Loaded(loaded) => (*loaded, false),
            Stored::Missing => match founded(offered, home, scope) {
                Ok(place) => (Loaded::new(Document::found(), place, 0), true),
                Err(code) => return Ok(Err(code)),
            },
            Stored::Unreadable => return Ok(Err(DOCUMENT_UNREADABLE)),
        };
        if base.place.key != offered.document {
            return Ok(Err("wrong_incarnation"));
        }
        // Whoever has a receipt was given the document: also who lost the book since.
        let missing = match vouched.missing(&|hash| base.document.contains(hash)) {
            Ok(missing) => missing,
            Err(error) => return Ok(Err(error.code())),
        };
        let bound = self.bound(&missing, claims)?;
        let judged = catch(|| judge(case, &base, &missing, &bound));
        let taken = judged.unwrap_or_else(|_| {
            tracing::error!(document = %id, "an offered document could not be judged");
            Err(DOCUMENT_UNREADABLE)
        });
        Ok(taken.map(|mut taken| {
            let restoration = &mut taken.restoration;
            let is_later = match home {
                None => is_new,
                Some(Home::ByReceipt(seq)) => vouched.seq > seq,
                Some(Home::ByLedger(_) | Home::Erased) => false,
            };
            let is_known = scope
                .feed(offered.feed)
                .is_some_and(|feed| feed.store == base.place.store);
            if !is_known {
                // There is nobody to tell.
                restoration.receipt_feed = base.place.feed;
            }
            if is_later && is_known {
                restoration.decided_by = Some(vouched.seq);
                let is_elsewhere = base.place.feed != offered.feed;
                restoration.moves_to = is_elsewhere.then_some(offered.feed);
            }
            taken
        }))
    }

    /// Who the actors of these changes belong to, as far as is known.
    fn bound(
        &self,
        changes: &[&ScannedChange<'_>],
        claims: &BTreeMap<Vec<u8>, ChangeAuthor>,
    ) -> Result<BTreeMap<Vec<u8>, ChangeAuthor>> {
        let mut bound = BTreeMap::new();
        for change in changes {
            if bound.contains_key(change.actor) {
                continue;
            }
            let stored = self.database.actor(change.actor)?;
            let author = stored.or_else(|| claims.get(change.actor).copied());
            bound.extend(author.map(|author| (change.actor.to_vec(), author)));
        }
        Ok(bound)
    }
}

/// Where a document belongs that the backup does not know.
fn founded(
    offered: &Offered,
    home: Option<Home>,
    scope: &Scope,
) -> std::result::Result<DocumentPlace, Code> {
    if offered.document.incarnation != 0 || offered.kind != DocumentKind::Customer {
        return Err("unknown_kind");
    }
    let told = match home {
        Some(Home::ByLedger(feed)) => feed,
        Some(Home::ByReceipt(_) | Home::Erased) | None => offered.feed,
    };
    let feed = scope.feed(told).ok_or("unknown_feed")?;
    Ok(DocumentPlace {
        key: offered.document,
        kind: offered.kind,
        store: feed.store,
        feed: feed.id,
    })
}

/// Has the gate judge what is missing. What passes is taken, also beside something that does not:
/// a document that is full by now takes what still fits.
fn judge(
    case: &Case<'_>,
    base: &Loaded,
    missing: &[&ScannedChange<'_>],
    bound: &BTreeMap<Vec<u8>, ChangeAuthor>,
) -> std::result::Result<Taken, Code> {
    let candidates = offer::credited(missing, bound).map_err(GateError::code)?;
    let judged = gate::judge_all(&base.document, base.bytes, &candidates);
    let mut changes = Vec::new();
    let mut code = None;
    for (candidate, verdict) in candidates.iter().zip(judged.verdicts) {
        match verdict {
            Ok(Passed::New) => changes.push(NewChange {
                hash: candidate.change.hash,
                bytes: candidate.change.bytes.to_vec(),
                actor: candidate.change.actor.to_vec(),
                author: credit(candidate.author, case.offering.bearer),
            }),
            Ok(Passed::Known) => {}
            Err(error) => code = code.or(Some(error.code())),
        }
    }
    if let (Some(code), true) = (code, changes.is_empty()) {
        return Err(code);
    }
    let heads = judged.document.heads().into_iter();
    let addition = Addition {
        place: base.place,
        latest_seq: base.latest_seq,
        changes,
        heads: heads.map(ChangeHash::from).collect(),
        row: row_of(&judged.document),
        received: case.now,
    };
    let restoration = Restoration {
        addition,
        decided_by: None,
        moves_to: None,
        receipt_feed: case.offered.feed,
    };
    Ok(Taken { restoration, code })
}

/// Who a change is credited to: whoever made it, never who brings it back.
fn credit(author: ChangeAuthor, bearer: Peer) -> ChangeAuthor {
    if faults::is_planted("restored_work_credited_to_its_bearer") {
        ChangeAuthor {
            person: bearer.person.unwrap_or_default(),
            device: bearer.device,
        }
    } else {
        author
    }
}
