//! The half-typed new card, and what becomes of it: a card, and the first visit as its first contact.

use std::collections::BTreeMap;

use floorbook_shared::document::command::{NewCard as Content, NewContact, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::{Class, CustomerField, Fact, FactSource};
use floorbook_shared::rules::reception::{RECEPTION_FACT, Reception};
use floorbook_shared::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::screen::components::NextStepDraft;
use crate::screen::platform;
use crate::screen::text::Text;

/// The half-typed new card; its ids are made once, so that two taps make one card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CardDraft {
    /// The card.
    pub document: DocumentId,
    /// The first phone.
    pub phone_entry: EntryId,
    /// Its number.
    pub phone: String,
    /// Another phone, once somebody asked for it.
    #[serde(default)]
    pub second: Option<SecondPhone>,
    /// Fields of the card.
    pub fields: BTreeMap<CustomerField, String>,
    /// Long free notes.
    pub remarks: String,
    /// What comes next.
    pub next: NextStepDraft,
    /// Answers to the questions of the first visit, by key of the catalogue.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// The first visit, logged as a contact.
    #[serde(default = "platform::new_entry")]
    pub contact: EntryId,
    /// Whether the first visit is logged.
    #[serde(default = "yes")]
    pub logs_visit: bool,
    /// What was said on the first visit.
    #[serde(default)]
    pub note: String,
    /// Whether the customer is in the store, on the day of the first visit.
    #[serde(default)]
    pub is_here: bool,
    /// Set once the card is opened: only the visit is left to be saved.
    #[serde(default)]
    pub is_opened: bool,
}

/// Another phone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SecondPhone {
    /// Its entry.
    pub entry: EntryId,
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub label: String,
}

/// What is saved: the card but for its number, and the first visit, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opening {
    /// The card.
    pub card: Content,
    /// The first visit.
    pub visit: Option<NewContact>,
}

const fn yes() -> bool {
    true
}

impl CardDraft {
    /// The card of somebody who came in today and wants something, and perhaps is still there.
    pub(super) fn new(today: Date, is_here: bool) -> Self {
        let class = Class::A.letter().to_owned();
        let fields = [
            (CustomerField::FirstVisit, today.to_string()),
            (CustomerField::Class, class),
        ];
        Self {
            document: platform::new_document(),
            phone_entry: platform::new_entry(),
            phone: String::new(),
            second: None,
            fields: fields.into(),
            remarks: String::new(),
            next: NextStepDraft::new(platform::new_entry()),
            answers: BTreeMap::new(),
            contact: platform::new_entry(),
            logs_visit: true,
            note: String::new(),
            is_here,
            is_opened: false,
        }
    }

    /// What stands in a field.
    pub(super) fn field(&self, field: CustomerField) -> &str {
        self.fields.get(&field).map_or("", |value| value.trim())
    }

    /// The answer to a question of the catalogue.
    pub(super) fn answer(&self, key: &str) -> &str {
        self.answers.get(key).map_or("", |answer| answer.trim())
    }

    /// The day of the first visit, if there was one.
    pub(super) fn visited(&self) -> Option<Date> {
        self.field(CustomerField::FirstVisit).parse().ok()
    }

    /// Whether the customer is in the store now: what was typed yesterday says nothing of today.
    pub(super) fn is_here(&self, today: Date) -> bool {
        self.is_here && self.visited() == Some(today)
    }

    /// Whether it is asked what comes next: of who is in the store that is asked when the visit is
    /// logged, unless it is planned already.
    pub(super) fn asks_next_step(&self, today: Date) -> bool {
        !self.is_here(today) || self.next.plan.is_some()
    }

    /// What is to be saved, or what is still missing for it, in words.
    pub(super) fn opening(
        &self,
        now: Timestamp,
        today: Date,
        text: &Text,
    ) -> Result<Opening, String> {
        if self.field(CustomerField::Name).is_empty() {
            return Err(text.get("missing-name"));
        }
        let phones = self.phones();
        let ways = [CustomerField::Wechat, CustomerField::Email].map(|way| self.field(way));
        if phones.is_empty() && ways.iter().all(|way| way.is_empty()) {
            return Err(text.get("missing-reach"));
        }
        let is_here = self.is_here(today);
        let next = self.decision(is_here, text)?;
        let logged = self.visited().filter(|_| self.logs_visit && !is_here);
        let visit = logged.zip(next.clone());
        let visit = visit.map(|(day, next)| self.visit(day, next));
        let step = next.filter(|_| visit.is_none());
        let mut fields: BTreeMap<CustomerField, String> = self
            .fields
            .iter()
            .map(|(field, value)| (*field, value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        fields.insert(CustomerField::OpenedOn, today.to_string());
        let answers = self.answers.keys().map(|key| (key, self.answer(key)));
        let facts = answers.filter(|(_, answer)| !answer.is_empty());
        let facts = facts.map(|(key, answer)| {
            let fact = Fact {
                value: answer.to_owned(),
                source: FactSource::Consultant,
                at: now,
            };
            (key.clone(), fact)
        });
        // Nobody has logged anything on a new card.
        let mark = is_here.then(|| Reception::begin(&[], today, now));
        let marks = mark.map(|mark| (RECEPTION_FACT.to_owned(), mark));
        let card = Content {
            fields,
            phones,
            remarks: self.remarks.trim().to_owned(),
            facts: facts.chain(marks).collect(),
            next_step: step.map(|step| (self.next.step, step)),
        };
        Ok(Opening { card, visit })
    }

    /// What comes next. Class A always has something planned, or a reason why not; and so has every
    /// contact, also the first visit: while that goes on, what comes next may still be open.
    fn decision(&self, is_here: bool, text: &Text) -> Result<Option<NextStepDecision>, String> {
        let is_a = self.field(CustomerField::Class) == Class::A.letter();
        let is_logged = self.logs_visit && self.visited().is_some();
        if self.next.plan.is_some() {
            return self.next.decision(text).map(Some);
        }
        match (is_a, is_logged) {
            _ if is_here => Ok(None),
            (true, _) => Err(text.get("missing-next-step-a")),
            (false, true) => Err(text.get("missing-next-step-visit")),
            (false, false) => Ok(None),
        }
    }

    fn phones(&self) -> Vec<NewPhone> {
        let first = NewPhone {
            id: self.phone_entry,
            number: self.phone.trim().to_owned(),
            label: String::new(),
        };
        let second = self.second.iter().map(|second| NewPhone {
            id: second.entry,
            number: second.number.trim().to_owned(),
            label: second.label.trim().to_owned(),
        });
        let all = std::iter::once(first).chain(second);
        all.filter(|phone| !phone.number.is_empty()).collect()
    }

    fn visit(&self, day: Date, next: NextStepDecision) -> NewContact {
        let outcome = match &next {
            NextStepDecision::Planned { .. } => Outcome::Progress,
            NextStepDecision::None { .. } => Outcome::NoChange,
        };
        let entries = (self.contact, self.next.step);
        NewContact {
            note: self.note.trim().to_owned(),
            ..NewContact::new(entries, day, Channel::StoreVisit, outcome, next)
        }
    }
}
