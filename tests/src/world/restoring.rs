//! Backups, and cards that move: what an administrator does in a world.

use std::collections::{BTreeMap, BTreeSet};

use floorbook_server::database::log::{DocumentLog, Move};
use floorbook_shared::access::{FeedKind, Scope};
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::id::{DeviceId, FeedId};
use floorbook_shared::sync::chain::ChangeHash;

use super::World;

impl World {
    /// Someone makes a backup, or the disk dies and the last one has to do.
    pub(super) fn back_up_or_restore(&mut self) {
        match self.server.backup.take() {
            Some(disk) if self.dice.chance(60) => {
                let connected = self.server.connected();
                let before = self.server.scope();
                self.server.restore_from(disk, self.now);
                let after = self.server.scope();
                assert_eq!(
                    after,
                    Scope {
                        version: after.version,
                        ..before
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
        let mut held = BTreeMap::new();
        for id in self.promises.documents() {
            let stored = self.server.database().document(id);
            let stored = stored.expect("the database can be read");
            let there = stored.map(|stored| stored.chunks).unwrap_or_default();
            let here = self.present().map(|(_, tablet)| tablet.chunks(id));
            let changes: BTreeSet<ChangeHash> = here
                .chain([there])
                .filter_map(|chunks| Document::load(chunks.iter().map(Vec::as_slice)).ok())
                .flat_map(|document| document.changes_missing_in(&Document::found()))
                .map(|(hash, ..)| hash)
                .collect();
            held.insert(id, changes);
        }
        let gone: Vec<usize> = (0..self.tablets.len())
            .filter(|number| self.tablets[*number].is_gone)
            .collect();
        self.promises.lose(&held, &gone);
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
