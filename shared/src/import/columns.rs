//! What the columns of a file mean, by their headers.

use std::collections::BTreeSet;

use crate::import::problem::FileError;
use crate::import::records::{COLUMNS_MAX, DELIMITERS, Record, Records};
use crate::record::customer::CustomerField;
use crate::record::width::{fold, trim};

/// Longest name of a fact, in characters; longer headers are cut.
pub const FACT_NAME_MAX_CHARS: usize = 60;
/// Rows at the top of a file among which the header is looked for (titles may stand above it).
const HEADER_ROWS: usize = 10;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Text of a field of the card, class and kind and dates included.
    Field(CustomerField),
    /// Code or name of the store.
    Store,
    /// Name of the responsible consultant.
    Consultant,
    /// Phones, with words for their label.
    Phone {
        /// For example `家庭`; empty if the header says no more than "phone".
        label: String,
    },
    /// What is to be done next.
    NextStep,
    /// The day of the next step.
    NextStepDate,
    /// Long free notes.
    Remarks,
    /// Anything else: a fact with the header as its name.
    Fact,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header as written, without blanks around it.
    pub header: String,
    /// What it holds.
    pub meaning: Meaning,
    /// The name of the fact that keeps its values where they can't be interpreted; unique.
    pub fact_name: String,
}

/// The header of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Separator of the cells.
    pub delimiter: char,
    /// Line of the header, from 1.
    pub line: u32,
    /// Rows before the first row of data, the header included.
    pub records: usize,
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
}

impl Header {
    /// Whether some column has this meaning.
    pub fn has(&self, meaning: &Meaning) -> bool {
        self.columns.iter().any(|column| column.meaning == *meaning)
    }
}

