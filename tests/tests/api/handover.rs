//! Handing customers over: for good, as a cover that ends by itself, and what a restore keeps of it.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use floorbook_server::database::log::DocumentPlace;
use floorbook_server::database::model::{By, Deed};
use floorbook_server::handover::{self, carry_on, tend};
use floorbook_server::sync::commit::ServerDeed;
use floorbook_shared::access::{Access, Feed, FeedKind, Post, Role};
use floorbook_shared::api::{
    HandedCustomers, HandoverStage, NewHandover, PersonChange, RunningHandover,
};
use floorbook_shared::document::command::{Command, NewCard};
use floorbook_shared::document::read::read;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DocumentId, FeedId, PersonId};
use floorbook_shared::record::customer::{Customer, CustomerField};
use floorbook_shared::record::handover::HandoverKind;
use floorbook_tests::api::{ADMINISTRATOR, Browser, TestApp};

const DAY: i64 = 24 * 3_600_000;

/// A store with a manager and two consultants, the first of whom has some customers.
struct Shop {
    app: TestApp,
    manager: Browser,
    wang: PersonId,
    zhao: PersonId,
    cards: Vec<DocumentId>,
}

fn named(app: &TestApp, name: &str) -> PersonId {
    let scope = app.state.database.scope().unwrap();
    let mut people = scope.people.iter();
    people.find(|person| person.name == name).unwrap().id
}

impl Shop {
    async fn open(count: u8) -> Self {
        let (app, mut manager) = TestApp::set_up().await;
        app.invite(&mut manager, "Wang Fang").await;
        app.invite(&mut manager, "Zhao Min").await;
        let (wang, zhao) = (named(&app, "Wang Fang"), named(&app, "Zhao Min"));
        let cards: Vec<DocumentId> = (1..=count)
            .map(|number| DocumentId::from_bytes([number; 16]))
            .collect();
        let feed = Feed::of_owner(app.store(), FeedKind::Cards, wang).id;
        let deeds = cards.iter().map(|id| ServerDeed {
            place: DocumentPlace {
                key: DocumentKey {
                    id: *id,
                    incarnation: 0,
                },
                kind: DocumentKind::Customer,
                store: app.store(),
                feed,
            },
            command: Command::OpenCard(NewCard {
                fields: [(CustomerField::Name, "张三".to_owned())].into(),
                ..NewCard::default()
            }),
            seen_seq: None,
            at: app.state.now(),
        });
        let writer = app.state.own_writer(wang);
        let results = app
            .state
            .commits
            .run(deeds.collect(), writer)
            .await
            .unwrap();
        assert!(results.iter().all(|result| *result == Ok(true)));
        Self {
            app,
            manager,
            wang,
            zhao,
            cards,
        }
    }

    fn book(&self, owner: PersonId) -> FeedId {
        Feed::of_owner(self.app.store(), FeedKind::Cards, owner).id
    }

    fn order(&self, customers: HandedCustomers) -> NewHandover {
        NewHandover {
            store: self.app.store(),
            from: self.wang,
            customers,
            to: self.zhao,
            until: None,
            note: "休假".to_owned(),
        }
    }

    fn feed_of(&self, card: DocumentId) -> FeedId {
        let stored = self.app.state.database.document(card).unwrap().unwrap();
        stored.place.feed
    }

    /// The feeds that the cards are in.
    fn feeds(&self) -> BTreeSet<FeedId> {
        self.cards.iter().map(|card| self.feed_of(*card)).collect()
    }

    fn customer(&self, card: DocumentId) -> Customer {
        let stored = self.app.state.database.document(card).unwrap().unwrap();
        let document = Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap();
        read(&document).customer
    }

    async fn running(&mut self) -> Vec<RunningHandover> {
        self.manager.get("/api/handovers").await.json()
    }
}

#[tokio::test]
async fn all_customers_go_to_a_colleague_for_good() {
    // More than move in one transaction.
    let mut shop = Shop::open(120).await;
    // Whoever left has customers to be handed over.
    let leaves = PersonChange {
        is_active: Some(false),
        ..PersonChange::default()
    };
    let database = &shop.app.state.database;
    let by = By::command_line(shop.app.state.now());
    database.change_person(shop.wang, &leaves, by).unwrap();
    let order = shop.order(HandedCustomers::All);
    let done: RunningHandover = shop.manager.post("/api/handovers", &order).await.json();
    assert_eq!(done.stage, HandoverStage::Done);
    assert_eq!(shop.feeds(), [shop.book(shop.zhao)].into());
    assert!(shop.running().await.is_empty());
    for card in &shop.cards {
        let told = shop.customer(*card).handovers;
        assert_eq!(told.len(), 1);
        let entry = &told[0].entry;
        assert_eq!((entry.from, entry.to), (shop.wang, shop.zhao));
        assert_eq!(
            (entry.kind, entry.note.as_str()),
            (HandoverKind::ForGood, "休假")
        );
        assert_eq!(entry.by, named(&shop.app, ADMINISTRATOR));
    }
    let audit = shop.app.state.database.audit(0, 1_000).unwrap();
    let told = audit.iter().map(|entry| entry.deed);
    let told: Vec<Deed> = told
        .filter(|deed| matches!(deed, Deed::HandoverBegun { .. } | Deed::HandoverDone { .. }))
        .collect();
    let begun = Deed::HandoverBegun {
        handover: done.id,
        from: shop.wang,
        to: shop.zhao,
        handover_kind: Some(HandoverKind::ForGood),
        customers: None,
        until: None,
    };
    assert_eq!(told, [begun, Deed::HandoverDone { handover: done.id }]);
}

