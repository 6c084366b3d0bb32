//! The half-typed contact, and the command that it becomes.

use floorbook_shared::document::command::{Command, Edit, NewContact};
use floorbook_shared::id::EntryId;
use floorbook_shared::record::consent::{Consent, ConsentTopic};
use floorbook_shared::record::contact::{
    Channel, NextStepDecision, Outcome, Purpose, Satisfaction,
};
use floorbook_shared::record::entry::{EntryField, EntryKind};
use floorbook_shared::time::Date;
use serde::{Deserialize, Serialize};

use super::AnsweredIssue;
use crate::screen::components::NextStepDraft;
use crate::screen::text::Text;

/// The half-typed contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ContactDraft {
    pub contact: EntryId,
    pub date: Date,
    pub channel: Option<Channel>,
    #[serde(default)]
    pub purpose: Option<Purpose>,
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub satisfaction: Option<Satisfaction>,
    /// Why the customer declined.
    #[serde(default)]
    pub refusal: String,
    /// Whether they do not want to be contacted in this way any more.
    #[serde(default)]
    pub refuses_channel: bool,
    #[serde(default)]
    pub complaint: Complaint,
    pub note: String,
    pub completes: Vec<EntryId>,
    pub next: NextStepDraft,
    /// The derived work that it does.
    #[serde(default)]
    pub does: Option<String>,
    /// What solved the issue that the contact is about.
    #[serde(default)]
    pub solution: String,
}

/// What a complaint is about, and what was promised.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Complaint {
    /// The entry of the issue, made when the form opens.
    pub issue: Option<EntryId>,
    pub what: String,
    pub promise: String,
    pub promised_for: Option<Date>,
}

impl ContactDraft {
    /// The command, or what is still missing for it, in words. `has_issue` tells whether a complaint
    /// may be about an issue that the card knows already.
    pub fn command(
        &self,
        issue: Option<AnsweredIssue>,
        has_issue: bool,
        text: &Text,
    ) -> Result<Command, String> {
        let channel = self.channel.ok_or_else(|| text.get("missing-channel"))?;
        let outcome = self.outcome.ok_or_else(|| text.get("missing-outcome"))?;
        let reason = self.refusal.trim();
        if outcome == Outcome::Refused && reason.is_empty() {
            return Err(text.get("missing-refusal"));
        }
        let is_complaint = outcome == Outcome::Complaint;
        if is_complaint && self.complaint.what.trim().is_empty() && !has_issue {
            return Err(text.get("missing-complaint"));
        }
        let next: NextStepDecision = self.next.decision(text)?;
        Ok(Command::LogContact(NewContact {
            note: self.note.trim().to_owned(),
            completes: self.completes.clone(),
            purpose: self.purpose,
            satisfaction: self.satisfaction,
            reason: if outcome == Outcome::Refused {
                reason.to_owned()
            } else {
                String::new()
            },
            does: self.does.clone(),
            edits: self.edits(channel, outcome, issue),
            ..NewContact::new(
                (self.contact, self.next.step),
                self.date,
                channel,
                outcome,
                next,
            )
        }))
    }

    /// What the contact changes on the card besides.
    fn edits(&self, channel: Channel, outcome: Outcome, issue: Option<AnsweredIssue>) -> Vec<Edit> {
        let mut edits = Vec::new();
        if outcome == Outcome::Complaint {
            edits.extend(self.complaint.edits(self.date));
        }
        if outcome == Outcome::Refused
            && self.refuses_channel
            && let Some(topic) = ConsentTopic::of_channel(channel)
        {
            let consent = Some(Consent {
                is_given: false,
                on: self.date,
            });
            edits.push(Edit::SetConsent { topic, consent });
        }
        if let Some(issue) = issue {
            let set = |field, value: String| Edit::SetEntry {
                kind: EntryKind::Issue,
                entry: issue.id,
                field,
                value,
            };
            let solution = self.solution.trim();
            if !solution.is_empty() {
                edits.push(set(EntryField::Solution, solution.to_owned()));
                edits.push(set(EntryField::SolvedOn, self.date.to_string()));
            }
            if let Some(satisfaction) = self.satisfaction {
                let key = satisfaction.key().to_owned();
                edits.push(set(EntryField::Satisfaction, key));
            }
        }
        edits
    }
}

impl Complaint {
    fn edits(&self, opened: Date) -> Vec<Edit> {
        let (Some(entry), false) = (self.issue, self.what.trim().is_empty()) else {
            return Vec::new();
        };
        let promised = self.promised_for.map(|day| day.to_string());
        [
            (EntryField::Issue, self.what.trim().to_owned()),
            (EntryField::Day, opened.to_string()),
            (EntryField::Promise, self.promise.trim().to_owned()),
            (EntryField::PromisedFor, promised.unwrap_or_default()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| Edit::SetEntry {
            kind: EntryKind::Issue,
            entry,
            field,
            value,
        })
        .collect()
    }
}
