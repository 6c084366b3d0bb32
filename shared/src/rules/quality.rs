//! Card quality: how complete a card is, and how fresh (`domain.md` section 2).
//!
//! The hard file counts 20 % unless the store sets it otherwise, the soft file the rest. Soft topics count, not soft fields:
//! nobody fills seventy fields, but of everybody something can be known of each topic.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::record::catalogue::{self, FilePart, Topic};
use crate::record::customer::{Customer, CustomerField, CustomerKind, Fact};
use crate::record::entry::EntryKind;
use crate::rules::is_mark;
use crate::time::Timestamp;

/// The numbers of card quality, settings of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QualityRules {
    /// What the hard file counts for, of a hundred: 20. The soft file counts the rest.
    pub hard_percent: u32,
    /// Days after which a fact should be asked again: 365.
    pub stale_after_days: u32,
}

impl Default for QualityRules {
    fn default() -> Self {
        Self {
            hard_percent: 20,
            stale_after_days: 365,
        }
    }
}

impl QualityRules {
    /// Bounds of [`QualityRules::stale_after_days`].
    pub const STALE_BOUNDS: RangeInclusive<u32> = 30..=3_650;

    /// Whether all numbers lie within their bounds.
    pub fn is_within_bounds(&self) -> bool {
        self.hard_percent <= 100 && Self::STALE_BOUNDS.contains(&self.stale_after_days)
    }
}

/// Contacts with a note from which on the notes of visits are no gap any more.
const NOTES_WANTED: usize = 2;

/// What is known of a customer, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// Known parts of the hard file.
    pub hard: Part<HardItem>,
    /// Known parts of the soft file.
    pub soft: Part<SoftItem>,
}

/// Known and missing items of a part of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// What is known.
    pub known: Vec<T>,
    /// What is missing, the most telling first.
    pub missing: Vec<T>,
}

/// An item of the hard file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HardItem {
    /// A field that every card has.
    Field(CustomerField),
    /// A field of the catalogue, by its key.
    Catalogue(&'static str),
    /// A phone.
    Phone,
    /// Where they live: city, compound or street.
    Address,
}

/// An item of the soft file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoftItem {
    /// Something of a topic.
    Topic(Topic),
    /// Notes of visits and talks.
    Notes,
}

impl<T> Part<T> {
    fn of(items: impl IntoIterator<Item = (T, bool)>) -> Self {
        let mut part = Self {
            known: Vec::new(),
            missing: Vec::new(),
        };
        for (item, is_known) in items {
            let list = if is_known {
                &mut part.known
            } else {
                &mut part.missing
            };
            list.push(item);
        }
        part
    }

    fn share(&self, of: u32) -> u32 {
        let known = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let missing = u32::try_from(self.missing.len()).unwrap_or(u32::MAX);
        let all = known.saturating_add(missing).max(1);
        // Rounded to the nearest.
        (known
            .saturating_mul(of)
            .saturating_mul(2)
            .saturating_add(all))
            / (2 * all)
    }
}

