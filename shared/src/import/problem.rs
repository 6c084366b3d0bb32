//! Everything that can be wrong with a file or a row, with stable codes.

use crate::import::Problem;
use crate::record::width::trim;

/// Longest piece of a value that a problem quotes, in characters.
pub const PROBLEM_VALUE_MAX_CHARS: usize = 60;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, fatal: $fatal:literal;)+) => {
        /// What is wrong in a row. A fatal problem keeps the whole row out; with any other the row
        /// is imported, and the value in question stands on the card as a fact or stays as it was.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemCode {
            $($(#[$doc])* $variant),+
        }

        impl ProblemCode {
            /// All codes, for the completeness test of translations.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code; the screen's key is `import-` and the code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Whether the row can't be imported because of it.
            pub const fn is_fatal(self) -> bool {
                match self { $(Self::$variant => $fatal),+ }
            }
        }
    };
}

problem_codes! {
    /// The row has more or fewer cells than the header.
    ColumnCount = "column_count", fatal: true;
    /// A quotation mark is opened and never closed, or stands behind a closed one.
    UnbalancedQuotes = "unbalanced_quotes", fatal: true;
    /// Bytes in the row are no text in the file's encoding.
    DamagedText = "damaged_text", fatal: true;
    /// A cell is longer than any card can hold.
    CellTooLong = "cell_too_long", fatal: true;
    /// There is no name.
    NameMissing = "name_missing", fatal: true;
    /// The same card number stands in an earlier row of the file.
    NumberTwice = "number_twice", fatal: true;
    /// The whole row stands in the file a second time.
    RowTwice = "row_twice", fatal: true;
    /// The card number belongs to a card with another name and other phones.
    NumberOfAnother = "number_of_another", fatal: true;
    /// The card number is one that a tablet of the chain gives: it may stand on another card.
    NumberOfTablet = "number_of_tablet", fatal: true;
    /// No store is told, and the person who imports has none.
    StoreMissing = "store_missing", fatal: true;
    /// Who imports may import into stores of their own only, and this is none of them.
    StoreNotYours = "store_not_yours", fatal: true;
    /// No consultant is told, and who imports keeps no customers in the store: somebody has to be
    /// chosen.
    ConsultantNeeded = "consultant_needed", fatal: true;
    /// The consultant keeps no customers in the store, and who imports can't change that.
    ConsultantWithoutBook = "consultant_without_book", fatal: true;
    /// All values of the row together are more than one change of a card can hold.
    CardTooLarge = "card_too_large", fatal: true;
    /// The card of this row can't be read on the server.
    CardUnreadable = "card_unreadable", fatal: true;
    /// Someone changed the card while the import ran: import the file again.
    ChangedMeanwhile = "changed_meanwhile", fatal: true;
    /// No store is told: the card goes to the store of the person who imports.
    StoreEmpty = "store_empty", fatal: false;
    /// Nobody manages the store that gets customers (told once, at the header).
    StoreUnmanaged = "store_unmanaged", fatal: false;
    /// No consultant is told: the card goes to the person who imports.
    ConsultantEmpty = "consultant_empty", fatal: false;
    /// The file has no column for the store (told once, at the header).
    StoreColumnMissing = "store_column_missing", fatal: false;
    /// The file has no column for the consultant (told once, at the header).
    ConsultantColumnMissing = "consultant_column_missing", fatal: false;
    /// The class is none of A, B, C, D: kept as a fact.
    ClassUnknown = "class_unknown", fatal: false;
    /// The kind of customer is not known: kept as a fact.
    KindUnknown = "kind_unknown", fatal: false;
    /// The date is not written with year, month and day: kept as a fact.
    DateUnreadable = "date_unreadable", fatal: false;
    /// The date can be read in more than one way: kept as a fact.
    DateAmbiguous = "date_ambiguous", fatal: false;
    /// There is no such day: kept as a fact.
    DateImpossible = "date_impossible", fatal: false;
    /// A next step without a day: kept as a fact.
    StepWithoutDate = "step_without_date", fatal: false;
    /// A day without a next step: kept as a fact.
    DateWithoutStep = "date_without_step", fatal: false;
    /// "No next step", but with a day: the day is kept as a fact.
    DateWithoutUse = "date_without_use", fatal: false;
    /// "No next step" without a reason: the word itself stands as the reason.
    ReasonMissing = "reason_missing", fatal: false;
    /// No number can be found in a phone cell: kept as a fact.
    PhoneUnreadable = "phone_unreadable", fatal: false;
    /// The number is on the card, but looks wrong.
    PhoneUnusual = "phone_unusual", fatal: false;
    /// More phones than a card holds: kept as a fact.
    PhonesTooMany = "phones_too_many", fatal: false;
    /// "Same as the mobile", but there is no mobile: kept as a fact.
    WechatWithoutMobile = "wechat_without_mobile", fatal: false;
    /// The e-mail address is none: kept as a fact.
    EmailUnreadable = "email_unreadable", fatal: false;
    /// The value is too long for its field: kept as a fact or among the remarks.
    ValueTooLong = "value_too_long", fatal: false;
    /// The card says something else than the file: the card's value stays.
    ValueKept = "value_kept", fatal: false;
    /// The card exists, so the file's next step is not planned again.
    StepKept = "step_kept", fatal: false;
    /// The card is in another book than the file says: it stays there.
    OwnerKept = "owner_kept", fatal: false;
}