/// Known headers by meaning; within a meaning the earlier word wins where a file has several.
///
/// Words are written as [`plain`] makes them: folded, in lower case, without blanks and marks.
const WORDS: [(Meaning, &[&str]); 20] = [
    (
        Meaning::Field(CustomerField::Number),
        &[
            "卡号",
            "客户卡号",
            "顾客卡号",
            "客户编号",
            "顾客编号",
            "资料卡号",
            "会员卡号",
            "会员编号",
            "会员号",
            "客户号",
            "客户代码",
            "客户id",
            "档案号",
            "档案编号",
            "编号",
            "编码",
            "cardnumber",
            "cardno",
            "card",
            "customernumber",
            "customerno",
            "customerid",
            "customercode",
            "memberid",
            "memberno",
            "number",
            "code",
            "id",
        ],
    ),
    (
        Meaning::Field(CustomerField::Name),
        &[
            "姓名",
            "客户姓名",
            "顾客姓名",
            "客户名称",
            "顾客名称",
            "会员姓名",
            "客户名",
            "顾客名",
            "名字",
            "名称",
            "称呼",
            "联系人",
            "联系人姓名",
            "客户",
            "顾客",
            "业主",
            "业主姓名",
            "公司名称",
            "单位名称",
            "單位名稱",
            "單位",
            "name",
            "fullname",
            "customername",
            "clientname",
            "contactname",
            "customer",
            "client",
            "contact",
        ],
    ),
    (
        Meaning::Field(CustomerField::Class),
        &[
            "客户分类",
            "顾客分类",
            "客户等级",
            "顾客等级",
            "客户级别",
            "顾客级别",
            "客户类别",
            "分类",
            "等级",
            "级别",
            "意向等级",
            "意向级别",
            "类别",
            "class",
            "customerclass",
            "grade",
            "level",
            "rating",
            "category",
            "customerlevel",
            "customergrade",
        ],
    ),
    (
        Meaning::Field(CustomerField::Kind),
        &[
            "顾客类型",
            "客户类型",
            "客户性质",
            "顾客性质",
            "类型",
            "性质",
            "customertype",
            "customerkind",
            "type",
            "kind",
        ],
    ),
    (
        Meaning::Field(CustomerField::Wechat),
        &[
            "微信",
            "微信号",
            "微信id",
            "微信账号",
            "微信帐号",
            "微信号码",
            "wechat",
            "wechatid",
            "weixin",
            "wx",
            "wxid",
        ],
    ),
    (
        Meaning::Field(CustomerField::Email),
        &[
            "邮箱",
            "电子邮箱",
            "电子邮件",
            "邮箱地址",
            "邮件",
            "email",
            "emailaddress",
            "mail",
        ],
    ),
    (
        Meaning::Field(CustomerField::Province),
        &[
            "省份",
            "省",
            "所在省份",
            "所在省",
            "省市",
            "province",
            "state",
        ],
    ),
    (
        Meaning::Field(CustomerField::City),
        &["城市", "市", "所在城市", "所在市", "city", "town"],
    ),
    (
        Meaning::Field(CustomerField::District),
        &[
            "区县",
            "县区",
            "区",
            "县",
            "行政区",
            "所在区",
            "所在区县",
            "区域",
            "district",
            "county",
            "area",
        ],
    ),
    (
        Meaning::Field(CustomerField::Street),
        &[
            "详细地址",
            "地址",
            "住址",
            "家庭住址",
            "家庭地址",
            "联系地址",
            "送货地址",
            "街道",
            "门牌号",
            "address",
            "street",
            "streetaddress",
            "addressline1",
            "address1",
            "fulladdress",
        ],
    ),
    (
        Meaning::Field(CustomerField::Compound),
        &[
            "小区",
            "小区名称",
            "楼盘",
            "楼盘名称",
            "所在小区",
            "所在楼盘",
            "社区",
            "compound",
            "community",
            "estate",
            "residence",
            "neighbourhood",
            "neighborhood",
            "building",
        ],
    ),
    (
        Meaning::Field(CustomerField::Source),
        &[
            "来源",
            "客户来源",
            "顾客来源",
            "来源渠道",
            "客源",
            "渠道",
            "获客渠道",
            "获客方式",
            "source",
            "leadsource",
            "customersource",
            "origin",
            "channel",
        ],
    ),
    (
        Meaning::Field(CustomerField::FirstVisit),
        &[
            "首次到店",
            "首次到店日期",
            "首次到店时间",
            "首次到访",
            "首次来店",
            "首访日期",
            "初次到店",
            "到店日期",
            "到店时间",
            "进店日期",
            "进店时间",
            "来店日期",
            "首访",
            "firstvisit",
            "firstvisitdate",
            "firstvisitedon",
            "firstvisitat",
            "visitdate",
        ],
    ),
    (
        Meaning::Field(CustomerField::EarlierContact),
        &[
            "最近联系",
            "最近联系日期",
            "最近联系时间",
            "最后联系",
            "最后联系日期",
            "最后联系时间",
            "上次联系",
            "上次联系日期",
            "上次联系时间",
            "最近跟进",
            "最近跟进日期",
            "最近跟进时间",
            "最后跟进",
            "最后跟进日期",
            "最后跟进时间",
            "上次跟进",
            "上次跟进日期",
            "上次跟进时间",
            "最近回访",
            "最近回访日期",
            "lastcontact",
            "lastcontactdate",
            "lastcontacted",
            "lastcontactedon",
            "lastfollowup",
            "lastfollowupdate",
            "latestcontact",
        ],
    ),
    (
        Meaning::Store,
        &[
            "门店",
            "门店编号",
            "门店代码",
            "门店编码",
            "店铺",
            "店铺编号",
            "店代码",
            "店号",
            "店编号",
            "所属门店",
            "所在门店",
            "归属门店",
            "门店名称",
            "店名",
            "分店",
            "店",
            "store",
            "storecode",
            "storeid",
            "shop",
            "shopcode",
            "branch",
            "storename",
            "showroom",
            "location",
        ],
    ),
    (
        Meaning::Consultant,
        &[
            "设计顾问",
            "负责顾问",
            "所属顾问",
            "家居顾问",
            "销售顾问",
            "顾问",
            "顾问姓名",
            "负责人",
            "导购",
            "导购员",
            "所属导购",
            "销售员",
            "销售",
            "销售人员",
            "业务员",
            "跟进人",
            "归属人",
            "接待人",
            "所属员工",
            "店员",
            "员工",
            "客户经理",
            "consultant",
            "designconsultant",
            "salesconsultant",
            "salesperson",
            "salesrep",
            "sales",
            "advisor",
            "adviser",
            "responsible",
            "assignedto",
            "assignee",
            "owner",
            "staff",
            "accountmanager",
            "rep",
        ],
    ),
    (
        Meaning::NextStep,
        &[
            "下一步",
            "下一步计划",
            "下一步内容",
            "下一步行动",
            "下一步动作",
            "下步计划",
            "下步",
            "下次跟进内容",
            "下次联系内容",
            "跟进计划",
            "后续计划",
            "待办",
            "待办事项",
            "nextstep",
            "nextaction",
            "nextactivity",
            "followup",
            "todo",
            "task",
        ],
    ),
    (
        Meaning::NextStepDate,
        &[
            "下一步日期",
            "下一步时间",
            "下一步计划日期",
            "下步日期",
            "下次联系日期",
            "下次联系时间",
            "下次联系",
            "下次跟进日期",
            "下次跟进时间",
            "下次跟进",
            "下次回访日期",
            "下次回访时间",
            "下次回访",
            "计划日期",
            "计划时间",
            "待办日期",
            "nextstepdate",
            "nextdate",
            "nextcontact",
            "nextcontactdate",
            "nextactiondate",
            "nextfollowup",
            "nextfollowupdate",
            "followupdate",
            "duedate",
            "due",
        ],
    ),
    (
        Meaning::Remarks,
        &[
            "备注",
            "备注信息",
            "客户备注",
            "顾客备注",
            "备注说明",
            "说明",
            "附注",
            "备忘",
            "remarks",
            "remark",
            "notes",
            "note",
            "comments",
            "comment",
            "memo",
        ],
    ),
    (
        Meaning::Phone {
            label: String::new(),
        },
        &[
            "手机",
            "手机号",
            "手机号码",
            "电话",
            "电话号码",
            "联系电话",
            "联系方式",
            "phone",
            "mobile",
            "tel",
            "telephone",
            "cell",
            "cellphone",
            "phonenumber",
            "mobilephone",
            "mobilenumber",
            "contactnumber",
            "contactphone",
        ],
    ),
];

