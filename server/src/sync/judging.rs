//! Judging the changes of a batch: document by document, on several threads.
//!
//! Only the documents that are being judged are in memory; what stays of a judged one is what is
//! to be written, and the document itself as far as there is room.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use floorbook_shared::access::Scope;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::{Document, DocumentKind};
use floorbook_shared::faults;
use floorbook_shared::id::{DeviceId, DocumentId, GroupId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate::{self, Candidate, GateError, Passed};
use floorbook_shared::sync::scanner::ScannedChange;
use floorbook_shared::time::Timestamp;

use super::caught::catch;
use super::commit::{DOCUMENT_UNREADABLE, Submission, row_of};
use super::loaded::{LOADED_MAX_BYTES, Loaded};
use super::opened::OpenedItem;
use super::rights::{NO_RIGHT, Rights, UNKNOWN_FEED, Wish};
use crate::database::log::{Addition, DocumentPlace, NewChange};
use crate::database::{Database, DatabaseError, Result};

/// Documents of a batch from which on it is worth to judge them on several threads.
const PARALLEL_MIN_DOCUMENTS: usize = 4;
/// Code of a change whose command was refused because of another change of it.
pub const GROUP_REFUSED: &str = "group_refused";

/// What the scanner says about a change.
pub(super) type Scan<'a> = std::result::Result<ScannedChange<'a>, GateError>;
/// What became of a change: its hash, or the code of the reason.
type Verdict = std::result::Result<ChangeHash, String>;

/// Changes that are judged and committed together.
pub(super) struct Part<'a> {
    pub(super) submissions: &'a [Submission],
    pub(super) scans: &'a [Scan<'a>],
    /// Who the actors of the changes belong to, as stored.
    pub(super) bound: BTreeMap<&'a [u8], Option<ChangeAuthor>>,
    pub(super) scope: &'a Scope,
    pub(super) now: Timestamp,
}

/// One document of a part with the places of its changes in the part.
pub(super) struct Job<'j> {
    pub(super) id: DocumentId,
    pub(super) places: &'j [usize],
    pub(super) loaded: Option<Loaded>,
}

/// What judging one document came to.
pub(super) struct Outcome {
    pub(super) id: DocumentId,
    /// By the changes' places in the part.
    pub(super) verdicts: Vec<(usize, Verdict)>,
    /// The places of those that passed and were not known before.
    fresh: BTreeSet<usize>,
    /// What is to be written, if anything passed that is new.
    pub(super) addition: Option<Addition>,
    /// The document with what passed, if there is room for it.
    pub(super) loaded: Option<Loaded>,
}

/// A document as it is stored.
pub(super) enum Stored {
    Loaded(Box<Loaded>),
    Missing,
    Unreadable,
}

impl Part<'_> {
    /// The places of all changes by their document, in the order of the part.
    pub(super) fn documents(&self) -> BTreeMap<DocumentId, Vec<usize>> {
        let mut documents: BTreeMap<DocumentId, Vec<usize>> = BTreeMap::new();
        for (place, submission) in self.submissions.iter().enumerate() {
            let id = submission.item.document.id;
            documents.entry(id).or_default().push(place);
        }
        documents
    }

    /// New changes that passed although another change of the same command was refused.
    pub(super) fn torn_groups(&self, judged: &BTreeMap<DocumentId, Outcome>) -> BTreeSet<usize> {
        let mut groups: BTreeMap<(DeviceId, GroupId), (bool, Vec<usize>)> = BTreeMap::new();
        for outcome in judged.values() {
            for (place, verdict) in &outcome.verdicts {
                let Some(submission) = self.submissions.get(*place) else {
                    continue;
                };
                let group = (submission.device, submission.item.group);
                let (is_refused, fresh) = groups.entry(group).or_default();
                *is_refused |= verdict.is_err();
                // What is stored already can't be refused any more.
                if outcome.fresh.contains(place) {
                    fresh.push(*place);
                }
            }
        }
        if faults::is_planted("commands_torn_apart") {
            return BTreeSet::new();
        }
        let torn = groups.into_values().filter(|(is_refused, _)| *is_refused);
        torn.flat_map(|(_, fresh)| fresh).collect()
    }
}

