//! Occupations with hours of their own (`domain.md` section 4).

use jiff::civil::Weekday;

use super::{CallingHours, Level, Moment, Reason, Window, judge_hour};

macro_rules! occupations {
    ($($(#[$doc:meta])* $name:ident = $key:literal [$($word:literal),+]),+ $(,)?) => {
        /// An occupation that decides when to call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Occupation {
            $($(#[$doc])* $name),+
        }

        impl Occupation {
            /// All of them. Those whose words are part of the words of others come later.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The key of its words.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }

            /// The words by which it is recognised on a card, in both languages.
            const fn words(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($word),+]),+ }
            }
        }
    };
}

occupations! {
    /// 会计: in the middle of the month.
    Accountant = "accountant" ["会计", "會計", "财务", "出纳", "审计", "accountant", "bookkeeper"],
    /// 药剂师
    Pharmacist = "pharmacist" ["药剂", "药师", "藥劑", "药店", "pharmacist"],
    /// 医生: around midday, and on rainy days.
    Doctor = "doctor" ["医生", "醫生", "医师", "大夫", "护士", "doctor", "physician", "nurse"],
    /// 股民: after the close.
    StockTrader = "stock_trader" ["股民", "炒股", "证券", "股票", "stock", "trader"],
    /// 银行职员
    Banker = "banker" ["银行", "銀行", "banker", "bank clerk", "bank employee"],
    /// 公务员: in working hours, not before lunch or the end of the day.
    CivilServant = "civil_servant" ["公务员", "公務員", "机关", "civil servant", "official"],
    /// 艺术家
    Artist = "artist" ["艺术", "藝術", "画家", "音乐", "artist", "painter", "musician"],
    /// 餐饮老板
    Restaurateur = "restaurateur" ["餐饮", "餐飲", "餐厅", "饭店", "厨师", "restaura", "chef"],
    /// 建筑商: early or at the end of the day.
    Builder = "builder" ["建筑", "建築", "施工", "包工", "builder", "contractor"],
    /// 律师
    Lawyer = "lawyer" ["律师", "律師", "lawyer", "attorney"],
    /// 教师
    Teacher = "teacher" ["教师", "教師", "老师", "老師", "教授", "teacher", "professor"],
    /// 零售店主
    Retailer = "retailer" ["零售", "店主", "开店", "retail", "shopkeeper"],
    /// 记者
    Journalist = "journalist" ["记者", "記者", "编辑", "journalist", "reporter"],
    /// 家庭主妇
    Homemaker = "homemaker" ["主妇", "主婦", "全职太太", "全职妈妈", "homemaker", "housewife"],
    /// 行政人员
    Administrator = "administrator" ["行政", "文员", "administrat", "secretary"],
    /// 销售
    Salesperson = "salesperson" ["销售", "銷售", "业务员", "推销", "sales"],
    /// 商人
    Merchant = "merchant" ["商人", "企业主", "企業主", "老板", "做生意", "个体", "merchant", "business owner"],
    /// 公司职员
    Employee = "employee" ["职员", "職員", "上班", "员工", "工程师", "程序员", "employee", "clerk", "engineer", "programmer"],
}

const fn at(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

/// The middle of a month: the days on which accountants have time.
const MID_MONTH: std::ops::RangeInclusive<i8> = 10..=20;

impl Occupation {
    /// The occupation that words on a card tell of, if it has hours of its own.
    pub fn read(words: &str) -> Option<Self> {
        let words = words.trim().to_lowercase();
        if words.is_empty() {
            return None;
        }
        Self::ALL
            .iter()
            .copied()
            .find(|occupation| occupation.words().iter().any(|word| words.contains(word)))
    }

    /// The good hours: those that the store set, else those of the rule; where that is open at one
    /// end, the store's day ends it.
    pub fn windows(self, hours: &CallingHours) -> Vec<Window> {
        if let Some(window) = hours.occupations.get(self) {
            return vec![window];
        }
        let (start, end) = (hours.preparing_from, hours.business_until);
        match self {
            Self::Doctor => vec![(at(11, 0), at(14, 0))],
            Self::Salesperson | Self::Banker | Self::Lawyer => {
                vec![(start, at(10, 0)), (at(16, 0), end)]
            }
            Self::Administrator => vec![(at(10, 30), at(15, 0))],
            Self::StockTrader | Self::Journalist => vec![(at(15, 0), end)],
            Self::CivilServant => vec![(at(9, 0), at(11, 0)), (at(14, 0), at(16, 30))],
            Self::Artist => vec![(at(9, 0), hours.midday_from)],
            Self::Pharmacist => vec![(at(14, 0), at(15, 30))],
            Self::Restaurateur => vec![(at(15, 0), at(16, 0))],
            Self::Builder => vec![(start, at(9, 30)), (at(16, 30), end)],
            Self::Teacher => vec![(at(16, 0), end)],
            Self::Retailer => vec![(at(14, 0), at(15, 0))],
            Self::Employee => vec![(at(20, 0), at(21, 0))],
            Self::Homemaker => vec![(at(10, 0), at(11, 0))],
            Self::Merchant => vec![(at(13, 0), at(15, 0))],
            // Days of the month, not hours.
            Self::Accountant => Vec::new(),
        }
    }

    /// Whether nobody of this occupation is to be called then.
    fn is_forbidden(self, moment: Moment) -> bool {
        match self {
            Self::StockTrader => (at(9, 0)..at(15, 0)).contains(&moment.minute),
            Self::Retailer => matches!(
                moment.date.weekday(),
                Weekday::Saturday | Weekday::Sunday | Weekday::Monday
            ),
            Self::Accountant
            | Self::Pharmacist
            | Self::Doctor
            | Self::Banker
            | Self::CivilServant
            | Self::Artist
            | Self::Restaurateur
            | Self::Builder
            | Self::Lawyer
            | Self::Teacher
            | Self::Journalist
            | Self::Homemaker
            | Self::Administrator
            | Self::Salesperson
            | Self::Merchant
            | Self::Employee => false,
        }
    }

    /// How good a moment is for people of this occupation, before the weekday is looked at.
    pub(super) fn judge(self, moment: Moment, hours: &CallingHours) -> (Level, Reason) {
        let (general, reason) = judge_hour(moment.minute, hours);
        if self == Self::Accountant {
            return match (MID_MONTH.contains(&moment.date.day()), general) {
                (true, Level::Best | Level::Fine) => (Level::Best, Reason::Occupation(self)),
                (false, Level::Best | Level::Fine) => {
                    (Level::BetterNot, Reason::NotOccupation(self))
                }
                (_, Level::BetterNot | Level::No) => (general, reason),
            };
        }
        let has_own = hours.occupations.get(self).is_some();
        if !has_own && self.is_forbidden(moment) {
            return (Level::No, Reason::NotOccupation(self));
        }
        let is_good = self
            .windows(hours)
            .iter()
            .any(|(from, until)| (*from..*until).contains(&moment.minute));
        match (is_good, general) {
            (true, _) => (Level::Best, Reason::Occupation(self)),
            (false, Level::No) => (general, reason),
            (false, Level::BetterNot | Level::Fine | Level::Best) => {
                (Level::BetterNot, Reason::NotOccupation(self))
            }
        }
    }
}
