//! Phone numbers as typed and as searched.
//!
//! A card keeps a number as someone typed it; searching and comparing use its digits. Reading a
//! number never fails: what is not recognised keeps all of its digits.

mod cell;

use std::fmt;

pub use crate::record::phone::cell::{split_cell, split_label};
use crate::record::width::{fold, fold_char, trim};

/// Fewest digits that a number of its own has; shorter pieces belong to the number beside them.
pub const PHONE_MIN_DIGITS: usize = 5;
/// Longest extension, in digits.
const EXTENSION_MAX_DIGITS: usize = 6;

/// A phone number in the form in which numbers are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NormalisedPhone {
    /// The digits to search and compare: eleven of a mobile, area code and number of a landline,
    /// `00`, country and number of a foreign one. Without extension.
    pub digits: String,
    /// What kind of number it is.
    pub kind: PhoneKind,
}

impl NormalisedPhone {
    /// Whether it is a mainland mobile number.
    pub fn is_mobile(&self) -> bool {
        self.kind == PhoneKind::Mobile
    }

    /// Whether the number is whole and known: nothing has to be guessed to dial it.
    pub fn is_complete(&self) -> bool {
        match &self.kind {
            PhoneKind::Mobile | PhoneKind::Foreign { .. } => true,
            PhoneKind::Landline { area, .. } => area.is_some(),
            PhoneKind::Unknown => false,
        }
    }

    /// The extension behind the number, if it has one.
    pub fn extension(&self) -> Option<&str> {
        match &self.kind {
            PhoneKind::Landline { extension, .. } => extension.as_deref(),
            PhoneKind::Mobile | PhoneKind::Foreign { .. } | PhoneKind::Unknown => None,
        }
    }
}

impl fmt::Display for NormalisedPhone {
    /// Writes the one spelling that this module would choose; [`normalise`] reads it back.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PhoneKind::Mobile | PhoneKind::Unknown => formatter.write_str(&self.digits),
            PhoneKind::Landline { area, extension } => {
                let area = area.as_deref().unwrap_or("");
                if let Some(number) = self.digits.strip_prefix(area)
                    && !area.is_empty()
                {
                    write!(formatter, "{area}-{number}")?;
                } else {
                    formatter.write_str(&self.digits)?;
                }
                match extension {
                    Some(extension) => write!(formatter, "转{extension}"),
                    None => Ok(()),
                }
            }
            PhoneKind::Foreign { country } => {
                let number = self.digits.strip_prefix("00").unwrap_or(&self.digits);
                let number = number.strip_prefix(country.as_str()).unwrap_or(number);
                write!(formatter, "+{country} {number}")
            }
        }
    }
}

/// The kind of a phone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhoneKind {
    /// A mainland mobile number: `1[3-9]` and nine digits.
    Mobile,
    /// A mainland landline.
    Landline {
        /// Area code with its leading zero; `None` if it was left out.
        area: Option<String>,
        /// Extension 转, if one was given.
        extension: Option<String>,
    },
    /// A number with a country code other than 86.
    Foreign {
        /// The country code, as far as known: `852`, `853`, `886`, or the empty string.
        country: String,
    },
    /// Anything else; all digits are kept.
    #[default]
    Unknown,
}

/// Reads a phone number in any spelling; of several ([`split_cell`]) the first one.
pub fn normalise(text: &str) -> NormalisedPhone {
    let text = fold(first_number(trim(text)));
    let (main, extension) = cut_extension(&text);
    let phone = read_main(main);
    if extension.is_empty() {
        // `0512-50872011-839`: a third group behind a whole landline is its extension.
        return match phone.kind {
            PhoneKind::Unknown => read_dashed_extension(main).unwrap_or(phone),
            PhoneKind::Mobile | PhoneKind::Landline { .. } | PhoneKind::Foreign { .. } => phone,
        };
    }
    match phone.kind {
        PhoneKind::Landline { area, .. } if extension.len() <= EXTENSION_MAX_DIGITS => {
            NormalisedPhone {
                digits: phone.digits,
                kind: PhoneKind::Landline {
                    area,
                    extension: Some(extension),
                },
            }
        }
        PhoneKind::Landline { .. }
        | PhoneKind::Mobile
        | PhoneKind::Foreign { .. }
        | PhoneKind::Unknown => read_main(&text),
    }
}