impl Quality {
    /// What is known of a customer.
    pub fn of(customer: &Customer) -> Self {
        let kind = customer.field(CustomerField::Kind);
        let mut kinds = CustomerKind::ALL.into_iter();
        let kind = kinds.find(|one| one.key() == kind);
        let has = |field| !customer.field(field).trim().is_empty();
        let mut hard = vec![
            (
                HardItem::Field(CustomerField::Name),
                has(CustomerField::Name),
            ),
            (HardItem::Phone, !customer.phones.is_empty()),
            (
                HardItem::Field(CustomerField::Wechat),
                has(CustomerField::Wechat),
            ),
            (
                HardItem::Address,
                [
                    CustomerField::City,
                    CustomerField::Compound,
                    CustomerField::Street,
                ]
                .into_iter()
                .any(has),
            ),
            (
                HardItem::Field(CustomerField::Email),
                has(CustomerField::Email),
            ),
        ];
        let mut topics = BTreeSet::new();
        for field in catalogue::fields() {
            let is_known = field.on(customer).is_some() || is_noted_apart(field.key, customer);
            match field.file {
                FilePart::Hard => hard.push((HardItem::Catalogue(field.key), is_known)),
                FilePart::Soft(topic) if is_known => drop(topics.insert(topic)),
                FilePart::Soft(_) | FilePart::Extra => {}
            }
        }
        let is_enterprise = kind.is_some_and(|kind| kind != CustomerKind::Individual);
        let wanted: &[Topic] = if is_enterprise {
            &Topic::OF_ENTERPRISES
        } else {
            &Topic::OF_PEOPLE
        };
        let topics = wanted
            .iter()
            .map(|topic| (SoftItem::Topic(*topic), topics.contains(topic)));
        let noted = customer.contacts.iter();
        let noted = noted.filter(|contact| !contact.note.trim().is_empty());
        let has_notes = noted.count() >= NOTES_WANTED || !customer.remarks.trim().is_empty();
        Self {
            hard: Part::of(hard),
            soft: Part::of(topics.chain([(SoftItem::Notes, has_notes)])),
        }
    }

    /// How complete the card is, of a hundred.
    pub fn percent(&self, rules: &QualityRules) -> u32 {
        self.completeness().percent(rules)
    }

    /// How much of each part is known.
    pub fn completeness(&self) -> Completeness {
        Completeness {
            hard: self.hard.share(PART_FULL),
            soft: self.soft.share(PART_FULL),
        }
    }
}

/// How much of each part is known, each of a thousand; small enough for a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// Of the hard file.
    pub hard: u32,
    /// Of the soft file.
    pub soft: u32,
}

/// What a part of which everything is known counts.
const PART_FULL: u32 = 1_000;

impl Completeness {
    /// How complete the card is, of a hundred.
    pub fn percent(&self, rules: &QualityRules) -> u32 {
        let hard = rules.hard_percent.min(100);
        (self.hard.min(PART_FULL) * hard + self.soft.min(PART_FULL) * (100 - hard) + PART_FULL / 2)
            / PART_FULL
    }
}

/// Whether what a field asks for is noted as entries of their own.
fn is_noted_apart(key: &str, customer: &Customer) -> bool {
    match key {
        "products_bought" => !customer.entries(EntryKind::Purchase).is_empty(),
        "household" => !customer.entries(EntryKind::Family).is_empty(),
        _ => false,
    }
}

/// Whether a fact was last noted or confirmed so long ago that it should be asked again. A time
/// after `now` (of a tablet whose clock was wrong) is as fresh as can be.
pub fn is_stale(fact: &Fact, now: Timestamp, stale_after_days: u32) -> bool {
    const DAY_MILLIS: i64 = 24 * 3_600_000;
    let age = now.as_millis().saturating_sub(fact.at.as_millis());
    age > i64::from(stale_after_days).saturating_mul(DAY_MILLIS)
}

