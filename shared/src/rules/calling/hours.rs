//! The hours of the day as a store sees them: settings, with the usual ones as default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Occupation;

/// Minutes of a day.
pub const MINUTES_OF_DAY: u16 = 24 * 60;

/// The hours of calling (`domain.md` section 4), in minutes of the day, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallingHours {
    /// Calls are prepared from then on (8:30); before, nobody is called.
    pub preparing_from: u16,
    /// The best hour begins (10:00).
    pub best_from: u16,
    /// The best hour ends (11:00).
    pub best_until: u16,
    /// The midday rest begins (11:30): no calls.
    pub midday_from: u16,
    /// The midday rest ends (14:00).
    pub midday_until: u16,
    /// Business may be spoken of again (15:00).
    pub business_from: u16,
    /// The working day ends (18:00).
    pub business_until: u16,
    /// Nobody is called after this (21:00).
    pub evening_until: u16,
    /// The good hours of occupations, where the store knows better than the rule.
    pub occupations: OccupationHours,
}

/// From what minute of the day until what minute.
pub type Window = (u16, u16);

/// Good hours of occupations that a store set, in the order of [`Occupation::ALL`]. Written by their
/// keys, so that what a newer version knows does no harm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Window>", into = "BTreeMap<String, Window>")]
pub struct OccupationHours([Option<Window>; Occupation::ALL.len()]);

impl OccupationHours {
    /// What the store set for an occupation.
    pub fn get(&self, occupation: Occupation) -> Option<Window> {
        let place = Occupation::ALL.iter().position(|one| *one == occupation)?;
        self.0.get(place).copied().flatten()
    }

    /// Sets the hours of an occupation; none for those of the rule.
    #[must_use]
    pub fn with(mut self, occupation: Occupation, window: Option<Window>) -> Self {
        let mut places = Occupation::ALL.iter().zip(&mut self.0);
        if let Some((_, place)) = places.find(|(one, _)| **one == occupation) {
            *place = window;
        }
        self
    }

    fn is_within_bounds(&self) -> bool {
        let mut windows = self.0.iter().flatten();
        windows.all(|(from, until)| from < until && *until <= MINUTES_OF_DAY)
    }
}

impl From<BTreeMap<String, Window>> for OccupationHours {
    fn from(written: BTreeMap<String, Window>) -> Self {
        Occupation::ALL.iter().fold(Self::default(), |hours, one| {
            hours.with(*one, written.get(one.key()).copied())
        })
    }
}

impl From<OccupationHours> for BTreeMap<String, Window> {
    fn from(hours: OccupationHours) -> Self {
        let all = Occupation::ALL.iter();
        all.filter_map(|one| Some((one.key().to_owned(), hours.get(*one)?)))
            .collect()
    }
}

impl Default for CallingHours {
    fn default() -> Self {
        Self {
            preparing_from: 8 * 60 + 30,
            best_from: 10 * 60,
            best_until: 11 * 60,
            midday_from: 11 * 60 + 30,
            midday_until: 14 * 60,
            business_from: 15 * 60,
            business_until: 18 * 60,
            evening_until: 21 * 60,
            occupations: OccupationHours::default(),
        }
    }
}

impl CallingHours {
    /// The hours in their order.
    pub const fn in_order(&self) -> [u16; 8] {
        [
            self.preparing_from,
            self.best_from,
            self.best_until,
            self.midday_from,
            self.midday_until,
            self.business_from,
            self.business_until,
            self.evening_until,
        ]
    }

    /// Checks that each hour follows the one before, within a day.
    ///
    /// # Errors
    /// If one does not.
    pub fn check(&self) -> Result<(), CallingHoursProblem> {
        let hours = self.in_order();
        let is_day = hours.iter().all(|minute| *minute <= MINUTES_OF_DAY);
        if hours.is_sorted() && is_day && self.occupations.is_within_bounds() {
            Ok(())
        } else {
            Err(CallingHoursProblem)
        }
    }
}

/// The hours of calling do not follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the hours of calling do not follow one another")]
pub struct CallingHoursProblem;
