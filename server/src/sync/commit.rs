//! Judging pushed changes and making the accepted ones durable, many at a time.
//!
//! *Invariant:* nothing is called settled before the transaction that holds it is durable. If the
//! database can't write, nobody gets an answer and the tablets keep what they sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use floorbook_shared::access::Scope;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKind};
use floorbook_shared::faults;
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate::{self, GateError};
use floorbook_shared::sync::message::{DOCUMENT_MAX_BYTES, PushItem};
use floorbook_shared::sync::server::{Peer, Settled};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::row::CustomerRow;

use crate::database::log::{Addition, DocumentPlace, NewChange};
use crate::database::{Database, DatabaseError, Result};

/// Documents that are kept loaded between batches.
const LOADED_DOCUMENTS_MAX: usize = 200;

/// A pushed change with the tablet and person that pushed it.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who pushed it.
    pub peer: Peer,
    /// What was pushed.
    pub item: PushItem,
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

/// A document as the judge has it in memory.
struct Loaded {
    document: Document,
    place: DocumentPlace,
    latest_seq: u64,
}

/// Judges and commits; there is one per database, because there is one writer.
pub struct Committer {
    database: Arc<dyn Database>,
    loaded: BTreeMap<DocumentId, Loaded>,
    recently_used: VecDeque<DocumentId>,
    /// What the planted fault `ack_before_commit` has acknowledged without writing it.
    held_back: Vec<Addition>,
}