/// The digits to look for in [`NormalisedPhone::digits`], also of a number typed in part.
///
/// Empty when the text holds anything that does not belong into a phone number: then it is no
/// search for one.
pub fn search_digits(text: &str) -> String {
    let text = fold(trim(text));
    let is_phone_like = text.chars().all(|character| {
        character.is_ascii_digit() || character.is_whitespace() || "+-.()/".contains(character)
    });
    if !is_phone_like {
        return String::new();
    }
    let whole = normalise(&text);
    if whole.is_complete() {
        return whole.digits;
    }
    let digits = digits_of(&text);
    let has_plus = text.starts_with('+') || text.starts_with("(+");
    let is_separated = text.starts_with("86-") || text.starts_with("86 ");
    let rest = if has_plus || is_separated {
        digits.strip_prefix("86")
    } else {
        digits.strip_prefix("0086")
    };
    rest.map(str::to_owned).unwrap_or(digits)
}

/// Whether a character separates phones in a cell.
fn is_separator(character: char) -> bool {
    matches!(
        fold_char(character),
        '/' | '、' | ',' | ';' | '|' | '\\' | '&' | '\n' | '\r' | '\t' | '或' | '和'
    )
}

/// The text up to the first separator that has a number before it.
fn first_number(text: &str) -> &str {
    let mut digits = 0;
    for (index, character) in text.char_indices() {
        if fold_char(character).is_ascii_digit() {
            digits += 1;
        } else if digits >= PHONE_MIN_DIGITS && is_separator(character) {
            return &text[..index];
        }
    }
    text
}

/// The ASCII digits of a folded text.
fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The number and the digits of its extension, which is empty if there is none.
fn cut_extension(text: &str) -> (&str, String) {
    const MARKS: [&str; 8] = ["转", "轉", "分机", "分機", "ext", "EXT", "x", "#"];
    let cut = MARKS
        .iter()
        .filter_map(|mark| text.find(mark))
        .filter(|index| digits_of(&text[..*index]).len() >= PHONE_MIN_DIGITS)
        .min();
    match cut {
        Some(index) => (&text[..index], digits_of(&text[index..])),
        None => (text, String::new()),
    }
}

/// Reads `area-number-extension`.
fn read_dashed_extension(text: &str) -> Option<NormalisedPhone> {
    let (main, last) = text.rsplit_once('-')?;
    let extension = digits_of(last);
    if extension.is_empty() || extension.len() > EXTENSION_MAX_DIGITS {
        return None;
    }
    let phone = read_main(main);
    match phone.kind {
        PhoneKind::Landline {
            area: Some(area), ..
        } => Some(NormalisedPhone {
            digits: phone.digits,
            kind: PhoneKind::Landline {
                area: Some(area),
                extension: Some(extension),
            },
        }),
        PhoneKind::Landline { area: None, .. }
        | PhoneKind::Mobile
        | PhoneKind::Foreign { .. }
        | PhoneKind::Unknown => None,
    }
}

/// Reads a folded number without extension.
fn read_main(text: &str) -> NormalisedPhone {
    let digits = digits_of(text);
    let first_mark = text.find(|character: char| character == '+' || character.is_ascii_digit());
    let has_plus = first_mark.is_some_and(|index| text[index..].starts_with('+'));
    if !has_plus {
        if let Some(phone) = read_mainland(&digits) {
            return phone;
        }
        // `13800000000.0`: a spreadsheet took the number for an amount.
        if let Some(whole) = text.strip_suffix(".0")
            && is_mobile(&digits_of(whole))
        {
            return mobile(digits_of(whole));
        }
    }
    let behind_86 = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86"));
    if let Some(phone) = behind_86.and_then(read_behind_86) {
        return phone;
    }
    let international = match digits.strip_prefix("00") {
        Some(rest) => Some(rest),
        None => has_plus.then_some(digits.as_str()),
    };
    let foreign = international.unwrap_or(&digits);
    for (country, lengths) in [("852", 8..=8), ("853", 8..=8), ("886", 8..=10)] {
        if let Some(number) = foreign.strip_prefix(country)
            && lengths.contains(&number.len())
        {
            return NormalisedPhone {
                digits: format!("00{foreign}"),
                kind: PhoneKind::Foreign {
                    country: country.to_owned(),
                },
            };
        }
    }
    match international {
        Some(rest) if (8..=15).contains(&rest.len()) && !rest.starts_with(['0', '8']) => {
            NormalisedPhone {
                digits: format!("00{rest}"),
                kind: PhoneKind::Foreign {
                    country: String::new(),
                },
            }
        }
        // Whatever stood before them, the digits are what they would be by themselves.
        Some(_) | None => read_mainland(&digits).unwrap_or(NormalisedPhone {
            digits,
            kind: PhoneKind::Unknown,
        }),
    }
}

