//! From when on a customer is new, old, main, loyal.

use floorbook_shared::rules::dealings::DealingRules;

use super::number::{Number, Sort, whole};

/// In the order in which they are shown.
pub(super) const NUMBERS: &[Number] = &[
    Number {
        key: "new",
        sort: Sort::Plain,
        bounds: (0, DealingRules::DAYS_MAX as i64),
        get: |settings| settings.dealings.new_days.into(),
        set: |settings, value| settings.dealings.new_days = whole(value),
    },
    Number {
        key: "general",
        sort: Sort::Yuan,
        bounds: (0, DealingRules::CENTS_MAX),
        get: |settings| settings.dealings.general_cents,
        set: |settings, value| settings.dealings.general_cents = value,
    },
    Number {
        key: "main",
        sort: Sort::Yuan,
        bounds: (0, DealingRules::CENTS_MAX),
        get: |settings| settings.dealings.main_cents,
        set: |settings, value| settings.dealings.main_cents = value,
    },
    Number {
        key: "long",
        sort: Sort::Plain,
        bounds: (0, DealingRules::DAYS_MAX as i64),
        get: |settings| settings.dealings.long_days.into(),
        set: |settings, value| settings.dealings.long_days = whole(value),
    },
    Number {
        key: "silver",
        sort: Sort::Yuan,
        bounds: (0, DealingRules::CENTS_MAX),
        get: |settings| settings.dealings.grade_cents[0],
        set: |settings, value| settings.dealings.grade_cents[0] = value,
    },
    Number {
        key: "gold",
        sort: Sort::Yuan,
        bounds: (0, DealingRules::CENTS_MAX),
        get: |settings| settings.dealings.grade_cents[1],
        set: |settings, value| settings.dealings.grade_cents[1] = value,
    },
    Number {
        key: "diamond",
        sort: Sort::Yuan,
        bounds: (0, DealingRules::CENTS_MAX),
        get: |settings| settings.dealings.grade_cents[2],
        set: |settings, value| settings.dealings.grade_cents[2] = value,
    },
    Number {
        key: "loyal",
        sort: Sort::Yuan,
        bounds: (0, DealingRules::CENTS_MAX),
        get: |settings| settings.dealings.loyal_cents,
        set: |settings, value| settings.dealings.loyal_cents = value,
    },
];