/// When something on the card was last noted or confirmed.
pub fn last_confirmed(customer: &Customer) -> Option<Timestamp> {
    let facts = customer.facts.iter().filter(|(name, _)| !is_mark(name));
    let facts = facts.map(|(_, fact)| fact.at);
    let contacts = customer.contacts.iter().map(|contact| contact.at);
    facts.chain(contacts).max()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::id::EntryId;
    use crate::record::catalogue::by_key;
    use crate::record::customer::{CustomerPhone, FactSource};

    const USUAL: QualityRules = QualityRules {
        hard_percent: 20,
        stale_after_days: 365,
    };

    fn fact(value: &str, at: i64) -> Fact {
        Fact {
            value: value.to_owned(),
            source: FactSource::Consultant,
            at: Timestamp::from_millis(at),
        }
    }

    fn card(fields: &[(CustomerField, &str)], facts: &[&str]) -> Customer {
        let fields = fields.iter();
        Customer {
            fields: fields
                .map(|(field, value)| (*field, (*value).to_owned()))
                .collect(),
            facts: facts
                .iter()
                .map(|key| ((*key).to_owned(), fact("有", 0)))
                .collect(),
            ..Customer::default()
        }
    }

    #[test]
    fn the_hard_file_counts_twenty_and_the_soft_file_eighty() {
        let empty = Quality::of(&Customer::default());
        assert_eq!(empty.percent(&USUAL), 0);
        let mut hard = card(
            &[
                (CustomerField::Name, "王小明"),
                (CustomerField::Wechat, "wxm"),
                (CustomerField::Compound, "棠岸花园"),
                (CustomerField::Email, "w@example.com"),
            ],
            &["sex", "age_band", "birthday", "products_bought"],
        );
        hard.phones.push(CustomerPhone {
            id: EntryId::from_bytes([1; 16]),
            number: "13800000000".to_owned(),
            label: String::new(),
        });
        let found = Quality::of(&hard);
        assert!(found.hard.missing.is_empty(), "{:?}", found.hard.missing);
        assert_eq!(found.percent(&USUAL), 20);
        let halves = QualityRules {
            hard_percent: 50,
            ..USUAL
        };
        assert_eq!(found.percent(&halves), 50, "a setting of the store");

        let mut all = hard.clone();
        for key in [
            "occupation",
            "household",
            "character",
            "habits",
            "style",
            "hobbies",
            "service",
            "promotions",
            "values",
        ] {
            assert!(by_key(key).is_some(), "{key}");
            all.facts.insert(key.to_owned(), fact("有", 0));
        }
        assert_eq!(Quality::of(&all).soft.missing, [SoftItem::Notes]);
        all.remarks = "周末才有空".to_owned();
        assert_eq!(Quality::of(&all).percent(&USUAL), 100);
    }

    #[test]
    fn a_second_field_of_a_topic_adds_nothing_and_an_emptied_one_is_none() {
        let one = Quality::of(&card(&[], &["style"])).percent(&USUAL);
        assert_eq!(one, 8);
        assert_eq!(
            Quality::of(&card(&[], &["style", "colour"])).percent(&USUAL),
            one
        );
        let mut emptied = card(&[], &["style"]);
        emptied.facts = BTreeMap::from([("style".to_owned(), fact(" ", 0))]);
        assert_eq!(Quality::of(&emptied).percent(&USUAL), 0);
    }

    #[test]
    fn an_enterprise_is_asked_about_other_things() {
        let company = card(&[(CustomerField::Kind, "company")], &["style"]);
        let found = Quality::of(&company);
        assert_eq!(found.soft.known, []);
        let missing = &found.soft.missing;
        assert!(missing.contains(&SoftItem::Topic(Topic::Competitors)));
        assert!(!missing.contains(&SoftItem::Topic(Topic::Leisure)));
    }

    #[test]
    fn marks_of_the_program_confirm_nothing() {
        let mut card = card(&[], &["style"]);
        let marks = [
            crate::rules::class::KEPT_FACT,
            crate::rules::reception::RECEPTION_FACT,
            crate::rules::review::REVIEWED_FACT,
            "put_off/birthday",
        ];
        for name in marks {
            card.facts.insert(name.to_owned(), fact("A 2026-11-23", 9));
        }
        assert_eq!(last_confirmed(&card), Some(Timestamp::from_millis(0)));
    }

    #[test]
    fn facts_grow_stale_and_a_clock_that_was_ahead_makes_none_older() {
        let day = 24 * 3_600_000;
        let noted = fact("教师", 10 * day);
        let table = [(10, false), (375, false), (376, true), (0, false)];
        for (today, expected) in table {
            let now = Timestamp::from_millis(today * day + 1_000 * i64::from(today == 376));
            assert_eq!(is_stale(&noted, now, 365), expected, "day {today}");
        }
    }
}
