//! What an existing card lacks, and what of the file must not touch it.

use crate::document::command::{Command, Edit};
use crate::import::damage::is_damaged_copy;
use crate::import::identity::{ImportIdentity, is_same_entry};
use crate::import::parse::ImportedCustomer;
use crate::import::plan::{
    ExistingCard, PlannedCard, Planner, is_same_name, is_same_word, new_phones, phone_key,
};
use crate::import::problem::ProblemCode;
use crate::record::contact::NextStepDecision;
use crate::record::customer::{Customer, CustomerField, PHONES_MAX};
use crate::record::phone::normalise;
use crate::record::width::trim;
use crate::rules::FACTS_MAX;

impl Planner<'_> {
    /// Plans what an existing card lacks.
    pub(super) fn complete(
        &mut self,
        row: &ImportedCustomer,
        identity: ImportIdentity,
        card: &ExistingCard,
    ) {
        if !is_same_customer(row, &card.customer) {
            let number = row.number.as_deref().unwrap_or("");
            let value = format!("{number} {}", row.name());
            self.reject(ProblemCode::NumberOfAnother, row.line, &value);
            return;
        }
        self.note_other_owner(row, card);
        let mut edits = Vec::new();
        self.complete_fields(row, card, &mut edits);
        self.complete_phones(row, card, &identity, &mut edits);
        self.complete_remarks(row, card, &mut edits);
        self.complete_facts(row, card, &mut edits);
        self.note_other_step(row, card);
        let command = if edits.is_empty() {
            self.report.unchanged += 1;
            None
        } else {
            self.report.completed += 1;
            Some(Command::EditCard { edits })
        };
        self.items.push(PlannedCard {
            line: row.line,
            identity,
            document: Some(card.document),
            owner: None,
            command,
        });
    }

    /// Decides about one value; returns whether the file's is to be written.
    fn takes(
        &mut self,
        line: u32,
        name: &str,
        (card, is_taken_off): (&str, bool),
        file: &str,
    ) -> bool {
        if file.is_empty() || card == file || is_damaged_copy(file, card) {
            return false;
        }
        if is_taken_off {
            self.problem(ProblemCode::ValueKept, line, Some(name), file);
            return false;
        }
        if card.is_empty() || is_damaged_copy(card, file) {
            return true;
        }
        self.problem(ProblemCode::ValueKept, line, Some(name), file);
        false
    }

    fn complete_fields(
        &mut self,
        row: &ImportedCustomer,
        card: &ExistingCard,
        edits: &mut Vec<Edit>,
    ) {
        for (field, value) in &row.fields {
            let is_taken_off = card.taken_off.fields.contains(field);
            let current = (card.customer.field(*field), is_taken_off);
            if self.takes(row.line, field.key(), current, value) {
                edits.push(Edit::SetField {
                    field: *field,
                    value: value.clone(),
                });
            }
        }
    }

    fn complete_phones(
        &mut self,
        row: &ImportedCustomer,
        card: &ExistingCard,
        identity: &ImportIdentity,
        edits: &mut Vec<Edit>,
    ) {
        let mut count = card.customer.phones.len();
        for phone in new_phones(row, identity) {
            let key = phone_key(&phone.number);
            let is_on_card = card
                .customer
                .phones
                .iter()
                .any(|on| phone_key(&on.number) == key);
            if is_on_card {
                continue;
            }
            // Corrected or removed by staff: the file is out of date.
            let is_settled = (card.customer.phones.iter().map(|on| &on.id))
                .chain(&card.taken_off.phones)
                .any(|id| is_same_entry(*id, phone.id));
            if is_settled || count >= PHONES_MAX {
                self.problem(
                    ProblemCode::ValueKept,
                    row.line,
                    Some("phone"),
                    &phone.number,
                );
                continue;
            }
            count += 1;
            edits.push(Edit::AddPhone(phone));
        }
    }

    fn complete_remarks(
        &mut self,
        row: &ImportedCustomer,
        card: &ExistingCard,
        edits: &mut Vec<Edit>,
    ) {
        if card.customer.remarks.contains(&row.remarks) {
            return;
        }
        let current = (card.customer.remarks.as_str(), card.taken_off.remarks);
        if self.takes(row.line, "remarks", current, &row.remarks) {
            edits.push(Edit::SetRemarks {
                text: row.remarks.clone(),
            });
        }
    }

    fn complete_facts(
        &mut self,
        row: &ImportedCustomer,
        card: &ExistingCard,
        edits: &mut Vec<Edit>,
    ) {
        let mut count = card.customer.facts.len();
        for (name, value) in &row.facts {
            let known = card.customer.facts.get(name);
            let current = known.map_or("", |fact| fact.value.as_str());
            // An empty fact is one that someone cleared.
            let is_taken_off = known.is_some() && current.is_empty();
            let is_full = known.is_none() && count >= FACTS_MAX;
            if self.takes(row.line, name, (current, is_taken_off || is_full), value) {
                count += usize::from(known.is_none());
                edits.push(Edit::SetFact {
                    name: name.clone(),
                    fact: self.context.fact(value),
                });
            }
        }
    }

    /// Notes a next step of the file that the card does not know.
    fn note_other_step(&mut self, row: &ImportedCustomer, card: &ExistingCard) {
        let Some(told) = &row.next_step else {
            return;
        };
        let words = |decision: &NextStepDecision| match decision {
            NextStepDecision::Planned { what, .. } => what.clone(),
            NextStepDecision::None { reason } => reason.clone(),
        };
        let told = words(told);
        let is_known = card.customer.next_steps.iter().any(|step| {
            let known = words(&step.decision);
            trim(&known) == told || is_damaged_copy(&told, &known) || is_damaged_copy(&known, &told)
        });
        if !is_known {
            self.problem(ProblemCode::StepKept, row.line, None, &told);
        }
    }

    /// Notes that the file names another owner than the book that the card is in.
    fn note_other_owner(&mut self, row: &ImportedCustomer, card: &ExistingCard) {
        let scope = self.context.scope;
        let Some(feed) = scope.feed(card.feed) else {
            return;
        };
        let owner = feed.owner.and_then(|owner| scope.person(owner));
        let (Some(told), Some(owner)) = (&row.consultant, owner) else {
            return;
        };
        if !is_same_word(&owner.name, told) {
            let told = told.clone();
            let column = self.consultant_column.clone();
            self.problem(ProblemCode::OwnerKept, row.line, column.as_deref(), &told);
        }
    }
}

/// Whether a row and a card with its identity are about one customer: same name, a damaged copy
/// of it, or a phone in common. Without phones on both sides there is nothing to doubt by.
fn is_same_customer(row: &ImportedCustomer, card: &Customer) -> bool {
    let name = card.field(CustomerField::Name);
    if name.is_empty()
        || is_same_name(name, row.name())
        || row.phones.is_empty()
        || card.phones.is_empty()
    {
        return true;
    }
    row.phones.iter().any(|phone| {
        let digits = normalise(&phone.number).digits;
        card.phones
            .iter()
            .any(|on_card| normalise(&on_card.number).digits == digits)
    })
}
