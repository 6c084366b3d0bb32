//! Made-up customers: a fixed scatter, so that two looks show the same.

use floorbook_shared::id::{DeviceId, DocumentId, EntryId, PersonId};
use floorbook_shared::record::contact::{
    Channel, Contact, NextStep, NextStepDecision, Outcome, StepEnding,
};
use floorbook_shared::record::customer::{
    Class, Customer, CustomerField, CustomerPhone, Fact, FactSource,
};
use floorbook_shared::time::{Date, Timestamp};
use floorbook_shared::view::card::{Conflict, ConflictPlace, ConflictValue};

use super::{Card, feed_of, id};
use crate::screen::when::plus_days;

const DAY_MILLIS: i64 = 86_400_000;
const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "沈", "单", "曾",
];
const GIVEN: &[&str] = &[
    "晓梅", "建国", "丽华", "志强", "雨桐", "子涵", "秀英", "海燕", "国栋", "思远", "佳怡", "文博",
];
const COMPOUNDS: &[&str] = &[
    "绿城·桂花园",
    "滨江·金色黎明",
    "万科·良渚文化村",
    "西溪诚园",
    "",
    "融创·河滨之城",
    "武林壹号",
];
const STEPS: &[(&str, Channel)] = &[
    ("确认沙发面料色卡", Channel::Call),
    ("发卧室方案效果图", Channel::Wechat),
    ("邀约周末到店试坐", Channel::StoreVisit),
    ("上门量尺（客厅、主卧）", Channel::HomeVisit),
    ("跟进报价，确认交期", Channel::Call),
];
const NOTES: &[&str] = &[
    "喜欢胡桃木，担心皮沙发不好打理，太太周末一起来看。",
    "预算三万左右，新房三月交付，先看客厅。",
    "电话未接，改发微信。",
    "已量过房，客厅 4.2 米，沙发选三人位加贵妃。",
];

fn pick<T: Copy>(all: &[T], seed: usize) -> T {
    all[seed % all.len()]
}

/// The customer of a number and where the card is.
pub fn made_up(number: usize, today: Date, now: Timestamp) -> (DocumentId, Card) {
    // A fixed scatter, so that two looks show the same.
    let seed = number.wrapping_mul(2_654_435_761) >> 7;
    let mut customer = Customer::default();
    let mut set = |field: CustomerField, value: String| {
        if !value.is_empty() {
            customer.fields.insert(field, value);
        }
    };
    set(
        CustomerField::Name,
        format!("{}{}", pick(SURNAMES, seed), pick(GIVEN, seed / 15)),
    );
    set(
        CustomerField::Number,
        format!("HZ1-T{:02}-{:04}", seed % 4 + 1, number + 1),
    );
    set(CustomerField::Kind, "individual".into());
    if !seed.is_multiple_of(9) {
        set(
            CustomerField::Class,
            pick(&Class::ALL, seed / 3).letter().into(),
        );
    }
    set(CustomerField::Compound, pick(COMPOUNDS, seed / 5).into());
    set(CustomerField::City, "杭州".into());
    set(
        CustomerField::District,
        pick(&["西湖区", "滨江区", "余杭区"], seed / 2).into(),
    );
    if seed.is_multiple_of(3) {
        set(CustomerField::Wechat, format!("wx_{}", seed % 9_999));
    }
    set(
        CustomerField::Source,
        pick(&["自然到店", "老客户介绍", "小区活动"], seed).into(),
    );
    let offset = i32::try_from(seed % 40).unwrap_or(0);
    set(
        CustomerField::FirstVisit,
        plus_days(today, -offset - 30).to_string(),
    );
    customer.phones.push(CustomerPhone {
        id: EntryId::from_bytes(id(number)),
        number: format!(
            "13{} {:04} {:04}",
            seed % 10,
            seed / 7 % 10_000,
            seed / 3 % 10_000
        ),
        label: String::new(),
    });
    for contact in 0..seed % 4 {
        let days = offset + 9 * i32::try_from(contact).unwrap_or(0);
        let entry = EntryId::from_bytes(id(number * 10 + contact));
        customer.contacts.push(Contact {
            id: entry,
            date: plus_days(today, -days),
            at: now.plus_millis(-i64::from(days) * DAY_MILLIS),
            channel: pick(Channel::ALL, seed + contact),
            outcome: pick(Outcome::ALL, seed / 2 + contact),
            note: pick(NOTES, seed + contact).into(),
            by: PersonId::from_bytes(id(seed % 3)),
        });
        if contact > 0 {
            customer.next_steps.push(NextStep {
                id: EntryId::from_bytes(id(500_000 + number * 10 + contact)),
                decision: NextStepDecision::Planned {
                    what: pick(STEPS, seed + contact).0.into(),
                    due: plus_days(today, -days + 9),
                    how: Channel::Call,
                },
                at: now.plus_millis(-i64::from(days) * DAY_MILLIS),
                after: Some(entry),
                ending: Some(StepEnding::Done {
                    contact: EntryId::from_bytes(id(number * 10 + contact - 1)),
                }),
            });
        }
    }
    if !seed.is_multiple_of(5) {
        let (what, how) = pick(STEPS, seed / 11);
        let due = i32::try_from(seed / 13 % 60).unwrap_or(0) - 6;
        customer.next_steps.insert(
            0,
            NextStep {
                id: EntryId::from_bytes(id(900_000 + number)),
                decision: NextStepDecision::Planned {
                    what: what.into(),
                    due: plus_days(today, due),
                    how,
                },
                at: now.plus_millis(-i64::from(offset) * DAY_MILLIS),
                after: customer.contacts.first().map(|contact| contact.id),
                ending: None,
            },
        );
    }
    for (name, value) in [("装修风格", "现代简约"), ("户型", "三室两厅 128㎡")] {
        let source = if seed.is_multiple_of(2) {
            FactSource::Import
        } else {
            FactSource::Consultant
        };
        customer.facts.insert(
            name.into(),
            Fact {
                value: value.into(),
                source,
                at: now,
            },
        );
    }
    customer.remarks = pick(
        &["", "介绍人：沈老师。周二、周四下午方便接电话。"],
        seed / 4,
    )
    .into();
    let conflicts = if number.is_multiple_of(37) {
        vec![conflict(&customer, now)]
    } else {
        Vec::new()
    };
    let unsent = usize::from(number.is_multiple_of(41));
    let feed = feed_of(if seed.is_multiple_of(4) {
        1 + seed % 2
    } else {
        0
    });
    (
        DocumentId::from_bytes(id(number)),
        Card {
            customer,
            feed,
            conflicts,
            unsent,
        },
    )
}

fn conflict(customer: &Customer, now: Timestamp) -> Conflict {
    let value = |value: &str, person: usize, device: usize, minutes: i64| ConflictValue {
        value: value.into(),
        by: Some((
            PersonId::from_bytes(id(person)),
            DeviceId::from_bytes(id(device)),
        )),
        at: now.plus_millis(-minutes * 60_000),
    };
    Conflict {
        at: ConflictPlace::Field(CustomerField::Compound),
        values: vec![
            value(customer.field(CustomerField::Compound), 0, 0, 25),
            value("西溪诚园 3-2-501", 1, 5, 95),
        ],
    }
}
