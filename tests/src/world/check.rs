//! What was promised in a world, and whether it was kept.
//!
//! Numbers in brackets are the invariants of the design (section 9).

use std::collections::{BTreeMap, BTreeSet};

use floorbook_server::database::RedbDatabase;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::sync::commit::row_of;
use floorbook_shared::access::Scope;
use floorbook_shared::device::message::RefusedEntry;
use floorbook_shared::device::record::{
    self, CursorGroup, CursorRecord, RefusedRecord, StoredOutbox,
};
use floorbook_shared::device::storage::{StoreName, Write};
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::document::read::read;
use floorbook_shared::id::{DocumentId, FeedId, PersonId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::message::{ClientMessage, FRAME_WINDOW, FeedSelection};

use super::tablet::Tablet;
use super::{Statistics, World};

/// What begins and ends the texts by which entries are found again.
const MARKS: (&str, &str) = ("〔", "〕");

/// What tablets were told.
#[derive(Debug, Default)]
pub struct Promises {
    /// Whether reads and writes of tablets have failed: then work may be turned away.
    pub is_storage_failing: bool,
    /// Whether an older backup took the place of what had been acknowledged: then it is all at the
    /// server again only once the tablets have been back.
    pub is_restored: bool,
    /// What tablets knew when they wrote a change, by tablet and number.
    pub written: BTreeMap<(usize, u64), Written>,
    acknowledged: BTreeMap<DocumentId, BTreeMap<ChangeHash, ChangeAuthor>>,
    saved: BTreeMap<String, (usize, DocumentId)>,
}

/// What a tablet knew when it wrote a change.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// The book that it took the card to be in.
    pub feed: FeedId,
    /// Where it stood in that book.
    pub seq: u64,
    /// The version of the scope that it had.
    pub scope_version: u64,
}

impl Promises {
    /// Whether a change was acknowledged before.
    pub fn is_acknowledged(&self, document: DocumentId, change: ChangeHash) -> bool {
        let acknowledged = self.acknowledged.get(&document);
        acknowledged.is_some_and(|changes| changes.contains_key(&change))
    }

    /// Notes what a tablet knows as it writes changes.
    pub fn note_written(&mut self, number: usize, tablet: &Tablet, writes: &[Write]) {
        for write in writes {
            let Write::Put { store, key, value } = write else {
                continue;
            };
            if *store != StoreName::Outbox {
                continue;
            }
            let row: StoredOutbox =
                record::decode(*store, key, value).expect("outbox rows are whole");
            let feed = tablet.work_of(&row).feed;
            let place = tablet.device.cursors().get(&feed).copied();
            let written = Written {
                feed,
                seq: place.unwrap_or_default().whole,
                scope_version: tablet.device.scope_version(),
            };
            self.written
                .entry((number, row.header.device_seq))
                .or_insert(written);
        }
    }

    /// A change was acknowledged: it is durable at the server.
    pub fn acknowledge(&mut self, document: DocumentId, change: ChangeHash, by: ChangeAuthor) {
        let changes = self.acknowledged.entry(document).or_default();
        changes.insert(change, by);
    }

    /// Documents of which something was acknowledged.
    pub fn documents(&self) -> Vec<DocumentId> {
        self.acknowledged.keys().copied().collect()
    }

    /// Tablets are gone for good: of what was acknowledged there is only this left, and nobody asks
    /// for what they had and did not deliver.
    pub fn lose(&mut self, held: &BTreeMap<DocumentId, BTreeSet<ChangeHash>>, gone: &[usize]) {
        for (id, changes) in &mut self.acknowledged {
            changes.retain(|change, _| held.get(id).is_some_and(|held| held.contains(change)));
        }
        self.acknowledged.retain(|_, changes| !changes.is_empty());
        self.saved.retain(|_, (saver, _)| !gone.contains(saver));
    }

    /// Of what was acknowledged of these documents there is only this left, and nobody asks for what
    /// was entered in what is lost.
    pub fn note_lost(&mut self, held: &BTreeMap<DocumentId, BTreeSet<ChangeHash>>) {
        for (id, held) in held {
            let Some(changes) = self.acknowledged.get_mut(id) else {
                continue;
            };
            let before = changes.len();
            changes.retain(|change, _| held.contains(change));
            if changes.len() < before {
                self.saved.retain(|_, (_, document)| document != id);
            }
        }
        self.acknowledged.retain(|_, changes| !changes.is_empty());
    }

    /// Who changed a document as far as was acknowledged.
    pub fn authors(&self, document: DocumentId) -> BTreeSet<PersonId> {
        let changes = self.acknowledged.get(&document).into_iter().flatten();
        changes.map(|(_, author)| author.person).collect()
    }

