//! Facts that rules read: by the key of the catalogue, or by the words of an imported column.

use crate::record::customer::Customer;

/// A fact that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownFact {
    /// The birthday 生日.
    Birthday,
    /// The occupation 职业.
    Occupation,
    /// When the customer wants to be called 方便联系时间.
    PreferredTime,
}

impl KnownFact {
    /// The names under which it may stand, the one that counts first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Birthday => &["birthday", "生日", "Birthday"],
            Self::Occupation => &["occupation", "职业", "職業", "Occupation"],
            Self::PreferredTime => &[
                "preferred_time",
                "方便联系时间",
                "联系时间",
                "方便时间",
                "Preferred time",
            ],
        }
    }

    /// What a card says; empty if nothing.
    pub fn of(self, customer: &Customer) -> &str {
        self.names()
            .iter()
            .filter_map(|name| customer.facts.get(*name))
            .map(|fact| fact.value.trim())
            .find(|value| !value.is_empty())
            .unwrap_or("")
    }
}
