//! Tables of what filters pass and in which order lists stand.

mod customers;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::id::EntryId;
use crate::record::contact::Channel;
use crate::record::customer::Class;
use crate::rules::dealings::Dealings;
use crate::view::row::OpenStep;
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 23);

fn basis() -> Basis {
    Basis::of(TODAY, &StoreSettings::default())
}

/// A customer of a list, held.
#[derive(Clone, Debug)]
struct Held {
    number: u8,
    row: CustomerRow,
    owner: Option<PersonId>,
    unsent: usize,
}

impl Held {
    fn new(number: u8, class: Option<Class>, source: &str, due: Option<Date>) -> Self {
        Self {
            number,
            owner: Some(PersonId::from_bytes([number % 3; 16])),
            unsent: usize::from(number % 2),
            row: CustomerRow {
                name: format!("{number}"),
                class,
                source: source.to_owned(),
                area: format!("杭州{}", number % 4),
                conflicts: u16::from(number.is_multiple_of(5)),
                last_contact: (!number.is_multiple_of(7))
                    .then(|| date(2026, 1 + i8::try_from(number % 12).unwrap(), 3)),
                open_steps: due
                    .map(|due| OpenStep {
                        time: None,
                        purpose: None,
                        id: EntryId::from_bytes([number; 16]),
                        what: "打电话".into(),
                        due,
                        how: Channel::Call,
                    })
                    .into_iter()
                    .collect(),
                // Something of everything, so that counts are compared with what is there.
                tags: if number > 3 {
                    vec!["VIP".to_owned()]
                } else {
                    Vec::new()
                },
                dealings: bought(i64::from(number) * 20_000, date(2020, 3, 3)),
                ..CustomerRow::default()
            },
        }
    }

    /// A customer of whom nothing is known but what `row` says.
    fn of(number: u8, row: CustomerRow) -> Self {
        Self {
            number,
            owner: None,
            unsent: 0,
            row,
        }
    }

    fn listed(&self) -> Listed<'_> {
        Listed {
            document: DocumentId::from_bytes([self.number; 16]),
            row: &self.row,
            owner: self.owner,
            unsent: self.unsent,
            name_order: &self.row.name,
        }
    }
}

/// Two purchases for so many yuan, the second lately.
fn bought(yuan: i64, first: Date) -> Dealings {
    Dealings {
        purchases: 2,
        cents: yuan * 100,
        first: Some(first),
        last: Some(TODAY),
        ..Dealings::default()
    }
}

fn book() -> Vec<Held> {
    vec![
        Held::new(1, Some(Class::A), "朋友介绍", Some(date(2026, 11, 20))),
        Held::new(2, Some(Class::B), "小红书", Some(TODAY)),
        Held::new(3, None, "", None),
        Held::new(5, Some(Class::A), "小红书", Some(date(2026, 12, 1))),
        Held::new(7, Some(Class::D), "朋友介绍", None),
    ]
}

#[track_caller]
fn check(filter: &Filter, expected: &[u8]) {
    let book = book();
    let found: Vec<u8> = book
        .iter()
        .filter(|held| filter.passes(&held.listed(), &basis()))
        .map(|held| held.number)
        .collect();
    assert_eq!(found, expected, "{filter:?}");
}

#[test]
fn values_of_a_group_add_up_and_groups_narrow() {
    check(&Filter::default(), &[1, 2, 3, 5, 7]);
    let mut filter = Filter::default();
    filter.classes.insert(Some(Class::A));
    check(&filter, &[1, 5]);
    filter.classes.insert(None);
    check(&filter, &[1, 3, 5]);
    filter.sources.insert("小红书".into());
    check(&filter, &[5]);
    filter.sources.insert(String::new());
    check(&filter, &[3, 5]);
    filter.owners.insert(PersonId::from_bytes([2; 16]));
    check(&filter, &[5]);
    filter.areas.insert("杭州3".into());
    check(&filter, &[]);
}

#[test]
fn marks_are_judged_by_the_day_and_all_must_be_there() {
    for (mark, expected) in [
        (Mark::Overdue, &[1_u8][..]),
        (Mark::DueToday, &[2]),
        (Mark::NoNextStep, &[3, 7]),
        (Mark::NeverContacted, &[7]),
        (Mark::Conflict, &[5]),
        (Mark::Unsent, &[1, 3, 5, 7]),
    ] {
        let marks = BTreeSet::from([mark]);
        check(
            &Filter {
                marks,
                ..Filter::default()
            },
            expected,
        );
    }
    let marks = BTreeSet::from([Mark::Unsent, Mark::NoNextStep, Mark::NeverContacted]);
    check(
        &Filter {
            marks,
            ..Filter::default()
        },
        &[7],
    );
}

