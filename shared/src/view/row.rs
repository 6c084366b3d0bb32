//! The row of a customer: what lists, search and Today show without opening the document.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::contact::{Channel, NextStepDecision};
use crate::record::customer::{Class, Customer, CustomerField};
use crate::time::Date;

/// The version of the projection below; grows whenever the meaning of a row changes.
pub const VIEW_VERSION: u16 = 1;

/// The row of a customer. Never depends on today's date. Newer code reads older rows.
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
                    what: what.clone(),
                    due: *due,
                    how: *how,
                }),
                NextStepDecision::None { .. } => None,
            })
            .collect();
        let area = [CustomerField::City, CustomerField::District]
            .map(|field| customer.field(field))
            .concat();
        Self {
            view_version: VIEW_VERSION,
            number: customer.field(CustomerField::Number).to_owned(),
            name: customer.field(CustomerField::Name).to_owned(),
            class: customer.class(),
            phones: customer
                .phones
                .iter()
                .map(|phone| phone.number.clone())
                .collect(),
            wechat: customer.field(CustomerField::Wechat).to_owned(),
            area,
            compound: customer.field(CustomerField::Compound).to_owned(),
            open_steps,
            last_contact: customer.last_contact(),
            conflicts: u16::try_from(conflicts).unwrap_or(u16::MAX),
        }
    }
}
