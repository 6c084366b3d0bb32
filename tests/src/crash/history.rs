//! A small history of a store, step by step, and what the server says of it after each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use floorbook_server::access::secret::{PasswordHash, SecretHash};
use floorbook_server::database::directory::Directory;
use floorbook_server::database::log::{DocumentLog, DocumentPlace};
use floorbook_server::database::model::{
    By, CodeGrant, Founding, HandoverRow, HandoverStart, NewAccount, NewSession, Told,
};
use floorbook_server::database::register::TabletRegister;
use floorbook_server::database::{Database, Pace, RedbDatabase};
use floorbook_server::handover::steps::{self, Moved};
use floorbook_server::sync::commit::{Committer, ServerDeed};
use floorbook_server::sync::compaction::Compactor;
use floorbook_shared::access::{
    Access, Feed, FeedKind, Grant, GrantReason, Post, Role, Store, StoreSettings,
};
use floorbook_shared::api::HandoverStage;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::Writer;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GrantId, HandoverId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::time::Timestamp;

use super::machine::Machine;
use crate::tablets;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const HOUR: i64 = 3_600_000;
/// Cards of the history.
const CARDS: u8 = 4;
/// Secrets whose validity is part of what the server says, sessions with their tablets.
const TOKENS: [(&str, u8); 4] = [("li one", 1), ("wang", 2), ("li two", 3), ("li anew", 4)];
const CODES: [&str; 2] = ["for wang", "for zhao"];

