//! A stand-in for the worker with made-up customers, to look at the screens without storage or
//! server. Part of no release: it exists with the feature `preview` alone.

mod made_up;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::access::{Feed, FeedKind, Identity, Person, Scope, Store};
use floorbook_shared::device::message::{
    Connection, Notice, RefusedEntry, Request, RowEntry, Status,
};
use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use floorbook_shared::record::contact::{Contact, NextStep, NextStepDecision, StepEnding};
use floorbook_shared::record::customer::{Customer, CustomerField, CustomerPhone};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::{CardView, Conflict, ConflictPlace};
use floorbook_shared::view::row::CustomerRow;
use gloo_timers::callback::Timeout;
use yew::Callback;

use crate::message::{ToScreen, ToWorker};
use crate::screen::clock::Clock;
use crate::screen::platform;
use made_up::made_up;

/// Customers that are made up; more with `floorbook-preview-customers` in the local storage.
const CUSTOMERS: usize = 300;
/// The stand-in.
pub struct Preview(Rc<World>);

struct World {
    say: Callback<ToScreen>,
    cards: RefCell<BTreeMap<DocumentId, Card>>,
    shown: RefCell<Option<DocumentId>>,
    identity: RefCell<Option<Identity>>,
    status: RefCell<Status>,
    next_number: Cell<u32>,
}

struct Card {
    customer: Customer,
    feed: FeedId,
    conflicts: Vec<Conflict>,
    unsent: usize,
}

fn id(number: usize) -> [u8; 16] {
    let mut bytes = [7; 16];
    bytes[8..].copy_from_slice(&(number as u64).to_be_bytes());
    bytes
}

impl Preview {
    /// Makes the customers up.
    pub fn new(say: Callback<ToScreen>) -> Self {
        let now = platform::now();
        let count = platform::kept("floorbook-preview-customers")
            .and_then(|count| count.parse().ok())
            .unwrap_or(CUSTOMERS);
        let today = Clock::new("Asia/Shanghai").today();
        let cards = (0..count)
            .map(|number| made_up(number, today, now))
            .collect();
        let identity = platform::kept("floorbook-preview-signed-out")
            .is_none()
            .then(identity);
        let unsent = 3;
        let mut status = Status {
            unsent,
            connection: Connection::Online { caught_up: true },
            last_saved: Some(now.plus_millis(-240_000)),
            last_acknowledged: Some(now.plus_millis(-3_600_000)),
            all_at_store: Some(now.plus_millis(-3_600_000)),
            ..Status::default()
        };
        match platform::kept("floorbook-preview-status").as_deref() {
            Some("offline") => {
                status.connection = Connection::Offline {
                    since: now.plus_millis(-7_200_000),
                    next_try: now.plus_millis(30_000),
                };
            }
            Some("fine") => status.unsent = 0,
            Some("refused") => {
                status.refused = vec![RefusedEntry {
                    group: GroupId::from_bytes(id(1)),
                    document: DocumentId::from_bytes(id(3)),
                    name: "李晓梅".into(),
                    command: Command::EditCard {
                        edits: vec![Edit::SetField {
                            field: CustomerField::Compound,
                            value: "西溪诚园 3-2-501".into(),
                        }],
                    },
                    code: "not_allowed".into(),
                    at: now,
                }];
            }
            Some(_) | None => {}
        }
        Self(Rc::new(World {
            say,
            cards: RefCell::new(cards),
            shown: RefCell::new(None),
            identity: RefCell::new(identity),
            status: RefCell::new(status),
            next_number: Cell::new(1),
        }))
    }

    /// Takes a message and answers it a moment later, as a worker would.
    pub fn post(&self, message: ToWorker) {
        let world = Rc::clone(&self.0);
        Timeout::new(15, move || world.take(message)).forget();
    }
}

impl World {
    fn tell(&self, notice: Notice) {
        self.say.emit(ToScreen::Notice(notice));
    }

    fn take(&self, message: ToWorker) {
        match message {
            ToWorker::Open { .. } => self.open(),
            ToWorker::Request(request) => self.answer(request),
        }
    }

