//! Judging pushed changes and making the accepted ones durable, many at a time.
//!
//! *Invariant:* nothing is called settled before the transaction that holds it is durable. If the
//! database can't write, nobody gets an answer and the tablets keep what they sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::faults;
use floorbook_shared::id::{DeviceId, DocumentId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate::{self, GateError};
use floorbook_shared::sync::message::DOCUMENT_MAX_BYTES;
use floorbook_shared::sync::server::Settled;
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::row::CustomerRow;

use super::judging::{Job, Part, Scan, Stored, judge_all, load, without_rivals};
use super::loaded::{Loaded, LoadedDocuments};
use super::opened::OpenedItem;
use super::receipts::Receipts;
use crate::database::log::{Addition, DocumentPlace, Move, NewChange};
use crate::database::model::Told;
use crate::database::{Database, DatabaseError, Result};

/// A pushed change with the tablet that pushed it.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The tablet.
    pub device: DeviceId,
    /// What the tablet had said that it knows.
    pub told: Arc<Told>,
    /// What was pushed; its seal proved whose it is.
    pub item: OpenedItem,
}

/// A command that the server itself gives.
#[derive(Clone, Debug)]
pub struct ServerDeed {
    /// The document; founded if it does not exist.
    pub place: DocumentPlace,
    /// What to do.
    pub command: Command,
    /// The seq of the document's latest change when the command was decided on, if the command
    /// must not meet a newer one.
    pub seen_seq: Option<u64>,
    /// When it is done, as the document tells it.
    pub at: Timestamp,
}

/// Code of a command that met a newer change than it was decided on.
pub const CHANGED_MEANWHILE: &str = "changed_meanwhile";
/// Code of a command on a document that does not load.
pub const DOCUMENT_UNREADABLE: &str = "document_unreadable";

/// Where the changes that were just appended stand in their store's log.
type Appended = BTreeMap<(DocumentId, ChangeHash), u64>;

/// Judges and commits; there is one per database, because there is one writer.
pub struct Committer {
    pub(super) database: Arc<dyn Database>,
    pub(super) loaded: LoadedDocuments,
    /// What the planted fault `ack_before_commit` has acknowledged without writing it.
    held_back: Vec<Addition>,
}

/// What one batch of the server's own commands adds to one document.
struct Draft {
    document: Document,
    place: DocumentPlace,
    latest_seq: u64,
    changes: Vec<NewChange>,
}

impl Committer {
    /// A committer that has loaded nothing yet.
    pub fn new(database: Arc<dyn Database>) -> Self {
        Self {
            database,
            loaded: LoadedDocuments::default(),
            held_back: Vec::new(),
        }
    }

    /// The database that it commits to.
    pub fn database(&self) -> &dyn Database {
        self.database.as_ref()
    }

    /// Judges a batch and commits what passed, in one transaction. A bad change is refused alone,
    /// but for the other changes of its command.
    ///
    /// # Errors
    /// If the database can't read or write: then nothing of the batch is settled.
    pub fn commit(&mut self, batch: &[Submission], now: Timestamp) -> Result<Vec<Settled>> {
        let scope = self.database.scope()?;
        let scans: Vec<_> = batch
            .iter()
            .map(|submission| gate::parse(&submission.item.change))
            .collect();
        let mut settled = Vec::with_capacity(batch.len());
        let mut rest = (batch, scans.as_slice());
        while !rest.0.is_empty() {
            let bound = self.bind(rest.0, rest.1)?;
            let count = without_rivals(rest.0, rest.1, &bound);
            let part = Part {
                submissions: rest.0.get(..count).unwrap_or_default(),
                scans: rest.1.get(..count).unwrap_or_default(),
                bound,
                scope: &scope,
                now,
            };
            settled.extend(self.commit_part(&part)?);
            rest = (
                rest.0.get(count..).unwrap_or_default(),
                rest.1.get(count..).unwrap_or_default(),
            );
        }
        Ok(settled)
    }

