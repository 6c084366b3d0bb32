//! Customers that are handed over in a world: for good, or for a while; ended early, or by time;
//! in slices, between which anything can happen, also a kill.

use std::collections::{BTreeMap, BTreeSet};

use floorbook_server::database::directory::Directory;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::database::model::{By, HandoverRow};
use floorbook_server::handover::start::prepare;
use floorbook_server::handover::steps::{self, Step};
use floorbook_shared::access::{FeedKind, Role, Scope};
use floorbook_shared::api::{HandedCustomers, HandoverStage, NewHandover};
use floorbook_shared::document::read::read;
use floorbook_shared::id::{DocumentId, FeedId, HandoverId, PersonId};
use floorbook_shared::record::handover::{HandoverKind, entry_of};
use floorbook_shared::time::Timestamp;

use super::server::{Deed, Server};
use super::{World, check};

/// Longest cover, in milliseconds; some outlive the world.
const COVER_MAX_MILLIS: usize = 90_000;
/// Slices behind which the server is killed, of a hundred.
const KILLED_PERCENT: usize = 15;

/// What was handed over, as whoever decided it understood it.
#[derive(Debug, Default)]
pub struct Handed {
    orders: BTreeMap<HandoverId, Order>,
    /// The book in which each customer has to be that was handed over.
    homes: BTreeMap<DocumentId, FeedId>,
}

/// A handover that was begun.
#[derive(Debug)]
struct Order {
    row: HandoverRow,
    /// The customers that it was about.
    customers: BTreeSet<DocumentId>,
    /// Those that went and, of a cover, came back.
    moved: BTreeSet<DocumentId>,
    is_back: bool,
    is_between_slices: bool,
}

impl Handed {
    /// A manager put a customer into this book.
    pub(super) fn note_home(&mut self, document: DocumentId, feed: FeedId) {
        self.homes.insert(document, feed);
    }

    /// A stage of a handover is over: its customers are where they belong in it.
    fn note_stage(&mut self, id: HandoverId, from: HandoverStage) -> Vec<(DocumentId, FeedId)> {
        let Some(order) = self.orders.get_mut(&id) else {
            return Vec::new();
        };
        if from == HandoverStage::Returning {
            // Those that came back before the others may be somewhere else already.
            order.is_back = true;
            return Vec::new();
        }
        // Others may have been opened meanwhile.
        let home = order.row.target;
        let homes: Vec<_> = order.customers.iter().map(|id| (*id, home)).collect();
        self.homes.extend(homes.iter().copied());
        homes
    }
}

impl World {
    /// A manager hands customers over.
    pub(super) fn hand_over(&mut self) {
        let scope = self.server.scope();
        let Some(new) = self.choose(&scope) else {
            return;
        };
        let manager = scope.people.iter().find(|person| {
            person.is_active && person.has(new.store, Role::Manager) && person.id != new.to
        });
        let by = By {
            at: self.now,
            person: manager.map(|manager| manager.id),
            device: None,
        };
        let is_cover = new.until.is_some();
        let is_all = new.customers == HandedCustomers::All;
        let start = prepare(new, by, &mut self.dice).expect("it is in order");
        let customers = self.server.customers_of(&start.row);
        // Where another handover stands in the way.
        if self.server.database().begin_handover(&start, by).is_err() {
            return;
        }
        match (is_cover, is_all) {
            (false, _) => self.statistics.for_good += 1,
            (true, true) => self.statistics.covers_of_all += 1,
            (true, false) => self.statistics.covers_of_some += 1,
        }
        let order = Order {
            row: start.row,
            customers,
            moved: BTreeSet::new(),
            is_back: false,
            is_between_slices: false,
        };
        self.handed.orders.insert(order.row.id, order);
        self.server.announce_scope();
    }

