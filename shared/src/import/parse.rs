//! Rows as customers.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::Problem;
use crate::import::columns::{Column, Header, Meaning, read_header};
use crate::import::decode::{Encoding, decode};
use crate::import::problem::{FileError, ProblemCode};
use crate::import::records::{ROWS_MAX, Record, Records};
use crate::record::contact::{Channel, NextStepDecision, STEP_MAX_CHARS};
use crate::record::customer::{
    Class, CustomerField, CustomerKind, FIELD_MAX_CHARS, PHONES_MAX, REMARKS_MAX_CHARS,
};
use crate::record::date::{DateError, read_date};
use crate::record::phone::{PHONE_MIN_DIGITS, PhoneKind, normalise, split_cell, split_label};
use crate::record::width::{fold, trim};

/// A file as read: customers and what is wrong with the other rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedFile {
    /// The encoding that it was read in.
    pub encoding: Encoding,
    /// Its header.
    pub header: Header,
    /// Rows with content, damaged ones included.
    pub rows: u32,
    /// Rows that can't be imported.
    pub rejected: u32,
    /// The customers, in the order of the file.
    pub customers: Vec<ImportedCustomer>,
    /// What is wrong, by line.
    pub problems: Vec<Problem>,
}

impl ImportedFile {
    /// Names of the columns that are kept as facts.
    pub fn fact_columns(&self) -> Vec<String> {
        let columns = self.header.columns.iter();
        columns
            .filter(|column| column.meaning == Meaning::Fact)
            .map(|column| column.fact_name.clone())
            .collect()
    }
}

/// A customer as a row tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedCustomer {
    /// Line of the row in the file.
    pub line: u32,
    /// Card number, if the row has one.
    pub number: Option<String>,
    /// Code or name of the store, if told.
    pub store_code: Option<String>,
    /// Name of the responsible consultant, if told.
    pub consultant: Option<String>,
    /// Fields of the card, dates as `YYYY-MM-DD`, never empty.
    pub fields: BTreeMap<CustomerField, String>,
    /// Phones, each with other digits.
    pub phones: Vec<ImportedPhone>,
    /// Long free notes; may be empty.
    pub remarks: String,
    /// What has no field of its own or could not be interpreted, by header.
    pub facts: BTreeMap<String, String>,
    /// The next step, if one is told.
    pub next_step: Option<NextStepDecision>,
}

impl ImportedCustomer {
    /// The name of the customer.
    pub fn name(&self) -> &str {
        self.fields
            .get(&CustomerField::Name)
            .map_or("", String::as_str)
    }

    /// What the customer is reached by, in the form in which it is compared: the digits of the
    /// first phone, else WeChat, else e-mail.
    pub fn reach(&self) -> String {
        let field = |field| self.fields.get(&field).cloned();
        let phone = self
            .phones
            .first()
            .map(|phone| normalise(&phone.number).digits);
        phone
            .or_else(|| field(CustomerField::Wechat))
            .or_else(|| field(CustomerField::Email))
            .unwrap_or_default()
    }
}

/// A phone of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportedPhone {
    /// The number as typed.
    pub number: String,
    /// Words beside it; may be empty.
    pub label: String,
}

