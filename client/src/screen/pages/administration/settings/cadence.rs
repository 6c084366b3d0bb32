//! What follows a purchase, and who has gone quiet.

use floorbook_shared::access::Cadence;

use super::number::{Number, Sort, bounds, whole};

/// In the order in which they are shown.
pub(super) const NUMBERS: &[Number] = &[
    Number {
        key: "after-first",
        sort: Sort::Plain,
        bounds: bounds(Cadence::AHEAD_BOUNDS),
        get: |settings| settings.cadence.after_purchase_days[0].into(),
        set: |settings, value| settings.cadence.after_purchase_days[0] = whole(value),
    },
    Number {
        key: "after-second",
        sort: Sort::Plain,
        bounds: bounds(Cadence::AHEAD_BOUNDS),
        get: |settings| settings.cadence.after_purchase_days[1].into(),
        set: |settings, value| settings.cadence.after_purchase_days[1] = whole(value),
    },
    Number {
        key: "after-third",
        sort: Sort::Plain,
        bounds: bounds(Cadence::AHEAD_BOUNDS),
        get: |settings| settings.cadence.after_purchase_days[2].into(),
        set: |settings, value| settings.cadence.after_purchase_days[2] = whole(value),
    },
    Number {
        key: "after-stays",
        sort: Sort::Plain,
        bounds: bounds(Cadence::STAYS_BOUNDS),
        get: |settings| settings.cadence.after_purchase_stays_days.into(),
        set: |settings, value| settings.cadence.after_purchase_stays_days = whole(value),
    },
    Number {
        key: "main-quiet",
        sort: Sort::Plain,
        bounds: bounds(Cadence::QUIET_BOUNDS),
        get: |settings| settings.cadence.main_quiet_days.into(),
        set: |settings, value| settings.cadence.main_quiet_days = whole(value),
    },
    Number {
        key: "ahead",
        sort: Sort::Plain,
        bounds: bounds(Cadence::AHEAD_BOUNDS),
        get: |settings| settings.cadence.ahead_days.into(),
        set: |settings, value| settings.cadence.ahead_days = whole(value),
    },
    Number {
        key: "satisfaction-days",
        sort: Sort::Plain,
        bounds: bounds(Cadence::STAYS_BOUNDS),
        get: |settings| settings.cadence.satisfaction_days.into(),
        set: |settings, value| settings.cadence.satisfaction_days = whole(value),
    },
];
