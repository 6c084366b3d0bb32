//! What the columns of a file mean, by their headers.

mod words;

use std::collections::BTreeSet;

use crate::import::columns::words::{WORDS, guess, phone_label};
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
    let phone = phone_label(&whole).map(|label| (Meaning::Phone { label }, 0));
    phone.or_else(|| Some((guess(&whole)?, 3_000)))
}

/// Looks a plain header up.
fn known(word: &str) -> Option<(Meaning, usize)> {
    WORDS.iter().find_map(|(meaning, words)| {
        let rank = words.split_whitespace().position(|known| known == word)?;
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
    fn unknown_headers_are_guessed_by_their_words() {
        use CustomerField as F;
        assert_eq!(
            meanings(
                "会员姓名,归属导购,归属门店编号,备用手机,加微信的号,首次进店登记日期,\
                 最近一次跟进时间,下次跟进事项,下次跟进的时间,现住址,安装地址,推荐人姓名,\
                 是否加微信,送货地址备注,门店电话,风格"
            ),
            [
                Meaning::Field(F::Name),
                Meaning::Consultant,
                Meaning::Store,
                phone("备用"),
                Meaning::Field(F::Wechat),
                Meaning::Field(F::FirstVisit),
                Meaning::Field(F::EarlierContact),
                Meaning::NextStep,
                Meaning::NextStepDate,
                Meaning::Fact,
                Meaning::Field(F::Street),
                Meaning::Fact,
                Meaning::Fact,
                Meaning::Fact,
                Meaning::Fact,
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
