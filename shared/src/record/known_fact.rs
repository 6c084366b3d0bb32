//! Facts that rules read, by the keys of the catalogue.

use crate::record::catalogue;
use crate::record::customer::{Customer, Fact};

/// A fact that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownFact {
    /// The birthday 生日.
    Birthday,
    /// The occupation 职业.
    Occupation,
    /// When the customer wants to be called 方便联系的时间.
    PreferredTime,
    /// When a purchase is needed 何时需要.
    WhenNeeded,
    /// What the customer cares about 关注点.
    Focus,
    /// Words by which people find the card 标签.
    Tags,
}

impl KnownFact {
    /// The key of its field in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Birthday => "birthday",
            Self::Occupation => "occupation",
            Self::PreferredTime => "call_time",
            Self::WhenNeeded => "when_needed",
            Self::Focus => "focus",
            Self::Tags => "tags",
        }
    }

    /// What a card says; empty if nothing.
    pub fn of(self, customer: &Customer) -> &str {
        let fact = self.fact_of(customer);
        fact.map_or("", |fact| fact.value.trim())
    }

    /// The fact of a card.
    pub fn fact_of(self, customer: &Customer) -> Option<&Fact> {
        catalogue::by_key(self.key())?.on(customer)
    }
}
