//! Points in time and civil dates.

use serde::{Deserialize, Serialize};

/// A civil date, in the time zone of the store that it belongs to.
pub type Date = jiff::civil::Date;

/// Days from `from` until `to`.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// Milliseconds since 1970-01-01 UTC, as some device's clock told it.
///
/// Never decides an order between devices: order is by causality (invariant 8).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `millis` milliseconds after 1970-01-01 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC, the unit of Automerge's commit time.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The point `millis` milliseconds later.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}
