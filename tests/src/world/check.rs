//! What was promised in a world, and whether it was kept.
//!
//! Numbers in brackets are the invariants of the design (section 9).

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use floorbook_server::database::RedbDatabase;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::sync::commit::row_of;
use floorbook_shared::document::Document;
use floorbook_shared::id::DocumentId;

use super::World;
use super::tablet::Tablet;

/// What tablets were told.
#[derive(Debug, Default)]
pub struct Promises {
    acknowledged: BTreeMap<DocumentId, BTreeSet<ChangeHash>>,
    saved: Vec<(usize, DocumentId, String)>,
}

impl Promises {
    /// A change was acknowledged: it is durable at the server.
    pub fn acknowledge(&mut self, document: DocumentId, change: ChangeHash) {
        self.acknowledged
            .entry(document)
            .or_default()
            .insert(change);
    }

    /// An entry was shown as saved on a tablet.
    pub fn save(&mut self, tablet: usize, document: DocumentId, text: String) {
        self.saved.push((tablet, document, text));
    }

    /// [1] What was acknowledged is at the server.
    pub fn check_acknowledged(&self, database: &RedbDatabase) {
        for (id, changes) in &self.acknowledged {
            let stored = database.document(*id).expect("the database can be read");
            let stored = stored.unwrap_or_else(|| panic!("[1] document {id} was acknowledged"));
            let document = load(&stored.chunks);
            for change in changes {
                assert!(
                    document.contains(change),
                    "[1] acknowledged change {change} is lost"
                );
            }
        }
    }

    /// [2] What a tablet showed as saved is on its disk.
    pub fn check_saved(&self, number: usize, tablet: &Tablet) {
        for (_, document, text) in self.saved.iter().filter(|(saver, _, _)| *saver == number) {
            let chunks = tablet.chunks(*document);
            assert!(
                holds(&chunks, text),
                "[2] saved entry {text} is not on tablet {number}"
            );
        }
    }
}

impl World {
    /// After everything has come to rest: everyone has everything.
    pub(super) fn check_end(&self) {
        self.promises.check_acknowledged(self.server.database());
        let database = self.server.database();
        let ids: BTreeSet<DocumentId> = database
            .document_ids()
            .expect("the database can be read")
            .into_iter()
            .collect();
        for (_, document, _) in &self.promises.saved {
            assert!(
                ids.contains(document),
                "[2] document {document} never reached the server"
            );
        }
        for (number, tablet) in self.tablets.iter().enumerate() {
            self.promises.check_saved(number, tablet);
            let here: BTreeSet<DocumentId> = tablet.device.document_ids().into_iter().collect();
            assert_eq!(
                here, ids,
                "[3] tablet {number} holds the same documents as the server"
            );
        }
        for id in ids {
            let stored = database.document(id).expect("the database can be read");
            let chunks = stored.expect("listed documents are stored").chunks;
            for (_, _, text) in self
                .promises
                .saved
                .iter()
                .filter(|(_, saved, _)| *saved == id)
            {
                assert!(
                    holds(&chunks, text),
                    "[2] saved entry {text} is not at the server"
                );
            }
            self.check_equal(id, &load(&chunks), chunks.len());
        }
    }

    fn check_equal(&self, id: DocumentId, document: &Document, changes: usize) {
        let row = serde_json::from_slice(&row_of(document)).expect("rows can be read");
        for (number, tablet) in self.tablets.iter().enumerate() {
            let chunks = tablet.chunks(id);
            assert_eq!(
                load(&chunks).heads(),
                document.heads(),
                "[3] heads of {id} on {number}"
            );
            let shown = tablet.rows.get(&id).expect("every document has a row");
            assert_eq!(shown.row, row, "[3] row of {id} on tablet {number}");
            assert_eq!(shown.unsent, 0, "nothing of {id} waits on tablet {number}");
            // A repeat may be stored once more while its document is closed, never piled up.
            assert!(
                chunks.len() <= 2 * changes,
                "[6] repeats pile up: {} chunks",
                chunks.len()
            );
        }
        // [6] The log holds every change once, however often it was sent.
        let mut hashes = BTreeSet::new();
        for change in database_changes(self.server.database(), id) {
            assert!(hashes.insert(change), "[6] a change is in the log twice");
        }
    }
}

fn database_changes(database: &RedbDatabase, id: DocumentId) -> Vec<ChangeHash> {
    let stored = database.document(id).expect("the database can be read");
    let chunks = stored.map(|stored| stored.chunks).unwrap_or_default();
    chunks
        .iter()
        .filter_map(|chunk| automerge::Change::from_bytes(chunk.clone()).ok())
        .map(|change| change.hash())
        .collect()
}

fn load(chunks: &[Vec<u8>]) -> Document {
    Document::load(chunks.iter().map(Vec::as_slice)).expect("[5] every stored document loads")
}

/// Whether a text stands in the changes. They are uncompressed, so it stands there as it is.
fn holds(chunks: &[Vec<u8>], text: &str) -> bool {
    let text = text.as_bytes();
    chunks
        .iter()
        .any(|chunk| chunk.windows(text.len()).any(|window| window == text))
}
