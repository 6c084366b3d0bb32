//! What a store sets for itself: every number of the domain with its default and bounds.

mod work;

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

pub use work::{Cadence, STANDARD_MAX, Standards};

use crate::rules::calling::CallingHours;
use crate::rules::class::ClassRules;
use crate::rules::dealings::DealingRules;
use crate::rules::quality::QualityRules;

/// Whether the consultants of a store read one another's books, until it says otherwise.
pub const BOOKS_ARE_OPEN: bool = false;
/// Hours that a tablet works without having met the server, from one day to sixty.
pub const LEASE_HOURS_BOUNDS: RangeInclusive<u32> = 24..=60 * 24;
/// The default of [`StoreSettings::lease_hours`]: 21 days.
const LEASE_HOURS: u32 = 21 * 24;
/// Minutes without a touch after which a tablet locks itself.
pub const AUTO_LOCK_MINUTES_BOUNDS: RangeInclusive<u32> = 1..=60;
/// The default of [`StoreSettings::auto_lock_minutes`].
const AUTO_LOCK_MINUTES: u32 = 5;

/// What a store sets for itself. Numbers lie within their bounds ([`StoreSettings::check`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoreSettings {
    /// Whether the consultants read one another's books; closed unless a manager opens them.
    pub books_are_open: bool,
    /// Hours that a tablet works without having met the server: 504 (21 days) unless set, within
    /// [`LEASE_HOURS_BOUNDS`].
    pub lease_hours: u32,
    /// Minutes without a touch after which a tablet locks itself: 5 unless set, within
    /// [`AUTO_LOCK_MINUTES_BOUNDS`].
    pub auto_lock_minutes: u32,
    /// How much each consultant is to do at least.
    pub standards: Standards,
    /// How often customers are to be contacted.
    pub cadence: Cadence,
    /// The hours of calling.
    pub calling: CallingHours,
    /// When another class is proposed.
    pub classes: ClassRules,
    /// What complete and fresh cards are.
    pub quality: QualityRules,
    /// From when on a customer is new, old, main, loyal.
    pub dealings: DealingRules,
    /// Whether sensitive fields are offered, where the customer agreed; off unless set.
    pub keeps_sensitive: bool,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            books_are_open: BOOKS_ARE_OPEN,
            lease_hours: LEASE_HOURS,
            auto_lock_minutes: AUTO_LOCK_MINUTES,
            standards: Standards::default(),
            cadence: Cadence::default(),
            calling: CallingHours::default(),
            classes: ClassRules::default(),
            quality: QualityRules::default(),
            dealings: DealingRules::default(),
            keeps_sensitive: false,
        }
    }
}

impl StoreSettings {
    /// Checks that all numbers lie within their bounds.
    ///
    /// # Errors
    /// The first one that does not.
    pub fn check(&self) -> Result<(), SettingsProblem> {
        if !LEASE_HOURS_BOUNDS.contains(&self.lease_hours) {
            return Err(SettingsProblem::LeaseHours);
        }
        if !AUTO_LOCK_MINUTES_BOUNDS.contains(&self.auto_lock_minutes) {
            return Err(SettingsProblem::AutoLockMinutes);
        }
        if !self.standards.is_within_bounds() {
            return Err(SettingsProblem::Standards);
        }
        if !self.cadence.is_within_bounds() {
            return Err(SettingsProblem::Cadence);
        }
        if self.calling.check().is_err() {
            return Err(SettingsProblem::Calling);
        }
        if !self.classes.is_within_bounds() {
            return Err(SettingsProblem::Classes);
        }
        if !self.quality.is_within_bounds() {
            return Err(SettingsProblem::Quality);
        }
        if !self.dealings.is_within_bounds() {
            return Err(SettingsProblem::Dealings);
        }
        Ok(())
    }
}

/// Which setting lies outside its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// [`StoreSettings::lease_hours`].
    #[error(
        "a tablet works {} to {} hours without having met the server",
        LEASE_HOURS_BOUNDS.start(),
        LEASE_HOURS_BOUNDS.end()
    )]
    LeaseHours,
    /// [`StoreSettings::auto_lock_minutes`].
    #[error(
        "a tablet locks itself after {} to {} minutes",
        AUTO_LOCK_MINUTES_BOUNDS.start(),
        AUTO_LOCK_MINUTES_BOUNDS.end()
    )]
    AutoLockMinutes,
    /// [`StoreSettings::standards`].
    #[error("a standard is above its bound")]
    Standards,
    /// [`StoreSettings::cadence`].
    #[error("a number of days between contacts is outside its bounds")]
    Cadence,
    /// [`StoreSettings::calling`].
    #[error("the hours of calling do not follow one another")]
    Calling,
    /// [`StoreSettings::classes`].
    #[error("a number of the class rules is outside its bounds")]
    Classes,
    /// [`StoreSettings::quality`].
    #[error("a number of card quality is outside its bounds")]
    Quality,
    /// [`StoreSettings::dealings`].
    #[error("amounts or days of dealings are outside their bounds or do not grow")]
    Dealings,
}

impl SettingsProblem {
    /// Stable code for translation and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LeaseHours => "invalid_lease_hours",
            Self::AutoLockMinutes => "invalid_auto_lock_minutes",
            Self::Standards => "invalid_standards",
            Self::Cadence => "invalid_cadence",
            Self::Calling => "invalid_calling_hours",
            Self::Classes => "invalid_class_rules",
            Self::Quality => "invalid_quality_rules",
            Self::Dealings => "invalid_dealing_rules",
        }
    }
}