/// Finds separator, header and the meaning of every column.
pub fn read_header(text: &str) -> Result<Header, FileError> {
    let mut best: Option<(usize, Header)> = None;
    let mut found: Vec<String> = Vec::new();
    let mut has_too_many = false;
    for delimiter in DELIMITERS {
        for (index, record) in Records::new(text, delimiter).take(HEADER_ROWS).enumerate() {
            let Record::Row { line, cells } = record else {
                has_too_many |= index == 0 && {
                    let first = text.lines().find(|line| !line.trim().is_empty());
                    first.is_some_and(|line| line.matches(delimiter).count() >= COLUMNS_MAX)
                };
                continue;
            };
            let header = header_of(delimiter, line, index + 1, &cells);
            let known = header
                .columns
                .iter()
                .filter(|column| column.meaning != Meaning::Fact)
                .count();
            if index == 0 && (found.is_empty() || cells.len() > found.len()) {
                found = cells.iter().map(|cell| trim(cell).to_owned()).collect();
            }
            let is_header = header.has(&Meaning::Field(CustomerField::Name));
            // A title above the header, or a row of data, hardly has two known words.
            let is_better = best.as_ref().is_none_or(|(most, _)| known > *most);
            if is_header && is_better && (known >= 2 || index == 0) {
                best = Some((known, header));
            }
        }
    }
    match best {
        Some((_, header)) => Ok(header),
        None if has_too_many => Err(FileError::TooManyColumns { max: COLUMNS_MAX }),
        None => {
            found.truncate(COLUMNS_MAX);
            for header in &mut found {
                *header = header.chars().take(FACT_NAME_MAX_CHARS).collect();
            }
            Err(FileError::NameColumnMissing { found })
        }
    }
}

/// Gives each column its meaning; of several with the same one the best known word wins.
fn header_of(delimiter: char, line: u32, records: usize, cells: &[String]) -> Header {
    // Spreadsheets leave empty columns behind the last one; values in them are damage.
    let used = cells.iter().rposition(|cell| !trim(cell).is_empty());
    let cells = &cells[..used.map_or(0, |last| last + 1)];
    let ranked: Vec<Option<(Meaning, usize)>> = cells.iter().map(|cell| meaning_of(cell)).collect();
    let mut names = BTreeSet::new();
    let columns = cells
        .iter()
        .enumerate()
        .map(|(index, cell)| {
            let header = trim(cell).to_owned();
            let meaning = match &ranked[index] {
                Some((meaning, rank)) if is_best(&ranked, index, meaning, *rank) => meaning.clone(),
                Some(_) | None => Meaning::Fact,
            };
            let fact_name = unique_name(&header, index, &mut names);
            Column {
                header,
                meaning,
                fact_name,
            }
        })
        .collect();
    Header {
        delimiter,
        line,
        records,
        columns,
    }
}

