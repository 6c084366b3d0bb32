//! The cards of the benchmark: what happened to each customer, as commands, from a seed.
//!
//! One card is 30 single values with Chinese names, phones and addresses, 20 contacts, and three
//! orders of five lines, made by about a hundred changes over a year. Documents have no orders yet,
//! so heads and lines of orders are facts of the same weight.

use std::collections::BTreeMap;

use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact, NewPhone};
use floorbook_shared::id::{EntryId, Randomness};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource};
use floorbook_shared::time::{Date, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// Changes of a card, the opening included.
pub const CHANGES: usize = 100;
const CONTACTS: usize = 20;
const ORDERS: usize = 3;
const LINES_OF_ORDER: usize = 5;
/// Facts beside the orders: with fifteen fields and two phones they make thirty single values.
const FACTS: usize = 13;

/// The first day of every history: 2025-11-01, 01:00 UTC.
const FIRST_MILLIS: i64 = 1_761_958_800_000;
const FIRST_DAY: Date = jiff::civil::date(2025, 11, 1);
const DAY_MILLIS: i64 = 86_400_000;
/// Days between two changes, roughly: a hundred of them fill a year.
const DAYS_BETWEEN_MAX: i64 = 6;

const SURNAMES: [&str; 16] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "欧阳", "单",
    "曾",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "梓涵", "子轩", "浩然", "雨欣", "佳怡", "思彤", "晨曦", "嘉琪",
];
const DISTRICTS: [&str; 6] = ["滨江区", "萧山区", "拱墅区", "余杭区", "西湖区", "上城区"];
const COMPOUNDS: [&str; 8] = [
    "望湖里",
    "云栖府",
    "江岸华庭",
    "星澜湾",
    "钱江雅苑",
    "翡翠城",
    "运河人家",
    "未来悦居",
];
const STREETS: [&str; 6] = ["江南大道", "滨盛路", "云苑路", "晴和路", "同兴路", "丹枫路"];
const SOURCES: [&str; 5] = ["自然到店", "老客户介绍", "小区活动", "设计师", "网络"];
const FACT_NAMES: [&str; FACTS] = [
    "户型",
    "面积",
    "装修进度",
    "预算",
    "风格",
    "家庭成员",
    "职业",
    "交房时间",
    "设计师",
    "决策人",
    "竞品",
    "生日",
    "爱好",
];
const FACT_VALUES: [&str; 12] = [
    "三室两厅",
    "约 128 平方米",
    "水电已完成",
    "八万到十万",
    "现代简约",
    "夫妻和一个女儿",
    "中学老师",
    "明年三月",
    "自己设计",
    "太太决定",
    "看过隔壁的皮沙发",
    "喜欢喝茶",
];
const NOTES: [&str; 8] = [
    "餐桌偏大，回家量一下",
    "问床垫什么时候到货",
    "太太喜欢浅色布艺",
    "没有接，下午再打",
    "发了三张效果图",
    "试了两款沙发",
    "工地还在贴砖",
    "想等双十一活动",
];
const STEPS: [&str; 6] = [
    "打电话问尺寸",
    "发新品图册",
    "约周末到店",
    "上门量尺",
    "送样布",
    "确认送货时间",
];
const GOODS: [&str; 8] = [
    "转角布艺沙发 SF-2031 米白",
    "胡桃木餐桌 DT-1180 一米六",
    "真皮单椅 CH-0774 焦糖色",
    "实木双人床 BD-1815 原木色",
    "乳胶床垫 MT-2001 二十二厘米",
    "岩板茶几 TB-0932 雅灰",
    "五斗柜 CB-0518 白蜡木",
    "羊毛地毯 RG-2416 几何纹",
];

/// Repeatable randomness.
struct Dice(StdRng);

impl Randomness for Dice {
    fn fill(&mut self, target: &mut [u8]) {
        self.0.fill_bytes(target);
    }
}

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    fn number(&mut self, from: i64, to: i64) -> i64 {
        self.0.random_range(from..=to)
    }
}

/// What was done to a card, and when.
pub type Deed = (Command, Timestamp);

/// What one change of a history does.
#[derive(Clone, Copy)]
enum Kind {
    Contact,
    Order(usize, usize),
    Edit,
}

