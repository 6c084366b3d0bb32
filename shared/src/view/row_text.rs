//! The row of a customer as text: as it is kept, and as it is passed on to the screen.
//!
//! At a start thousands of rows go from the disk to the screen. To read and write each of them in
//! between takes longer than everything else, and what goes between does not look into them.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::view::row::CustomerRow;

/// The text of a row: always one that was written from a [`CustomerRow`], by this or an older
/// program.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowText(Box<RawValue>);

/// What begins the text of a row.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
struct Head {
    #[serde(default)]
    view_version: u16,
    #[serde(default)]
    number: String,
}

impl RowText {
    /// Writes a row.
    pub fn of(row: &CustomerRow) -> Self {
        // A row always can be written; should that ever change, it is one that can't be read.
        let text = to_raw_value(row);
        Self(text.unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// Reads the row; nothing if it is none.
    pub fn read(&self) -> Option<CustomerRow> {
        serde_json::from_str(self.0.get()).ok()
    }

    /// The version of the projection that made it.
    pub fn view_version(&self) -> u16 {
        self.head().0
    }

    /// Card number.
    pub fn number(&self) -> String {
        self.head().1.into_owned()
    }

    /// Whether it says the same as another row, whichever versions of the projection made them.
    pub fn says(&self, other: &Self) -> bool {
        let read = |text: &Self| {
            text.read().map(|row| CustomerRow {
                view_version: 0,
                ..row
            })
        };
        self == other || read(self).is_some_and(|row| Some(row) == read(other))
    }

    /// Version and number stand first, and are read without the rest.
    fn head(&self) -> (u16, std::borrow::Cow<'_, str>) {
        if let Some((version, number)) = quick_head(self.0.get()) {
            return (version, number.into());
        }
        let head: Head = serde_json::from_str(self.0.get()).unwrap_or_default();
        (head.view_version, head.number.into())
    }
}

/// The head of a text as [`CustomerRow`] is written; nothing of one that is written otherwise, or
/// whose number holds signs that are written as others.
fn quick_head(text: &str) -> Option<(u16, &str)> {
    let rest = text.strip_prefix("{\"view_version\":")?;
    let (version, rest) = rest.split_once(",\"number\":\"")?;
    let (number, _) = rest.split_once('"')?;
    let version = version.parse().ok()?;
    (!number.contains('\\')).then_some((version, number))
}

impl PartialEq for RowText {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_number_are_found_without_reading_the_rest() {
        for number in ["", "HZ1-F01-0007", "沙发 \"7\"", "a\\b", "\n", "{},:"] {
            let row = CustomerRow {
                view_version: 7,
                number: number.to_owned(),
                name: "\"number\":\"no\"".to_owned(),
                ..CustomerRow::default()
            };
            let text = RowText::of(&row);
            assert_eq!((text.view_version(), text.number()), (7, number.to_owned()));
            assert_eq!(text.read(), Some(row));
        }
        let usual = RowText::of(&CustomerRow::default());
        assert!(quick_head(usual.0.get()).is_some(), "how a row is written");
    }

    #[test]
    fn rows_say_the_same_whichever_version_made_them() {
        let row = |view_version, name: &str| {
            RowText::of(&CustomerRow {
                view_version,
                name: name.to_owned(),
                ..CustomerRow::default()
            })
        };
        assert!(row(4, "李女士").says(&row(5, "李女士")));
        assert!(!row(5, "李女士").says(&row(5, "王先生")));
        let none: RowText = serde_json::from_str("true").unwrap();
        assert!(!none.says(&row(5, "")));
    }

    #[test]
    fn a_row_that_was_written_otherwise_is_read_as_well() {
        let row = CustomerRow {
            view_version: 3,
            number: "HZ1-F01-0007".to_owned(),
            name: "李女士".to_owned(),
            ..CustomerRow::default()
        };
        // By the alphabet, with blanks.
        let sorted = serde_json::to_value(&row).unwrap();
        let text: RowText =
            serde_json::from_str(&serde_json::to_string_pretty(&sorted).unwrap()).unwrap();
        assert_eq!(quick_head(text.0.get()), None);
        assert_eq!(text.view_version(), 3);
        assert_eq!(text.number(), "HZ1-F01-0007");
        assert_eq!(text.read(), Some(row));
        let none: RowText = serde_json::from_str("true").unwrap();
        assert_eq!((none.view_version(), none.read()), (0, None));
    }
}