    fn choose(&mut self, scope: &Scope) -> Option<NewHandover> {
        let customers = self.server.customers_by_book();
        let books = scope
            .feeds
            .iter()
            .filter(|feed| feed.kind == FeedKind::Cards && customers.contains_key(&feed.id));
        let books: Vec<_> = books.collect();
        let book = books.get(self.dice.below(books.len()))?;
        let from = book.owner?;
        let colleagues: Vec<PersonId> = scope
            .people
            .iter()
            .filter(|person| person.is_active && person.has(book.store, Role::Consultant))
            .map(|person| person.id)
            .filter(|person| *person != from)
            .collect();
        let to = *colleagues.get(self.dice.below(colleagues.len()))?;
        let is_cover = self.dice.chance(65);
        let length = 1 + self.dice.below(COVER_MAX_MILLIS) as i64;
        let customers = if self.dice.chance(40) {
            HandedCustomers::All
        } else {
            let mut customers = customers.get(&book.id)?.clone();
            customers.retain(|_| self.dice.chance(70));
            if customers.is_empty() {
                return None;
            }
            HandedCustomers::Some(customers)
        };
        Some(NewHandover {
            store: book.store,
            from,
            customers,
            to,
            until: is_cover.then(|| self.now.plus_millis(length)),
            note: "休假".to_owned(),
        })
    }

    /// A manager ends a cover before its time.
    pub(super) fn end_cover(&mut self) {
        let rows = self.server.handovers();
        let Some(row) = rows.get(self.dice.below(rows.len())) else {
            return;
        };
        let by = By::command_line(self.now);
        // One for good can't be ended.
        if self.server.database().end_handover(row.id, by).is_ok() {
            self.statistics.ended_early += 1;
            self.server.announce_scope();
        }
    }

    /// Covers end whose time is over.
    pub(super) fn end_due(&mut self) {
        let database = self.server.database();
        let ended = steps::end_due(database, self.now).expect("the disk works");
        self.statistics.ended_by_time += ended;
        self.server.announce_scope();
    }

    /// The server takes the next step of a handover, or is killed in the middle of it.
    pub(super) fn carry_on(&mut self, id: HandoverId) {
        let rows = self.server.handovers();
        let Some(row) = rows.into_iter().find(|row| row.id == id) else {
            return;
        };
        let order = self.handed.orders.get_mut(&id).expect("a known handover");
        match self.server.step(&row, self.now, &mut self.dice) {
            Step::Moved(moved) => {
                assert_eq!(moved.untold, [""; 0], "a card is not told");
                order.is_between_slices = true;
                if row.stage == HandoverStage::Returning {
                    let back = moved.documents.into_iter();
                    self.handed.homes.extend(back.map(|id| (id, row.source)));
                } else {
                    order.moved.extend(moved.documents);
                }
                if self.weather.kills && self.dice.chance(KILLED_PERCENT) {
                    self.statistics.interrupted += 1;
                    self.restart_server();
                }
            }
            Step::Stands(_) => {
                order.is_between_slices = false;
                if row.stage == HandoverStage::Returning {
                    // What is not back yet after a restore comes to where it would be.
                    let customers = order.customers.iter().copied();
                    let missing = customers.filter(|id| self.server.feed_of(*id).is_none());
                    let homes = missing.map(|id| (id, row.source));
                    self.handed.homes.extend(homes);
                }
                for (document, home) in self.handed.note_stage(id, row.stage) {
                    let feed = self.server.feed_of(document);
                    // After a restore a card may not be back yet; the ledger knows where it goes.
                    if feed.is_none() && self.promises.is_restored {
                        continue;
                    }
                    assert_eq!(feed, Some(home), "{document} after {row:?}");
                    let is_told = self.handed.orders[&id].moved.contains(&document);
                    assert!(is_told, "{row:?} left {document} behind");
                }
            }
        }
    }

    /// Whether a handover that is not over concerns a book.
    pub(super) fn is_being_handed_over(&self, feed: FeedId) -> bool {
        let mut rows = self.server.handovers().into_iter();
        rows.any(|row| row.source == feed || row.target == feed)
    }

    /// Something was committed: perhaps in the middle of a handover.
    pub(super) fn note_commit(&mut self) {
        let mut orders = self.handed.orders.values();
        let is_between = orders.any(|order| order.is_between_slices);
        self.statistics.between_slices += usize::from(is_between);
    }

