//! Whether a walk-in is on a card already: what was typed against the phones and the WeChat id of a
//! card, whole and exact, however either is spelled.

use std::borrow::Cow;

use serde::Deserialize;

use crate::record::phone::{PHONE_MIN_DIGITS, normalise};
use crate::record::width::{fold, trim};

/// Longest phone or WeChat id that is asked for, in characters.
pub const LOOKUP_MAX_CHARS: usize = 60;
/// Fewest characters of a WeChat id.
const WECHAT_MIN_CHARS: usize = 5;

/// Somebody who is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Digits that one of the phones has; none is empty.
    phones: Vec<String>,
    /// The WeChat id, folded.
    wechat: Option<String>,
}

/// Why nobody can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookUpProblem {
    /// Neither a whole phone number nor a whole WeChat id.
    #[error("type a whole phone number or a whole WeChat id")]
    TooLittle,
    /// Longer than any of these is.
    #[error("a phone number or WeChat id has at most {LOOKUP_MAX_CHARS} characters")]
    TooLong,
}

impl LookUpProblem {
    /// Stable code for translation and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLittle => "lookup_too_little",
            Self::TooLong => "lookup_too_long",
        }
    }
}

/// What of a row tells who it is; the rest of it is not even read.
#[derive(Debug, Default, Deserialize)]
struct Reach<'a> {
    #[serde(default, borrow)]
    phones: Vec<Cow<'a, str>>,
    #[serde(default, borrow)]
    wechat: Cow<'a, str>,
}

impl Wanted {
    /// Reads what was typed; one of both may be empty.
    ///
    /// # Errors
    /// If it is too little to mean one customer, or longer than anything that is on a card.
    pub fn read(phone: &str, wechat: &str) -> Result<Self, LookUpProblem> {
        let is_long = |text: &str| text.chars().nth(LOOKUP_MAX_CHARS).is_some();
        if is_long(phone) || is_long(wechat) {
            return Err(LookUpProblem::TooLong);
        }
        let digits = Some(normalise(phone).digits);
        let digits = digits.filter(|digits| digits.len() >= PHONE_MIN_DIGITS);
        let id = Some(wechat_of(wechat)).filter(|id| id.chars().count() >= WECHAT_MIN_CHARS);
        if digits.is_none() && id.is_none() {
            return Err(LookUpProblem::TooLittle);
        }
        let mut phones: Vec<String> = digits.into_iter().collect();
        // Many have their number as their id.
        phones.extend(mobile_of(wechat));
        Ok(Self { phones, wechat: id })
    }

    /// Whether somebody with these phones and this WeChat id is the one.
    pub fn is(&self, phones: &[impl AsRef<str>], wechat: &str) -> bool {
        let has = |digits: &String| self.phones.contains(digits);
        let by_phone = |typed: &str| has(&normalise(typed).digits);
        if !self.phones.is_empty()
            && (phones.iter().any(|phone| by_phone(phone.as_ref()))
                || mobile_of(wechat).as_ref().is_some_and(has))
        {
            return true;
        }
        let id = self.wechat.as_ref();
        id.is_some_and(|id| *id == wechat_of(wechat))
    }

    /// Whether a stored row is of the one. A row that can't be read is of nobody.
    pub fn is_in(&self, row: &[u8]) -> bool {
        let read = serde_json::from_slice::<Reach<'_>>(row);
        read.is_ok_and(|reach| self.is(&reach.phones, &reach.wechat))
    }
}

/// A WeChat id as it is compared.
fn wechat_of(text: &str) -> String {
    fold(trim(text)).to_lowercase()
}

/// The digits of a WeChat id that is a mobile number.
fn mobile_of(wechat: &str) -> Option<String> {
    // Most ids begin with a letter; these need no reading.
    let is_number = !wechat.chars().any(char::is_alphabetic);
    let phone = is_number.then(|| normalise(wechat));
    phone
        .filter(|phone| phone.is_mobile())
        .map(|phone| phone.digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(asked: (&str, &str), phones: &[&str], wechat: &str) -> bool {
        Wanted::read(asked.0, asked.1).unwrap().is(phones, wechat)
    }

    #[test]
    fn every_spelling_of_a_phone_is_the_same_and_a_part_is_none() {
        for typed in ["15149303891", "+86 151 4930 3891", "151-4930-3891"] {
            assert!(is(
                (typed, ""),
                &["0512-50872011", "１５１４９３０３８９１"],
                ""
            ));
        }
        assert!(!is(("1514930389", ""), &["15149303891"], ""));
        assert!(!is(("15149303891", ""), &["无", "", "1514930389"], ""));
    }

    #[test]
    fn a_wechat_id_is_found_as_itself_and_as_the_phone_that_it_is() {
        assert!(is(("", " WX_zhao88 "), &[], "wx_Zhao88"));
        assert!(!is(("", "wx_zhao88"), &[], "wx_zhao881"));
        assert!(is(("", "15149303891"), &["151 4930 3891"], ""));
        assert!(is(("15149303891", ""), &[], "15149303891"));
        assert!(!is(("15149303891", ""), &[], ""));
    }

    #[test]
    fn too_little_and_too_much_are_refused() {
        let long = "1".repeat(LOOKUP_MAX_CHARS + 1);
        for (phone, wechat, expected) in [
            ("", "", LookUpProblem::TooLittle),
            ("无", " ", LookUpProblem::TooLittle),
            ("1381", "abcd", LookUpProblem::TooLittle),
            (long.as_str(), "", LookUpProblem::TooLong),
            ("13800000001", long.as_str(), LookUpProblem::TooLong),
        ] {
            assert_eq!(
                Wanted::read(phone, wechat),
                Err(expected),
                "{phone} {wechat}"
            );
        }
    }

    #[test]
    fn a_row_is_read_as_far_as_it_is_needed() {
        let row =
            br#"{"view_version":9,"phones":["138\u0030 0000 001"],"new":[{"a":1}],"wechat":"x"}"#;
        let wanted = Wanted::read("13800000001", "").unwrap();
        assert!(wanted.is_in(row));
        assert!(!wanted.is_in(b"{"));
    }
}
