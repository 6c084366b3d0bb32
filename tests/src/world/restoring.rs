//! Backups, and cards that move: what an administrator does in a world.

use floorbook_server::database::log::{DocumentLog, Move};
use floorbook_shared::access::FeedKind;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::id::{DeviceId, FeedId};

use super::World;

impl World {
    /// Someone makes a backup, or the disk dies and the last one has to do.
    pub(super) fn back_up_or_restore(&mut self) {
        // In the real world the ledger brings back what changed in the organisation since.
        let people = self.server.scope().version;
        match self.server.backup.take() {
            // Whoever began to work after the backup signs in again in the real world.
            Some((disk, known)) if known == people && self.dice.chance(60) => {
                let connected = self.server.connected();
                self.server.start_from(disk);
                for number in connected {
                    self.input(
                        number,
                        floorbook_shared::device::engine::Input::Disconnected,
                    );
                }
                self.promises.is_restored = true;
                self.statistics.restored += 1;
            }
            _ => self.server.backup = Some((self.server.disk(), people)),
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
        let person = self.tablets[0].identity.person;
        let by = ChangeAuthor {
            person,
            device: DeviceId::default(),
        };
        self.server.move_document(&Move {
            document,
            to,
            by,
            at: self.now,
        });
        self.statistics.moved += 1;
    }
}
