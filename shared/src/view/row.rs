//! The row of a customer: what lists, search and Today show without opening the document.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::contact::{Channel, NextStepDecision, STEP_MAX_CHARS};
use crate::record::customer::{Class, Customer, CustomerField, FIELD_MAX_CHARS, PHONES_MAX};
use crate::rules::class::ClassEvidence;
use crate::time::Date;

/// The version of the projection below; grows whenever the meaning of a row changes.
pub const VIEW_VERSION: u16 = 2;

/// Open steps that a row carries, the earliest first; more than anybody plans for one customer.
const OPEN_STEPS_MAX: usize = 100;

/// The row of a customer. Its size is bounded whatever the document holds, so that a frame with
/// it always fits into a message. Never depends on today's date. Newer code reads older rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// The version of the projection that made it.
    pub view_version: u16,
    /// Card number.
    #[serde(default)]
    pub number: String,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Class, if one is set.
    #[serde(default)]
    pub class: Option<Class>,
    /// Phones as typed.
    #[serde(default)]
    pub phones: Vec<String>,
    /// WeChat id.
    #[serde(default)]
    pub wechat: String,
    /// City and district, for the second line of a list.
    #[serde(default)]
    pub area: String,
    /// Compound 小区.
    #[serde(default)]
    pub compound: String,
    /// Open next steps, the earliest first.
    #[serde(default)]
    pub open_steps: Vec<OpenStep>,
    /// The day of the latest contact.
    #[serde(default)]
    pub last_contact: Option<Date>,
    /// The latest contacts in a row that brought no sensible next step.
    #[serde(default)]
    pub fruitless: u16,
    /// The day of the latest contact on which something went on.
    #[serde(default)]
    pub last_progress: Option<Date>,
    /// The day of the first visit.
    #[serde(default)]
    pub first_visit: Option<Date>,
    /// Whether something was bought, as far as is known.
    #[serde(default)]
    pub has_bought: bool,
    /// The class that a person kept when another one was proposed, and when.
    #[serde(default)]
    pub class_kept: Option<(Class, Date)>,
    /// Number of fields that hold two values until someone chooses.
    #[serde(default)]
    pub conflicts: u16,
}

/// An open next step in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenStep {
    /// The step's entry.
    pub id: EntryId,
    /// What is to be done.
    pub what: String,
    /// The store's day on which it is due.
    pub due: Date,
    /// How.
    pub how: Channel,
}

impl CustomerRow {
    /// Computes the row of a customer.
    pub fn project(customer: &Customer, conflicts: usize) -> Self {
        let open_steps = customer
            .open_steps()
            .filter_map(|step| match &step.decision {
                NextStepDecision::Planned { what, due, how } => Some(OpenStep {
                    id: step.id,
                    what: clip(what, STEP_MAX_CHARS),
                    due: *due,
                    how: *how,
                }),
                NextStepDecision::None { .. } => None,
            })
            .take(OPEN_STEPS_MAX)
            .collect();
        let text = |field| clip(customer.field(field), FIELD_MAX_CHARS);
        let evidence = ClassEvidence::of(customer);
        let area = [CustomerField::City, CustomerField::District]
            .map(text)
            .concat();
        Self {
            view_version: VIEW_VERSION,
            number: text(CustomerField::Number),
            name: text(CustomerField::Name),
            class: customer.class(),
            phones: customer
                .phones
                .iter()
                .take(PHONES_MAX)
                .map(|phone| clip(&phone.number, FIELD_MAX_CHARS))
                .collect(),
            wechat: text(CustomerField::Wechat),
            area,
            compound: text(CustomerField::Compound),
            open_steps,
            last_contact: evidence.last_contact,
            fruitless: evidence.fruitless,
            last_progress: evidence.last_progress,
            first_visit: evidence.first_visit,
            has_bought: evidence.has_bought,
            class_kept: evidence.kept,
            conflicts: u16::try_from(conflicts).unwrap_or(u16::MAX),
        }
    }
}

impl CustomerRow {
    /// What of the card speaks for a class.
    pub fn class_evidence(&self) -> ClassEvidence {
        ClassEvidence {
            class: self.class,
            fruitless: self.fruitless,
            last_contact: self.last_contact,
            last_progress: self.last_progress,
            next_step: self.open_steps.first().map(|step| step.due),
            first_visit: self.first_visit,
            has_bought: self.has_bought,
            kept: self.class_kept,
        }
    }
}

/// The text, or as much of it as the rules allow to be entered.
fn clip(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}