/// The history of card `number` with about `changes` changes.
pub fn history(seed: u64, number: usize, changes: usize) -> Vec<Deed> {
    let hash = blake3::hash(format!("card {seed} {number}").as_bytes());
    let mut maker = Maker {
        dice: Dice(StdRng::from_seed(*hash.as_bytes())),
        now: Timestamp::from_millis(FIRST_MILLIS),
        phones: Vec::new(),
        open_step: None,
        remarks: String::new(),
    };
    let mut kinds: Vec<Kind> = (0..ORDERS)
        .flat_map(|order| (0..=LINES_OF_ORDER).map(move |line| Kind::Order(order, line)))
        .collect();
    kinds.extend([Kind::Contact; CONTACTS]);
    kinds.resize(kinds.len().max(changes.saturating_sub(1)), Kind::Edit);
    for last in (1..kinds.len()).rev() {
        let other = maker.dice.below(last + 1);
        kinds.swap(last, other);
    }
    kinds.truncate(changes.saturating_sub(1));
    let mut deeds = vec![(maker.open_card(number), maker.now)];
    for kind in kinds {
        let pause = maker
            .dice
            .number(DAY_MILLIS / 24, DAYS_BETWEEN_MAX * DAY_MILLIS);
        maker.now = maker.now.plus_millis(pause);
        let command = match kind {
            Kind::Contact => maker.contact(),
            Kind::Order(order, line) => maker.order(order, line),
            Kind::Edit => maker.edit(),
        };
        deeds.push((command, maker.now));
    }
    deeds
}

/// A contact entry, as W3 and W7 log them.
pub fn contact(randomness: &mut dyn Randomness, now: Timestamp, number: usize) -> Command {
    Command::LogContact(NewContact {
        note: NOTES[number % NOTES.len()].to_owned(),
        ..NewContact::new(
            (EntryId::new(now, randomness), EntryId::new(now, randomness)),
            day(now),
            Channel::Wechat,
            Outcome::Progress,
            NextStepDecision::planned(STEPS[number % STEPS.len()], day(now), Channel::Call),
        )
    })
}

/// A small edit, as W4 and W5 make them: one field gets a value that it never had.
pub fn small_edit(number: usize) -> Command {
    let street = STREETS[number % STREETS.len()];
    set(CustomerField::Street, format!("{street}{number}号"))
}

fn set(field: CustomerField, value: String) -> Command {
    Command::EditCard {
        edits: vec![Edit::SetField { field, value }],
    }
}

fn day(at: Timestamp) -> Date {
    let days = (at.as_millis() - FIRST_MILLIS) / DAY_MILLIS;
    FIRST_DAY.saturating_add(jiff::Span::new().days(days))
}

struct Maker {
    dice: Dice,
    now: Timestamp,
    phones: Vec<EntryId>,
    open_step: Option<EntryId>,
    remarks: String,
}

impl Maker {
    fn entry(&mut self) -> EntryId {
        EntryId::new(self.now, &mut self.dice)
    }

    fn phone(&mut self) -> String {
        let prefix = self.dice.pick(&["138", "139", "150", "186", "177"]);
        format!("{prefix}{:08}", self.dice.number(0, 99_999_999))
    }

    fn street(&mut self) -> String {
        let (street, house) = (self.dice.pick(&STREETS), self.dice.number(1, 900));
        let (flat, floor) = (self.dice.number(1, 30), self.dice.number(1, 33));
        format!("{street}{house}号{flat}幢{floor}01室")
    }

    fn value_of(&mut self, field: CustomerField, number: usize) -> String {
        match field {
            CustomerField::Number => format!("HZ1-F01-{number:05}"),
            CustomerField::Name => [self.dice.pick(&SURNAMES), self.dice.pick(&GIVEN)].concat(),
            CustomerField::Kind => "individual".to_owned(),
            CustomerField::Class => self.dice.pick(&["A", "B", "C", "D"]).to_owned(),
            CustomerField::Wechat => format!("wx_{:06}", self.dice.number(0, 999_999)),
            CustomerField::Email => format!("c{:06}@example.com", self.dice.number(0, 999_999)),
            CustomerField::Province => "浙江省".to_owned(),
            CustomerField::City => "杭州市".to_owned(),
            CustomerField::District => self.dice.pick(&DISTRICTS).to_owned(),
            CustomerField::Street => self.street(),
            CustomerField::Compound => self.dice.pick(&COMPOUNDS).to_owned(),
            CustomerField::Source => self.dice.pick(&SOURCES).to_owned(),
            CustomerField::FirstVisit | CustomerField::EarlierContact => "2025-10-28".to_owned(),
            CustomerField::OpenedOn => FIRST_DAY.to_string(),
            // Thirty single values are enough.
            CustomerField::Unit
            | CustomerField::Floor
            | CustomerField::Lift
            | CustomerField::Region
            | CustomerField::RouteOrder
            | CustomerField::Referrer
            | CustomerField::ReferrerCard => String::new(),
        }
    }

