//! Orders of a list.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::view::listing::{Basis, Listed};
use crate::view::spelling;

/// An order of a list. Equal customers stand in the order of their cards, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The latest contact first.
    #[default]
    Recent,
    /// The earliest next step first; without one last.
    NextStep,
    /// By name, as it is said.
    Name,
    /// The card opened last first.
    Newest,
    /// Whoever was not heard of for longest first.
    Silent,
    /// Main customers first: by weight, then by what they paid.
    Main,
    /// As a round goes: by region and the place in it; without one last.
    Route,
    /// The next birthday first; without one last.
    Birthday,
}

impl Order {
    /// All orders, as they are offered.
    pub const ALL: [Self; 8] = [
        Self::Recent,
        Self::NextStep,
        Self::Name,
        Self::Newest,
        Self::Silent,
        Self::Main,
        Self::Route,
        Self::Birthday,
    ];

    /// Stable key, for words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::NextStep => "next",
            Self::Name => "name",
            Self::Newest => "newest",
            Self::Silent => "silent",
            Self::Main => "main",
            Self::Route => "route",
            Self::Birthday => "birthday",
        }
    }

    /// The order of this key; the usual one if there is none.
    pub fn from_key(key: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|order| order.key() == key).unwrap_or_default()
    }

    /// Sorts a list whose items are seen as customers by `listed`.
    pub fn sort<T>(self, list: &mut [T], basis: &Basis, listed: impl Fn(&T) -> Listed<'_>) {
        match self {
            Self::Recent => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                Reverse((listed.row.last_contact, listed.document))
            }),
            Self::NextStep => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                let due = listed.row.open_steps.first().map(|step| step.due);
                (due.is_none(), due, Reverse(listed.document))
            }),
            Self::Name => list.sort_by(|one, other| {
                let (one, other) = (listed(one), listed(other));
                let names = one.name_order.cmp(other.name_order);
                // Cards without a name stand last.
                let blanks = one.name_order.is_empty().cmp(&other.name_order.is_empty());
                let documents = other.document.cmp(&one.document);
                blanks.then(names).then(documents)
            }),
            Self::Newest => list.sort_by_cached_key(|item| Reverse(listed(item).document)),
            Self::Silent => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                (listed.row.last_contact, Reverse(listed.document))
            }),
            Self::Main => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                let paid = Reverse(listed.row.dealings.cents);
                (listed.weight(basis), paid, Reverse(listed.document))
            }),
            Self::Route => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                let (region, place) = (&listed.row.region, listed.row.route_order);
                // Regions stand as they are said, like names.
                let said = (
                    region.is_empty(),
                    spelling::sort_key(region),
                    region.clone(),
                );
                (said, place.is_none(), place, Reverse(listed.document))
            }),
            Self::Birthday => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                let next = listed.next_birthday(basis.today);
                (next.is_none(), next, Reverse(listed.document))
            }),
        }
    }
}