/// One step of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The store is set up.
    Found,
    /// Somebody joins, with a one-time code.
    AddPerson(u8, &'static str, Option<&'static str>),
    /// A code is made for a tablet.
    IssueEnrolment(u8),
    /// A tablet is enrolled by it.
    Enrol(u8),
    /// A tablet is given up.
    Retire(u8),
    /// A tablet is declared stolen.
    Stolen(u8),
    /// Somebody uses their code.
    Join(&'static str, u8, &'static str),
    /// Somebody signs in on another tablet.
    SignIn(u8, u8, &'static str),
    /// Somebody signs out.
    SignOut(&'static str),
    /// Somebody gets another password.
    SetPassword(u8),
    /// Another store.
    AddStore,
    /// A book in the other store.
    AddBook,
    /// The cards of somebody are handed over to somebody else, for good.
    HandOver(u8, u8),
    /// Two cards of somebody are looked after by somebody else for a while.
    Cover(u8, u8),
    /// The cards of the handover tell of it and move.
    MoveHandover,
    /// What the handover had to do is done.
    AdvanceHandover,
    /// The cover ends.
    EndCover,
    /// Cards are opened.
    OpenCards,
    /// All cards are edited, several times in one transaction.
    EditCards(u8),
    /// Snapshots take the place of the cards' single changes.
    Compact,
    /// A tablet tells what it holds.
    Confirm(u8, u64),
    /// The server is stopped and started.
    Restart,
}

/// The history.
pub const HISTORY: [Step; 40] = [
    Step::Found,
    Step::AddPerson(2, "Wang Fang", Some("for wang")),
    Step::OpenCards,
    Step::IssueEnrolment(2),
    Step::Enrol(2),
    Step::Join("for wang", 2, "wang"),
    Step::EditCards(1),
    Step::Confirm(1, 3),
    Step::IssueEnrolment(3),
    Step::Enrol(3),
    Step::SignIn(1, 3, "li two"),
    Step::Compact,
    Step::EditCards(2),
    Step::Restart,
    Step::SignOut("li one"),
    Step::AddPerson(3, "Zhao Min", Some("for zhao")),
    Step::EditCards(3),
    Step::Compact,
    Step::HandOver(1, 2),
    Step::MoveHandover,
    Step::AdvanceHandover,
    Step::Cover(2, 3),
    Step::MoveHandover,
    Step::AdvanceHandover,
    Step::EditCards(5),
    Step::EndCover,
    Step::MoveHandover,
    Step::AdvanceHandover,
    Step::Restart,
    Step::SetPassword(1),
    Step::AddStore,
    Step::AddBook,
    Step::IssueEnrolment(4),
    Step::Enrol(4),
    Step::SignIn(1, 4, "li anew"),
    Step::Retire(4),
    Step::Stolen(2),
    Step::Confirm(1, 9),
    Step::EditCards(4),
    Step::Compact,
];

/// A server that lives through the history on a machine.
pub struct Life {
    machine: Machine,
    open: Option<(Arc<RedbDatabase>, Committer)>,
}

fn person(byte: u8) -> PersonId {
    PersonId::from_bytes([byte; 16])
}

fn secret(text: &str) -> SecretHash {
    SecretHash::of("crash", text.as_bytes())
}

fn device(byte: u8) -> DeviceId {
    DeviceId::from_bytes([byte; 16])
}

fn sign_in(byte: u8, token: &str) -> NewSession {
    tablets::new_session(device(byte), secret(token), NOW)
}

fn store(byte: u8, code: &str) -> Store {
    Store {
        id: StoreId::from_bytes([byte; 16]),
        code: code.to_owned(),
        name: format!("Store {code}"),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    }
}

fn deeds(command: impl Fn(u8) -> Command) -> Vec<ServerDeed> {
    (1..=CARDS)
        .map(|number| ServerDeed {
            place: DocumentPlace {
                key: DocumentKey {
                    id: DocumentId::from_bytes([number; 16]),
                    incarnation: 0,
                },
                kind: DocumentKind::Customer,
                store: StoreId::from_bytes([1; 16]),
                feed: Feed::of_owner(StoreId::from_bytes([1; 16]), FeedKind::Cards, person(1)).id,
            },
            command: command(number),
            seen_seq: None,
            at: NOW,
        })
        .collect()
}

impl Life {
    /// Starts the server on a machine.
    ///
    /// # Errors
    /// If its data can't be opened.
    pub fn start(machine: Machine) -> Result<Self> {
        let mut life = Self {
            machine,
            open: None,
        };
        life.open()?;
        Ok(life)
    }

    fn open(&mut self) -> Result<()> {
        let database = RedbDatabase::with_backend(self.machine.disk()).context("the database")?;
        let database = database
            .with_ledger(self.machine.ledger(), false, secret("nonce"), NOW)
            .context("the ledger")?;
        let database = Arc::new(database);
        let committer = Committer::new(Arc::clone(&database) as Arc<dyn Database>);
        self.open = Some((database, committer));
        Ok(())
    }

    /// The database.
    ///
    /// # Errors
    /// If it could not be opened again.
    pub fn database(&self) -> Result<&RedbDatabase> {
        let open = self.open.as_ref().context("the server is closed")?;
        Ok(open.0.as_ref())
    }

    /// Takes one step; when it returns, the step is promised to last.
    ///
    /// # Errors
    /// If the step was not done, or nobody knows whether it was.
    pub fn take(&mut self, step: Step) -> Result<()> {
        if step == Step::Restart {
            self.open = None;
            return self.open();
        }
        let (database, committer) = self.open.as_mut().context("the server is closed")?;
        let by = By::command_line(NOW);
        match step {
            Step::Found => database
                .found(&Founding {
                    store: store(1, "HZ1"),
                    person: person(1),
                    name: "Li Na".to_owned(),
                    password: PasswordHash::from_phc("$first".to_owned()),
                    tablet: tablets::new_tablet(device(1), NOW),
                    session: sign_in(1, "li one"),
                })
                .map(drop)?,
            Step::AddPerson(id, name, code) => database.add_person(
                &NewAccount {
                    id: person(id),
                    name: name.to_owned(),
                    posts: vec![Post::new(StoreId::from_bytes([1; 16]), Role::Consultant)],
                    code: code.map(|code| CodeGrant {
                        code: secret(code),
                        expires: NOW.plus_millis(HOUR),
                    }),
                },
                by,
            )?,
            Step::IssueEnrolment(byte) => {
                tablets::issue_code(database.as_ref(), device(byte), NOW)?;
            }
            Step::Enrol(byte) => {
                tablets::enrol(database.as_ref(), &tablets::new_tablet(device(byte), NOW))?;
            }
            Step::Retire(byte) => drop(database.retire_tablet(device(byte), by)?),
            Step::Stolen(byte) => drop(database.declare_stolen(device(byte), by)?),
            Step::Join(code, device, token) => {
                let hash = PasswordHash::from_phc("$joined".to_owned());
                drop(database.join(secret(code), &hash, &sign_in(device, token))?);
            }
            Step::SignIn(id, device, token) => {
                drop(database.sign_in(person(id), &sign_in(device, token))?);
            }
            Step::SignOut(token) => database.sign_out(secret(token), NOW)?,
            Step::SetPassword(id) => {
                let hash = PasswordHash::from_phc("$second".to_owned());
                database.set_password(person(id), &hash, by)?;
            }
            Step::AddStore => database.add_store(&store(2, "SH1"), by)?,
            Step::AddBook => {
                let post = Post::new(StoreId::from_bytes([2; 16]), Role::Consultant);
                database.add_post(person(1), post, by)?;
            }
            Step::Compact => {
                let mut compactor = Compactor::new(1, Document::snapshot);
                let mut count = 0;
                while !compactor.is_idle() {
                    count += compactor.step(database.as_ref(), NOW)?;
                }
                ensure!(count == usize::from(CARDS), "{count} cards were compacted");
            }
            Step::Confirm(device, seq) => {
                let device = DeviceId::from_bytes([device; 16]);
                let told = Told {
                    confirmed: [(FeedId::from_bytes([1; 16]), seq)].into(),
                    ..Told::default()
                };
                database.confirm(device, &told, NOW)?;
            }
            Step::OpenCards => {
                let open = |number| {
                    let name = format!("Customer {number}");
                    Command::OpenCard(NewCard {
                        fields: BTreeMap::from([(CustomerField::Name, name)]),
                        ..NewCard::default()
                    })
                };
                run(committer, &deeds(open))?;
            }
            Step::EditCards(round) => {
                let fields = [CustomerField::Wechat, CustomerField::Compound];
                let edits: Vec<ServerDeed> = fields
                    .into_iter()
                    .flat_map(|field| {
                        deeds(move |number| Command::EditCard {
                            edits: vec![Edit::SetField {
                                field,
                                value: format!("{round} {number}"),
                            }],
                        })
                    })
                    .collect();
                run(committer, &edits)?;
            }
            Step::HandOver(from, to) => {
                let target = cards_of(to).id;
                database.begin_handover(&start(from, to, target, None, None), by)?;
            }
            Step::Cover(from, to) => {
                let feed = Feed::of_cover(
                    FeedId::from_bytes([8; 16]),
                    StoreId::from_bytes([1; 16]),
                    person(from),
                );
                let customers = (1..=2).map(|number| DocumentId::from_bytes([number; 16]));
                let customers = Some(customers.collect());
                let begin = start(from, to, feed.id, customers, Some(feed));
                database.begin_handover(&begin, by)?;
            }
            Step::MoveHandover => {
                let step = hand_over(committer, handover_of(database)?.id)?;
                let is_told = |moved: &Moved| moved.untold.is_empty();
                ensure!(
                    matches!(&step, steps::Step::Moved(moved) if is_told(moved)),
                    "{step:?}"
                );
            }
            Step::AdvanceHandover => {
                let step = hand_over(committer, handover_of(database)?.id)?;
                ensure!(matches!(step, steps::Step::Stands(_)), "{step:?}");
            }
            Step::EndCover => {
                let row = handover_of(database)?;
                database.end_handover(row.id, by)?;
            }
            Step::Restart => {}
        }
        Ok(())
    }

    /// Everything that the server says of itself, to compare it.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn says(&self) -> Result<String> {
        let database = self.database()?;
        let mut said = String::new();
        write!(said, "{:?}", database.scope()?)?;
        write!(said, "{:?}", database.audit(0, usize::MAX)?)?;
        for store in &database.scope()?.stores {
            write!(said, "{:?}", database.head(store.id)?)?;
        }
        let mut ids = database.document_ids()?;
        ids.sort_unstable();
        for id in ids {
            write!(said, "{:?}", database.document(id)?)?;
        }
        database.rows(&mut |id, row| {
            let _ = write!(said, "{id}{}", String::from_utf8_lossy(row));
        })?;
        for device in 1..5 {
            let device = DeviceId::from_bytes([device; 16]);
            write!(said, "{:?}", database.confirmed(device)?)?;
        }
        write!(said, "{:?}", database.tablets()?)?;
        said.push_str(&self.says_of_people()?);
        Ok(said)
    }

    /// What the server says of people, tablets, passwords, sessions, codes and books: what a
    /// restored backup must
    /// take over from the ledger.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn says_of_people(&self) -> Result<String> {
        let database = self.database()?;
        let scope = database.scope()?;
        let mut said = format!("{:?}{:?}{:?}", scope.stores, scope.people, scope.feeds);
        for person in &scope.people {
            let account = database.account_named(&person.name)?;
            let password = account.and_then(|account| account.password);
            write!(said, "{:?}", password.map(|hash| hash.as_phc().to_owned()))?;
        }
        for (token, byte) in TOKENS {
            let session = database.session(secret(token), device(byte), NOW)?;
            write!(said, "{session:?}")?;
        }
        for tablet in database.tablets()? {
            write!(said, "{:?}{:?}", tablet.standing, tablet.people)?;
        }
        for code in CODES {
            write!(said, "{:?}", database.invitation(secret(code), NOW)?)?;
        }
        write!(said, "{:?}{:?}", scope.grants, database.handovers()?)?;
        let mut ids = database.document_ids()?;
        ids.sort_unstable();
        for id in ids {
            let feed = database.document(id)?.map(|stored| stored.place.feed);
            write!(said, "{feed:?}")?;
        }
        Ok(said)
    }

    /// Has the doctor look at everything.
    ///
    /// # Errors
    /// If something is wrong.
    pub fn is_healthy(&self) -> Result<()> {
        let examination = self.database()?.examine(&Pace::FAST, &|_| {})?;
        ensure!(examination.is_healthy(), "{examination:?}");
        Ok(())
    }
}