    /// An entry was shown as saved on a tablet.
    pub fn save(&mut self, tablet: usize, document: DocumentId, text: String) {
        self.saved.insert(text, (tablet, document));
    }

    /// What a tablet showed as saved is at the store.
    pub fn check_delivered(&self, tablet: usize, there: &BTreeSet<String>) {
        for (text, (saver, _)) in &self.saved {
            let is_there = *saver != tablet || there.contains(text);
            assert!(is_there, "[2] {text} went with the tablet {tablet}");
        }
    }

    /// Nobody asks for these entries any more: they were on a tablet that was stolen. Answers how
    /// many there were.
    pub fn excuse(&mut self, texts: &BTreeSet<String>) -> usize {
        let before = self.saved.len();
        self.saved.retain(|text, _| !texts.contains(text));
        before - self.saved.len()
    }

    /// A person let a refused entry go.
    pub fn release(&mut self, tablet: usize, entry: &RefusedEntry) {
        let wanted = texts_of(&entry.command);
        self.saved
            .retain(|text, (saver, _)| *saver != tablet || !wanted.contains(text));
    }

    /// Honest work is turned away only where the tablet can't help it.
    pub fn check_not_saved(&self, number: usize, code: &str, asked: &impl std::fmt::Debug) {
        let is_storage = code.starts_with("storage_") || code == "unreadable";
        // What an entry or a card builds on may have been refused meanwhile.
        let is_late = matches!(code, "entry_missing" | "card_missing");
        // Who lost a right is told so before they write.
        let is_former = matches!(code, "no_feed" | "no_right");
        // What was asked just before the tablet was locked or someone else took it.
        let is_locked = code == "signed_out";
        assert!(
            is_storage || is_late || is_former || is_locked,
            "tablet {number} refused honest work {asked:?}: {code}"
        );
    }

    /// [1] What was acknowledged is at the server, credited to who did it.
    pub fn check_acknowledged(&self, database: &RedbDatabase) {
        for (id, changes) in &self.acknowledged {
            let stored = database.document(*id).expect("the database can be read");
            let stored = stored.unwrap_or_else(|| panic!("[1] document {id} was acknowledged"));
            let document = load(&stored.chunks);
            for (change, by) in changes {
                assert!(
                    document.contains(change),
                    "[1] acknowledged change {change:?} is lost"
                );
                let credited = database.author_of(*id, *change);
                let credited = credited.expect("the database can be read");
                assert_eq!(credited, Some(*by), "[10] {change:?} is credited");
            }
        }
    }

    /// [2] What waits for the server can be seen on its card meanwhile, also on one that has moved
    /// away.
    pub fn check_waiting(number: usize, tablet: &Tablet) {
        let mut here = BTreeSet::new();
        for (_, bytes) in tablet.opened(StoreName::Chunks) {
            find_texts(&bytes, &mut here);
        }
        let mut waiting = BTreeSet::new();
        // Who left sees nothing here any more; their work is delivered without that. The same goes
        // for work in a book that left someone's scope when a lease took its key: signing in again
        // brings the keys of today's books alone.
        let is_seen = |row: &StoredOutbox| {
            !tablet.is_former(row.header.person) && tablet.has_key_of(tablet.work_of(row).feed)
        };
        for change in tablet.unanswered(is_seen) {
            find_texts(&change, &mut waiting);
        }
        for text in waiting {
            assert!(
                here.contains(&text),
                "[2] {text} waits on tablet {number} and is not on its card"
            );
        }
    }

    /// [2] What a tablet showed as saved is on its disk: in the card, or among what was refused.
    pub fn check_saved(&self, number: usize, tablet: &Tablet) {
        let mut here = BTreeSet::new();
        for store in [StoreName::Chunks, StoreName::Outbox, StoreName::Refused] {
            for (_, bytes) in tablet.opened(store) {
                find_texts(&bytes, &mut here);
            }
        }
        for (text, (saver, _)) in &self.saved {
            assert!(
                *saver != number || here.contains(text),
                "[2] saved entry {text} is not on tablet {number}"
            );
        }
    }
}

