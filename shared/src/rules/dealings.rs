//! What a customer bought and what follows from it: life-cycle, weight, grade, loyalty (`domain.md`
//! sections 2 and 7).
//!
//! Counted from the purchases that stand on the card; numbers are settings of the store.

use serde::{Deserialize, Serialize};

use crate::record::catalogue;
use crate::record::customer::Customer;
use crate::record::entry::{Entry, EntryField, EntryKind};
use crate::record::keyed::keyed;
use crate::time::{Date, days_between};

/// The numbers of the rules, settings of the store. Amounts are cents 分.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DealingRules {
    /// Days after the first purchase for which a customer is new: 90.
    pub new_days: u32,
    /// From which accumulated amount a customer is a general one: 10,000 yuan.
    pub general_cents: i64,
    /// From which accumulated amount a customer is a main one: 100,000 yuan.
    pub main_cents: i64,
    /// Days from the first to the latest purchase that lift a customer one weight higher: three years.
    pub long_days: u32,
    /// From which accumulated amounts the grades 银卡, 金卡, 钻石卡 begin: 30,000, 100,000 and 300,000 yuan.
    pub grade_cents: [i64; 3],
    /// From which accumulated amount a customer has the store's benefit for loyal ones: 50,000 yuan.
    pub loyal_cents: i64,
}

impl Default for DealingRules {
    fn default() -> Self {
        Self {
            new_days: 90,
            general_cents: 1_000_000,
            main_cents: 10_000_000,
            long_days: 3 * 365,
            grade_cents: [3_000_000, 10_000_000, 30_000_000],
            loyal_cents: 5_000_000,
        }
    }
}

impl DealingRules {
    /// The most days that a rule may name.
    pub const DAYS_MAX: u32 = 36_500;
    /// The highest amount that a rule may name, in cents.
    pub const CENTS_MAX: i64 = crate::record::entry::AMOUNT_MAX_CENTS;

    /// Whether all numbers lie within their bounds and grow from one to the next.
    pub fn is_within_bounds(&self) -> bool {
        let [silver, gold, diamond] = self.grade_cents;
        let amounts = [self.general_cents, self.main_cents, self.loyal_cents];
        let is_amount = |cents: &i64| (0..=Self::CENTS_MAX).contains(cents);
        amounts.iter().chain(&self.grade_cents).all(is_amount)
            && self.general_cents <= self.main_cents
            && silver <= gold
            && gold <= diamond
            && self.new_days <= Self::DAYS_MAX
            && self.long_days <= Self::DAYS_MAX
    }
}

keyed! {
    /// Where a customer stands in their life with the store 生命周期.
    LifeCycle {
        /// 潜在顾客: no purchase yet.
        Future = "future",
        /// 新顾客: the first purchase is recent.
        New = "new",
        /// 老顾客: repeated or long-standing.
        Old = "old",
    }
}

keyed! {
    /// How much a customer weighs 分量, by amount and length of dealings.
    Weight {
        /// 主力
        Main = "main",
        /// 一般
        General = "general",
        /// 零散
        Scattered = "scattered",
    }
}

keyed! {
    /// The grade 等级 by accumulated amount.
    Grade {
        /// 普通
        Plain = "plain",
        /// 银卡
        Silver = "silver",
        /// 金卡
        Gold = "gold",
        /// 钻石卡
        Diamond = "diamond",
    }
}

keyed! {
    /// Whether there are dealings 往来 behind, under way or ahead; several may be.
    DealingTime {
        /// 已成交
        Past = "past",
        /// 进行中: something is not delivered, or an issue is open.
        Current = "current",
        /// 将有: a purchase is intended.
        Upcoming = "upcoming",
    }
}

/// What stands on a card about dealings; small enough for a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dealings {
    /// Number of purchases.
    pub purchases: u16,
    /// What was paid for them, in cents 分.
    pub cents: i64,
    /// The day of the first purchase.
    pub first: Option<Date>,
    /// The day of the latest purchase.
    pub last: Option<Date>,
    /// Whether a purchase is not delivered yet or an issue is open.
    pub is_under_way: bool,
    /// Whether a purchase is intended.
    pub is_ahead: bool,
}

impl Dealings {
    /// What stands on a card.
    pub fn of(customer: &Customer) -> Self {
        let purchases = customer.entries(EntryKind::Purchase);
        // What an import knew to be bought, without its days and amounts.
        let noted = catalogue::by_key("products_bought").and_then(|field| field.on(customer));
        let noted = noted.map_or(0, |fact| catalogue::parts(&fact.value).count());
        let days = || purchases.iter().filter_map(|one| one.day(EntryField::Day));
        let amounts = purchases.iter();
        let amounts = amounts.filter_map(|one| one.cents(EntryField::Amount));
        let mut issues = customer.entries(EntryKind::Issue).iter();
        let is_waiting = |one: &Entry| one.day(EntryField::DeliveredOn).is_none();
        Self {
            purchases: u16::try_from(purchases.len().max(noted)).unwrap_or(u16::MAX),
            cents: amounts.fold(0, i64::saturating_add),
            first: days().min(),
            last: days().max(),
            is_under_way: purchases.iter().any(is_waiting)
                || issues.any(|issue| issue.issue_state().is_open()),
            is_ahead: open_intentions(customer).next().is_some(),
        }
    }