#[tokio::test]
async fn a_cover_of_some_ends_by_itself_and_the_cards_come_back() {
    let mut shop = Shop::open(5).await;
    let some = shop.cards[..2].to_vec();
    let now = shop.app.state.now();
    let order = NewHandover {
        until: Some(now.plus_millis(DAY)),
        ..shop.order(HandedCustomers::Some(some.clone()))
    };
    let cover: RunningHandover = shop.manager.post("/api/handovers", &order).await.json();
    assert_eq!(cover.stage, HandoverStage::Covering);
    assert_eq!(shop.running().await, std::slice::from_ref(&cover));
    let feed = shop.feed_of(some[0]);
    let access = |shop: &Shop, person| {
        let scope = shop.app.state.database.scope().unwrap();
        scope.access(person, feed)
    };
    assert_ne!(feed, shop.book(shop.wang));
    assert_eq!(access(&shop, shop.zhao), Some(Access::Write));
    assert_eq!(access(&shop, shop.wang), Some(Access::Write));
    assert_eq!(shop.feed_of(shop.cards[3]), shop.book(shop.wang));
    let all = shop.order(HandedCustomers::All);
    let refused = shop.manager.post("/api/handovers", &all).await;
    assert_eq!(refused.error(), (409, "handover_running".to_owned()));
    let again = shop.order(HandedCustomers::Some(some.clone()));
    let refused = shop.manager.post("/api/handovers", &again).await;
    assert_eq!(refused.error(), (422, "not_their_customer".to_owned()));

    shop.app.clock.advance_millis(DAY - 1);
    tend(&shop.app.state).await.unwrap();
    assert_eq!(shop.feed_of(some[0]), feed);
    shop.app.clock.advance_millis(1);
    tend(&shop.app.state).await.unwrap();
    assert_eq!(shop.feeds(), [shop.book(shop.wang)].into());
    assert_eq!(access(&shop, shop.zhao), None);
    assert!(shop.app.state.database.handovers().unwrap().is_empty());
    let kinds: Vec<HandoverKind> = shop
        .customer(some[0])
        .handovers
        .iter()
        .map(|handover| handover.entry.kind)
        .collect();
    assert_eq!(kinds, [HandoverKind::Back, HandoverKind::Cover]);
    assert!(shop.customer(shop.cards[4]).handovers.is_empty());
    let audit = shop.app.state.database.audit(0, 1_000).unwrap();
    let told: Vec<Deed> = audit.iter().map(|entry| entry.deed).collect();
    let handover = cover.id;
    let begun = Deed::HandoverBegun {
        handover,
        from: shop.wang,
        to: shop.zhao,
        handover_kind: Some(HandoverKind::Cover),
        customers: Some(2),
        until: Some(now.plus_millis(DAY)),
    };
    let done = Deed::HandoverDone { handover };
    let ended = Deed::CoverEnded { handover };
    assert!(told.ends_with(&[begun, done, ended, done]), "{told:?}");
}

#[tokio::test]
async fn a_cover_ends_with_the_role_of_who_covers() {
    let mut shop = Shop::open(2).await;
    let until = Some(shop.app.state.now().plus_millis(DAY));
    let order = NewHandover {
        until,
        ..shop.order(HandedCustomers::All)
    };
    shop.manager.post("/api/handovers", &order).await;
    let access = |shop: &Shop| {
        let scope = shop.app.state.database.scope().unwrap();
        (
            scope.access(shop.zhao, shop.book(shop.wang)),
            scope.grants.len(),
        )
    };
    assert_eq!(access(&shop), (Some(Access::Write), 1));
    let becomes = |role| PersonChange {
        posts: Some(vec![Post::new(shop.app.store(), role)]),
        ..PersonChange::default()
    };
    let by = By::command_line(shop.app.state.now());
    let database = &shop.app.state.database;
    let display = becomes(Role::Display);
    database.change_person(shop.zhao, &display, by).unwrap();
    assert_eq!(access(&shop), (None, 0));
    // It does not come back with the role.
    let consultant = becomes(Role::Consultant);
    database.change_person(shop.zhao, &consultant, by).unwrap();
    assert_eq!(access(&shop), (None, 0));
}

