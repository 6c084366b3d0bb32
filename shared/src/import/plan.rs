//! What an import writes: new cards, and values that existing cards lack.
//!
//! Planning is pure and repeatable: the same file planned against its own result changes nothing.

mod complete;

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Action, Person, Role, Scope};
use crate::document::command::{Command, NewCard, NewPhone};
use crate::id::{DocumentId, PersonId};
use crate::import::columns::Meaning;
use crate::import::damage::is_damaged_copy;
use crate::import::existing::ExistingCard;
use crate::import::identity::ImportIdentity;
use crate::import::parse::{ImportedCustomer, ImportedFile};
use crate::import::problem::ProblemCode;
use crate::import::{Creation, ImportReport};
use crate::record::customer::{Customer, CustomerField, Fact, FactSource};
use crate::record::phone::normalise;
use crate::record::width::fold;
use crate::time::{Date, Timestamp};

/// What planning needs to know about the store.
#[derive(Clone, Copy, Debug)]
pub struct PlanContext<'a> {
    /// Stores, people and feeds that exist.
    pub scope: &'a Scope,
    /// Stores and consultants that may be created.
    pub allowed: &'a [Creation],
    /// Cards that earlier imports made, by the identity of their row.
    pub existing: &'a BTreeMap<ImportIdentity, ExistingCard>,
    /// Who gets the cards of no consultant, in their first store if no store is told either: the
    /// person who imports.
    pub fallback_owner: PersonId,
    /// Whether stores, consultants and posts may be made: by administrators. Anyone else imports
    /// into stores of their own, for consultants who are there.
    pub may_create: bool,
    /// When the import runs.
    pub now: Timestamp,
    /// The store's day on which it runs.
    pub today: Date,
}

/// The book that a new card goes to, by names, because store and person may still have to be
/// created.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedOwner {
    /// Code of the store.
    pub store_code: String,
    /// Name of the consultant.
    pub consultant: String,
}

/// What to do with one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCard {
    /// Line of the row in the file.
    pub line: u32,
    /// The identity to keep beside the card.
    pub identity: ImportIdentity,
    /// The card; `None` for one that is to be opened.
    pub document: Option<DocumentId>,
    /// The book of a card that is to be opened; `None` for an existing card, which stays where
    /// it is.
    pub owner: Option<FeedOwner>,
    /// What to run on the card; `None` if it has everything.
    pub command: Option<Command>,
}

/// What an import is going to write, in this order: stores, consultants, cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Codes of the stores to create.
    pub stores: Vec<String>,
    /// Consultants to create.
    pub consultants: Vec<FeedOwner>,
    /// The rows that can be imported, in the order of the file; unchanged ones too.
    pub items: Vec<PlannedCard>,
    /// What to tell the person who imports.
    pub report: ImportReport,
}

/// Plans the import of a file.
pub fn plan(file: &ImportedFile, context: &PlanContext<'_>) -> ImportPlan {
    let mut planner = Planner {
        context,
        store_column: header_of(file, &Meaning::Store),
        consultant_column: header_of(file, &Meaning::Consultant),
        by_reach: context
            .existing
            .iter()
            .filter(|(identity, _)| identity.is_of_row())
            .map(|(identity, card)| (reach_of(&card.customer), identity))
            .fold(
                BTreeMap::new(),
                |mut map: BTreeMap<_, Vec<_>>, (reach, identity)| {
                    map.entry(reach).or_default().push(identity);
                    map
                },
            ),
        planned: BTreeSet::new(),
        stores: BTreeSet::new(),
        consultants: BTreeSet::new(),
        missing: BTreeSet::new(),
        unmanaged: BTreeSet::new(),
        items: Vec::new(),
        report: ImportReport {
            rows: file.rows,
            rejected: file.rejected,
            problems: file.problems.clone(),
            fact_columns: file.fact_columns(),
            encoding: file.encoding.name().to_owned(),
            ..ImportReport::default()
        },
    };
    for customer in &file.customers {
        planner.plan_row(customer);
    }
    let mut report = planner.report;
    report.missing = planner.missing.into_iter().collect();
    report.problems.sort_by_key(|problem| problem.line);
    ImportPlan {
        stores: planner.stores.into_iter().collect(),
        consultants: planner.consultants.into_iter().collect(),
        items: planner.items,
        report,
    }
}

