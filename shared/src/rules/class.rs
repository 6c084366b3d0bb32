//! Which class a card should have, and why (`domain.md` section 3). The software proposes; a person
//! decides, and what they decided stands until something new happens.

use std::ops::RangeInclusive;

use jiff::Span;
use serde::{Deserialize, Serialize};

use crate::record::contact::{Contact, NextStep, NextStepDecision, Outcome};
use crate::record::customer::{Class, Customer, CustomerField};
use crate::record::entry::{EntryField, EntryKind};
use crate::record::known_fact::KnownFact;
use crate::rules::dealings::open_intentions;
use crate::time::Date;

/// The fact in which a person keeps a class that another one was proposed for: its letter and day.
pub const KEPT_FACT: &str = "class_kept";

/// The numbers of the rules, settings of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClassRules {
    /// Contacts in a row without a sensible next step after which a card is given up: 2.
    pub fruitless_contacts: u32,
    /// Days without a contact after which an A card is not active any more: 30.
    pub quiet_a_days: u32,
    /// Days within which a next step or progress makes a customer active: 30.
    pub active_days: u32,
    /// Days for which a class stays that a person kept: 30.
    pub kept_days: u32,
    /// Days within which an expected purchase is a sign that keeps a customer from being given up:
    /// 180, the coming three to six months.
    pub sign_days: u32,
}

impl Default for ClassRules {
    fn default() -> Self {
        Self {
            fruitless_contacts: 2,
            quiet_a_days: 30,
            active_days: 30,
            kept_days: 30,
            sign_days: 180,
        }
    }
}

impl ClassRules {
    /// Bounds of [`ClassRules::fruitless_contacts`].
    pub const CONTACTS_BOUNDS: RangeInclusive<u32> = 1..=20;
    /// Bounds of all numbers of days.
    pub const DAYS_BOUNDS: RangeInclusive<u32> = 1..=730;

    /// Whether all numbers lie within their bounds.
    pub fn is_within_bounds(&self) -> bool {
        let days = [
            self.quiet_a_days,
            self.active_days,
            self.kept_days,
            self.sign_days,
        ];
        Self::CONTACTS_BOUNDS.contains(&self.fruitless_contacts)
            && days.iter().all(|days| Self::DAYS_BOUNDS.contains(days))
    }
}

/// What of a card speaks for a class; small enough for a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClassEvidence {
    /// The class, if one is set.
    pub class: Option<Class>,
    /// The latest contacts in a row that ended with "none, because" or brought nothing.
    pub fruitless: u16,
    /// The day of the latest contact.
    pub last_contact: Option<Date>,
    /// The day of the latest contact on which something went on.
    pub last_progress: Option<Date>,
    /// The day of the earliest open next step.
    pub next_step: Option<Date>,
    /// The day of the first visit.
    pub first_visit: Option<Date>,
    /// Whether something was bought, as far as is known.
    pub has_bought: bool,
    /// The earliest day on which a purchase is expected.
    pub expected: Option<Date>,
    /// The class that a person kept, and when.
    pub kept: Option<(Class, Date)>,
}

/// Why a class is proposed, or is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// So many contacts in a row brought no sensible next step.
    Fruitless {
        /// How many.
        contacts: u32,
    },
    /// Nothing was ever bought.
    NeverBought,
    /// Something was bought.
    Bought,
    /// No next step is planned.
    NoPlan,
    /// A purchase is not expected before this day.
    FarPlan {
        /// The day.
        date: Date,
    },
    /// A purchase is expected soon.
    Expected {
        /// On which day.
        date: Date,
    },
    /// A next step is planned.
    Planned {
        /// On which day.
        due: Date,
    },
    /// Something went on at a contact.
    Progress {
        /// On which day.
        date: Date,
    },
    /// There was no contact for so long.
    Quiet {
        /// Days.
        days: u32,
    },
    /// The first visit was only so long ago.
    JustCame {
        /// Days.
        days: u32,
    },
}