/// Whether no other column has the meaning with a better known word (or an equal one before it).
fn is_best(
    ranked: &[Option<(Meaning, usize)>],
    index: usize,
    meaning: &Meaning,
    rank: usize,
) -> bool {
    if matches!(meaning, Meaning::Phone { .. }) {
        return true;
    }
    ranked
        .iter()
        .enumerate()
        .all(|(other_index, other)| match other {
            Some((other, other_rank)) if other == meaning && other_index != index => {
                rank < *other_rank || (rank == *other_rank && index < other_index)
            }
            Some(_) | None => true,
        })
}

/// The name of the fact of a column, cut to size and different from all before it.
fn unique_name(header: &str, index: usize, names: &mut BTreeSet<String>) -> String {
    let base: String = if header.is_empty() {
        format!("#{}", index + 1)
    } else {
        let one_line = header.split_whitespace().collect::<Vec<_>>().join(" ");
        one_line.chars().take(FACT_NAME_MAX_CHARS).collect()
    };
    let mut name = base.clone();
    let mut count = 1_usize;
    while !names.insert(name.clone()) {
        count += 1;
        let suffix = format!(" ({count})");
        let room = FACT_NAME_MAX_CHARS.saturating_sub(suffix.chars().count());
        name = base.chars().take(room).chain(suffix.chars()).collect();
    }
    name
}

/// What a header means, and how far back it stands among the words of that meaning.
fn meaning_of(header: &str) -> Option<(Meaning, usize)> {
    let folded = fold(header).to_lowercase();
    let whole = plain(&folded);
    if let Some(known) = known(&whole) {
        return Some(known);
    }
    // `姓名(必填)`, `客户分类(A/B/C/D)`.
    if let Some((before, _)) = folded.split_once(['(', '[', '【'])
        && let Some((meaning, rank)) = known(&plain(before))
    {
        return Some((meaning, rank + 1_000));
    }
    for prefix in ["客户", "顾客", "会员", "业主", "customer", "client"] {
        if let Some(rest) = whole.strip_prefix(prefix)
            && let Some((meaning, rank)) = known(rest)
        {
            return Some((meaning, rank + 2_000));
        }
    }
    phone_label(&whole).map(|label| (Meaning::Phone { label }, 0))
}

/// Looks a plain header up.
fn known(word: &str) -> Option<(Meaning, usize)> {
    WORDS.iter().find_map(|(meaning, words)| {
        let rank = words.iter().position(|known| *known == word)?;
        Some((meaning.clone(), rank))
    })
}

/// A folded header without blanks and marks that mean nothing.
fn plain(folded: &str) -> String {
    folded
        .chars()
        .filter(|character| {
            !character.is_whitespace()
                && !character.is_control()
                && !"_-*:.\"'\u{feff}".contains(*character)
        })
        .collect()
}