/// The header of the column with a meaning.
fn header_of(file: &ImportedFile, meaning: &Meaning) -> Option<String> {
    let mut columns = file.header.columns.iter();
    let column = columns.find(|column| column.meaning == *meaning)?;
    Some(column.header.clone())
}

/// The code of the row's store as the scope spells it, else as the file does; the store of the
/// fallback owner if the row tells none.
pub(super) fn store_of(
    row: &ImportedCustomer,
    scope: &Scope,
    fallback_owner: PersonId,
) -> Option<String> {
    match &row.store_code {
        Some(told) => {
            let by_code = scope
                .stores
                .iter()
                .find(|store| is_same_word(&store.code, told));
            let known =
                by_code.or_else(|| scope.stores.iter().find(|s| is_same_word(&s.name, told)));
            Some(known.map_or_else(|| told.clone(), |store| store.code.clone()))
        }
        None => {
            let owner = scope.person(fallback_owner)?;
            Some(scope.store(owner.home()?)?.code.clone())
        }
    }
}

/// What a card's customer is reached by, as [`ImportedCustomer::reach`] tells it of a row.
pub(super) fn reach_of(customer: &Customer) -> String {
    customer
        .phones
        .first()
        .map(|phone| normalise(&phone.number).digits)
        .unwrap_or_default()
}

/// Names and codes are the same if they differ in width, case or blanks only.
pub fn is_same_word(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        let folded = fold(text).to_lowercase();
        folded
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect()
    };
    one == other || plain(one) == plain(other)
}

struct Planner<'a> {
    context: &'a PlanContext<'a>,
    store_column: Option<String>,
    consultant_column: Option<String>,
    /// Cards whose rows had no number, by what the customer is reached by.
    by_reach: BTreeMap<String, Vec<&'a ImportIdentity>>,
    planned: BTreeSet<ImportIdentity>,
    stores: BTreeSet<String>,
    consultants: BTreeSet<FeedOwner>,
    missing: BTreeSet<Creation>,
    /// Stores of which was told that nobody manages them.
    unmanaged: BTreeSet<String>,
    items: Vec<PlannedCard>,
    report: ImportReport,
}