impl Reason {
    /// The stable key for translation.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fruitless { .. } => "fruitless",
            Self::NeverBought => "never_bought",
            Self::Bought => "bought",
            Self::NoPlan => "no_plan",
            Self::FarPlan { .. } => "far_plan",
            Self::Expected { .. } => "expected",
            Self::Planned { .. } => "planned",
            Self::Progress { .. } => "progress",
            Self::Quiet { .. } => "quiet",
            Self::JustCame { .. } => "just_came",
        }
    }
}

/// The class that the records speak for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The class.
    pub class: Class,
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
}

impl ClassEvidence {
    /// What of a customer speaks for a class.
    pub fn of(customer: &Customer) -> Self {
        let contacts = customer.contacts.iter();
        let fruitless = contacts.take_while(|contact| is_fruitless(contact, &customer.next_steps));
        let progress = customer.contacts.iter();
        let progress = progress.filter(|contact| contact.outcome == Outcome::Progress);
        let steps = customer
            .open_steps()
            .filter_map(|step| match step.decision {
                NextStepDecision::Planned { due, .. } => Some(due),
                NextStepDecision::None { .. } => None,
            });
        let bought = crate::record::catalogue::by_key("products_bought");
        Self {
            class: customer.class(),
            fruitless: u16::try_from(fruitless.count()).unwrap_or(u16::MAX),
            last_contact: customer.last_contact(),
            last_progress: progress.map(|contact| contact.date).max(),
            next_step: steps.min(),
            first_visit: customer.field(CustomerField::FirstVisit).parse().ok(),
            has_bought: bought.is_some_and(|field| field.on(customer).is_some())
                || !customer.entries(EntryKind::Purchase).is_empty(),
            expected: expected(customer),
            kept: customer
                .facts
                .get(KEPT_FACT)
                .and_then(|fact| kept(&fact.value)),
        }
    }

    /// Which class the records speak for on a day. Days after it (of a tablet whose clock was
    /// wrong) count as that day.
    pub fn judge(&self, today: Date, rules: ClassRules) -> Judgement {
        let days_since = |date: Date| u32::try_from((today - date).get_days()).unwrap_or(0);
        let is_within =
            |date: Option<Date>, days| date.is_some_and(|date| days_since(date) <= days);
        let mut reasons = Vec::new();
        let fruitless = u32::from(self.fruitless);
        let has_plan = self.next_step.is_some();
        let expected_in = self.expected.map(|date| (date - today).get_days());
        let has_sign =
            expected_in.is_some_and(|days| i64::from(days) <= i64::from(rules.sign_days));
        if !self.has_bought
            && !has_plan
            && !has_sign
            && fruitless >= rules.fruitless_contacts.max(1)
        {
            reasons.push(Reason::Fruitless {
                contacts: fruitless,
            });
            reasons.push(Reason::NeverBought);
            reasons.push(match self.expected {
                Some(date) => Reason::FarPlan { date },
                None => Reason::NoPlan,
            });
            return Judgement {
                class: Class::D,
                reasons,
            };
        }
        // Raised by a person to B, and not given up since: whether they still buy, a person knows.
        let is_b = self.class == Some(Class::B);
        if self.has_bought {
            reasons.push(Reason::Bought);
        }
        if let Some(due) = self.next_step
            && i64::from((due - today).get_days()) <= i64::from(rules.active_days)
        {
            reasons.push(Reason::Planned { due });
        }
        if let Some(date) = self.last_progress
            && days_since(date) <= rules.active_days
        {
            reasons.push(Reason::Progress { date });
        }
        if let Some(date) = self.expected
            && expected_in.is_some_and(|days| i64::from(days) <= i64::from(rules.active_days))
        {
            reasons.push(Reason::Expected { date });
        }
        if is_within(self.first_visit, rules.active_days)
            && let Some(first) = self.first_visit
        {
            reasons.push(Reason::JustCame {
                days: days_since(first),
            });
        }
        let is_active = reasons.iter().any(|reason| *reason != Reason::Bought);
        let quiet = self.last_contact.max(self.first_visit).map(days_since);
        let is_quiet = quiet.is_none_or(|days| days > rules.quiet_a_days);
        let class = match (is_active, is_b || self.has_bought) {
            (_, true) if is_active || !is_quiet => Class::B,
            (true, _) => Class::A,
            // Nothing is planned, but somebody spoke with them lately: it stays as it is.
            (false, false) if !is_quiet => self.class.unwrap_or(Class::A),
            (false, _) => Class::C,
        };
        if !is_active {
            if !has_plan {
                reasons.push(Reason::NoPlan);
            }
            reasons.extend(quiet.map(|days| Reason::Quiet { days }));
        }
        Judgement { class, reasons }
    }

