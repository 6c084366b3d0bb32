//! Settings of a store as the command line names them: `cadence.c_days=45`.

use std::fmt;

use floorbook_shared::access::StoreSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One setting with its new value. Its key is the path of the setting, parted by dots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingEdit {
    /// The key.
    key: String,
    /// The value.
    value: Value,
}

/// Why a setting can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadSetting {
    /// It is not written as `key=value`.
    NoValue,
    /// There is no such setting.
    UnknownKey(String),
    /// The value is none of this setting.
    WrongValue(String),
}

impl fmt::Display for UnreadSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue => write!(
                formatter,
                "write it as KEY=VALUE, such as cadence.c_days=45"
            ),
            Self::WrongValue(key) => {
                let usual = described(&StoreSettings::default());
                let usual = usual.into_iter().find(|(one, _)| one == key);
                let usual = usual
                    .map(|(_, value)| value.to_string())
                    .unwrap_or_default();
                write!(formatter, "{key} takes a value such as {usual}")
            }
            Self::UnknownKey(key) => {
                write!(formatter, "there is no setting {key}; there are")?;
                let all = described(&StoreSettings::default());
                all.iter()
                    .try_for_each(|(key, _)| write!(formatter, "\n  {key}"))
            }
        }
    }
}

impl std::error::Error for UnreadSetting {}

impl SettingEdit {
    /// Reads a setting as the command line writes it.
    ///
    /// # Errors
    /// It is not written so, there is none of that name, or the value does not fit.
    pub fn read(text: &str) -> Result<Self, UnreadSetting> {
        let (key, value) = text.split_once('=').ok_or(UnreadSetting::NoValue)?;
        let key = key.trim().to_owned();
        if !described(&StoreSettings::default())
            .iter()
            .any(|(one, _)| *one == key)
        {
            return Err(UnreadSetting::UnknownKey(key));
        }
        let wrong = || UnreadSetting::WrongValue(key.clone());
        let value = serde_json::from_str(value.trim()).map_err(|_| wrong())?;
        let edit = Self {
            key: key.clone(),
            value,
        };
        match applied(std::slice::from_ref(&edit), &StoreSettings::default()) {
            Some(_) => Ok(edit),
            None => Err(wrong()),
        }
    }
}

/// The settings with some of them changed; `None` if one is unknown or its value does not fit.
pub(super) fn applied(edits: &[SettingEdit], settings: &StoreSettings) -> Option<StoreSettings> {
    let mut all = serde_json::to_value(settings).ok()?;
    for edit in edits {
        let place = all.pointer_mut(&format!("/{}", edit.key.replace('.', "/")))?;
        *place = edit.value.clone();
    }
    serde_json::from_value(all).ok()
}

/// Every setting by its key, in order.
pub fn described(settings: &StoreSettings) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    if let Ok(all) = serde_json::to_value(settings) {
        collect("", &all, &mut found);
    }
    found
}

fn collect(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                collect(&path, value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            found.push((path.to_owned(), value.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_named_by_their_path() {
        let usual = StoreSettings::default();
        let read = |text: &str| SettingEdit::read(text).unwrap();
        let edits = [
            read("cadence.c_days=45"),
            read("keeps_sensitive = true"),
            read("dealings.grade_cents=[1,2,3]"),
        ];
        let after = applied(&edits, &usual).unwrap();
        assert_eq!(after.cadence.c_days, 45);
        assert!(after.keeps_sensitive);
        assert_eq!(after.dealings.grade_cents, [1, 2, 3]);
        assert_eq!(after.classes, usual.classes);
    }

    #[test]
    fn what_can_not_be_read_is_told_with_what_there_is() {
        for (text, told) in [
            ("cadence.c_days", "KEY=VALUE"),
            ("cadence.x=1", "dealings.main_cents"),
            ("cadence=1", "there is no setting"),
            ("cadence.c_days=often", "such as 30"),
            ("cadence.c_days=-1", "such as 30"),
            ("keeps_sensitive=1", "such as false"),
        ] {
            let problem = SettingEdit::read(text).unwrap_err().to_string();
            assert!(problem.contains(told), "{text}: {problem}");
        }
    }
}