impl Planner<'_> {
    fn problem(&mut self, code: ProblemCode, line: u32, column: Option<&str>, value: &str) {
        self.report.problems.push(code.at(line, column, value));
    }

    fn reject(&mut self, code: ProblemCode, line: u32, value: &str) {
        self.problem(code, line, None, value);
        self.report.rejected += 1;
    }

    fn plan_row(&mut self, row: &ImportedCustomer) {
        let Some(store) = store_of(row, self.context.scope, self.context.fallback_owner) else {
            self.reject(ProblemCode::StoreMissing, row.line, row.name());
            return;
        };
        if !self.may_import_into(&store) {
            let told = row.store_code.as_deref().unwrap_or(&store);
            self.reject(ProblemCode::StoreNotYours, row.line, told);
            return;
        }
        self.note_unmanaged(&store);
        // Before the row gets an identity: one that is kept out must not be taken for another row.
        let consultant = match self.consultant_of(row, &store) {
            Ok(consultant) => consultant,
            Err((code, value)) => {
                self.reject(code, row.line, &value);
                return;
            }
        };
        let identity = match &row.number {
            Some(number) => {
                let identity = ImportIdentity::of_number(&store, number);
                if self.planned.contains(&identity) {
                    self.reject(ProblemCode::NumberTwice, row.line, number);
                    return;
                }
                identity
            }
            None => self.identity_of_row(row, &store),
        };
        self.planned.insert(identity.clone());
        match self.context.existing.get(&identity) {
            Some(card) => self.complete(row, identity, card),
            None => self.open(row, identity, store, consultant),
        }
    }

    /// The identity of a row without number: its own, unless a card with this phone has the name
    /// as a damaged copy, or had it so when it was opened.
    fn identity_of_row(&self, row: &ImportedCustomer, store: &str) -> ImportIdentity {
        let reach = row.reach();
        let mut occurrence = 0;
        let identity = loop {
            let identity = ImportIdentity::of_row(store, row.name(), &reach, occurrence);
            if !self.planned.contains(&identity) {
                break identity;
            }
            occurrence += 1;
        };
        if self.context.existing.contains_key(&identity) || row.phones.is_empty() {
            return identity;
        }
        let same_reach = self.by_reach.get(&reach).into_iter().flatten();
        let copy = same_reach.into_iter().find(|known| {
            !self.planned.contains(**known)
                && self.context.existing.get(**known).is_some_and(|card| {
                    let name = card.customer.field(CustomerField::Name);
                    self.is_in_store(card, store) && is_same_name(name, row.name())
                })
        });
        copy.map_or(identity, |known| (*known).clone())
    }

    /// Whether a card is in a book of a store.
    fn is_in_store(&self, card: &ExistingCard, store_code: &str) -> bool {
        let scope = self.context.scope;
        let store = scope
            .feed(card.feed)
            .and_then(|feed| scope.store(feed.store));
        store.is_none_or(|store| store.code == store_code)
    }

    /// Whether who imports may do so in this store. An unknown one would have to be made.
    fn may_import_into(&self, store_code: &str) -> bool {
        let scope = self.context.scope;
        let mut stores = scope.stores.iter();
        let store = stores.find(|store| store.code == store_code);
        self.context.may_create
            || store.is_some_and(|store| {
                scope.may(self.context.fallback_owner, Action::ImportInto(store.id))
            })
    }

    /// Who is responsible for a row's customer, or why nobody can be.
    fn consultant_of(
        &self,
        row: &ImportedCustomer,
        store_code: &str,
    ) -> Result<String, (ProblemCode, String)> {
        let scope = self.context.scope;
        let mut people = scope.people.iter();
        let Some(told) = &row.consultant else {
            let owner = scope.person(self.context.fallback_owner);
            let name = owner.map(|owner| owner.name.clone());
            let has_book = |name: &String| self.has_book(name, store_code);
            let needed = || (ProblemCode::ConsultantNeeded, row.name().to_owned());
            return name.filter(has_book).ok_or_else(needed);
        };
        let known = people.find(|person| is_same_word(&person.name, told));
        let name = known.map_or(told, |person| &person.name);
        if self.context.may_create || self.has_book(name, store_code) {
            Ok(name.clone())
        } else {
            Err((ProblemCode::ConsultantWithoutBook, name.clone()))
        }
    }

    /// Whether somebody keeps customers in a store.
    fn has_book(&self, name: &str, store_code: &str) -> bool {
        let scope = self.context.scope;
        let store = scope.stores.iter().find(|store| store.code == store_code);
        let person = scope.people.iter().find(|person| person.name == name);
        let (Some(store), Some(person)) = (store, person) else {
            return false;
        };
        scope.cards_feed(store.id, person.id).is_some()
    }

    /// Tells once that a store gets customers and has nobody who looks after all of it.
    fn note_unmanaged(&mut self, store_code: &str) {
        let scope = self.context.scope;
        let store = scope.stores.iter().find(|store| store.code == store_code);
        let manages = |person: &Person| {
            store.is_some_and(|store| person.is_active && person.has(store.id, Role::Manager))
        };
        if !scope.people.iter().any(manages) && self.unmanaged.insert(store_code.to_owned()) {
            let name = store.map_or(store_code, |store| store.name.as_str());
            self.problem(ProblemCode::StoreUnmanaged, 1, None, name);
        }
    }

    /// Plans a new card, or notes what it waits for.
    fn open(
        &mut self,
        row: &ImportedCustomer,
        identity: ImportIdentity,
        store_code: String,
        consultant: String,
    ) {
        let scope = self.context.scope;
        let is_known_store = scope.stores.iter().any(|store| store.code == store_code);
        let is_known_person = scope.people.iter().any(|person| person.name == consultant);
        let new_store = Creation::Store {
            code: store_code.clone(),
        };
        let new_consultant = Creation::Consultant {
            name: consultant.clone(),
            store: store_code.clone(),
        };
        let needed = [
            (is_known_store, new_store),
            (is_known_person, new_consultant),
        ];
        let missing: Vec<Creation> = needed
            .into_iter()
            .filter(|(is_known, creation)| !is_known && !self.context.allowed.contains(creation))
            .map(|(_, creation)| creation)
            .collect();
        if !missing.is_empty() {
            self.missing.extend(missing);
            self.report.waiting += 1;
            return;
        }
        let owner = FeedOwner {
            store_code,
            consultant,
        };
        if !is_known_store {
            self.stores.insert(owner.store_code.clone());
        }
        if !is_known_person {
            self.consultants.insert(owner.clone());
        }
        // A missing column is told once, at the header.
        if row.store_code.is_none()
            && let Some(column) = self.store_column.clone()
        {
            self.problem(ProblemCode::StoreEmpty, row.line, Some(&column), row.name());
        }
        if row.consultant.is_none()
            && let Some(column) = self.consultant_column.clone()
        {
            self.problem(
                ProblemCode::ConsultantEmpty,
                row.line,
                Some(&column),
                row.name(),
            );
        }
        let card = new_card(row, &identity, self.context);
        self.report.created += 1;
        self.items.push(PlannedCard {
            line: row.line,
            identity,
            document: None,
            owner: Some(owner),
            command: Some(Command::OpenCard(card)),
        });
    }
}