/// Reads digits without country code as a mainland number.
fn read_mainland(digits: &str) -> Option<NormalisedPhone> {
    if is_mobile(digits) {
        return Some(mobile(digits.to_owned()));
    }
    // Some dial a mobile of another town with a zero.
    if let Some(rest) = digits.strip_prefix('0')
        && is_mobile(rest)
    {
        return Some(mobile(rest.to_owned()));
    }
    if let Some(area) = area_of(digits) {
        return Some(NormalisedPhone {
            digits: digits.to_owned(),
            kind: PhoneKind::Landline {
                area: Some(area.to_owned()),
                extension: None,
            },
        });
    }
    let is_local = (7..=8).contains(&digits.len()) && !digits.starts_with(['0', '1']);
    let is_service = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    (is_local || is_service).then(|| NormalisedPhone {
        digits: digits.to_owned(),
        kind: PhoneKind::Landline {
            area: None,
            extension: None,
        },
    })
}

/// Reads digits behind the country code 86, where the zero of an area code is left out.
fn read_behind_86(rest: &str) -> Option<NormalisedPhone> {
    if is_mobile(rest) {
        return Some(mobile(rest.to_owned()));
    }
    let with_zero = if rest.starts_with('0') {
        rest.to_owned()
    } else {
        format!("0{rest}")
    };
    area_of(&with_zero)?;
    read_mainland(&with_zero)
}

/// The area code of a landline's digits, if they are one with an area code.
fn area_of(digits: &str) -> Option<&str> {
    let bytes = digits.as_bytes();
    if bytes.first() != Some(&b'0') {
        return None;
    }
    let area_length = match bytes.get(1)? {
        b'1' if bytes.get(2) == Some(&b'0') => 3,
        b'2' => 3,
        b'3'..=b'9' => 4,
        _ => return None,
    };
    let number = bytes.get(area_length..)?;
    let is_number = (7..=8).contains(&number.len()) && !matches!(number.first(), Some(b'0' | b'1'));
    is_number.then(|| &digits[..area_length])
}

/// Whether these are the eleven digits of a mainland mobile.
fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..] if digits.len() == 11)
}