/// How many changes at the start of a batch can be judged side by side: up to the first whose
/// actor, which nobody had before, was claimed by somebody else in the same batch.
pub(super) fn without_rivals(
    submissions: &[Submission],
    scans: &[Scan<'_>],
    bound: &BTreeMap<&[u8], Option<ChangeAuthor>>,
) -> usize {
    let mut claims: BTreeMap<&[u8], ChangeAuthor> = BTreeMap::new();
    for (place, (submission, scan)) in submissions.iter().zip(scans).enumerate() {
        let Ok(change) = scan else {
            continue;
        };
        if bound.get(change.actor).is_some_and(Option::is_some) {
            continue;
        }
        let author = author_of(submission);
        if *claims.entry(change.actor).or_insert(author) != author {
            return place;
        }
    }
    submissions.len()
}

fn author_of(submission: &Submission) -> ChangeAuthor {
    ChangeAuthor {
        person: submission.item.person,
        device: submission.device,
    }
}

/// Judges documents side by side.
///
/// # Errors
/// If the database can't be read.
pub(super) fn judge_all(
    jobs: Vec<Job<'_>>,
    part: &Part<'_>,
    excluded: &BTreeSet<usize>,
    database: &dyn Database,
) -> Result<Vec<Outcome>> {
    let threads = if jobs.len() < PARALLEL_MIN_DOCUMENTS {
        1
    } else {
        thread::available_parallelism().map_or(1, usize::from)
    };
    let bench = Bench {
        part,
        excluded,
        database,
        room: AtomicUsize::new(LOADED_MAX_BYTES),
    };
    if threads == 1 {
        return jobs.into_iter().map(|job| bench.judge(job)).collect();
    }
    let waiting = Mutex::new(jobs.into_iter());
    let next = || {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next()
    };
    let work = || {
        std::iter::from_fn(next)
            .map(|job| bench.judge(job))
            .collect::<Result<Vec<Outcome>>>()
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut outcomes = work()?;
        for other in others {
            let judged = other.join();
            let panicked = || DatabaseError::damaged("changes", "judging them panicked");
            outcomes.extend(judged.map_err(|_| panicked())??);
        }
        Ok(outcomes)
    })
}

/// What all threads share.
struct Bench<'a> {
    part: &'a Part<'a>,
    excluded: &'a BTreeSet<usize>,
    database: &'a dyn Database,
    /// Memory that judged documents may still take up, in bytes.
    room: AtomicUsize,
}

