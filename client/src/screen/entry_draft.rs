//! The half-typed entry: what stood there when its form opened, and what stands there now.

use std::collections::BTreeMap;

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::EntryId;
use floorbook_shared::record::entry::{Entry, EntryField, EntryKind, FieldSort};
use serde::{Deserialize, Serialize};

use crate::screen::money::{cents_of_yuan, yuan_to_edit};

/// A half-typed entry, or a part of one. Only what is changed here is saved, so that what a colleague
/// writes meanwhile stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDraft {
    kind: EntryKind,
    entry: EntryId,
    /// What the form can't be saved without.
    needs: EntryField,
    before: BTreeMap<EntryField, String>,
    values: BTreeMap<EntryField, String>,
}

/// Why a draft can't be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftProblem {
    /// This field is empty.
    Missing(EntryField),
    /// What is typed as an amount is none.
    Amount(EntryField),
}

impl EntryDraft {
    /// A form of these fields on an entry, or on a new one; it can't be saved without the first.
    pub fn of(kind: EntryKind, id: EntryId, entry: Option<&Entry>, fields: &[EntryField]) -> Self {
        let typed = |field: EntryField| {
            let entry = entry?;
            let stored = entry.text(field);
            let typed = match entry.cents(field) {
                Some(cents) if field.sort() == FieldSort::Cents => yuan_to_edit(cents),
                _ => stored.to_owned(),
            };
            Some((field, typed)).filter(|(_, typed)| !typed.is_empty())
        };
        let before: BTreeMap<_, _> = fields.iter().copied().filter_map(typed).collect();
        Self {
            kind,
            entry: id,
            needs: fields.first().copied().unwrap_or(kind.head()),
            values: before.clone(),
            before,
        }
    }

    /// The same with a proposal for a field that is empty.
    pub fn propose(&mut self, field: EntryField, value: String) {
        self.values.entry(field).or_insert(value);
    }

    /// What is typed in a field.
    pub fn text(&self, field: EntryField) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// Types into a field.
    pub fn set(&mut self, field: EntryField, value: String) {
        self.values.insert(field, value);
    }

    /// Why it can't be saved yet.
    pub fn problem(&self) -> Option<DraftProblem> {
        if self.text(self.needs).trim().is_empty() {
            return Some(DraftProblem::Missing(self.needs));
        }
        let mut typed = self.values.iter();
        let wrong = typed.find(|(field, value)| stored(**field, value).is_none());
        wrong.map(|(field, _)| DraftProblem::Amount(*field))
    }

    /// What was changed here. The head comes first: it opens the entry.
    pub fn edits(&self) -> Vec<Edit> {
        let fields = self.kind.fields().iter();
        let changed = fields.filter_map(|field| {
            let typed = self.values.get(field)?;
            let before = self.before.get(field).map_or("", String::as_str);
            let value = stored(*field, typed)?;
            (Some(&value) != stored(*field, before).as_ref()).then_some(Edit::SetEntry {
                kind: self.kind,
                entry: self.entry,
                field: *field,
                value,
            })
        });
        changed.collect()
    }
}

/// What is kept of what is typed; `None` if it is no amount.
fn stored(field: EntryField, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if field.sort() == FieldSort::Cents && !typed.is_empty() {
        cents_of_yuan(typed).map(|cents| cents.to_string())
    } else {
        Some(typed.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: EntryId = EntryId::from_bytes([7; 16]);

    fn values(edits: &[Edit]) -> Vec<(EntryField, &str)> {
        let edits = edits.iter().map(|edit| match edit {
            Edit::SetEntry { field, value, .. } => (*field, value.as_str()),
            other @ (Edit::SetField { .. }
            | Edit::SetRemarks { .. }
            | Edit::AddPhone(_)
            | Edit::SetPhone { .. }
            | Edit::RemovePhone { .. }
            | Edit::LabelPhone { .. }
            | Edit::SetFact { .. }
            | Edit::SetConsent { .. }) => panic!("{other:?}"),
        });
        edits.collect()
    }

    fn bought() -> Entry {
        let values = [
            (EntryField::Product, "转角沙发".to_owned()),
            (EntryField::Amount, "1280050".to_owned()),
            (EntryField::Day, "2026-11-20".to_owned()),
        ];
        Entry {
            id: ID,
            values: values.into(),
        }
    }

    #[test]
    fn a_new_entry_begins_with_its_head_and_keeps_cents() {
        let fields = EntryKind::Purchase.fields();
        let mut draft = EntryDraft::of(EntryKind::Purchase, ID, None, fields);
        draft.propose(EntryField::Day, "2026-11-28".to_owned());
        assert_eq!(
            draft.problem(),
            Some(DraftProblem::Missing(EntryField::Product))
        );
        draft.set(EntryField::Amount, "3万".to_owned());
        draft.set(EntryField::Product, " 餐桌 ".to_owned());
        draft.set(EntryField::About, String::new());
        assert_eq!(draft.problem(), None);
        assert_eq!(
            values(&draft.edits()),
            [
                (EntryField::Product, "餐桌"),
                (EntryField::Day, "2026-11-28"),
                (EntryField::Amount, "3000000"),
            ]
        );
    }

    #[test]
    fn only_what_was_changed_is_saved() {
        let fields = EntryKind::Purchase.fields();
        let mut draft = EntryDraft::of(EntryKind::Purchase, ID, Some(&bought()), fields);
        assert_eq!(draft.text(EntryField::Amount), "12800.50");
        draft.propose(EntryField::Day, "2026-11-28".to_owned());
        assert_eq!(draft.edits(), []);
        draft.set(EntryField::Amount, "12,800.5".to_owned());
        assert_eq!(draft.edits(), [], "the same amount, typed differently");
        draft.set(EntryField::Day, String::new());
        assert_eq!(values(&draft.edits()), [(EntryField::Day, "")]);
    }

    #[test]
    fn what_is_no_amount_is_not_saved() {
        let mut draft = EntryDraft::of(
            EntryKind::Purchase,
            ID,
            Some(&bought()),
            EntryKind::Purchase.fields(),
        );
        draft.set(EntryField::Amount, "一万多".to_owned());
        assert_eq!(
            draft.problem(),
            Some(DraftProblem::Amount(EntryField::Amount))
        );
        assert_eq!(draft.edits(), []);
    }

    #[test]
    fn a_step_of_an_issue_needs_its_first_field() {
        let issue = Entry {
            id: ID,
            values: [(EntryField::Issue, "沙发异响".to_owned())].into(),
        };
        let fields = [EntryField::Promise, EntryField::PromisedFor];
        let mut draft = EntryDraft::of(EntryKind::Issue, ID, Some(&issue), &fields);
        draft.propose(EntryField::PromisedFor, "2026-12-01".to_owned());
        assert_eq!(
            draft.problem(),
            Some(DraftProblem::Missing(EntryField::Promise))
        );
        draft.set(EntryField::Promise, "周二上门".to_owned());
        assert_eq!(
            values(&draft.edits()),
            [
                (EntryField::Promise, "周二上门"),
                (EntryField::PromisedFor, "2026-12-01"),
            ]
        );
    }
}
