//! What complete and fresh cards are.

use floorbook_shared::rules::quality::QualityRules;

use super::number::{Number, Sort, bounds, whole};

/// In the order in which they are shown.
pub(super) const NUMBERS: &[Number] = &[
    Number {
        key: "hard-percent",
        sort: Sort::Plain,
        bounds: (0, 100),
        get: |settings| settings.quality.hard_percent.into(),
        set: |settings, value| settings.quality.hard_percent = whole(value),
    },
    Number {
        key: "stale",
        sort: Sort::Plain,
        bounds: bounds(QualityRules::STALE_BOUNDS),
        get: |settings| settings.quality.stale_after_days.into(),
        set: |settings, value| settings.quality.stale_after_days = whole(value),
    },
];