/// The book of somebody.
fn cards_of(owner: u8) -> Feed {
    Feed::of_owner(StoreId::from_bytes([1; 16]), FeedKind::Cards, person(owner))
}

/// A handover that begins: for good, or a cover in a book of its own.
fn start(
    from: u8,
    to: u8,
    target: FeedId,
    customers: Option<Vec<DocumentId>>,
    feed: Option<Feed>,
) -> HandoverStart {
    let until = feed.is_some().then(|| NOW.plus_millis(HOUR));
    let grant = until.map(|until| Grant {
        id: GrantId::from_bytes([8; 16]),
        feed: target,
        person: person(to),
        access: Access::Write,
        until: Some(until),
        reason: GrantReason::Cover,
    });
    let row = HandoverRow {
        id: HandoverId::from_bytes([from; 16]),
        store: StoreId::from_bytes([1; 16]),
        from: person(from),
        to: person(to),
        customers,
        until,
        note: "away".to_owned(),
        by: Some(person(1)),
        at: NOW,
        source: cards_of(from).id,
        target,
        grant: grant.as_ref().map(|grant| grant.id),
        stage: HandoverStage::Moving,
    };
    HandoverStart { row, feed, grant }
}

/// The handover that is under way, with the cards that have to move.
fn handover_of(database: &RedbDatabase) -> Result<HandoverRow> {
    database.handovers()?.pop().context("no handover")
}

fn hand_over(committer: &mut Committer, id: HandoverId) -> Result<steps::Step> {
    let all = usize::from(CARDS);
    Ok(steps::step(committer, id, all, &writer(), NOW)?)
}

fn writer() -> Writer {
    Writer {
        author: ChangeAuthor {
            person: person(1),
            device: DeviceId::from_bytes([1; 16]),
        },
        actor: [9; 16],
    }
}

fn run(committer: &mut Committer, deeds: &[ServerDeed]) -> Result<()> {
    for result in committer.run(deeds, &writer(), NOW)? {
        let is_new = result.map_err(anyhow::Error::msg)?;
        ensure!(is_new, "a deed changed nothing");
    }
    Ok(())
}
