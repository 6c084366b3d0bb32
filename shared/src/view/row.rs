//! The row of a customer: what lists, search and Today show without opening the document.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::contact::{Channel, NextStepDecision, STEP_MAX_CHARS};
use crate::record::customer::{Class, Customer, CustomerField, FIELD_MAX_CHARS, PHONES_MAX};
use crate::time::Date;

/// The version of the projection below; grows whenever the meaning of a row changes.
pub const VIEW_VERSION: u16 = 2;

/// Characters of the remarks that a row carries, so that they can be searched.
const REMARKS_MAX_CHARS: usize = 120;

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
    /// Where the customer came from.
    #[serde(default)]
    pub source: String,
    /// How the remarks begin.
    #[serde(default)]
    pub remarks: String,
    /// Open next steps, the earliest first.
    #[serde(default)]
    pub open_steps: Vec<OpenStep>,
    /// The day of the latest contact.
    #[serde(default)]
    pub last_contact: Option<Date>,
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
            source: text(CustomerField::Source),
            remarks: clip(&customer.remarks, REMARKS_MAX_CHARS),
            open_steps,
            last_contact: customer.last_contact(),
            conflicts: u16::try_from(conflicts).unwrap_or(u16::MAX),
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
