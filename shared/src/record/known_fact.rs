//! Facts that rules read, by the keys of the catalogue.

use crate::record::catalogue;
use crate::record::customer::Customer;

/// A fact that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownFact {
    /// The birthday 生日.
    Birthday,
    /// The occupation 职业.
    Occupation,
    /// When the customer wants to be called 方便联系的时间.
    PreferredTime,
}

impl KnownFact {
    /// The key of its field in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Birthday => "birthday",
            Self::Occupation => "occupation",
            Self::PreferredTime => "call_time",
        }
    }

    /// What a card says; empty if nothing.
    pub fn of(self, customer: &Customer) -> &str {
        let field = catalogue::by_key(self.key());
        let fact = field.and_then(|field| field.on(customer));
        fact.map_or("", |fact| fact.value.trim())
    }
}