    /// The class to propose, if the card has another one and no person kept it lately.
    pub fn propose(&self, today: Date, rules: ClassRules) -> Option<Judgement> {
        let judgement = self.judge(today, rules);
        if self.class == Some(judgement.class) {
            return None;
        }
        // C and D both wait; a person gave up, and nothing new happened.
        let is_given_up = self.class == Some(Class::D) && judgement.class == Class::C;
        let is_kept = self.kept.is_some_and(|(class, day)| {
            let days = (today - day).get_days();
            let is_news = self.last_contact.is_some_and(|contact| contact > day);
            Some(class) == self.class && i64::from(days) <= i64::from(rules.kept_days) && !is_news
        });
        (!is_given_up && !is_kept).then_some(judgement)
    }
}

/// The earliest day on which a purchase is expected: of an intention, or as the customer said when
/// they need it.
fn expected(customer: &Customer) -> Option<Date> {
    let intentions = open_intentions(customer);
    let said = KnownFact::WhenNeeded.fact_of(customer).and_then(|fact| {
        let months = within_months(fact.value.trim())?;
        // The day in UTC is near enough for months.
        let told = jiff::Timestamp::from_millisecond(fact.at.as_millis()).ok()?;
        let told = told.to_zoned(jiff::tz::TimeZone::UTC).date();
        told.checked_add(Span::new().months(months)).ok()
    });
    let dated = intentions.filter_map(|one| one.day(EntryField::ExpectedOn));
    dated.chain(said).min()
}

/// The months within which a purchase is meant by a choice of the catalogue.
fn within_months(words: &str) -> Option<i64> {
    match words {
        "马上" => Some(0),
        "一个月内" => Some(1),
        "三个月内" => Some(3),
        "半年内" => Some(6),
        "一年以上" => Some(12),
        _ => None,
    }
}

/// What is noted when a person keeps a class on a day.
pub fn keep(class: Class, day: Date) -> String {
    format!("{class} {day}")
}

fn kept(value: &str) -> Option<(Class, Date)> {
    let (class, day) = value.split_once(' ')?;
    Some((class.parse().ok()?, day.parse().ok()?))
}