#[test]
fn views_that_were_saved_earlier_still_open() {
    let kept = r#"[{"name":"老客","query":"李","filter":{"classes":["A",null],"owners":[],"sources":[],
        "areas":["杭州西湖"],"marks":["overdue"]},"order":"next_step"}]"#;
    let views: Vec<SavedView> = serde_json::from_str(kept).unwrap();
    let view = views.first().unwrap();
    assert_eq!(view.filter.len(), 4);
    assert_eq!(view.order, Order::NextStep);
    assert!(view.filter.kinds.is_empty());
}

#[test]
fn lists_stand_in_the_order_that_was_asked_for() {
    for (order, expected) in [
        (Order::Recent, [7, 5, 3, 2, 1]),
        (Order::NextStep, [1, 2, 5, 7, 3]),
        (Order::Name, [1, 2, 3, 5, 7]),
        (Order::Newest, [7, 5, 3, 2, 1]),
        (Order::Silent, [7, 1, 2, 3, 5]),
    ] {
        let mut book = book();
        // Whoever had no contact stands last among the recent ones.
        let expected: Vec<u8> = if order == Order::Recent {
            vec![5, 3, 2, 1, 7]
        } else {
            expected.to_vec()
        };
        order.sort(&mut book, &basis(), Held::listed);
        let found: Vec<u8> = book.iter().map(|held| held.number).collect();
        assert_eq!(found, expected, "{order:?}");
        assert_eq!(Order::from_key(order.key()), order);
    }
}

#[test]
fn a_view_takes_the_place_of_its_namesake() {
    let mut views = Vec::new();
    let view = |name: &str, query: &str| SavedView {
        name: name.into(),
        query: query.into(),
        ..SavedView::default()
    };
    assert!(save_view(&mut views, view(" 本周 ", "a")));
    assert!(save_view(&mut views, view("本周", "b")));
    assert!(!save_view(&mut views, view("  ", "c")));
    assert_eq!(views, [view("本周", "b")]);
    for number in 0..VIEWS_MAX {
        save_view(&mut views, view(&number.to_string(), ""));
    }
    assert_eq!(views.len(), VIEWS_MAX);
    let kept = serde_json::to_string(&views).unwrap();
    assert_eq!(
        serde_json::from_str::<Vec<SavedView>>(&kept).unwrap(),
        views
    );
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let class = prop_oneof![Just(None), Just(Some(Class::A)), Just(Some(Class::B))];
    let classes = proptest::collection::btree_set(class, 0..3);
    let source = prop_oneof![Just(String::new()), Just("小红书".to_owned())];
    let sources = proptest::collection::btree_set(source, 0..2);
    let owners = proptest::collection::btree_set(0_u8..3, 0..3);
    let marks = proptest::collection::btree_set(proptest::sample::select(Mark::ALL.to_vec()), 0..2);
    let tag = prop_oneof![Just("VIP".to_owned()), Just("样板间".to_owned())];
    let tags = proptest::collection::btree_set(tag, 0..2);
    let weight = proptest::sample::select(Weight::ALL.to_vec());
    let weights = proptest::collection::btree_set(weight, 0..2);
    (classes, sources, owners, marks, tags, weights).prop_map(
        |(classes, sources, owners, marks, tags, weights)| Filter {
            classes,
            sources,
            owners: owners
                .into_iter()
                .map(|number| PersonId::from_bytes([number; 16]))
                .collect(),
            marks,
            tags,
            weights,
            ..Filter::default()
        },
    )
}

proptest! {
    #[test]
    fn a_count_is_what_choosing_that_value_alone_in_its_group_would_show(filter in any_filter()) {
        let book = book();
        let counts = filter.count(book.iter().map(Held::listed), &basis());
        let shown = |filter: &Filter| {
            book.iter().filter(|held| filter.passes(&held.listed(), &basis())).count()
        };
        for (class, count) in counts.classes {
            let classes = BTreeSet::from([class]);
            prop_assert_eq!(shown(&Filter { classes, ..filter.clone() }), count);
        }
        for (source, count) in counts.sources {
            let sources = BTreeSet::from([source]);
            prop_assert_eq!(shown(&Filter { sources, ..filter.clone() }), count);
        }
        for (owner, count) in counts.owners {
            let owners = BTreeSet::from([owner]);
            prop_assert_eq!(shown(&Filter { owners, ..filter.clone() }), count);
        }
        for (tag, count) in counts.tags {
            let tags = BTreeSet::from([tag]);
            prop_assert_eq!(shown(&Filter { tags, ..filter.clone() }), count);
        }
        for (weight, count) in counts.weights {
            let weights = BTreeSet::from([weight]);
            prop_assert_eq!(shown(&Filter { weights, ..filter.clone() }), count);
        }
        for (life_cycle, count) in counts.life_cycles {
            let life_cycles = BTreeSet::from([life_cycle]);
            prop_assert_eq!(shown(&Filter { life_cycles, ..filter.clone() }), count);
        }
        for (mark, count) in counts.marks {
            let mut filter = filter.clone();
            filter.marks.insert(mark);
            prop_assert_eq!(shown(&filter), count);
        }
    }
}
