//! What the demonstration notes beside fields and contacts: purchases, family, issues.

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::EntryId;
use floorbook_shared::record::entry::{EntryField, EntryKind};
use floorbook_shared::time::{Date, Timestamp};

use super::generator::Dice;

/// Product, material, yuan, and the years of its warranty.
const PRODUCTS: &[(&str, &str, i64, i16)] = &[
    ("转角沙发", "leather", 18_800, 5),
    ("三人布艺沙发", "fabric", 9_600, 3),
    ("岩板餐桌", "sintered_stone", 6_880, 3),
    ("实木床1.8米", "solid_wood", 12_300, 5),
    ("乳胶床垫", "latex", 7_990, 10),
    ("板式衣柜", "board", 15_600, 5),
    ("电视柜", "solid_wood", 4_980, 3),
];

/// Relation and birthday.
const FAMILY: &[(&str, &str)] = &[
    ("妻子", "农历八月十五"),
    ("丈夫", "1984-06-02"),
    ("女儿", "2015-11-30"),
    ("儿子", "2018-02-29"),
    ("母亲", "农历腊月三十"),
];

fn set(kind: EntryKind, entry: EntryId, field: EntryField, value: impl Into<String>) -> Edit {
    Edit::SetEntry {
        kind,
        entry,
        field,
        value: value.into(),
    }
}

/// A purchase of a day, delivered a fortnight later if that is over.
pub(super) fn purchase(dice: &mut Dice, day: Date, today: Date, at: Timestamp) -> Vec<Edit> {
    let kind = EntryKind::Purchase;
    let (product, material, yuan, years) = dice.pick_of(PRODUCTS);
    let entry = EntryId::new(at, dice);
    let later = |span: jiff::Span| day.checked_add(span).unwrap_or(day);
    let delivered = later(jiff::Span::new().days(14));
    let mut edits = vec![
        set(kind, entry, EntryField::Product, product),
        set(kind, entry, EntryField::Day, day.to_string()),
        set(kind, entry, EntryField::Amount, (yuan * 100).to_string()),
        set(kind, entry, EntryField::Material, material),
        set(
            kind,
            entry,
            EntryField::WarrantyUntil,
            later(jiff::Span::new().years(years)).to_string(),
        ),
    ];
    if delivered <= today {
        let on = delivered.to_string();
        edits.push(set(kind, entry, EntryField::DeliveredOn, on));
    }
    edits
}

/// A member of the family.
pub(super) fn family(dice: &mut Dice, at: Timestamp) -> Vec<Edit> {
    let kind = EntryKind::Family;
    let (relation, birthday) = dice.pick_of(FAMILY);
    let entry = EntryId::new(at, dice);
    vec![
        set(kind, entry, EntryField::Name, relation),
        set(kind, entry, EntryField::Relation, relation),
        set(kind, entry, EntryField::Birthday, birthday),
    ]
}

/// The issue of a complaint, with a promise for the week after.
pub(super) fn issue(dice: &mut Dice, what: &str, day: Date, at: Timestamp) -> Vec<Edit> {
    let kind = EntryKind::Issue;
    let entry = EntryId::new(at, dice);
    let week = day.checked_add(jiff::Span::new().days(7)).unwrap_or(day);
    vec![
        set(kind, entry, EntryField::Issue, what),
        set(kind, entry, EntryField::Day, day.to_string()),
        set(kind, entry, EntryField::Promise, "上门检查并处理"),
        set(kind, entry, EntryField::PromisedFor, week.to_string()),
    ]
}
