//! The customers of the demonstration: what happened to each of them up to today, as commands.
//!
//! Seeded, so that a demonstration that was half made is completed by making it again.

use std::collections::BTreeMap;

use floorbook_shared::document::command::{Command, NewCard, NewContact, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId, Randomness};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::{Class, CustomerField, CustomerKind, Fact, FactSource};
use floorbook_shared::time::{Date, TimeOfDay, Timestamp};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use super::{entries, words};

/// Customers of the demonstration.
pub(super) const CUSTOMERS: usize = 300;

const SEED: u64 = 20_261_122;
const FIRST_VISIT_DAYS_MAX: i64 = 420;

/// A customer's card with everything that was done to it.
#[derive(Debug)]
pub(super) struct DemoCard {
    pub id: DocumentId,
    /// Index of the store.
    pub store: usize,
    /// Index of the consultant.
    pub owner: usize,
    /// What was done and when, in order.
    pub deeds: Vec<(Command, Timestamp)>,
}

/// What is to be done for a customer, by the number of the card.
enum Prospect {
    Today,
    Overdue,
    Soon,
    Later,
    GivenUp,
}

impl Prospect {
    /// Of 25 cards one is due today, one overdue, and two are given up.
    fn of(number: usize) -> Self {
        match number % 25 {
            0 => Self::Today,
            1 => Self::Overdue,
            2..=9 => Self::Soon,
            10..=22 => Self::Later,
            _ => Self::GivenUp,
        }
    }
}

pub(super) struct Dice(StdRng);

impl Randomness for Dice {
    fn fill(&mut self, target: &mut [u8]) {
        self.0.fill_bytes(target);
    }
}

impl Dice {
    /// A number from `from` to `to`, both included.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        self.0.random_range(from..=to.max(from))
    }

    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.0.random_range(0..from.len())]
    }

    pub(super) fn pick_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.random_range(0..from.len())]
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.between(0, 9).to_string()).collect()
    }
}

/// The day some days before.
fn before(day: Date, days: i64) -> Date {
    day.saturating_sub(days.days())
}

/// Makes all cards as they stand on `today`.
pub(super) fn cards(today: Date) -> Vec<DemoCard> {
    let mut dice = Dice(StdRng::seed_from_u64(SEED));
    let zone = TimeZone::get(words::TIME_ZONE).unwrap_or(TimeZone::UTC);
    let mut numbers = [0_usize; words::STORES.len()];
    (0..CUSTOMERS)
        .map(|number| {
            let owner = owner_of(dice.between(1, 100));
            let store = words::STAFF[owner].home();
            numbers[store] += 1;
            let label = format!("{}-T01-{:04}", words::STORES[store].0, numbers[store]);
            let mut maker = Maker {
                dice: &mut dice,
                zone: &zone,
                today,
                deeds: Vec::new(),
            };
            let id = maker.card(label, store, &Prospect::of(number));
            let deeds = maker.deeds;
            DemoCard {
                id,
                store,
                owner,
                deeds,
            }
        })
        .collect()
}

fn owner_of(percent: i64) -> usize {
    let mut sum = 0;
    let shares = words::STAFF.iter().map(|staff| staff.share as i64);
    shares
        .take_while(|share| {
            sum += share;
            sum < percent
        })
        .count()
}

/// Makes one card.
struct Maker<'a> {
    dice: &'a mut Dice,
    zone: &'a TimeZone,
    today: Date,
    deeds: Vec<(Command, Timestamp)>,
}

