//! Standards and cadence: how much is to be done, and how often (`domain.md` section 3).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// The highest number that a standard may ask for; 0 asks for nothing.
pub const STANDARD_MAX: u32 = 500;

/// How much each consultant is to do at least. 0 asks for nothing and is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standards {
    /// Calls a day to customers of class A.
    pub daily_calls_to_a: u32,
    /// Contacts a week with customers of the classes B and C.
    pub weekly_contacts_with_bc: u32,
    /// Visits a day, in the store and at home.
    pub daily_visits: u32,
    /// New cards a week.
    pub weekly_new_cards: u32,
}

impl Default for Standards {
    fn default() -> Self {
        Self {
            daily_calls_to_a: 5,
            weekly_contacts_with_bc: 20,
            daily_visits: 1,
            weekly_new_cards: 5,
        }
    }
}

impl Standards {
    /// Whether none is above [`STANDARD_MAX`].
    pub fn is_within_bounds(&self) -> bool {
        [
            self.daily_calls_to_a,
            self.weekly_contacts_with_bc,
            self.daily_visits,
            self.weekly_new_cards,
        ]
        .iter()
        .all(|number| *number <= STANDARD_MAX)
    }
}

/// How often customers are to be contacted, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cadence {
    /// Days after which a card of class A is looked through again, and a customer of class A without
    /// a next step contacted: 1, daily.
    pub a_days: u32,
    /// Days between contacts with class B, and after which its cards are looked through again: 7,
    /// weekly.
    pub b_days: u32,
    /// Days between contacts with class C: 30, monthly.
    pub c_days: u32,
    /// Days without any contact after which a customer counts as not seen for long: 180.
    pub quiet_days: u32,
    /// Days for which a birthday that nobody greeted stays in the list: 3.
    pub birthday_days: u32,
    /// Days for which a thank-you that nobody wrote stays in the list: 1.
    pub thank_you_days: u32,
    /// Days after a purchase or delivery on which the customer is asked how it is: 1, 3 and 7.
    pub after_purchase_days: [u32; 3],
    /// Days for which such a call stays in the list: 7.
    pub after_purchase_stays_days: u32,
    /// Days after which a main customer without any contact counts as gone quiet: 90.
    pub main_quiet_days: u32,
    /// Days ahead of the end of a warranty or of an expected purchase on which it is a reason to call:
    /// 30.
    pub ahead_days: u32,
    /// Days after the solution of an issue on which the customer is asked whether they are content: 3.
    pub satisfaction_days: u32,
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            a_days: 1,
            b_days: 7,
            c_days: 30,
            quiet_days: 180,
            birthday_days: 3,
            thank_you_days: 1,
            after_purchase_days: [1, 3, 7],
            after_purchase_stays_days: 7,
            main_quiet_days: 90,
            ahead_days: 30,
            satisfaction_days: 3,
        }
    }
}

impl Cadence {
    /// Bounds of the days between contacts.
    pub const BETWEEN_BOUNDS: RangeInclusive<u32> = 1..=365;
    /// Bounds of [`Cadence::quiet_days`] and [`Cadence::main_quiet_days`].
    pub const QUIET_BOUNDS: RangeInclusive<u32> = 30..=3650;
    /// Bounds of the days for which something stays in the list, and of
    /// [`Cadence::satisfaction_days`].
    pub const STAYS_BOUNDS: RangeInclusive<u32> = 0..=30;
    /// Bounds of [`Cadence::after_purchase_days`], which grow, and of [`Cadence::ahead_days`].
    pub const AHEAD_BOUNDS: RangeInclusive<u32> = 0..=365;

    /// Whether all numbers lie within their bounds.
    pub fn is_within_bounds(&self) -> bool {
        [self.a_days, self.b_days, self.c_days]
            .iter()
            .all(|days| Self::BETWEEN_BOUNDS.contains(days))
            && [self.quiet_days, self.main_quiet_days]
                .iter()
                .all(|days| Self::QUIET_BOUNDS.contains(days))
            && [
                self.birthday_days,
                self.thank_you_days,
                self.after_purchase_stays_days,
                self.satisfaction_days,
            ]
            .iter()
            .all(|days| Self::STAYS_BOUNDS.contains(days))
            && self.after_purchase_days.is_sorted()
            && self
                .after_purchase_days
                .iter()
                .chain([&self.ahead_days])
                .all(|days| Self::AHEAD_BOUNDS.contains(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{SettingsProblem, StoreSettings};
    use crate::rules::calling::CallingHours;

    #[test]
    fn every_number_has_its_bounds() {
        let usual = StoreSettings::default();
        assert_eq!(usual.check(), Ok(()));
        let standards = Standards {
            daily_visits: STANDARD_MAX + 1,
            ..Standards::default()
        };
        let cadence = |cadence| StoreSettings { cadence, ..usual }.check();
        let days = Cadence::default();
        assert_eq!(
            StoreSettings { standards, ..usual }.check(),
            Err(SettingsProblem::Standards)
        );
        for wrong in [
            Cadence { a_days: 0, ..days },
            Cadence {
                c_days: 366,
                ..days
            },
            Cadence {
                quiet_days: 29,
                ..days
            },
            Cadence {
                birthday_days: 31,
                ..days
            },
            Cadence {
                after_purchase_days: [3, 1, 7],
                ..days
            },
            Cadence {
                main_quiet_days: 29,
                ..days
            },
        ] {
            assert_eq!(cadence(wrong), Err(SettingsProblem::Cadence));
        }
        let calling = CallingHours {
            best_until: 0,
            ..CallingHours::default()
        };
        assert_eq!(
            StoreSettings { calling, ..usual }.check(),
            Err(SettingsProblem::Calling)
        );
    }

    #[test]
    fn settings_from_before_take_the_defaults() {
        let read: StoreSettings = serde_json::from_str(r#"{"lease_hours":48}"#).unwrap();
        assert_eq!(read.lease_hours, 48);
        assert_eq!(read.cadence, Cadence::default());
        let partly: StoreSettings = serde_json::from_str(r#"{"cadence":{"c_days":45}}"#).unwrap();
        assert_eq!((partly.cadence.c_days, partly.cadence.b_days), (45, 7));
    }
}