/// Whether a contact brought no sensible next step: it ended with "none, because", or nobody was
/// reached and nothing came of it later.
fn is_fruitless(contact: &Contact, steps: &[NextStep]) -> bool {
    let mut steps = steps.iter();
    let after = steps.find(|step| step.after == Some(contact.id));
    match after.map(|step| &step.decision) {
        Some(NextStepDecision::None { .. }) => contact.outcome != Outcome::Progress,
        Some(NextStepDecision::Planned { .. }) => false,
        None => matches!(contact.outcome, Outcome::NotReached | Outcome::Refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn on(text: &str) -> Option<Date> {
        Some(day(text))
    }

    fn evidence(class: Option<Class>) -> ClassEvidence {
        ClassEvidence {
            class,
            first_visit: on("2025-01-10"),
            ..ClassEvidence::default()
        }
    }

    const TODAY: &str = "2026-02-28";

    fn proposed(evidence: &ClassEvidence) -> Option<Class> {
        let found = evidence.propose(day(TODAY), ClassRules::default());
        found.map(|found| found.class)
    }

    #[test]
    fn the_records_speak_for_classes() {
        use Class::{A, B, C, D};
        type Case = (&'static str, ClassEvidence, Option<Class>);
        let table: Vec<Case> = vec![
            (
                "two fruitless contacts, no plan, never bought",
                ClassEvidence {
                    fruitless: 2,
                    last_contact: on("2026-02-27"),
                    ..evidence(Some(A))
                },
                Some(D),
            ),
            (
                "one fruitless contact",
                ClassEvidence {
                    fruitless: 1,
                    last_contact: on("2026-02-27"),
                    ..evidence(Some(A))
                },
                None,
            ),
            (
                "fruitless, but bought",
                ClassEvidence {
                    fruitless: 3,
                    has_bought: true,
                    last_contact: on("2026-02-27"),
                    ..evidence(Some(B))
                },
                None,
            ),
            (
                "fruitless, but a step is planned after all",
                ClassEvidence {
                    fruitless: 2,
                    next_step: on("2026-03-01"),
                    ..evidence(Some(A))
                },
                None,
            ),
            (
                "A and quiet for 31 days",
                ClassEvidence {
                    last_contact: on("2026-01-28"),
                    ..evidence(Some(A))
                },
                Some(C),
            ),
            (
                "A and quiet for 30 days",
                ClassEvidence {
                    last_contact: on("2026-01-29"),
                    ..evidence(Some(A))
                },
                None,
            ),
            (
                "C with a step soon",
                ClassEvidence {
                    next_step: on("2026-03-30"),
                    ..evidence(Some(C))
                },
                Some(A),
            ),
            (
                "C with a step in summer",
                ClassEvidence {
                    next_step: on("2026-07-01"),
                    ..evidence(Some(C))
                },
                None,
            ),
            (
                "D who got in touch",
                ClassEvidence {
                    last_contact: on("2026-02-27"),
                    last_progress: on("2026-02-27"),
                    ..evidence(Some(D))
                },
                Some(A),
            ),
            ("D and nothing new", evidence(Some(D)), None),
            (
                "C who bought and is in touch",
                ClassEvidence {
                    has_bought: true,
                    last_contact: on("2026-02-20"),
                    ..evidence(Some(C))
                },
                Some(B),
            ),
            ("B and quiet for a year", evidence(Some(B)), Some(C)),
            (
                "a walk-in of yesterday without a class",
                ClassEvidence {
                    first_visit: on("2026-02-27"),
                    ..ClassEvidence::default()
                },
                Some(A),
            ),
            (
                "a clock that was a year ahead",
                ClassEvidence {
                    last_contact: on("2027-02-27"),
                    last_progress: on("2027-02-27"),
                    ..evidence(Some(A))
                },
                None,
            ),
            ("nothing known at all", ClassEvidence::default(), Some(C)),
        ];
        for (what, evidence, expected) in table {
            assert_eq!(proposed(&evidence), expected, "{what}: {evidence:?}");
        }
    }

    #[test]
    fn a_class_that_was_kept_stays_until_something_happens() {
        let quiet = ClassEvidence {
            last_contact: on("2025-12-01"),
            ..evidence(Some(Class::A))
        };
        let keep = |class, date, last: &str| ClassEvidence {
            kept: Some((class, day(date))),
            last_contact: on(last),
            ..quiet.clone()
        };
        let table = [
            (Class::A, "2026-02-20", "2025-12-01", None),
            // Another class was kept: it was changed since.
            (Class::B, "2026-02-20", "2025-12-01", Some(Class::C)),
            // Thirty days are over (January has 31).
            (Class::A, "2026-01-28", "2025-12-01", Some(Class::C)),
            (Class::A, "2026-01-29", "2025-12-01", None),
        ];
        for (class, date, last, expected) in table {
            assert_eq!(proposed(&keep(class, date, last)), expected, "{date}");
        }
        let news = ClassEvidence {
            fruitless: 2,
            ..keep(Class::A, "2026-02-20", "2026-02-27")
        };
        assert_eq!(proposed(&news), Some(Class::D));
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let today = day("2028-02-29");
        assert_eq!(kept(&keep(Class::C, today)), Some((Class::C, today)));
        assert_eq!(kept("C"), None);
        assert_eq!(kept("Z 2028-02-29"), None);
    }

    #[test]
    fn reasons_are_given_for_the_class_that_is_right_as_well() {
        let active = ClassEvidence {
            next_step: on("2026-03-01"),
            ..evidence(Some(Class::A))
        };
        let judgement = active.judge(day(TODAY), ClassRules::default());
        assert_eq!(judgement.class, Class::A);
        let due = day("2026-03-01");
        assert_eq!(judgement.reasons, [Reason::Planned { due }]);
    }
}