impl PlanContext<'_> {
    /// A fact that this import tells.
    fn fact(&self, value: &str) -> Fact {
        Fact {
            value: value.to_owned(),
            source: FactSource::Import,
            at: self.now,
        }
    }
}

/// Whether two names are the same, or one is a damaged copy of the other.
fn is_same_name(one: &str, other: &str) -> bool {
    is_same_word(one, other) || is_damaged_copy(one, other) || is_damaged_copy(other, one)
}

/// What tells a phone from another one.
fn phone_key(number: &str) -> String {
    let phone = normalise(number);
    match phone.extension() {
        Some(extension) => format!("{}x{extension}", phone.digits),
        None => phone.digits,
    }
}

/// The phones of a row with their entries.
fn new_phones(row: &ImportedCustomer, identity: &ImportIdentity) -> Vec<NewPhone> {
    let mut known = BTreeSet::new();
    row.phones
        .iter()
        .zip(0_u16..)
        .filter_map(|(phone, position)| {
            let key = phone_key(&phone.number);
            known.insert(key.clone()).then(|| NewPhone {
                id: identity.entry(position, &format!("phone:{key}")),
                number: phone.number.clone(),
                label: phone.label.clone(),
            })
        })
        .collect()
}

/// The card that a row opens.
fn new_card(
    row: &ImportedCustomer,
    identity: &ImportIdentity,
    context: &PlanContext<'_>,
) -> NewCard {
    let mut fields = row.fields.clone();
    fields.insert(CustomerField::OpenedOn, context.today.to_string());
    let facts = row.facts.iter();
    let step = row.next_step.clone();
    NewCard {
        fields,
        phones: new_phones(row, identity),
        remarks: row.remarks.clone(),
        facts: facts
            .map(|(name, value)| (name.clone(), context.fact(value)))
            .collect(),
        next_step: step.map(|decision| (identity.entry(0, "next_step"), decision)),
    }
}

#[cfg(test)]
mod tests;