/// A mobile with these digits.
const fn mobile(digits: String) -> NormalisedPhone {
    NormalisedPhone {
        digits,
        kind: PhoneKind::Mobile,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn landline(digits: &str, area: Option<&str>, extension: Option<&str>) -> NormalisedPhone {
        NormalisedPhone {
            digits: digits.to_owned(),
            kind: PhoneKind::Landline {
                area: area.map(str::to_owned),
                extension: extension.map(str::to_owned),
            },
        }
    }

    fn foreign(digits: &str, country: &str) -> NormalisedPhone {
        NormalisedPhone {
            digits: digits.to_owned(),
            kind: PhoneKind::Foreign {
                country: country.to_owned(),
            },
        }
    }

    #[test]
    fn every_spelling_of_a_mobile_has_the_same_digits() {
        for text in [
            "15149303891",
            " 15149303891",
            "151 4930 3891 ",
            "151-4930-3891",
            "151.4930.3891",
            "151　4930　3891",
            "１５１４９３０３８９１",
            "+86 151 4930 3891",
            "+8615149303891",
            "＋86 151 4930 3891",
            "(+86)15149303891",
            "008615149303891",
            "0086 151 4930 3891",
            "86-15149303891",
            "8615149303891",
            "015149303891",
            "'15149303891",
            "15149303891.0",
            "手机:15149303891",
            "\u{202d}15149303891\u{202c}",
        ] {
            assert_eq!(normalise(text), mobile("15149303891".into()), "{text:?}");
        }
    }

    #[test]
    fn landlines_keep_area_and_extension_apart() {
        for (text, expected) in [
            (
                "(0512)50872011",
                landline("051250872011", Some("0512"), None),
            ),
            (
                "（0512）50872011",
                landline("051250872011", Some("0512"), None),
            ),
            (
                "0512 2932 9364",
                landline("051229329364", Some("0512"), None),
            ),
            (
                "0519-51177164",
                landline("051951177164", Some("0519"), None),
            ),
            (
                "+86 21 84232735",
                landline("02184232735", Some("021"), None),
            ),
            (
                "+86 512 20071541",
                landline("051220071541", Some("0512"), None),
            ),
            (
                "0086-512-20071541",
                landline("051220071541", Some("0512"), None),
            ),
            (
                "86-0512-20071541",
                landline("051220071541", Some("0512"), None),
            ),
            ("010-62345678", landline("01062345678", Some("010"), None)),
            (
                "0512-77767705转882",
                landline("051277767705", Some("0512"), Some("882")),
            ),
            (
                "0512-77767705 转 882",
                landline("051277767705", Some("0512"), Some("882")),
            ),
            (
                "0512-77767705ext.882",
                landline("051277767705", Some("0512"), Some("882")),
            ),
            (
                "0512-77767705-882",
                landline("051277767705", Some("0512"), Some("882")),
            ),
            ("84315109", landline("84315109", None, None)),
            ("8431510", landline("8431510", None, None)),
            ("+84315109", landline("84315109", None, None)),
            ("84315109转8", landline("84315109", None, Some("8"))),
            ("400-820-1234", landline("4008201234", None, None)),
        ] {
            assert_eq!(normalise(text), expected, "{text:?}");
        }
    }

    #[test]
    fn foreign_numbers_keep_their_country() {
        for (text, expected) in [
            ("+852 24666954", foreign("0085224666954", "852")),
            ("00852-14393579", foreign("0085214393579", "852")),
            ("85224666954", foreign("0085224666954", "852")),
            ("+886 981117669", foreign("00886981117669", "886")),
            ("+1 415 555 2671", foreign("0014155552671", "")),
        ] {
            assert_eq!(normalise(text), expected, "{text:?}");
        }
        assert_ne!(normalise("+1 415 555 2671"), normalise("14155552671"));
    }

    #[test]
    fn what_is_no_known_number_keeps_its_digits() {
        for (text, digits) in [
            ("", ""),
            ("无", ""),
            ("12345", "12345"),
            ("1234567890123", "1234567890123"),
            ("1381234567", "1381234567"),
            ("13812345678转5", "138123456785"),
        ] {
            let phone = normalise(text);
            assert_eq!(phone.digits, digits, "{text:?}");
            assert_eq!(phone.kind, PhoneKind::Unknown, "{text:?}");
        }
    }

    #[test]
    fn a_search_finds_numbers_typed_in_part() {
        for (query, digits) in [
            ("1514930", "1514930"),
            ("151 4930", "1514930"),
            ("+86 151 49", "15149"),
            ("86-151", "151"),
            ("１５１", "151"),
            ("0512-5087", "05125087"),
            ("8615149303891", "15149303891"),
            ("王", ""),
            ("SZ1-T03-0001", ""),
            ("3单元", ""),
        ] {
            assert_eq!(search_digits(query), digits, "{query:?}");
        }
        assert!(
            normalise("+852 24666954")
                .digits
                .contains(&search_digits("+852 2466"))
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_reading_twice_is_reading_once(text in "\\PC{0,40}") {
            check_once(&text);
        }

        #[test]
        fn reading_phone_like_text_twice_is_reading_once(
            text in "[-+()（）. 　/、,转x#0-9０-９8610]{0,24}",
        ) {
            check_once(&text);
        }

    }

    fn check_once(text: &str) {
        let phone = normalise(text);
        let from_digits = normalise(&phone.digits);
        assert_eq!(from_digits.digits, phone.digits, "{text:?} {phone:?}");
        assert_eq!(normalise(&phone.to_string()), phone, "{text:?}");
        let _ = (split_cell(text), split_label(text), search_digits(text));
    }
}