#[tokio::test]
async fn a_cover_of_all_lends_the_book_and_ends_early() {
    let mut shop = Shop::open(3).await;
    let order = NewHandover {
        until: Some(shop.app.state.now().plus_millis(DAY)),
        ..shop.order(HandedCustomers::All)
    };
    let cover: RunningHandover = shop.manager.post("/api/handovers", &order).await.json();
    assert_eq!(cover.stage, HandoverStage::Covering);
    let book = shop.book(shop.wang);
    assert_eq!(shop.feeds(), [book].into());
    let scope = shop.app.state.database.scope_of(shop.zhao).unwrap();
    assert_eq!(scope.access(shop.zhao, book), Some(Access::Write));
    let path = format!("/api/handovers/{}/end", cover.id);
    let ended: RunningHandover = shop.manager.post(&path, &()).await.json();
    assert_eq!(ended.stage, HandoverStage::Done);
    let scope = shop.app.state.database.scope_of(shop.zhao).unwrap();
    assert!(scope.feed(book).is_none() && scope.grants.is_empty());
    let again = shop.manager.post(&path, &()).await;
    assert_eq!(again.error(), (404, "no_such_handover".to_owned()));
}

#[tokio::test]
async fn a_handover_that_broke_off_goes_on_where_it_was() {
    let shop = Shop::open(60).await;
    let manager = named(&shop.app, ADMINISTRATOR);
    let by = By {
        person: Some(manager),
        ..By::command_line(shop.app.state.now())
    };
    let state = &shop.app.state;
    let begun = handover::begin(state, shop.order(HandedCustomers::All), by)
        .await
        .unwrap();
    // Nothing moved yet, as after a crash; then the entry of one card was written and no more.
    let row = state.database.handovers().unwrap().remove(0);
    assert_eq!(row.stage, HandoverStage::Moving);
    tend(state).await.unwrap();
    assert_eq!(shop.feeds(), [shop.book(shop.zhao)].into());
    assert_eq!(
        carry_on(state, begun.id).await.unwrap(),
        HandoverStage::Done
    );
    let told = shop
        .cards
        .iter()
        .map(|card| shop.customer(*card).handovers.len());
    assert!(told.into_iter().all(|count| count == 1));
}

#[tokio::test]
async fn customers_stay_in_their_store_and_with_whom_managers_say() {
    let mut shop = Shop::open(1).await;
    let order = shop.order(HandedCustomers::All);
    let mut consultant = shop.app.consultant(&mut shop.manager, "Qian Yi").await;
    let refused = consultant.post("/api/handovers", &order).await;
    assert_eq!(refused.error(), (403, "not_allowed".to_owned()));
    assert_eq!(
        consultant.get("/api/handovers").await.status,
        StatusCode::FORBIDDEN
    );

    let now = shop.app.state.now();
    let wrong = [
        (
            NewHandover {
                to: shop.wang,
                ..order.clone()
            },
            422,
            "same_person",
        ),
        (
            NewHandover {
                to: PersonId::default(),
                ..order.clone()
            },
            404,
            "no_such_person",
        ),
        (
            NewHandover {
                from: PersonId::default(),
                ..order.clone()
            },
            422,
            "no_book",
        ),
        (
            NewHandover {
                until: Some(now),
                ..order.clone()
            },
            422,
            "invalid_until",
        ),
        (
            NewHandover {
                until: Some(now.plus_millis(400 * DAY)),
                ..order.clone()
            },
            422,
            "invalid_until",
        ),
        (
            NewHandover {
                note: "长".repeat(201),
                ..order.clone()
            },
            422,
            "invalid_note",
        ),
        (
            shop.order(HandedCustomers::Some(Vec::new())),
            422,
            "invalid_customers",
        ),
        (
            shop.order(HandedCustomers::Some(vec![DocumentId::default()])),
            422,
            "not_their_customer",
        ),
    ];
    for (order, status, code) in wrong {
        let refused = shop.manager.post("/api/handovers", &order).await;
        assert_eq!(refused.error(), (status, code.to_owned()));
    }
    let posts = PersonChange {
        posts: Some(vec![Post::new(shop.app.store(), Role::Manager)]),
        ..PersonChange::default()
    };
    let by = By::command_line(now);
    shop.app
        .state
        .database
        .change_person(shop.zhao, &posts, by)
        .unwrap();
    let refused = shop.manager.post("/api/handovers", &order).await;
    assert_eq!(refused.error(), (422, "other_store".to_owned()));
    assert_eq!(shop.feeds(), [shop.book(shop.wang)].into());
    assert!(shop.running().await.is_empty());
}