impl Bench<'_> {
    fn judge(&self, job: Job<'_>) -> Result<Outcome> {
        let Job { id, places, loaded } = job;
        let stored = match loaded {
            Some(loaded) => Stored::Loaded(Box::new(loaded)),
            None => load(self.database, id)?,
        };
        // The gate catches what the library does; this is for the projection and for our own bugs.
        let judged = catch(|| self.judge_stored(id, places, stored));
        judged.unwrap_or_else(|_| {
            tracing::error!(document = %id, "a document could not be judged");
            Ok(Outcome::refused(id, places))
        })
    }

    fn judge_stored(&self, id: DocumentId, places: &[usize], stored: Stored) -> Result<Outcome> {
        let base = match stored {
            Stored::Loaded(loaded) => Some(*loaded),
            Stored::Missing => None,
            Stored::Unreadable => return Ok(Outcome::refused(id, places)),
        };
        let mut verdicts = Vec::with_capacity(places.len());
        let mut candidates = Vec::new();
        let mut candidate_places = Vec::new();
        let mut before = Vec::new();
        let mut home = base.as_ref().map(|loaded| loaded.place);
        for place in places {
            match self.candidate(*place, base.as_ref(), &mut home, &before)? {
                Ok(candidate) => {
                    before.push((candidate.change.hash, candidate.author));
                    candidates.push(candidate);
                    candidate_places.push(*place);
                }
                Err(code) => verdicts.push((*place, Err(code))),
            }
        }
        let blank = Document::found();
        let before = base.as_ref().map_or(&blank, |loaded| &loaded.document);
        let bytes = base
            .as_ref()
            .map_or_else(|| blank.snapshot().len(), |loaded| loaded.bytes);
        let gate::Judged {
            document,
            bytes,
            verdicts: judged,
        } = gate::judge_all(before, bytes, &candidates);
        let mut changes = Vec::new();
        let mut fresh = BTreeSet::new();
        for ((place, candidate), verdict) in candidate_places.iter().zip(&candidates).zip(judged) {
            let hash = candidate.change.hash;
            if verdict == Ok(Passed::New) {
                fresh.insert(*place);
                changes.push(NewChange {
                    hash,
                    bytes: candidate.change.bytes.to_vec(),
                    actor: candidate.change.actor.to_vec(),
                    author: candidate.author,
                });
            }
            let verdict = verdict.map(|_| hash);
            verdicts.push((*place, verdict.map_err(|error| error.code().to_owned())));
        }
        let latest_seq = base.as_ref().map_or(0, |loaded| loaded.latest_seq);
        let Some(place) = home.filter(|_| !changes.is_empty()) else {
            return Ok(Outcome {
                id,
                verdicts,
                fresh,
                addition: None,
                loaded: base,
            });
        };
        let heads = document.heads().into_iter();
        let addition = Addition {
            place,
            latest_seq,
            changes,
            heads: heads.map(ChangeHash::from).collect(),
            row: row_of(&document),
            received: self.part.now,
        };
        Ok(Outcome {
            id,
            verdicts,
            fresh,
            addition: Some(addition),
            loaded: self.keep(Loaded::of_size(document, bytes, place, latest_seq)),
        })
    }

    /// The document, if there is room for it.
    fn keep(&self, loaded: Loaded) -> Option<Loaded> {
        let weight = loaded.weight();
        let taken = self
            .room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
                room.checked_sub(weight)
            });
        taken.is_ok().then_some(loaded)
    }

    /// A change as the gate wants it, unless it can't even be asked. The first one of a document
    /// that is not there yet says where it belongs.
    fn candidate(
        &self,
        place: usize,
        base: Option<&Loaded>,
        home: &mut Option<DocumentPlace>,
        before: &[(ChangeHash, ChangeAuthor)],
    ) -> Result<std::result::Result<Candidate<'_>, String>> {
        let part = self.part;
        let refused = |code: &str| Ok(Err(code.to_owned()));
        let (Some(submission), Some(scan)) = (part.submissions.get(place), part.scans.get(place))
        else {
            return refused(DOCUMENT_UNREADABLE);
        };
        let item = &submission.item;
        let change = match scan {
            Ok(change) => change,
            Err(error) => return refused(error.code()),
        };
        if self.excluded.contains(&place) {
            return refused(GROUP_REFUSED);
        }
        let belongs = match *home {
            Some(home) if home.key != item.document => return refused("wrong_incarnation"),
            // Somebody else founds it elsewhere at the same moment: once it is there, the tablet
            // learns where, and sends this again.
            Some(home) if base.is_none() && home.feed != item.feed => {
                return refused(GateError::MissingChanges.code());
            }
            Some(home) => home,
            None => match place_of(item, part.scope) {
                Ok(founded) => founded,
                Err(code) => return refused(code),
            },
        };
        let author = author_of(submission);
        // What is there already was judged when it came, and is acknowledged again.
        let is_known = base.is_some_and(|loaded| loaded.document.contains(&change.hash));
        let wish = Wish {
            author,
            document: item.document.id,
            kind: belongs.kind,
            feed: belongs.feed,
            change,
            told: &submission.told,
            before,
        };
        let rights = Rights {
            scope: part.scope,
            database: self.database,
            now: part.now,
        };
        if !is_known && !rights.may_write(&wish)? {
            return refused(NO_RIGHT);
        }
        *home = Some(belongs);
        Ok(Ok(Candidate {
            change,
            author,
            bound: part.bound.get(change.actor).copied().flatten(),
        }))
    }
}

impl Outcome {
    /// A document that can't be judged harms only itself.
    fn refused(id: DocumentId, places: &[usize]) -> Self {
        let refused = |place: &usize| (*place, Err(DOCUMENT_UNREADABLE.to_owned()));
        Self {
            id,
            verdicts: places.iter().map(refused).collect(),
            fresh: BTreeSet::new(),
            addition: None,
            loaded: None,
        }
    }
}

fn place_of(item: &OpenedItem, scope: &Scope) -> std::result::Result<DocumentPlace, &'static str> {
    let Some(feed) = scope.feed(item.feed) else {
        return Err(UNKNOWN_FEED);
    };
    if item.document.incarnation != 0 || item.kind != DocumentKind::Customer {
        return Err("unknown_kind");
    }
    Ok(DocumentPlace {
        key: item.document,
        kind: item.kind,
        store: feed.store,
        feed: feed.id,
    })
}

/// Reads a document from the database.
///
/// # Errors
/// If the database can't be read.
pub(super) fn load(database: &dyn Database, id: DocumentId) -> Result<Stored> {
    let Some(stored) = database.document(id)? else {
        return Ok(Stored::Missing);
    };
    let chunks = stored.chunks.iter().map(Vec::as_slice);
    let document = catch(|| Document::load(chunks));
    let Ok(Ok(document)) = document else {
        tracing::error!(document = %id, "a stored document does not load");
        return Ok(Stored::Unreadable);
    };
    let loaded = Loaded::new(document, stored.place, stored.latest_seq);
    Ok(Stored::Loaded(Box::new(loaded)))
}