    /// The life-cycle on a day; a purchase that a wrong clock dated into the future is recent.
    pub fn life_cycle(&self, today: Date, rules: &DealingRules) -> LifeCycle {
        let Some(first) = self.first else {
            return if self.purchases == 0 {
                LifeCycle::Future
            } else {
                LifeCycle::Old
            };
        };
        let is_recent = i64::from(days_between(first, today)) <= i64::from(rules.new_days);
        if is_recent {
            LifeCycle::New
        } else {
            LifeCycle::Old
        }
    }

    /// The weight, by amount and length of dealings.
    pub fn weight(&self, rules: &DealingRules) -> Weight {
        let length = self.first.zip(self.last);
        let length = length.map_or(0, |(first, last)| days_between(first, last));
        let is_long = self.purchases > 1 && i64::from(length) >= i64::from(rules.long_days);
        if self.cents >= rules.main_cents || (is_long && self.cents >= rules.general_cents) {
            Weight::Main
        } else if self.cents >= rules.general_cents || is_long {
            Weight::General
        } else {
            Weight::Scattered
        }
    }

    /// The grade by accumulated amount.
    pub fn grade(&self, rules: &DealingRules) -> Grade {
        let [silver, gold, diamond] = rules.grade_cents;
        match self.cents {
            cents if self.purchases == 0 || cents < silver => Grade::Plain,
            cents if cents < gold => Grade::Silver,
            cents if cents < diamond => Grade::Gold,
            _ => Grade::Diamond,
        }
    }

    /// Whether the customer has the store's benefit for loyal ones.
    pub const fn is_loyal(&self, rules: &DealingRules) -> bool {
        self.purchases > 0 && self.cents >= rules.loyal_cents
    }

    /// Whether there are dealings behind, under way, ahead.
    pub fn times(&self) -> impl Iterator<Item = DealingTime> {
        let all = [
            (self.purchases > 0, DealingTime::Past),
            (self.is_under_way, DealingTime::Current),
            (self.is_ahead, DealingTime::Upcoming),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, time)| time)
    }
}

/// Intentions that did not end.
pub fn open_intentions(customer: &Customer) -> impl Iterator<Item = &Entry> {
    let intentions = customer.entries(EntryKind::Intention).iter();
    intentions.filter(|intention| intention.text(EntryField::Ended).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryId;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn bought(purchases: &[(&str, &str)]) -> Dealings {
        let entries = purchases.iter().zip(1..).map(|((on, yuan), number)| {
            let cents = yuan.parse::<i64>().unwrap() * 100;
            let values = [
                (EntryField::Product, "沙发".to_owned()),
                (EntryField::Day, (*on).to_owned()),
                (EntryField::Amount, cents.to_string()),
            ];
            Entry {
                id: EntryId::from_bytes([number; 16]),
                values: values.into(),
            }
        });
        let customer = Customer {
            entries: [(EntryKind::Purchase, entries.collect())].into(),
            ..Customer::default()
        };
        Dealings::of(&customer)
    }

    #[test]
    fn life_cycle_weight_and_grade_follow_what_was_bought() {
        let rules = DealingRules::default();
        let today = day("2026-11-28");
        for (purchases, life_cycle, weight, grade, is_loyal) in [
            (
                &[][..],
                LifeCycle::Future,
                Weight::Scattered,
                Grade::Plain,
                false,
            ),
            (
                &[("2026-08-30", "9999")],
                LifeCycle::New,
                Weight::Scattered,
                Grade::Plain,
                false,
            ),
            (
                &[("2026-08-29", "30000")],
                LifeCycle::Old,
                Weight::General,
                Grade::Silver,
                false,
            ),
            // A clock that was ahead makes nobody old.
            (
                &[("2027-01-01", "100000")],
                LifeCycle::New,
                Weight::Main,
                Grade::Gold,
                true,
            ),
            // Three years of dealings weigh more than the amount alone.
            (
                &[("2022-02-28", "6000"), ("2026-02-28", "6000")],
                LifeCycle::Old,
                Weight::Main,
                Grade::Plain,
                false,
            ),
            (
                &[("2020-01-01", "300000")],
                LifeCycle::Old,
                Weight::Main,
                Grade::Diamond,
                true,
            ),
        ] {
            let dealings = bought(purchases);
            let found = (
                dealings.life_cycle(today, &rules),
                dealings.weight(&rules),
                dealings.grade(&rules),
                dealings.is_loyal(&rules),
            );
            assert_eq!(
                found,
                (life_cycle, weight, grade, is_loyal),
                "{purchases:?}"
            );
        }
    }

    #[test]
    fn dealings_are_past_under_way_and_ahead() {
        let dealings = Dealings {
            is_ahead: true,
            ..bought(&[("2026-08-30", "1")])
        };
        let times: Vec<_> = dealings.times().collect();
        assert_eq!(
            times,
            DealingTime::ALL,
            "bought, not delivered, more is wanted"
        );
        assert_eq!(Dealings::default().times().count(), 0);
    }

    #[test]
    fn thresholds_grow() {
        let usual = DealingRules::default();
        assert!(usual.is_within_bounds());
        for wrong in [
            DealingRules {
                grade_cents: [2, 1, 3],
                ..usual
            },
            DealingRules {
                main_cents: usual.general_cents - 1,
                ..usual
            },
            DealingRules {
                loyal_cents: -1,
                ..usual
            },
            DealingRules {
                new_days: u32::MAX,
                ..usual
            },
        ] {
            assert!(!wrong.is_within_bounds());
        }
    }
}