impl ProblemCode {
    /// The problem at a line of the file, quoting the value.
    pub fn at(self, line: u32, column: Option<&str>, value: &str) -> Problem {
        Problem {
            line,
            column: column.map(str::to_owned),
            code: self.code().to_owned(),
            value: shorten(value),
            is_fatal: self.is_fatal(),
        }
    }
}

/// The beginning of a value, on one line.
fn shorten(value: &str) -> String {
    let mut characters = trim(value).chars();
    let mut short: String = characters
        .by_ref()
        .take(PROBLEM_VALUE_MAX_CHARS)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// Why a file can't be imported at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// The file is larger than [`IMPORT_MAX_BYTES`](crate::api::IMPORT_MAX_BYTES).
    #[error("the file has {bytes} bytes, at most {max} can be imported")]
    TooLarge {
        /// Size of the file.
        bytes: usize,
        /// The largest size.
        max: usize,
    },
    /// The file is a workbook, an archive, a picture or the like.
    #[error("the file is {format}, not text: save it as CSV and try again")]
    NotText {
        /// What the file is, as far as it can be told.
        format: &'static str,
    },
    /// No column is known as the name of the customer.
    #[error("there is no column for the name (姓名, 客户姓名, name …); found: {}", found.join(", "))]
    NameColumnMissing {
        /// The headers that were found.
        found: Vec<String>,
    },
    /// More columns than [`COLUMNS_MAX`](crate::import::records::COLUMNS_MAX).
    #[error("the file has more than {max} columns")]
    TooManyColumns {
        /// The largest number.
        max: usize,
    },
    /// More rows than [`ROWS_MAX`](crate::import::records::ROWS_MAX).
    #[error("the file has more than {max} rows: split it and import the parts")]
    TooManyRows {
        /// The largest number.
        max: usize,
    },
}

impl FileError {
    /// Stable code, for translation, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::NotText { .. } => "file_not_text",
            Self::NameColumnMissing { .. } => "name_column_missing",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyRows { .. } => "too_many_rows",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_unique() {
        let codes: BTreeSet<&str> = ProblemCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
    }

    #[test]
    fn long_values_are_quoted_in_short() {
        let problem = ProblemCode::CellTooLong.at(3, Some("备注"), &"长\n".repeat(100));
        assert_eq!(problem.value.chars().count(), PROBLEM_VALUE_MAX_CHARS + 1);
        assert!(!problem.value.contains('\n'));
    }
}
