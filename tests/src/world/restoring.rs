//! Backups, and cards that move: what an administrator does in a world.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use floorbook_server::database::log::{DocumentLog, Move};
use floorbook_shared::access::{FeedKind, Scope};
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::id::{DeviceId, DocumentId, FeedId};
use floorbook_shared::sync::chain::ChangeHash;

use super::World;

impl World {
    /// Someone makes a backup, or the disk dies and the last one has to do.
    pub(super) fn back_up_or_restore(&mut self) {
        match self.server.backup.take() {
            Some(disk) if self.dice.chance(60) => {
                let connected = self.server.connected();
                let before = self.server.scope();
                let places = self.promises.documents().into_iter();
                let places = places.filter_map(|id| Some((id, self.server.feed_of(id)?)));
                let places: BTreeMap<DocumentId, FeedId> = places.collect();
                self.server.restore_from(disk, self.now);
                let after = self.server.scope();
                assert_eq!(
                    *after,
                    Scope {
                        version: after.version,
                        ..Arc::unwrap_or_clone(before)
                    },
                    "[10]"
                );
                for number in connected {
                    self.input(
                        number,
                        floorbook_shared::device::engine::Input::Disconnected,
                    );
                }
                self.promises.is_restored = true;
                self.note_let_go(&places);
                self.statistics.restored += 1;
                if self.weather.departures {
                    self.depart();
                }
            }
            _ => self.server.backup = Some(self.server.disk()),
        }
    }

    /// Some tablets never come back: they lie in the river with what only they had. What one of the
    /// others has on its disk must not be lost with them.
    fn depart(&mut self) {
        for number in 0..self.tablets.len() {
            let is_last = self.present().count() == 1;
            if self.tablets[number].is_gone || is_last || self.dice.chance(50) {
                continue;
            }
            self.server.wires.remove(&number);
            let tablet = &mut self.tablets[number];
            tablet.kill();
            tablet.is_gone = true;
            self.statistics.gone += 1;
        }
        let held = self.held(None);
        let gone: Vec<usize> = (0..self.tablets.len())
            .filter(|number| self.tablets[*number].is_gone)
            .collect();
        self.promises.lose(&held, &gone);
    }

    /// The changes of each document that the server or a tablet has, except one.
    fn held(&self, besides: Option<usize>) -> BTreeMap<DocumentId, BTreeSet<ChangeHash>> {
        let mut held = BTreeMap::new();
        for id in self.promises.documents() {
            let stored = self.server.database().document(id);
            let stored = stored.expect("the database can be read");
            let there = stored.map(|stored| stored.chunks).unwrap_or_default();
            let here = self
                .present()
                .filter(|(number, _)| Some(*number) != besides);
            let here = here.map(|(_, tablet)| tablet.chunks(id));
            let changes: BTreeSet<ChangeHash> = here
                .chain([there])
                .filter_map(|chunks| Document::load(chunks.iter().map(Vec::as_slice)).ok())
                .flat_map(|document| document.changes_missing_in(&Document::found()))
                .map(|(hash, ..)| hash)
                .collect();
            held.insert(id, changes);
        }
        held
    }

    /// What the restored server lacks and every tablet had let go is lost, if nobody who entered it
    /// sees its book any more.
    fn note_let_go(&mut self, places: &BTreeMap<DocumentId, FeedId>) {
        let is_seen = |document: &DocumentId| {
            let authors = self.promises.authors(*document);
            let feed = places.get(document);
            authors.into_iter().any(|author| {
                let scope = self.server.scope_of(author);
                feed.is_some_and(|feed| scope.feed(*feed).is_some())
            })
        };
        let mut held = self.held(None);
        held.retain(|document, _| !is_seen(document));
        self.promises.note_lost(&held);
    }

    /// After a restore, what only a tablet had that is emptied because it was revoked is lost.
    pub(super) fn note_emptied(&mut self, number: usize) {
        if self.promises.is_restored {
            let mut held = self.held(Some(number));
            let tablet = &self.tablets[number];
            held.retain(|document, _| !tablet.chunks(*document).is_empty());
            self.promises.note_lost(&held);
        }
    }

    /// A manager gives a card to another consultant of the same store.
    pub(super) fn move_card(&mut self) {
        let database = self.server.database();
        let ids = database.document_ids().expect("the database can be read");
        let Some(document) = ids.get(self.dice.below(ids.len())).copied() else {
            return;
        };
        let Some(from) = self.server.feed_of(document) else {
            return;
        };
        if self.is_being_handed_over(from) {
            return;
        }
        let scope = self.server.scope();
        let store = scope.feed(from).expect("a known feed").store;
        let others: Vec<FeedId> = scope
            .feeds
            .iter()
            .filter(|feed| feed.store == store && feed.id != from)
            .filter(|feed| feed.kind == FeedKind::Cards)
            .map(|feed| feed.id)
            .collect();
        let Some(to) = others.get(self.dice.below(others.len())).copied() else {
            return;
        };
        let person = self.tablets[0].worker().identity.person;
        let by = ChangeAuthor {
            person,
            device: DeviceId::default(),
        };
        let order = Move {
            document,
            to,
            by,
            at: self.now,
        };
        self.server.move_document(&order);
        self.handed.note_home(document, to);
        self.statistics.moved += 1;
    }
}
