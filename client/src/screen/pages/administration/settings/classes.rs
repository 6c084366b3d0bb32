//! When another class is proposed.

use floorbook_shared::rules::class::ClassRules;

use super::number::{Number, Sort, bounds, whole};

/// In the order in which they are shown.
pub(super) const NUMBERS: &[Number] = &[
    Number {
        key: "fruitless",
        sort: Sort::Plain,
        bounds: bounds(ClassRules::CONTACTS_BOUNDS),
        get: |settings| settings.classes.fruitless_contacts.into(),
        set: |settings, value| settings.classes.fruitless_contacts = whole(value),
    },
    Number {
        key: "quiet-a",
        sort: Sort::Plain,
        bounds: bounds(ClassRules::DAYS_BOUNDS),
        get: |settings| settings.classes.quiet_a_days.into(),
        set: |settings, value| settings.classes.quiet_a_days = whole(value),
    },
    Number {
        key: "active",
        sort: Sort::Plain,
        bounds: bounds(ClassRules::DAYS_BOUNDS),
        get: |settings| settings.classes.active_days.into(),
        set: |settings, value| settings.classes.active_days = whole(value),
    },
    Number {
        key: "kept",
        sort: Sort::Plain,
        bounds: bounds(ClassRules::DAYS_BOUNDS),
        get: |settings| settings.classes.kept_days.into(),
        set: |settings, value| settings.classes.kept_days = whole(value),
    },
    Number {
        key: "sign",
        sort: Sort::Plain,
        bounds: bounds(ClassRules::DAYS_BOUNDS),
        get: |settings| settings.classes.sign_days.into(),
        set: |settings, value| settings.classes.sign_days = whole(value),
    },
];