    fn open(&self) {
        let drafts: Vec<(String, String)> = platform::kept("floorbook-preview-drafts")
            .and_then(|kept| serde_json::from_str(&kept).ok())
            .unwrap_or_default();
        self.tell(Notice::Opened {
            identity: self.identity.borrow().clone(),
            scope: scope(),
            drafts,
        });
        let rows = self
            .cards
            .borrow()
            .iter()
            .map(|(id, card)| entry(*id, card))
            .collect();
        self.tell(Notice::Rows { rows });
        self.tell(Notice::Status {
            status: self.status.borrow().clone(),
        });
    }

    fn answer(&self, request: Request) {
        match request {
            Request::Run {
                id,
                document,
                command,
            } => {
                let at = platform::now();
                self.apply(document, command, at);
                self.tell(Notice::Saved { id, document, at });
                self.status.borrow_mut().unsent += 1;
                self.status.borrow_mut().last_saved = Some(at);
                self.tell(Notice::Status {
                    status: self.status.borrow().clone(),
                });
                self.show(document);
            }
            Request::ShowCard { document } => {
                self.shown.replace(Some(document));
                self.show(document);
            }
            Request::HideCard { .. } => {
                self.shown.replace(None);
            }
            Request::NextCardNumber { id } => {
                let number = self.next_number.get();
                self.next_number.set(number + 1);
                self.tell(Notice::CardNumber {
                    id,
                    number: format!("HZ1-F01-{number:04}"),
                });
            }
            Request::KeepDraft { key, content } => {
                let mut drafts: Vec<(String, String)> = platform::kept("floorbook-preview-drafts")
                    .and_then(|kept| serde_json::from_str(&kept).ok())
                    .unwrap_or_default();
                drafts.retain(|(one, _)| *one != key);
                if !content.is_empty() {
                    drafts.push((key, content));
                }
                platform::keep(
                    "floorbook-preview-drafts",
                    &serde_json::to_string(&drafts).unwrap_or_default(),
                );
            }
            Request::SignIn { identity } => {
                self.identity.replace(Some(identity.clone()));
                self.tell(Notice::IdentityChanged {
                    identity: Some(identity),
                });
            }
            Request::SignOut => {
                let unsent = self.status.borrow().unsent;
                if unsent > 0 {
                    self.tell(Notice::SignOutRefused { unsent });
                } else {
                    self.identity.replace(None);
                    self.tell(Notice::IdentityChanged { identity: None });
                }
            }
            Request::ConnectNow => {
                let now = platform::now();
                {
                    let mut status = self.status.borrow_mut();
                    status.unsent = 0;
                    status.connection = Connection::Online { caught_up: true };
                    status.all_at_store = Some(now);
                    status.last_acknowledged = Some(now);
                }
                self.tell(Notice::Status {
                    status: self.status.borrow().clone(),
                });
            }
            Request::DiscardRefused { group } | Request::RetryRefused { group } => {
                self.status
                    .borrow_mut()
                    .refused
                    .retain(|entry| entry.group != group);
                self.tell(Notice::Status {
                    status: self.status.borrow().clone(),
                });
            }
        }
    }

    fn show(&self, document: DocumentId) {
        let cards = self.cards.borrow();
        let Some(card) = cards.get(&document) else {
            return;
        };
        self.tell(Notice::Rows {
            rows: vec![entry(document, card)],
        });
        if *self.shown.borrow() == Some(document) {
            let view = CardView {
                customer: card.customer.clone(),
                feed: card.feed,
                conflicts: card.conflicts.clone(),
                unsent: card.unsent,
            };
            self.tell(Notice::Card {
                document,
                card: Box::new(view),
            });
        }
    }