/// The label of a header that speaks of a phone in other words: `家庭电话` is `家庭`.
///
/// Phones of other people (the referrer, the designer) and dates and notes of calls are none.
fn phone_label(word: &str) -> Option<String> {
    const OTHERS: [&str; 24] = [
        "推荐",
        "介绍",
        "顾问",
        "导购",
        "设计师",
        "门店",
        "店铺",
        "销售",
        "员工",
        "日期",
        "时间",
        "次数",
        "记录",
        "结果",
        "备注",
        "内容",
        "计划",
        "是否",
        "状态",
        "品牌",
        "date",
        "time",
        "referr",
        "consent",
    ];
    const PHONES: [&str; 16] = [
        "联系电话",
        "电话号码",
        "手机号码",
        "手机号",
        "手机",
        "电话",
        "座机",
        "固话",
        "mobilephone",
        "cellphone",
        "telephone",
        "phonenumber",
        "mobile",
        "phone",
        "tel",
        "联系方式",
    ];
    if OTHERS.iter().any(|other| word.contains(other)) {
        return None;
    }
    let phone = PHONES.iter().find(|phone| word.contains(**phone))?;
    let mut label = word.replacen(phone, "", 1);
    for idle in [
        "号码", "号", "联系", "客户", "顾客", "number", "no", "customer",
    ] {
        label = label.replace(idle, "");
    }
    let label = label.trim_matches(|character: char| {
        character.is_ascii_digit() || "()/、一二三主备".contains(character)
    });
    Some(label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(header: &str) -> Vec<Meaning> {
        let header = read_header(header).unwrap();
        header
            .columns
            .into_iter()
            .map(|column| column.meaning)
            .collect()
    }

    fn phone(label: &str) -> Meaning {
        Meaning::Phone {
            label: label.to_owned(),
        }
    }

    #[test]
    fn the_headers_of_the_sample_are_known() {
        use CustomerField as F;
        let header = "卡号,门店,顾客类型,姓名,性别,电话1,电话2,微信,邮箱,省份,城市,区县,详细地址,\
                      小区,生日,职业,来源,客户分类,设计顾问,首次到店,最近联系,下一步,下一步日期,\
                      风格,关注点,预算,备注,推荐人";
        assert_eq!(
            meanings(header),
            [
                Meaning::Field(F::Number),
                Meaning::Store,
                Meaning::Field(F::Kind),
                Meaning::Field(F::Name),
                Meaning::Fact,
                phone(""),
                phone(""),
                Meaning::Field(F::Wechat),
                Meaning::Field(F::Email),
                Meaning::Field(F::Province),
                Meaning::Field(F::City),
                Meaning::Field(F::District),
                Meaning::Field(F::Street),
                Meaning::Field(F::Compound),
                Meaning::Fact,
                Meaning::Fact,
                Meaning::Field(F::Source),
                Meaning::Field(F::Class),
                Meaning::Consultant,
                Meaning::Field(F::FirstVisit),
                Meaning::Field(F::EarlierContact),
                Meaning::NextStep,
                Meaning::NextStepDate,
                Meaning::Fact,
                Meaning::Fact,
                Meaning::Fact,
                Meaning::Remarks,
                Meaning::Fact,
            ]
        );
    }

    #[test]
    fn other_words_blanks_widths_and_orders_are_understood() {
        use CustomerField as F;
        assert_eq!(
            meanings(" 手机号 ;客户姓名(必填);等级;家庭电话;推荐人电话;办公座机;电话回访日期"),
            [
                phone(""),
                Meaning::Field(F::Name),
                Meaning::Field(F::Class),
                phone("家庭"),
                Meaning::Fact,
                phone("办公"),
                Meaning::Fact,
            ]
        );
        assert_eq!(
            meanings("Customer Name\tMobile Phone\tE-mail\tNext_Step\tDue Date\tＩＤ\tHobby"),
            [
                Meaning::Field(F::Name),
                phone(""),
                Meaning::Field(F::Email),
                Meaning::NextStep,
                Meaning::NextStepDate,
                Meaning::Field(F::Number),
                Meaning::Fact,
            ]
        );
    }

    #[test]
    fn of_two_columns_with_one_meaning_the_better_known_wins() {
        use CustomerField as F;
        assert_eq!(
            meanings("等级,客户分类,联系人,姓名,备注,备注"),
            [
                Meaning::Fact,
                Meaning::Field(F::Class),
                Meaning::Fact,
                Meaning::Field(F::Name),
                Meaning::Remarks,
                Meaning::Fact,
            ]
        );
        let header = read_header("姓名,备注,备注,,\u{3000}\n").unwrap();
        let names: Vec<_> = header
            .columns
            .iter()
            .map(|column| &column.fact_name)
            .collect();
        assert_eq!(names, ["姓名", "备注", "备注 (2)"]);
    }

    #[test]
    fn a_title_above_the_header_is_passed_over() {
        let header = read_header("sep=,\n木禾家居 客户资料,,\n\n姓名,手机,备注\n李,1,\n").unwrap();
        assert_eq!((header.line, header.records), (4, 3));
    }

    #[test]
    fn a_file_without_names_says_what_it_has() {
        let error = read_header("订单号,金额\n1,2\n").unwrap_err();
        assert_eq!(
            error,
            FileError::NameColumnMissing {
                found: vec!["订单号".into(), "金额".into()]
            }
        );
        let wide = "a,".repeat(COLUMNS_MAX + 1);
        assert_eq!(read_header(&wide).unwrap_err().code(), "too_many_columns");
    }
}