impl Maker<'_> {
    fn card(&mut self, label: String, store: usize, prospect: &Prospect) -> DocumentId {
        let today = self.today;
        // The last decision, and the day on which it was made.
        let (decision, decided) = match prospect {
            Prospect::Today => (self.planned(today), before(today, self.dice.between(3, 30))),
            Prospect::Overdue => {
                let due = before(today, self.dice.between(1, 12));
                (self.planned(due), before(due, self.dice.between(3, 20)))
            }
            Prospect::Soon => {
                let due = before(today, -self.dice.between(1, 14));
                (self.planned(due), before(today, self.dice.between(1, 20)))
            }
            Prospect::Later => {
                let due = before(today, -self.dice.between(15, 60));
                (self.planned(due), before(today, self.dice.between(1, 40)))
            }
            Prospect::GivenUp => {
                let reason = self.dice.pick(words::REASONS).to_owned();
                let decided = before(today, self.dice.between(10, 90));
                (NextStepDecision::None { reason }, decided)
            }
        };
        let first_visit = before(decided, self.dice.between(0, FIRST_VISIT_DAYS_MAX - 100));
        let days = self.contact_days(first_visit, decided);
        let opened = self.moment(first_visit, 10);
        let id = DocumentId::new(opened, self.dice);
        let mut step = EntryId::new(opened, self.dice);
        let first = match days.first() {
            Some(day) => self.planned(*day),
            None => decision.clone(),
        };
        let mut card = self.new_card(label, store, prospect, first_visit, opened);
        card.next_step = Some((step, first));
        let is_buyer = card.fields.get(&CustomerField::Class).map(String::as_str) == Some("B");
        self.deeds.push((Command::OpenCard(card), opened));
        let mut edits = Vec::new();
        if is_buyer {
            edits.extend(entries::purchase(self.dice, first_visit, today, opened));
        }
        if self.dice.chance(25) {
            edits.extend(entries::family(self.dice, opened));
        }
        if !edits.is_empty() {
            self.deeds.push((Command::EditCard { edits }, opened));
        }
        for (index, day) in days.iter().enumerate() {
            let next = match days.get(index + 1) {
                Some(next) => self.planned(*next),
                None => decision.clone(),
            };
            step = self.contact(*day, step, next);
        }
        id
    }

    fn planned(&mut self, due: Date) -> NextStepDecision {
        let (what, how) = self.dice.pick_of(words::STEPS);
        let is_visit = matches!(how, Channel::StoreVisit | Channel::HomeVisit);
        let hour = self.dice.between(9, 17) as u16;
        NextStepDecision::Planned {
            what: what.to_owned(),
            due,
            how,
            time: TimeOfDay::new(hour, 30).filter(|_| is_visit),
            purpose: None,
        }
    }

    /// The days of up to five contacts after the first visit; the last one is the deciding one.
    fn contact_days(&mut self, first_visit: Date, decided: Date) -> Vec<Date> {
        let span = (decided - first_visit).get_days();
        if span == 0 {
            return Vec::new();
        }
        let mut days: Vec<Date> = (0..self.dice.between(0, 4))
            .map(|_| before(decided, self.dice.between(1, i64::from(span))))
            .filter(|day| *day > first_visit)
            .collect();
        days.push(decided);
        days.sort_unstable();
        days.dedup();
        days
    }

    /// A moment in the opening hours from `hour` on.
    fn moment(&mut self, day: Date, hour: i8) -> Timestamp {
        let minute = self.dice.between(0, 59) as i8;
        let hour = hour + self.dice.between(0, 3) as i8;
        let moment = day.at(hour, minute, 0, 0).to_zoned(self.zone.clone());
        let millis = moment.map_or(0, |moment| moment.timestamp().as_millisecond());
        Timestamp::from_millis(millis)
    }

    fn contact(&mut self, date: Date, done: EntryId, next: NextStepDecision) -> EntryId {
        let at = self.moment(date, 14);
        let (outcome, channel, note) = self.dice.pick_of(words::CONTACTS);
        let contact = EntryId::new(at, self.dice);
        let step = EntryId::new(at, self.dice);
        let (mut reason, mut edits) = (String::new(), Vec::new());
        if outcome == Outcome::Refused {
            note.clone_into(&mut reason);
        } else if outcome == Outcome::Complaint {
            edits = entries::issue(self.dice, note, date, at);
        }
        let command = Command::LogContact(NewContact {
            note: note.to_owned(),
            completes: vec![done],
            reason,
            edits,
            ..NewContact::new((contact, step), date, channel, outcome, next)
        });
        self.deeds.push((command, at));
        step
    }

    fn new_card(
        &mut self,
        label: String,
        store: usize,
        prospect: &Prospect,
        first_visit: Date,
        opened: Timestamp,
    ) -> NewCard {
        let dice = &mut *self.dice;
        let (district, compounds) = dice.pick_of(words::PLACES[store]);
        let compound = dice.pick(compounds);
        let is_company = dice.chance(4);
        let name = if is_company {
            format!("{compound}装饰工程有限公司")
        } else {
            person_name(dice)
        };
        let kind = if is_company {
            CustomerKind::Company
        } else {
            CustomerKind::Individual
        };
        let class = match prospect {
            Prospect::GivenUp => Some(Class::D),
            Prospect::Later => {
                dice.pick_of(&[Some(Class::B), Some(Class::C), Some(Class::C), None])
            }
            Prospect::Today | Prospect::Overdue | Prospect::Soon => dice.pick_of(&[
                Some(Class::A),
                Some(Class::A),
                Some(Class::B),
                Some(Class::C),
            ]),
        };
        let mut fields = BTreeMap::from([
            (CustomerField::Number, label),
            (CustomerField::Name, name),
            (CustomerField::Kind, kind.key().to_owned()),
            (CustomerField::City, words::STORES[store].2.to_owned()),
            (CustomerField::District, district.to_owned()),
            (CustomerField::Region, district.to_owned()),
            (CustomerField::RouteOrder, dice.between(1, 40).to_string()),
            (CustomerField::Source, dice.pick(words::SOURCES).to_owned()),
            (CustomerField::FirstVisit, first_visit.to_string()),
            (CustomerField::OpenedOn, first_visit.to_string()),
        ]);
        if let Some(class) = class {
            fields.insert(CustomerField::Class, class.letter().to_owned());
        }
        if dice.chance(80) {
            let (street, house) = (dice.pick(words::STREETS), dice.between(1, 900));
            let unit = format!("{}-{}01", dice.between(1, 20), dice.between(2, 30));
            fields.insert(CustomerField::Street, format!("{street}{house}号 {unit}"));
            fields.insert(CustomerField::Compound, compound.to_owned());
        }
        let mut phones = Vec::new();
        let count = match dice.between(1, 100) {
            1..=6 => 0,
            7..=88 => 1,
            _ => 2,
        };
        for index in 0..count {
            let number = format!("{}{}", dice.pick(words::PHONE_PREFIXES), dice.digits(8));
            if index == 0 && dice.chance(60) {
                fields.insert(CustomerField::Wechat, number.clone());
            }
            phones.push(NewPhone {
                id: EntryId::new(opened, dice),
                number,
                label: if index == 0 { "" } else { "家人" }.to_owned(),
            });
        }
        let remarks = if dice.chance(60) {
            dice.pick(words::REMARKS).to_owned()
        } else {
            String::new()
        };
        NewCard {
            fields,
            phones,
            remarks,
            facts: facts(dice, opened),
            next_step: None,
        }
    }
}