    fn apply(&self, document: DocumentId, command: Command, at: Timestamp) {
        let mut cards = self.cards.borrow_mut();
        let card = cards.entry(document).or_insert_with(|| Card {
            customer: Customer::default(),
            feed: feed_of(0),
            conflicts: Vec::new(),
            unsent: 0,
        });
        card.unsent += 1;
        let customer = &mut card.customer;
        match command {
            Command::OpenCard(new) => {
                customer.fields = new.fields;
                customer.remarks = new.remarks;
                customer.phones = new
                    .phones
                    .into_iter()
                    .map(|phone| CustomerPhone {
                        id: phone.id,
                        number: phone.number,
                        label: phone.label,
                    })
                    .collect();
                if let Some((id, decision)) = new.next_step {
                    customer.next_steps.push(NextStep {
                        id,
                        decision,
                        at,
                        after: None,
                        ending: None,
                    });
                }
            }
            Command::EditCard { edits } => {
                for edit in edits {
                    match edit {
                        Edit::SetField { field, value } => {
                            card.conflicts
                                .retain(|one| one.at != ConflictPlace::Field(field));
                            customer.fields.insert(field, value);
                        }
                        Edit::SetRemarks { text } => customer.remarks = text,
                        Edit::AddPhone(phone) => customer.phones.push(CustomerPhone {
                            id: phone.id,
                            number: phone.number,
                            label: phone.label,
                        }),
                        Edit::SetPhone { phone, number } => {
                            card.conflicts
                                .retain(|one| one.at != ConflictPlace::Phone(phone));
                            for one in customer.phones.iter_mut().filter(|one| one.id == phone) {
                                one.number.clone_from(&number);
                            }
                        }
                        Edit::RemovePhone { phone } => {
                            customer.phones.retain(|one| one.id != phone)
                        }
                        Edit::SetFact { name, fact } => {
                            customer.facts.insert(name, fact);
                        }
                    }
                }
            }
            Command::LogContact {
                contact,
                date,
                channel,
                outcome,
                note,
                completes,
                step,
                next,
            } => {
                for one in customer
                    .next_steps
                    .iter_mut()
                    .filter(|one| completes.contains(&one.id))
                {
                    one.ending = Some(StepEnding::Done { contact });
                }
                let by = PersonId::from_bytes(id(0));
                customer.contacts.insert(
                    0,
                    Contact {
                        id: contact,
                        date,
                        at,
                        channel,
                        outcome,
                        note,
                        by,
                    },
                );
                customer.next_steps.push(NextStep {
                    id: step,
                    decision: next,
                    at,
                    after: Some(contact),
                    ending: None,
                });
            }
            Command::MoveNextStep { step, due } => {
                for one in customer.next_steps.iter_mut().filter(|one| one.id == step) {
                    if let NextStepDecision::Planned { due: day, .. } = &mut one.decision {
                        *day = due;
                    }
                }
            }
            Command::DropNextStep { step, reason } => {
                for one in customer.next_steps.iter_mut().filter(|one| one.id == step) {
                    one.ending = Some(StepEnding::Dropped {
                        reason: reason.clone(),
                    });
                }
            }
        }
        customer
            .next_steps
            .sort_by_key(|step| (!step.is_open(), step.due()));
    }
}

fn entry(document: DocumentId, card: &Card) -> RowEntry {
    RowEntry {
        document,
        feed: card.feed,
        store: StoreId::from_bytes(id(0)),
        unsent: card.unsent,
        row: CustomerRow::project(&card.customer, card.conflicts.len()),
    }
}

fn feed_of(person: usize) -> FeedId {
    FeedId::from_bytes(id(person))
}

fn identity() -> Identity {
    Identity {
        device: DeviceId::from_bytes(id(0)),
        tablet_code: "F01".into(),
        person: PersonId::from_bytes(id(0)),
        name: "王敏".into(),
        store: StoreId::from_bytes(id(0)),
        is_administrator: true,
    }
}

fn scope() -> Scope {
    let store = StoreId::from_bytes(id(0));
    let names = ["王敏", "陈立", "周婷"];
    Scope {
        version: 1,
        stores: vec![Store {
            id: store,
            code: "HZ1".into(),
            name: "杭州一店".into(),
            time_zone: "Asia/Shanghai".into(),
        }],
        people: names
            .iter()
            .enumerate()
            .map(|(number, name)| Person {
                id: PersonId::from_bytes(id(number)),
                name: (*name).into(),
                stores: vec![store],
                is_administrator: number == 0,
                is_active: true,
            })
            .collect(),
        feeds: (0..names.len())
            .map(|number| Feed {
                id: feed_of(number),
                store,
                kind: FeedKind::Cards,
                owner: PersonId::from_bytes(id(number)),
            })
            .collect(),
    }
}