/// Reads the customers of a file.
pub fn read_customers(bytes: &[u8]) -> Result<ImportedFile, FileError> {
    let decoded = decode(bytes)?;
    let header = read_header(&decoded.text)?;
    let mut records = Records::new(&decoded.text, header.delimiter);
    for _ in 0..header.records {
        records.next();
    }
    records.expect_columns(header.columns.len());
    let mut file = ImportedFile {
        encoding: decoded.encoding,
        header,
        rows: 0,
        rejected: 0,
        customers: Vec::new(),
        problems: Vec::new(),
    };
    for (meaning, code) in [
        (Meaning::Store, ProblemCode::StoreColumnMissing),
        (Meaning::Consultant, ProblemCode::ConsultantColumnMissing),
    ] {
        if !file.header.has(&meaning) {
            file.problems.push(code.at(file.header.line, None, ""));
        }
    }
    let mut seen = BTreeSet::new();
    for record in records {
        file.rows += 1;
        if file.rows as usize > ROWS_MAX {
            return Err(FileError::TooManyRows { max: ROWS_MAX });
        }
        match record {
            Record::Damaged { line, code, text } => {
                file.problems.push(code.at(line, None, &text));
                file.rejected += 1;
            }
            Record::Row { line, cells } => {
                let mut row = Row::new(line);
                if cells
                    .iter()
                    .any(|cell| cell.contains(char::REPLACEMENT_CHARACTER))
                {
                    row.problem(ProblemCode::DamagedText, None, &cells.join(" "));
                } else if !seen.insert(fingerprint(&cells)) {
                    row.problem(ProblemCode::RowTwice, None, &cells.join(" "));
                } else {
                    row.read(&file.header.columns, &cells);
                }
                if row.problems.iter().any(|problem| problem.is_fatal) {
                    file.rejected += 1;
                } else {
                    file.customers.push(row.customer);
                }
                file.problems.append(&mut row.problems);
            }
        }
    }
    Ok(file)
}

