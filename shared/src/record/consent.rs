//! What a customer agreed to and what they do not want (`domain.md` section 2).

use std::fmt;
use std::str::FromStr;

use crate::record::contact::Channel;
use crate::record::customer::UnknownValue;
use crate::record::keyed::keyed;
use crate::time::Date;

keyed! {
    /// What is agreed to, or not.
    ConsentTopic {
        /// Being called 电话. A "no" is do-not-call 请勿来电.
        Call = "call",
        /// Text messages 短信.
        Message = "message",
        /// Messages by WeChat 微信.
        Wechat = "wechat",
        /// E-mail 邮件.
        Mail = "mail",
        /// Visits at home 上门.
        HomeVisit = "home_visit",
        /// That sensitive facts are kept (identity number, health, religion, income …).
        Sensitive = "sensitive",
    }
}

impl ConsentTopic {
    /// What somebody has to agree to before they are contacted in a way; whoever comes to the store
    /// is not asked.
    pub const fn of_channel(channel: Channel) -> Option<Self> {
        match channel {
            Channel::Call => Some(Self::Call),
            Channel::Message => Some(Self::Message),
            Channel::Wechat => Some(Self::Wechat),
            Channel::Mail => Some(Self::Mail),
            Channel::HomeVisit => Some(Self::HomeVisit),
            Channel::StoreVisit | Channel::Other => None,
        }
    }
}

/// What a customer said to a topic, and when. Written as `yes 2026-11-28`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Consent {
    /// Whether they agreed.
    pub is_given: bool,
    /// The store's day on which they said so.
    pub on: Date,
}

impl FromStr for Consent {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        let (word, day) = text.split_once(' ').ok_or(UnknownValue)?;
        let is_given = match word {
            "yes" => true,
            "no" => false,
            _ => return Err(UnknownValue),
        };
        let on = day.parse().map_err(|_| UnknownValue)?;
        Ok(Self { is_given, on })
    }
}

impl fmt::Display for Consent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.is_given { "yes" } else { "no" };
        write!(formatter, "{word} {}", self.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consents_are_read_as_they_are_written() {
        for text in ["yes 2026-11-28", "no 2024-02-29"] {
            assert_eq!(text.parse::<Consent>().unwrap().to_string(), text);
        }
        for wrong in ["", "yes", "maybe 2026-11-28", "no 2026-02-30"] {
            assert_eq!(wrong.parse::<Consent>(), Err(UnknownValue), "{wrong}");
        }
    }
}