fn person_name(dice: &mut Dice) -> String {
    let surname = dice.pick(words::SURNAMES);
    if dice.chance(8) {
        return format!("{surname}{}", dice.pick(&["女士", "先生"]));
    }
    let given: Vec<char> = words::GIVEN.chars().collect();
    let length = if dice.chance(75) { 2 } else { 1 };
    let given: String = (0..length).map(|_| dice.pick_of(&given)).collect();
    format!("{surname}{given}")
}

fn facts(dice: &mut Dice, at: Timestamp) -> BTreeMap<String, Fact> {
    let catalogue = [
        ("风格", words::STYLES, 85),
        ("预算", words::BUDGETS, 70),
        ("关注点", words::FOCUSES, 60),
        ("职业", words::JOBS, 40),
    ];
    let mut facts = BTreeMap::new();
    for (name, values, percent) in catalogue {
        if dice.chance(percent) {
            let fact = Fact {
                value: dice.pick(values).to_owned(),
                source: FactSource::Consultant,
                at,
            };
            facts.insert(name.to_owned(), fact);
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_day_of_the_demonstration_has_work_for_everyone() {
        let today = Date::constant(2026, 11, 22);
        let cards = cards(today);
        let ids: BTreeSet<DocumentId> = cards.iter().map(|card| card.id).collect();
        assert_eq!(ids.len(), CUSTOMERS);
        let last = |card: &DemoCard| match &card.deeds.last().unwrap().0 {
            Command::OpenCard(card) => card.next_step.clone().unwrap().1,
            Command::LogContact(contact) => contact.next.clone(),
            other @ (Command::EditCard { .. }
            | Command::MoveNextStep { .. }
            | Command::DropNextStep { .. }
            | Command::ReopenNextStep { .. }
            | Command::NoteHandover { .. }) => panic!("{other:?}"),
        };
        let count = |is: &dyn Fn(Option<Date>) -> bool| {
            let due = cards.iter().map(|card| match last(card) {
                NextStepDecision::Planned { due, .. } => Some(due),
                NextStepDecision::None { .. } => None,
            });
            due.filter(|due| is(*due)).count()
        };
        assert_eq!(count(&|due| due == Some(today)), 12);
        assert_eq!(count(&|due| due.is_some_and(|due| due < today)), 12);
        assert_eq!(count(&|due| due.is_none()), 24);
        for (owner, staff) in words::STAFF.iter().enumerate() {
            let has_cards = cards.iter().any(|card| card.owner == owner);
            assert_eq!(has_cards, staff.share > 0, "{}", staff.name);
        }
        // Nothing was done in the future, and no deed before the one it follows.
        let now = Timestamp::from_millis(1_795_363_200_000);
        for card in &cards {
            assert!(card.deeds.is_sorted_by_key(|(_, at)| *at), "{card:?}");
            assert!(card.deeds.iter().all(|(_, at)| *at < now));
        }
        assert_eq!(format!("{cards:?}"), format!("{:?}", super::cards(today)));
    }
}