    fn commit_part(&mut self, part: &Part<'_>) -> Result<Vec<Settled>> {
        let mut judged = BTreeMap::new();
        let mut excluded = BTreeSet::new();
        let mut open = part.documents();
        // Commands that touch several documents are refused as a whole. That needs a second look
        // at documents that were judged; it never ends in a circle, because what was excluded
        // stays so.
        while !open.is_empty() {
            let jobs = open
                .iter()
                .map(|(id, places)| Job {
                    id: *id,
                    places,
                    loaded: self.loaded.take(*id),
                })
                .collect();
            for outcome in judge_all(jobs, part, &excluded, self.database.as_ref())? {
                judged.insert(outcome.id, outcome);
            }
            let torn = part.torn_groups(&judged);
            open = part.documents();
            open.retain(|_, places| places.iter().any(|place| torn.contains(place)));
            excluded.extend(torn);
            for id in open.keys() {
                judged.remove(id);
            }
        }
        let mut additions = Vec::new();
        let mut documents = Vec::new();
        let mut verdicts = BTreeMap::new();
        let mut receipts = Receipts::new(self.database.receipt_key().cloned());
        for (id, outcome) in judged {
            receipts.note(&outcome);
            verdicts.extend(outcome.verdicts);
            match (outcome.addition, outcome.loaded) {
                (Some(addition), loaded) => {
                    additions.push(addition);
                    documents.push((id, loaded));
                }
                // Nothing new: what was loaded still is what is stored.
                (None, Some(loaded)) => self.loaded.put(id, loaded),
                (None, None) => {}
            }
        }
        let appended = self.append_and_keep(additions, documents)?;
        for ((id, _), seq) in &appended {
            receipts.note_seq(*id, *seq);
        }
        let numbered = part.submissions.iter().enumerate();
        numbered
            .map(|(place, submission)| {
                let result = match verdicts.remove(&place) {
                    Some(Ok(change)) => Ok(self.seq_of(submission, change, &appended)?),
                    Some(Err(code)) => Err(code),
                    None => Err(DOCUMENT_UNREADABLE.to_owned()),
                };
                let document = submission.item.document.id;
                let receipt = result.is_ok().then(|| receipts.of(document)).flatten();
                Ok(Settled {
                    device_seq: submission.item.device_seq,
                    result,
                    at: part.now,
                    receipt: receipt.map(|receipt| (document, receipt)),
                })
            })
            .collect()
    }

    /// Who the actors of a batch belong to, as stored.
    fn bind<'s>(
        &self,
        submissions: &[Submission],
        scans: &'s [Scan<'_>],
    ) -> Result<BTreeMap<&'s [u8], Option<ChangeAuthor>>> {
        let mut bound = BTreeMap::new();
        for (_, scan) in submissions.iter().zip(scans) {
            if let Ok(change) = scan
                && !bound.contains_key(change.actor)
            {
                bound.insert(change.actor, self.database.actor(change.actor)?);
            }
        }
        Ok(bound)
    }

    /// The place in the log of an accepted change: of one just appended, or of one that had been
    /// there before.
    fn seq_of(
        &self,
        submission: &Submission,
        change: ChangeHash,
        appended: &Appended,
    ) -> Result<u64> {
        let document = submission.item.document.id;
        match appended.get(&(document, change)) {
            Some(seq) => Ok(*seq),
            None => {
                let stored = self.database.seq_of(document, change)?;
                stored
                    .ok_or_else(|| DatabaseError::damaged("change_by_hash", "an entry is missing"))
            }
        }
    }

    /// Runs commands that the server itself gives (an import), all in one transaction. Answers for
    /// each whether it changed anything, or the code of what forbids it.
    ///
    /// # Errors
    /// If the database can't read or write: then nothing was changed.
    pub fn run(
        &mut self,
        deeds: &[ServerDeed],
        writer: &Writer,
        now: Timestamp,
    ) -> Result<Vec<std::result::Result<bool, String>>> {
        let (drafts, results) = self.drafts(deeds, writer)?;
        let additions = drafts.values().map(|draft| addition_of(draft, now));
        let additions = additions.collect();
        let documents = drafts
            .into_iter()
            .map(|(id, draft)| (id, Some(Loaded::new(draft.document, draft.place, 0))));
        self.append_and_keep(additions, documents.collect())?;
        Ok(results)
    }

    /// Runs commands that the server itself gives and moves documents to another feed of their
    /// store, all in one transaction. Answers as [`Self::run`] does.
    ///
    /// # Errors
    /// If the database can't read or write: then nothing was changed, and none was moved.
    pub fn run_and_move(
        &mut self,
        deeds: &[ServerDeed],
        orders: &[Move],
        writer: &Writer,
        now: Timestamp,
    ) -> Result<Vec<std::result::Result<bool, String>>> {
        let (drafts, results) = self.drafts(deeds, writer)?;
        let additions = drafts.values().map(|draft| addition_of(draft, now));
        let additions: Vec<Addition> = additions.collect();
        for order in orders {
            // Their places are kept with the loaded documents.
            drop(self.loaded.take(order.document));
        }
        self.database.move_documents(&additions, orders)?;
        Ok(results)
    }

    /// What commands of the server itself change, and for each whether it changes anything.
    #[expect(clippy::type_complexity, reason = "only taken apart")]
    fn drafts(
        &mut self,
        deeds: &[ServerDeed],
        writer: &Writer,
    ) -> Result<(
        BTreeMap<DocumentId, Draft>,
        Vec<std::result::Result<bool, String>>,
    )> {
        let mut drafts: BTreeMap<DocumentId, Draft> = BTreeMap::new();
        let mut results = Vec::with_capacity(deeds.len());
        for deed in deeds {
            let id = deed.place.key.id;
            let draft = match drafts.remove(&id) {
                Some(draft) => Some(draft),
                None => self.draft(deed.place)?,
            };
            let Some(mut draft) = draft else {
                results.push(Err(DOCUMENT_UNREADABLE.to_owned()));
                continue;
            };
            results.push(write_deed(&mut draft, deed, writer));
            drafts.insert(id, draft);
        }
        drafts.retain(|_, draft| !draft.changes.is_empty());
        Ok((drafts, results))
    }

    /// Moves a document to another feed of its store.
    ///
    /// # Errors
    /// If the database can't read or write, or there is no such document.
    pub fn move_document(&mut self, order: &Move) -> Result<()> {
        // Its place is kept with the loaded document.
        drop(self.loaded.take(order.document));
        self.database.move_document(order)
    }

    /// The document as it stands: from memory, from the database, or new. `None`: it does not
    /// load, which harms only itself.
    fn draft(&mut self, place: DocumentPlace) -> Result<Option<Draft>> {
        let id = place.key.id;
        let known = match self.loaded.take(id) {
            Some(loaded) => Some(loaded),
            None => match load(self.database.as_ref(), id)? {
                Stored::Loaded(loaded) => Some(*loaded),
                Stored::Missing => None,
                Stored::Unreadable => return Ok(None),
            },
        };
        let loaded = known.unwrap_or_else(|| Loaded::new(Document::found(), place, 0));
        Ok(Some(Draft {
            document: loaded.document,
            place: loaded.place,
            latest_seq: loaded.latest_seq,
            changes: Vec::new(),
        }))
    }

    /// Appends, and keeps the documents loaded with the seq that they have now.
    fn append_and_keep(
        &mut self,
        additions: Vec<Addition>,
        documents: Vec<(DocumentId, Option<Loaded>)>,
    ) -> Result<Appended> {
        let hashes: Vec<Vec<ChangeHash>> = additions
            .iter()
            .map(|addition| addition.changes.iter().map(|change| change.hash).collect())
            .collect();
        // A card that a restored backup lacks goes where the ledger says, once it is there.
        let mut rehomed = BTreeSet::new();
        for addition in additions.iter().filter(|addition| addition.latest_seq == 0) {
            let id = addition.place.key.id;
            rehomed.extend(self.database.home(id)?.map(|_| id));
        }
        let seqs = match self.append(additions) {
            Ok(seqs) => seqs,
            Err(error) => {
                // What memory holds may be ahead of the disk, or behind it: it is read again.
                self.loaded = LoadedDocuments::default();
                return Err(error);
            }
        };
        let mut appended = Appended::new();
        for (((id, loaded), hashes), seqs) in documents.into_iter().zip(&hashes).zip(&seqs) {
            let changes = hashes.iter().zip(seqs);
            appended.extend(changes.map(|(hash, seq)| ((id, *hash), *seq)));
            let loaded = loaded.filter(|_| !rehomed.contains(&id));
            if let (Some(mut loaded), Some(latest_seq)) = (loaded, seqs.last()) {
                loaded.latest_seq = *latest_seq;
                self.loaded.put(id, loaded);
            }
        }
        Ok(appended)
    }

    fn append(&mut self, additions: Vec<Addition>) -> Result<Vec<Vec<u64>>> {
        if faults::is_planted("ack_before_commit") {
            let late = std::mem::replace(&mut self.held_back, additions);
            self.loaded = LoadedDocuments::default();
            self.database.append(&late)?;
            let held_back = self.held_back.iter();
            return Ok(held_back.map(|held| vec![0; held.changes.len()]).collect());
        }
        if additions.is_empty() {
            Ok(Vec::new())
        } else {
            self.database.append(&additions)
        }
    }
}