    /// Customers are where the organisation says, and their cards tell of every handover.
    pub(super) fn check_handed(&self) {
        let rows = self.server.handovers();
        let running: BTreeMap<HandoverId, &HandoverRow> =
            rows.iter().map(|row| (row.id, row)).collect();
        for (id, order) in &self.handed.orders {
            let stage = running.get(id).map(|row| row.stage);
            let is_cover = order.row.until.is_some();
            assert!(
                stage.is_none_or(|stage| stage == HandoverStage::Covering && is_cover),
                "{order:?} is under way for ever"
            );
            let until = order.row.until.filter(|_| stage.is_some());
            assert!(
                until.is_none_or(|until| until > self.now),
                "{order:?} never ends"
            );
            self.check_told(order);
        }
        let scope = self.server.scope();
        for grant in &scope.grants {
            let mut rows = rows.iter();
            assert!(
                rows.any(|row| row.grant == Some(grant.id)),
                "{grant:?} is left"
            );
        }
        let ids = self.server.database().document_ids();
        for document in ids.expect("the database can be read") {
            let feed = self.server.feed_of(document).expect("a stored document");
            let home = self.handed.homes.get(&document);
            assert!(
                home.is_none_or(|home| *home == feed),
                "{document} is in {feed}"
            );
            let kind = scope.feed(feed).expect("a known feed").kind;
            let mut rows = rows.iter();
            assert!(
                kind == FeedKind::Cards || rows.any(|row| row.target == feed),
                "{document} stays in a cover that is over"
            );
        }
    }

    fn check_told(&self, order: &Order) {
        // After a restore a card may have lost what only the server had written.
        if self.promises.is_restored {
            return;
        }
        let row = &order.row;
        for document in &order.moved {
            let stored = self.server.database().document(*document);
            let stored = stored.expect("the database can be read");
            let stored = stored.unwrap_or_else(|| panic!("{document} was handed over"));
            let told = read(&check::load(&stored.chunks)).customer.handovers;
            let says = |kind, from, to, until| {
                told.iter().any(|handover| {
                    let entry = &handover.entry;
                    let people = (entry.from, entry.to, entry.by);
                    handover.id == entry_of(row.id, kind)
                        && entry.kind == kind
                        && people == (from, to, row.author())
                        && entry.until == until
                })
            };
            assert!(
                says(row.kind(), row.from, row.to, row.until),
                "{document} does not tell of {row:?}: {told:?}"
            );
            assert!(
                !order.is_back || says(HandoverKind::Back, row.to, row.from, None),
                "{document} does not tell that it came back from {row:?}: {told:?}"
            );
            let mut ids: Vec<_> = told.iter().map(|handover| handover.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), told.len(), "{document} tells something twice");
        }
    }
}

impl Server {
    /// The handovers that are not over.
    pub(super) fn handovers(&self) -> Vec<HandoverRow> {
        if !self.hands_over {
            return Vec::new();
        }
        let rows = self.database().handovers();
        rows.expect("the database can be read")
    }

    /// What can be done next for the handovers.
    pub(super) fn handing_over(&self, now: Timestamp) -> Vec<Deed> {
        let mut deeds = Vec::new();
        for row in self.handovers() {
            let is_returning = row.stage == HandoverStage::Returning;
            if row.stage != HandoverStage::Covering {
                deeds.push(Deed::HandOver(row.id));
            }
            if !is_returning && row.until.is_some_and(|until| until <= now) {
                deeds.push(Deed::EndDue);
            }
        }
        deeds
    }

    fn customers_by_book(&self) -> BTreeMap<FeedId, Vec<DocumentId>> {
        let ids = self.database().document_ids();
        let mut customers = BTreeMap::<_, Vec<_>>::new();
        for id in ids.expect("the database can be read") {
            let feed = self.feed_of(id).expect("a stored document");
            customers.entry(feed).or_default().push(id);
        }
        customers
    }

    /// The customers that a handover moves: a cover of all moves none.
    fn customers_of(&self, row: &HandoverRow) -> BTreeSet<DocumentId> {
        let customers = match (&row.customers, row.until) {
            (Some(customers), _) => customers.clone(),
            (None, None) => self
                .customers_by_book()
                .remove(&row.source)
                .unwrap_or_default(),
            (None, Some(_)) => Vec::new(),
        };
        customers.into_iter().collect()
    }
}