/// What one batch adds to one document, while it is judged.
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
            loaded: BTreeMap::new(),
            recently_used: VecDeque::new(),
            held_back: Vec::new(),
        }
    }

    /// Judges a batch and commits what passed, in one transaction. A bad change is refused alone.
    ///
    /// # Errors
    /// If the database can't read or write: then nothing of the batch is settled.
    pub fn commit(&mut self, batch: &[Submission], now: Timestamp) -> Result<Vec<Settled>> {
        let scope = self.database.scope()?;
        let mut drafts: BTreeMap<DocumentId, Draft> = BTreeMap::new();
        let mut verdicts = Vec::with_capacity(batch.len());
        for submission in batch {
            verdicts.push(self.judge(submission, &scope, &mut drafts)?);
        }
        let appended = self.append_drafts(drafts, now)?;
        batch
            .iter()
            .zip(verdicts)
            .map(|(submission, verdict)| {
                let result = match verdict {
                    Ok(change) => Ok(self.seq_of(submission, change, &appended)?),
                    Err(code) => Err(code),
                };
                Ok(Settled {
                    device_seq: submission.item.device_seq,
                    result,
                    at: now,
                })
            })
            .collect()
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
        let mut drafts: BTreeMap<DocumentId, Draft> = BTreeMap::new();
        let mut results = Vec::with_capacity(deeds.len());
        for deed in deeds {
            let id = deed.place.key.id;
            let mut draft = match drafts.remove(&id) {
                Some(draft) => draft,
                None => match self.draft(id, || Ok(blank_draft(deed.place)))? {
                    Ok(draft) => draft,
                    Err(code) => {
                        results.push(Err(code.to_owned()));
                        continue;
                    }
                },
            };
            results.push(write_deed(&mut draft, deed, writer));
            drafts.insert(id, draft);
        }
        self.append_drafts(drafts, now)?;
        Ok(results)
    }

    fn append_drafts(
        &mut self,
        mut drafts: BTreeMap<DocumentId, Draft>,
        now: Timestamp,
    ) -> Result<Appended> {
        drafts.retain(|_, draft| !draft.changes.is_empty());
        let additions: Vec<Addition> = drafts
            .values()
            .map(|draft| addition_of(draft, now))
            .collect();
        match self.append(additions) {
            Ok(seqs) => {
                let mut appended = Appended::new();
                for ((id, draft), seqs) in drafts.iter().zip(&seqs) {
                    let changes = draft.changes.iter().zip(seqs);
                    appended.extend(changes.map(|(change, seq)| ((*id, change.hash), *seq)));
                }
                let latest = seqs.iter().map(|seqs| seqs.last().copied().unwrap_or(0));
                self.keep(drafts.into_iter().zip(latest));
                Ok(appended)
            }
            Err(error) => {
                // What memory holds may be ahead of the disk, or behind it: it is read again.
                self.loaded.clear();
                self.recently_used.clear();
                Err(error)
            }
        }
    }

    /// Judges one change. The outer error is the database's, the inner one the change's.
    fn judge(
        &mut self,
        submission: &Submission,
        scope: &Scope,
        drafts: &mut BTreeMap<DocumentId, Draft>,
    ) -> Result<std::result::Result<ChangeHash, String>> {
        let Submission { peer, item } = submission;
        let change = match gate::parse(&item.change) {
            Ok(change) => change,
            Err(error) => return Ok(Err(error.code().to_owned())),
        };
        let mut draft = match drafts.remove(&item.document.id) {
            Some(draft) => draft,
            None => match self.draft(item.document.id, || new_draft(item, scope))? {
                Ok(draft) => draft,
                Err(code) => return Ok(Err(code.to_owned())),
            },
        };
        let mut result = Ok(ChangeHash::from(change.hash()));
        let is_known = draft.document.contains(&change.hash());
        if draft.place.key != item.document {
            result = Err("wrong_incarnation".to_owned());
        } else if !is_known || faults::is_planted("no_duplicate_check") {
            let author = ChangeAuthor {
                person: peer.person,
                device: peer.device,
            };
            let in_batch = drafts
                .values()
                .chain([&draft])
                .flat_map(|draft| &draft.changes);
            let bound = self.bound_to(change.actor_id().to_bytes(), in_batch)?;
            match gate::judge(&draft.document, &change, author, bound) {
                Ok(document) => {
                    draft.document = document;
                    draft.changes.push(NewChange {
                        hash: change.hash().into(),
                        bytes: item.change.clone(),
                        actor: change.actor_id().to_bytes().to_vec(),
                        author,
                    });
                }
                Err(error) => result = Err(error.code().to_owned()),
            }
        }
        drafts.insert(item.document.id, draft);
        Ok(result)
    }

    /// Who an actor belongs to: as this batch binds it, or as stored.
    fn bound_to<'a>(
        &self,
        actor: &[u8],
        in_batch: impl Iterator<Item = &'a NewChange>,
    ) -> Result<Option<ChangeAuthor>> {
        match in_batch
            .filter(|change| change.actor == actor)
            .map(|change| change.author)
            .next()
        {
            Some(author) => Ok(Some(author)),
            None => self.database.actor(actor),
        }
    }

    /// The document as it stands: from memory, from the database, or new.
    fn draft(
        &mut self,
        id: DocumentId,
        found: impl FnOnce() -> std::result::Result<Draft, &'static str>,
    ) -> Result<std::result::Result<Draft, &'static str>> {
        if !self.loaded.contains_key(&id) {
            let Some(stored) = self.database.document(id)? else {
                return Ok(found());
            };
            // A document that does not load harms only itself.
            let Ok(document) = Document::load(stored.chunks.iter().map(Vec::as_slice)) else {
                tracing::error!(document = %id, "a stored document does not load");
                return Ok(Err(DOCUMENT_UNREADABLE));
            };
            let loaded = Loaded {
                document,
                place: stored.place,
                latest_seq: stored.latest_seq,
            };
            self.loaded.insert(id, loaded);
        }
        let Some(loaded) = self.loaded.get(&id) else {
            return Ok(Err(DOCUMENT_UNREADABLE));
        };
        Ok(Ok(Draft {
            document: loaded.document.clone(),
            place: loaded.place,
            latest_seq: loaded.latest_seq,
            changes: Vec::new(),
        }))
    }

    fn append(&mut self, additions: Vec<Addition>) -> Result<Vec<Vec<u64>>> {
        if faults::is_planted("ack_before_commit") {
            let late = std::mem::replace(&mut self.held_back, additions);
            self.loaded.clear();
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

    /// Keeps the documents of a committed batch loaded, with the seq that they have now.
    fn keep(&mut self, committed: impl Iterator<Item = ((DocumentId, Draft), u64)>) {
        for ((id, draft), latest_seq) in committed {
            let loaded = Loaded {
                document: draft.document,
                place: draft.place,
                latest_seq,
            };
            self.loaded.insert(id, loaded);
            self.recently_used.retain(|used| *used != id);
            self.recently_used.push_back(id);
        }
        while self.loaded.len() > LOADED_DOCUMENTS_MAX {
            let victim = self.recently_used.pop_front();
            let victim = victim.or_else(|| self.loaded.keys().next().copied());
            if let Some(victim) = victim {
                self.loaded.remove(&victim);
            }
        }
    }
}

fn new_draft(item: &PushItem, scope: &Scope) -> std::result::Result<Draft, &'static str> {
    let Some(feed) = scope.feed(item.feed) else {
        return Err("unknown_feed");
    };
    if item.document.incarnation != 0 || item.kind != DocumentKind::Customer {
        return Err("unknown_kind");
    }
    let place = DocumentPlace {
        key: item.document,
        kind: item.kind,
        store: feed.store,
        feed: feed.id,
    };
    Ok(blank_draft(place))
}

fn blank_draft(place: DocumentPlace) -> Draft {
    Draft {
        document: Document::found(),
        place,
        latest_seq: 0,
        changes: Vec::new(),
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
        hash: parsed.hash().into(),
        bytes,
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