/// Runs one of the server's own commands on a draft; after a refusal the draft is as before.
fn write_deed(
    draft: &mut Draft,
    deed: &ServerDeed,
    writer: &Writer,
) -> std::result::Result<bool, String> {
    let is_newer = |seen| draft.latest_seq != seen || !draft.changes.is_empty();
    if deed.seen_seq.is_some_and(is_newer) {
        return Err(CHANGED_MEANWHILE.to_owned());
    }
    let mut document = draft.document.clone();
    let change = write::run(&mut document, &deed.command, writer, deed.at)
        .map_err(|error| error.code().to_owned())?;
    let Some(bytes) = change else {
        return Ok(false);
    };
    // Our own changes keep to the limits too, or no tablet could take them.
    let parsed = gate::parse(&bytes).map_err(|error| error.code().to_owned())?;
    if document.snapshot().len() > DOCUMENT_MAX_BYTES {
        return Err(GateError::DocumentFull.code().to_owned());
    }
    draft.document = document;
    draft.changes.push(NewChange {
        hash: parsed.hash,
        bytes: bytes.clone(),
        actor: writer.actor.to_vec(),
        author: writer.author,
    });
    Ok(true)
}

fn addition_of(draft: &Draft, now: Timestamp) -> Addition {
    Addition {
        place: draft.place,
        latest_seq: draft.latest_seq,
        changes: draft.changes.clone(),
        heads: draft
            .document
            .heads()
            .into_iter()
            .map(ChangeHash::from)
            .collect(),
        row: row_of(&draft.document),
        received: now,
    }
}

/// The projection of a document, as tablets get it.
pub fn row_of(document: &Document) -> Vec<u8> {
    let reading = read(document);
    let row = CustomerRow::project(&reading.customer, reading.conflicts.len());
    serde_json::to_vec(&row).unwrap_or_default()
}