/// What tells a row from every other one, in less memory than its cells.
fn fingerprint(cells: &[String]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for cell in cells {
        hasher.update(&cell.len().to_le_bytes());
        hasher.update(cell.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// A row while it is being read.
struct Row {
    customer: ImportedCustomer,
    problems: Vec<Problem>,
}

impl Row {
    fn new(line: u32) -> Self {
        Self {
            customer: ImportedCustomer {
                line,
                ..ImportedCustomer::default()
            },
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, code: ProblemCode, column: Option<&Column>, value: &str) {
        let header = column.map(|column| column.header.as_str());
        self.problems
            .push(code.at(self.customer.line, header, value));
    }

    /// Keeps a value as a fact; one that is too long for a fact goes to the remarks.
    fn keep(&mut self, column: &Column, value: &str) {
        if value.is_empty() {
            return;
        }
        if value.chars().count() > FIELD_MAX_CHARS {
            self.problem(ProblemCode::ValueTooLong, Some(column), value);
            let remarks = &mut self.customer.remarks;
            if !remarks.is_empty() {
                remarks.push('\n');
            }
            remarks.push_str(&column.fact_name);
            remarks.push_str(": ");
            remarks.push_str(value);
        } else {
            self.customer
                .facts
                .insert(column.fact_name.clone(), value.to_owned());
        }
    }

    /// Keeps a value as a fact because it can't be interpreted.
    fn keep_as_problem(&mut self, code: ProblemCode, column: &Column, value: &str) {
        self.problem(code, Some(column), value);
        self.keep(column, value);
    }

    fn set(&mut self, field: CustomerField, column: &Column, value: String) {
        if value.is_empty() {
            return;
        }
        if value.chars().count() > FIELD_MAX_CHARS {
            // `keep` tells the problem.
            self.keep(column, &value);
        } else {
            self.customer.fields.insert(field, value);
        }
    }

    fn read(&mut self, columns: &[Column], cells: &[String]) {
        let mut step = (None, None);
        let mut wechat = None;
        for (column, cell) in columns.iter().zip(cells) {
            let value = bare(cell);
            match &column.meaning {
                Meaning::Field(CustomerField::Wechat) => wechat = Some((column, value)),
                Meaning::Field(field) => self.read_field(*field, column, value),
                Meaning::Store => {
                    self.customer.store_code = self.short_text(column, value);
                }
                Meaning::Consultant => {
                    self.customer.consultant = self.short_text(column, value);
                }
                Meaning::Phone { label } => self.read_phones(column, value, label),
                Meaning::NextStep => step.0 = Some((column, value)),
                Meaning::NextStepDate => step.1 = Some((column, value)),
                Meaning::Remarks => {
                    let before = std::mem::take(&mut self.customer.remarks);
                    self.customer.remarks = value.to_owned();
                    if !before.is_empty() {
                        self.customer.remarks.push('\n');
                        self.customer.remarks.push_str(&before);
                    }
                }
                Meaning::Fact => self.keep(column, value),
            }
        }
        if let Some((column, value)) = wechat {
            self.read_wechat(column, value);
        }
        self.read_step(step.0, step.1);
        if self.customer.name().is_empty() {
            self.problem(ProblemCode::NameMissing, None, &cells.join(" "));
        }
        if self.customer.remarks.chars().count() > REMARKS_MAX_CHARS {
            let remarks = self.customer.remarks.clone();
            self.problem(ProblemCode::CellTooLong, None, &remarks);
        }
        self.customer.number = self.customer.fields.get(&CustomerField::Number).cloned();
    }

    /// A value for the owner of the card, if it is one.
    fn short_text(&mut self, column: &Column, value: &str) -> Option<String> {
        if value.is_empty() {
            None
        } else if value.chars().count() > OWNER_NAME_MAX_CHARS {
            self.keep_as_problem(ProblemCode::ValueTooLong, column, value);
            None
        } else {
            Some(value.to_owned())
        }
    }

    fn read_field(&mut self, field: CustomerField, column: &Column, value: &str) {
        if value.is_empty() {
            return;
        }
        match field {
            CustomerField::Class => match read_class(value) {
                Some((class, is_all)) => {
                    if !is_all {
                        self.keep(column, value);
                    }
                    self.set(field, column, class.letter().to_owned());
                }
                None => self.keep_as_problem(ProblemCode::ClassUnknown, column, value),
            },
            CustomerField::Kind => match read_kind(value) {
                Some(kind) => self.set(field, column, kind.key().to_owned()),
                None => self.keep_as_problem(ProblemCode::KindUnknown, column, value),
            },
            CustomerField::Email => {
                let address: String = fold(value).to_lowercase();
                if is_email(&address) {
                    self.set(field, column, address);
                } else {
                    self.keep_as_problem(ProblemCode::EmailUnreadable, column, value);
                }
            }
            CustomerField::FirstVisit | CustomerField::EarlierContact | CustomerField::OpenedOn => {
                match read_date(value) {
                    Ok(read) => {
                        if read.has_time {
                            self.keep(column, value);
                        }
                        self.set(field, column, read.date.to_string());
                    }
                    Err(error) => self.keep_as_problem(date_problem(error), column, value),
                }
            }
            CustomerField::Number
            | CustomerField::Name
            | CustomerField::Wechat
            | CustomerField::Province
            | CustomerField::City
            | CustomerField::District
            | CustomerField::Street
            | CustomerField::Compound
            | CustomerField::Source
            | CustomerField::Unit
            | CustomerField::Floor
            | CustomerField::Lift
            | CustomerField::Region
            | CustomerField::RouteOrder
            | CustomerField::Referrer
            | CustomerField::ReferrerCard => {
                self.set(
                    field,
                    column,
                    value.split('\n').map(trim).collect::<Vec<_>>().join(" "),
                );
            }
        }
    }

    fn read_phones(&mut self, column: &Column, value: &str, header_label: &str) {
        let mut left_over = Vec::new();
        for piece in split_cell(value) {
            let (number, words) = split_label(piece);
            let phone = normalise(number);
            let is_spoiled = is_rounded(number);
            let is_long = piece.chars().count() + header_label.chars().count() >= FIELD_MAX_CHARS;
            if is_spoiled || is_long || phone.digits.len() < PHONE_MIN_DIGITS {
                self.problem(ProblemCode::PhoneUnreadable, Some(column), piece);
                left_over.push(piece);
                continue;
            }
            let is_known = self.customer.phones.iter().any(|known| {
                let known = normalise(&known.number);
                known.digits == phone.digits && known.extension() == phone.extension()
            });
            if is_known && words.is_empty() {
                continue;
            }
            if self.customer.phones.len() >= PHONES_MAX {
                self.problem(ProblemCode::PhonesTooMany, Some(column), piece);
                left_over.push(piece);
                continue;
            }
            if phone.kind == PhoneKind::Unknown {
                self.problem(ProblemCode::PhoneUnusual, Some(column), piece);
            }
            let label = [header_label, &words]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            self.customer.phones.push(ImportedPhone {
                number: number.to_owned(),
                label,
            });
        }
        if !left_over.is_empty() {
            self.keep(column, &left_over.join(" / "));
        }
    }

    fn read_wechat(&mut self, column: &Column, value: &str) {
        const SAME: [&str; 12] = [
            "同手机",
            "同手机号",
            "同电话",
            "同电话号码",
            "同号",
            "同上",
            "手机同号",
            "微信同号",
            "手机号",
            "same",
            "sameasphone",
            "sameasmobile",
        ];
        let plain: String = fold(value).to_lowercase();
        let plain: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
        if !SAME.contains(&plain.as_str()) {
            self.set(CustomerField::Wechat, column, value.to_owned());
            return;
        }
        let phones = self
            .customer
            .phones
            .iter()
            .map(|phone| normalise(&phone.number));
        match phones.into_iter().find(|phone| phone.is_mobile()) {
            Some(mobile) => self.set(CustomerField::Wechat, column, mobile.digits),
            None => self.keep_as_problem(ProblemCode::WechatWithoutMobile, column, value),
        }
    }

    fn read_step(&mut self, step: Option<(&Column, &str)>, date: Option<(&Column, &str)>) {
        let step = step.filter(|(_, value)| !value.is_empty());
        let date = date.filter(|(_, value)| !value.is_empty());
        let Some((step_column, what)) = step else {
            if let Some((column, value)) = date {
                self.keep_as_problem(ProblemCode::DateWithoutStep, column, value);
            }
            return;
        };
        if what.chars().count() > STEP_MAX_CHARS {
            self.keep_as_problem(ProblemCode::ValueTooLong, step_column, what);
            if let Some((column, value)) = date {
                self.keep(column, value);
            }
            return;
        }
        if let Some(reason) = read_none(what) {
            if let Some((column, value)) = date {
                self.keep_as_problem(ProblemCode::DateWithoutUse, column, value);
            }
            let reason = if reason.is_empty() {
                // A reason is due, but the file has none: its own word stands in.
                self.problem(ProblemCode::ReasonMissing, Some(step_column), what);
                what.to_owned()
            } else {
                reason
            };
            self.customer.next_step = Some(NextStepDecision::None { reason });
            return;
        }
        let Some((date_column, value)) = date else {
            self.keep_as_problem(ProblemCode::StepWithoutDate, step_column, what);
            return;
        };
        match read_date(value) {
            Ok(read) => {
                if read.has_time {
                    self.keep(date_column, value);
                }
                self.customer.next_step = Some(NextStepDecision::planned(
                    what,
                    read.date,
                    guess_channel(what),
                ));
            }
            Err(error) => {
                self.keep_as_problem(date_problem(error), date_column, value);
                self.keep(step_column, what);
            }
        }
    }
}

/// Longest name of a store or consultant, in characters.
const OWNER_NAME_MAX_CHARS: usize = 60;

/// A cell without blanks around it, and without the `="…"` by which exports keep a spreadsheet
/// from taking a text for a number.
fn bare(cell: &str) -> &str {
    let cell = trim(cell);
    let formula = cell
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    trim(formula.unwrap_or(cell))
}

/// Reads a class: a letter, perhaps with 类 or other words behind it. Tells whether the class is
/// all that the value says.
fn read_class(value: &str) -> Option<(Class, bool)> {
    let folded = fold(value).to_uppercase();
    let mut characters = trim(&folded).chars();
    let class = characters.next()?.to_string().parse().ok()?;
    let rest = trim(characters.as_str());
    let is_all = ["", "类", "级", "类客户", "级客户"].contains(&rest);
    let has_words = rest.starts_with(['类', '级', '等', '(', ':']);
    (is_all || has_words).then_some((class, is_all))
}

/// Reads the kind of a customer.
fn read_kind(value: &str) -> Option<CustomerKind> {
    let folded = fold(value).to_lowercase();
    let word: String = folded
        .chars()
        .filter(|character| !character.is_whitespace() && !"_-客户顾".contains(*character))
        .collect();
    match word.as_str() {
        "个人" | "私人" | "individual" | "person" | "personal" | "private" => {
            Some(CustomerKind::Individual)
        }
        "普通公司" | "公司" | "企业" | "company" | "corporate" | "business" | "enterprise" => {
            Some(CustomerKind::Company)
        }
        "政府机构" | "政府" | "机关" | "政府机关" | "government" => {
            Some(CustomerKind::Government)
        }
        "特殊公司" | "specialcompany" | "special" => Some(CustomerKind::SpecialCompany),
        "交易伙伴" | "合作伙伴" | "伙伴" | "tradingpartner" | "partner" => {
            Some(CustomerKind::TradingPartner)
        }
        _ => None,
    }
}

/// Whether a folded text looks like one e-mail address.
fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(|c: char| c.is_whitespace() || "/,;、<>()\"".contains(c))
            && !host.contains('@')
    })
}

/// The reason of an explicit "no next step": `无(换城市)`, `none: moved away`. Empty without one.
fn read_none(step: &str) -> Option<String> {
    const NONE: [&str; 8] = ["没有", "暂无", "无", "無", "none", "nothing", "n/a", "no"];
    let folded = fold(step);
    let lower = folded.to_lowercase();
    // Folding and lower-casing may change lengths, so the reason is cut out by characters.
    let none = NONE.iter().find(|none| lower.starts_with(**none))?;
    let rest: String = step.chars().skip(none.chars().count()).collect();
    let rest_folded = fold(&rest);
    if trim(&rest).is_empty() {
        return Some(String::new());
    }
    let first = trim(&rest_folded).chars().next()?;
    if !matches!(
        first,
        '(' | '[' | ':' | '-' | ',' | ';' | '。' | '、' | '【'
    ) {
        return None;
    }
    let reason = trim(&rest).trim_matches(|c: char| {
        c.is_whitespace() || "()[]【】:-,;。、".contains(crate::record::width::fold_char(c))
    });
    Some(reason.to_owned())
}

/// How a step is to be done, as far as its words tell.
fn guess_channel(what: &str) -> Channel {
    const WORDS: [(&str, Channel); 7] = [
        ("电话", Channel::Call),
        ("致电", Channel::Call),
        ("微信", Channel::Wechat),
        ("短信", Channel::Message),
        ("邮件", Channel::Mail),
        ("上门", Channel::HomeVisit),
        ("来店", Channel::StoreVisit),
    ];
    WORDS
        .iter()
        .find(|(word, _)| what.contains(word))
        .map_or(Channel::Other, |(_, channel)| *channel)
}

/// Whether a spreadsheet has rounded a number away: `1.38E+10`.
fn is_rounded(number: &str) -> bool {
    let folded = fold(number).to_uppercase();
    folded.contains("E+") || folded.contains("E1")
}

/// The problem of a date.
const fn date_problem(error: DateError) -> ProblemCode {
    match error {
        DateError::Unreadable => ProblemCode::DateUnreadable,
        DateError::Ambiguous => ProblemCode::DateAmbiguous,
        DateError::Impossible => ProblemCode::DateImpossible,
    }
}

#[cfg(test)]
mod tests;