impl Tablet {
    /// Places in logs never move back by themselves, and are confirmed from the disk alone.
    pub(super) fn check_places(&mut self, sent: &[Vec<u8>], is_restored: bool) {
        let held = self.device.cursors();
        for (feed, cursor) in &self.cursors {
            let now = held.get(feed);
            assert!(
                is_restored || now.is_none_or(|now| now.seq >= cursor.seq),
                "[6] the cursor of {feed} moved back"
            );
        }
        self.cursors = held;
        for message in sent {
            let Ok(Some(ClientMessage::CursorConfirmed(places))) = ClientMessage::decode(message)
            else {
                continue;
            };
            for place in places.positions {
                let key = (StoreName::Cursors, place.store.to_string());
                let stored = self.stored.get(&key);
                let stored = stored.and_then(|value| {
                    record::decode::<CursorRecord>(StoreName::Cursors, &key.1, value).ok()
                });
                let groups = stored.map(|record| record.groups).unwrap_or_default();
                let seq = |group: &CursorGroup| group.cursor.seq;
                let is_there = match &place.feeds {
                    FeedSelection::All => {
                        groups.iter().map(seq).max().unwrap_or(0) >= place.cursor.seq
                    }
                    FeedSelection::These(feeds) => feeds.iter().all(|feed| {
                        let mut groups = groups.iter();
                        let group = groups.find(|group| group.feeds.contains(feed));
                        // One that left the scope meanwhile is gone from the disk.
                        group.is_none_or(|group| seq(group) >= place.cursor.seq)
                    }),
                };
                assert!(is_there, "a place was confirmed before it was on disk");
            }
        }
    }

    /// The entries on its disk that the server refused.
    fn refused_texts(&self) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        for (_, bytes) in self.opened(StoreName::Refused) {
            let record = record::from_bytes(&bytes);
            let record: RefusedRecord = record.expect("refused entries are whole");
            texts.extend(texts_of(&record.command));
        }
        texts
    }
}

impl World {
    /// After everything has come to rest: everyone has everything.
    pub(super) fn check_end(&self) {
        let database = self.server.database();
        self.promises.check_acknowledged(database);
        assert!(
            self.statistics.frames_ahead <= FRAME_WINDOW as usize,
            "the server sends further ahead than it may"
        );
        let ids: BTreeSet<DocumentId> = database
            .document_ids()
            .expect("the database can be read")
            .into_iter()
            .collect();
        let there = self.texts_there();
        for id in &ids {
            let chunks = database_chunks(database, *id);
            self.check_equal(*id, &load(&chunks), &chunks);
        }
        for (number, tablet) in self.present() {
            if !self.server.has_books {
                self.promises.check_saved(number, tablet);
            }
            let here: BTreeSet<DocumentId> = tablet.device.document_ids().into_iter().collect();
            let held = ids.iter().filter(|id| self.holds(number, **id));
            assert_eq!(
                here,
                held.copied().collect(),
                "[3] tablet {number} holds the documents of its books"
            );
            for id in ids.difference(&here) {
                // [4] Nothing stays of a card that left.
                let is_left = tablet.workers.len() > 1 || tablet.chunks(*id).is_empty();
                assert!(is_left, "[4] card {id} on {number}");
            }
            self.check_refused(number);
            self.check_scope(number);
        }
        self.check_handed();
        for (text, (saver, _)) in &self.promises.saved {
            // [7] What did not get through is shown to the person who entered it.
            assert!(
                there.contains(text) || self.tablets[*saver].refused_texts().contains(text),
                "[2] saved entry {text} is neither at the server nor among the refused"
            );
        }
    }

    /// The marked texts that are at the server.
    pub(super) fn texts_there(&self) -> BTreeSet<String> {
        let database = self.server.database();
        let ids = database.document_ids().expect("the database can be read");
        let chunks = ids.iter().flat_map(|id| database_chunks(database, *id));
        let mut there = BTreeSet::new();
        chunks.for_each(|chunk| find_texts(&chunk, &mut there));
        there
    }

    /// What is held follows from what was told: comparing heals what broke, it is not how work
    /// gets there.
    pub(super) fn check_differences(&self) {
        let Statistics {
            damaged, restored, ..
        } = self.statistics;
        if damaged == 0 && restored == 0 {
            let differences = self.statistics.differences;
            assert_eq!(differences, 0, "something differed without a reason");
        }
    }

    /// Whether a document is in one of a tablet's books.
    fn holds(&self, number: usize, document: DocumentId) -> bool {
        let person = self.tablets[number].worker().identity.person;
        let scope = self.server.scope_of(person);
        let feed = self.server.feed_of(document).expect("a stored document");
        scope.feed(feed).is_some()
    }

    /// [4] Nothing of a book outside its scope is in a tablet's storage.
    fn check_scope(&self, number: usize) {
        let tablet = &self.tablets[number];
        let workers = tablet.workers.iter();
        let scopes: Vec<Scope> = workers
            .map(|worker| self.server.scope_of(worker.identity.person))
            .collect();
        let is_seen = |feed| scopes.iter().any(|scope| scope.feed(feed).is_some());
        for store in [StoreName::Rows, StoreName::Chunks] {
            for (key, _) in tablet.entries(store) {
                let feed = record::feed_of_key(key).expect("keys begin with their feed");
                assert!(is_seen(feed), "[4] {key} is left on tablet {number}");
            }
        }
        let placed = tablet.device.cursors();
        let left = placed.keys().find(|feed| !is_seen(**feed));
        assert!(left.is_none(), "[4] a place of {left:?} on tablet {number}");
    }