    fn open_card(&mut self, number: usize) -> Command {
        let fields: BTreeMap<CustomerField, String> = CustomerField::ALL
            .into_iter()
            .map(|field| (field, self.value_of(field, number)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let phones: Vec<NewPhone> = ["", "先生"]
            .into_iter()
            .map(|label| NewPhone {
                id: self.entry(),
                number: self.phone(),
                label: label.to_owned(),
            })
            .collect();
        self.phones = phones.iter().map(|phone| phone.id).collect();
        let facts = FACT_NAMES
            .into_iter()
            .map(|name| (name.to_owned(), self.fact(String::new())))
            .collect();
        let step = self.entry();
        self.open_step = Some(step);
        self.remarks = self.dice.pick(&NOTES).to_owned();
        Command::OpenCard(NewCard {
            fields,
            phones,
            remarks: self.remarks.clone(),
            facts,
            next_step: Some((step, self.next_step())),
        })
    }

    fn fact(&mut self, value: String) -> Fact {
        let value = if value.is_empty() {
            self.dice.pick(&FACT_VALUES).to_owned()
        } else {
            value
        };
        Fact {
            value,
            source: FactSource::Consultant,
            at: self.now,
        }
    }

    fn next_step(&mut self) -> NextStepDecision {
        let due = self.now.plus_millis(self.dice.number(1, 20) * DAY_MILLIS);
        NextStepDecision::planned(self.dice.pick(&STEPS), day(due), Channel::Call)
    }

    fn contact(&mut self) -> Command {
        let step = self.entry();
        // Now and then a contact does what was planned and plans something else.
        let (completes, next) = if self.dice.below(4) == 0 {
            let completes = self.open_step.replace(step).into_iter().collect();
            (completes, self.next_step())
        } else {
            let reason = "待定".to_owned();
            (Vec::new(), NextStepDecision::None { reason })
        };
        Command::LogContact(NewContact {
            note: self.dice.pick(&NOTES).to_owned(),
            completes,
            ..NewContact::new(
                (self.entry(), step),
                day(self.now),
                [Channel::Call, Channel::Wechat, Channel::StoreVisit][self.dice.below(3)],
                [Outcome::Progress, Outcome::NoChange, Outcome::NotReached][self.dice.below(3)],
                next,
            )
        })
    }

    /// Line 0 is the head of the order.
    fn order(&mut self, order: usize, line: usize) -> Command {
        let amount = self.dice.number(800, 30_000);
        let value = if line == 0 {
            format!(
                "合同 HT-2026-{:05}，定金 {amount} 元",
                self.dice.number(1, 99_999)
            )
        } else {
            let (goods, count) = (self.dice.pick(&GOODS), self.dice.number(1, 4));
            format!("{goods}，{count} 件，{amount} 元")
        };
        let fact = self.fact(value);
        Command::EditCard {
            edits: vec![Edit::SetFact {
                name: format!("订单 {}/{line}", order + 1),
                fact,
            }],
        }
    }

    fn edit(&mut self) -> Command {
        const FIELDS: [CustomerField; 6] = [
            CustomerField::Class,
            CustomerField::Wechat,
            CustomerField::Street,
            CustomerField::Compound,
            CustomerField::District,
            CustomerField::Email,
        ];
        let edit = match self.dice.below(10) {
            0 => {
                self.remarks.push_str(self.dice.pick(&STEPS));
                Edit::SetRemarks {
                    text: self.remarks.clone(),
                }
            }
            1 => Edit::SetPhone {
                phone: self.phones[self.dice.below(self.phones.len())],
                number: self.phone(),
            },
            2..=4 => Edit::SetFact {
                name: self.dice.pick(&FACT_NAMES).to_owned(),
                fact: self.fact(String::new()),
            },
            _ => {
                let field = FIELDS[self.dice.below(FIELDS.len())];
                let value = self.value_of(field, 0);
                Edit::SetField { field, value }
            }
        };
        Command::EditCard { edits: vec![edit] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_the_same_every_time_and_another_for_every_card() {
        let deeds = |number| history(1, number, CHANGES);
        assert_eq!(deeds(3), deeds(3));
        assert_ne!(deeds(3), deeds(4));
        assert_eq!(deeds(3).len(), CHANGES);
        assert_eq!(history(1, 3, 5).len(), 5);
    }
}
