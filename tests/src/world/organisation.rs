//! Who may see and write what in a world: posts are given and taken, books are opened to one
//! another, people leave and come back; and somebody pushes what they have no right to.

use std::sync::Arc;

use floorbook_server::database::directory::Directory;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::database::model::{By, Told};
use floorbook_server::sync::opened::OpenedItem;
use floorbook_shared::access::{Access, FeedKind, Post, Role, Scope};
use floorbook_shared::api::{PersonChange, StoreChange};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, Randomness as _};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::gate;

use super::World;
use super::check::Promises;
use super::server::Server;

impl World {
    /// A manager or an administrator changes who may see what.
    pub(super) fn change_rights(&mut self) {
        let scope = self.server.scope();
        let number = self.dice.below(self.tablets.len());
        let person = scope.person(self.anyone_on(number));
        let person = person.expect("everyone on a tablet is known").clone();
        let store = &scope.stores[self.dice.below(scope.stores.len())];
        let home = self.tablets[number].worker().identity.store;
        let by = By::command_line(self.now);
        let database = self.server.database();
        let mut change = PersonChange::default();
        let is_done = match self.dice.below(100) {
            0..25 => {
                let mut settings = store.settings;
                settings.books_are_open = !settings.books_are_open;
                let change = StoreChange {
                    settings: Some(settings),
                    ..StoreChange::default()
                };
                database.change_store(store.id, &change, by).is_ok()
            }
            roll @ 25..82 => {
                let post = if roll < 65 {
                    Post::new(store.id, Role::Manager)
                } else {
                    Post::new(home, Role::Consultant)
                };
                let mut posts = person.posts.clone();
                if posts.contains(&post) {
                    posts.retain(|other| *other != post);
                } else {
                    posts.push(post);
                }
                if posts.is_empty() {
                    posts.push(Post::new(home, Role::Display));
                }
                change.posts = Some(posts);
                database.change_person(person.id, &change, by).is_ok()
            }
            // Where people leave for good, that is told otherwise.
            82..92 if !self.weather.revokes => {
                change.is_active = Some(!person.is_active);
                database.change_person(person.id, &change, by).is_ok()
            }
            // A change that has nothing to do with books.
            _ => {
                change.name = Some(format!("{}改", person.name));
                database.change_person(person.id, &change, by).is_ok()
            }
        };
        if is_done {
            self.server.announce_scope();
            self.statistics.rights += 1;
        }
    }

    /// Someone pushes what they have no right to, knowing all that there is to know.
    pub(super) fn forge(&mut self) {
        let scope = self.server.scope();
        let number = self.dice.below(self.tablets.len());
        let person = self.anyone_on(number);
        let ids = self
            .server
            .database()
            .document_ids()
            .expect("the disk works");
        let is_new = ids.is_empty() || self.dice.chance(30);
        let (id, feed, document) = if is_new {
            let feeds = &scope.feeds;
            let mut feed = feeds[self.dice.below(feeds.len())].id;
            if self.dice.chance(20) {
                feed = FeedId::new(self.now, &mut self.dice);
            }
            (
                DocumentId::new(self.now, &mut self.dice),
                feed,
                Document::found(),
            )
        } else {
            let id = ids[self.dice.below(ids.len())];
            let stored = self.server.database().document(id).expect("the disk works");
            let stored = stored.expect("a stored document");
            let document = Document::load(stored.chunks.iter().map(Vec::as_slice));
            (id, stored.place.feed, document.expect("it loads"))
        };
        let mut actor = [0; 16];
        self.dice.fill(&mut actor);
        let device = DeviceId::new(self.now, &mut self.dice);
        let writer = Writer {
            author: ChangeAuthor { person, device },
            actor,
        };
        let command = if is_new {
            Command::OpenCard(NewCard {
                fields: [(CustomerField::Name, "伪".to_owned())].into(),
                ..NewCard::default()
            })
        } else {
            let value = format!("伪{}", self.dice.below(1_000_000));
            let field = CustomerField::Wechat;
            Command::EditCard {
                edits: vec![Edit::SetField { field, value }],
            }
        };
        let change = write::run(&mut document.clone(), &command, &writer, self.now);
        let Ok(Some(change)) = change else { return };
        let told = Told {
            confirmed: scope.feeds.iter().map(|feed| (feed.id, u64::MAX)).collect(),
            scopes: [(person, u64::MAX)].into(),
        };
        let item = OpenedItem {
            device_seq: 1,
            group: GroupId::new(self.now, &mut self.dice),
            person,
            document: DocumentKey { id, incarnation: 0 },
            kind: DocumentKind::Customer,
            feed,
            change,
        };
        self.server.push_forged(device, Arc::new(told), item);
        self.statistics.forged += 1;
    }
}

impl Server {
    /// The book that a card is in.
    pub(super) fn feed_of(&self, document: DocumentId) -> Option<FeedId> {
        let stored = self.database().document(document);
        let stored = stored.expect("the database can be read");
        stored.map(|stored| stored.place.feed)
    }

    /// What was taken although its author may not write there now was written when they could not
    /// know of that.
    pub(super) fn check_late(
        &mut self,
        scope: &Scope,
        tablet: usize,
        item: &OpenedItem,
        promises: &Promises,
    ) {
        let id = item.document.id;
        let change = gate::parse(&item.change).expect("accepted changes parse");
        let feed = self.feed_of(id).expect("it was accepted");
        let has_right = scope.access(item.person, feed) == Some(Access::Write);
        if has_right || promises.is_acknowledged(id, change.hash) || promises.is_restored {
            return;
        }
        self.late += 1;
        let person = scope.people.iter().find(|one| one.id == item.person);
        self.of_leavers += usize::from(person.is_some_and(|person| !person.is_active));
        let Some(written) = promises.written.get(&(tablet, item.device_seq)) else {
            panic!("{item:?} was never written");
        };
        let then = self.scopes.get(&written.scope_version);
        let could = then.and_then(|then| then.access(item.person, written.feed));
        assert_eq!(could, Some(Access::Write), "late without a right before");
        let leavings = self.database().leavings(id, &[written.feed]);
        for leaving in leavings.expect("the database can be read") {
            assert!(
                written.seq < leaving.seq,
                "late although the move was known"
            );
        }
    }
}

/// What the server should say to a forged change, by who may write where.
pub(super) fn expected(scope: &Scope, person: PersonId, feed: FeedId) -> Option<&'static str> {
    let Some(known) = scope.feed(feed) else {
        return Some("unknown_feed");
    };
    let is_home = matches!(known.kind, FeedKind::Cards | FeedKind::Cover);
    let has_right = scope.access(person, feed) == Some(Access::Write);
    (!is_home || !has_right).then_some("no_right")
}