    /// [4] Whoever unlocks a tablet without a network, after somebody else had it online, opens no
    /// book that is not theirs any more; and what nobody on it holds is gone from its disk.
    pub(super) fn check_absent(&self) {
        for (number, tablet) in self.present().filter(|(_, tablet)| tablet.speaks()) {
            let mut held = BTreeSet::new();
            for known in tablet.keyrings() {
                let scope = self.server.scope_of(known.person);
                let lost = known.feed_ids().find(|feed| scope.feed(*feed).is_none());
                assert!(lost.is_none(), "[4] {lost:?} opens on tablet {number}");
                assert!(known.lost.is_empty(), "[4] {known:?} on tablet {number}");
                held.extend(known.feed_ids());
            }
            for store in [StoreName::Rows, StoreName::Chunks] {
                for (key, _) in tablet.entries(store) {
                    let feed = record::feed_of_key(key).expect("keys begin with their feed");
                    assert!(held.contains(&feed), "[4] {key} is on tablet {number}");
                }
            }
        }
    }

    /// [7] Only what was refused, and what builds on it, waits for a person.
    fn check_refused(&self, number: usize) {
        for entry in &self.tablets[number].refused {
            let is_refused = self.server.once_cursed.contains(&entry.group);
            let builds_on_it = matches!(
                entry.code.as_str(),
                "card_missing" | "entry_missing" | "missing_changes" | "foreign_actor" | "no_right"
            );
            assert!(
                is_refused || builds_on_it,
                "[7] tablet {number} gave up {entry:?}"
            );
        }
    }

    fn check_equal(&self, id: DocumentId, document: &Document, stored: &[Vec<u8>]) {
        let row = serde_json::from_slice(&row_of(document)).expect("rows can be read");
        let reading = read(document);
        let changes = document.changes_missing_in(&Document::found()).len();
        for (number, tablet) in self.present() {
            if !self.holds(number, id) {
                continue;
            }
            let chunks = tablet.chunks(id);
            let here = Document::load(chunks.iter().map(Vec::as_slice));
            let here = here.unwrap_or_else(|error| {
                panic!("[5] document {id} does not load on tablet {number}: {error}")
            });
            assert_eq!(
                here.heads(),
                document.heads(),
                "[3] heads of {id} on {number}"
            );
            let shown = tablet.rows.get(&id).expect("every document has a row");
            assert_eq!(shown.row, row, "[3] row of {id} on tablet {number}");
            assert_eq!(shown.unsent, 0, "nothing of {id} waits on tablet {number}");
            let card = tablet.cards.get(&id).expect("every card was opened");
            assert_eq!(card.customer, reading.customer, "[3] card {id} on {number}");
            assert_eq!(
                card.conflicts, reading.conflicts,
                "[3] card {id} on {number}"
            );
            // Changes are stored once, and snapshots replace what they hold.
            assert!(
                chunks.len() <= changes + 2 + self.statistics.damaged,
                "[6] repeats pile up: {} chunks",
                chunks.len()
            );
        }
        // [6] The log holds every change once, however often it was sent.
        let mut hashes = BTreeSet::new();
        for chunk in stored {
            if let Ok(change) = automerge::Change::from_bytes(chunk.clone()) {
                assert!(
                    hashes.insert(change.hash()),
                    "[6] a change is in the log twice"
                );
            }
        }
    }
}

fn database_chunks(database: &RedbDatabase, id: DocumentId) -> Vec<Vec<u8>> {
    let stored = database.document(id).expect("the database can be read");
    stored.map(|stored| stored.chunks).unwrap_or_default()
}

pub(super) fn load(chunks: &[Vec<u8>]) -> Document {
    Document::load(chunks.iter().map(Vec::as_slice)).expect("[5] every stored document loads")
}

/// Finds the marked texts in bytes. Changes are uncompressed, so they stand there as they are.
pub(super) fn find_texts(bytes: &[u8], texts: &mut BTreeSet<String>) {
    let text = String::from_utf8_lossy(bytes);
    for part in text.split(MARKS.0).skip(1) {
        if let Some((inside, _)) = part.split_once(MARKS.1) {
            texts.insert(format!("{}{inside}{}", MARKS.0, MARKS.1));
        }
    }
}

fn texts_of(command: &Command) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    find_texts(
        &serde_json::to_vec(command).expect("commands are data"),
        &mut texts,
    );
    texts
}
