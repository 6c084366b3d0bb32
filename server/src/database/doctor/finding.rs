//! What the doctor finds, and what can be done about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Findings of one sort that are listed one by one; the others are counted.
const LISTED_MAX: usize = 20;

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ailment {
    /// The file, or a part of it, can't be read.
    Unreadable,
    /// Pages of the file do not have their checksums.
    PagesDamaged,
    /// A value can't be read.
    ValueUnreadable,
    /// Something names a store, person or tablet that is not there.
    ReferenceMissing,
    /// The audit's chain breaks.
    AuditBroken,
    /// The audit ends before the ledger says, or with another entry.
    AuditCutOff,
    /// The ledger's chain breaks.
    LedgerBroken,
    /// The ledger is not there, or not the one that belongs to the data.
    LedgerMissing,
    /// The ledger tells of more than the data hold.
    LedgerAhead,
    /// A number is missing in a log.
    LogGap,
    /// A log's chain breaks.
    LogBroken,
    /// The noted end of a log is not its end.
    LogHeadWrong,
    /// A log names a document that is not there.
    DocumentMissing,
    /// A document is not in any log.
    DocumentUnlogged,
    /// A document does not load.
    DocumentUnloadable,
    /// A snapshot of a document is damaged.
    SnapshotDamaged,
    /// A change that the log names is missing.
    ChangeMissing,
    /// A change is not the one that the log names.
    ChangeDiffers,
    /// A change is not in the log.
    ChangeUnlogged,
    /// The noted place of a document's latest change is wrong.
    LatestWrong,
    /// A row does not say what its document says.
    RowWrong,
    /// The index of changes by their hash is wrong.
    HashIndexWrong,
    /// A writer is not known, or as somebody else.
    ActorWrong,
    /// The feed index is wrong.
    FeedIndexWrong,
    /// The feed index in the order of the log is wrong.
    FeedOrderWrong,
    /// The digest of a document, or of a feed, is wrong.
    FingerprintWrong,
}

/// What can be done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// `floorbook doctor --repair`, with the server stopped.
    Repair,
    /// `floorbook restore` with a backup from before the damage.
    Restore,
    /// Putting the right ledger into its place.
    Ledger,
    /// Nothing can be derived; the rest works without it.
    Look,
}

impl Ailment {
    /// What it means, for an administrator.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Unreadable => "a part of the data file can't be read",
            Self::PagesDamaged => "the data file is damaged on the disk",
            Self::ValueUnreadable => "a stored value can't be read",
            Self::ReferenceMissing => "something that is named is not there",
            Self::AuditBroken => "the audit was changed or is damaged from here on",
            Self::AuditCutOff => "entries of the audit that the ledger tells of are not there",
            Self::LedgerBroken => "the ledger was changed or is damaged",
            Self::LedgerMissing => "the ledger that belongs to the data is not there",
            Self::LedgerAhead => "the ledger tells of more than the data hold",
            Self::LogGap => "a log misses entries",
            Self::LogBroken => "a log was changed or is damaged from here on",
            Self::LogHeadWrong => "the noted end of a log is not its end",
            Self::DocumentMissing => "a card that was stored is not there",
            Self::DocumentUnlogged => "a card is there that no log knows",
            Self::DocumentUnloadable => "a card can't be opened",
            Self::SnapshotDamaged => "a copy of a card with its edits is damaged",
            Self::ChangeMissing => "an edit of a card is missing",
            Self::ChangeDiffers => "an edit of a card is not the one that was stored",
            Self::ChangeUnlogged => "an edit is there that no log knows",
            Self::LatestWrong => "the noted place of a card's latest edit is wrong",
            Self::RowWrong => "the list does not show what the card says",
            Self::HashIndexWrong => "an edit would not be recognised when it is sent again",
            Self::ActorWrong => "the author of an edit is not noted as in the log",
            Self::FeedIndexWrong => "a card would not reach the tablets as it should",
            Self::FeedOrderWrong => "a card would not reach the tablets when it should",
            Self::FingerprintWrong => "tablets would be told that they hold something else",
        }
    }

    /// What can be done about it.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::SnapshotDamaged
            | Self::LatestWrong
            | Self::RowWrong
            | Self::HashIndexWrong
            | Self::ActorWrong
            | Self::FeedIndexWrong
            | Self::FeedOrderWrong
            | Self::FingerprintWrong => Remedy::Repair,
            Self::Unreadable
            | Self::PagesDamaged
            | Self::LogGap
            | Self::LogBroken
            | Self::LogHeadWrong
            | Self::DocumentMissing
            | Self::DocumentUnloadable
            | Self::ChangeMissing
            | Self::ChangeDiffers
            | Self::ValueUnreadable => Remedy::Restore,
            Self::LedgerBroken | Self::LedgerMissing | Self::LedgerAhead => Remedy::Ledger,
            Self::ReferenceMissing
            | Self::AuditBroken
            | Self::AuditCutOff
            | Self::DocumentUnlogged
            | Self::ChangeUnlogged => Remedy::Look,
        }
    }

    /// Stable code, as JSON has it.
    pub fn code(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

impl Remedy {
    /// What to do, for an administrator.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Repair => "stop the server and run `floorbook doctor --repair`",
            Self::Restore => {
                "restore the newest backup in which the doctor finds nothing (`floorbook restore`); \
                 the tablets bring back what is newer"
            }
            Self::Ledger => "see `floorbook serve`, which says what to do about the ledger",
            Self::Look => "nothing is lost by it; keep a copy of the data and report it",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub ailment: Ailment,
    /// In which table, or `ledger`.
    pub table: String,
    /// Of what: ids and places, never content.
    pub subject: String,
}

/// The result of an examination.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// Entries that were there, by table.
    pub entries: BTreeMap<String, u64>,
    /// What is wrong, some of each sort.
    pub findings: Vec<Finding>,
    /// How many things are wrong, by sort.
    pub counts: BTreeMap<Ailment, u64>,
}

impl Examination {
    /// Whether nothing is wrong.
    pub fn is_healthy(&self) -> bool {
        self.counts.is_empty()
    }

    /// Whether something is wrong that can't be derived from what is there.
    pub fn needs_backup(&self) -> bool {
        let mut ailments = self.counts.keys();
        ailments.any(|ailment| ailment.remedy() == Remedy::Restore)
    }

    /// The codes of what is wrong, for one line.
    pub fn codes(&self) -> String {
        let codes: Vec<String> = self.counts.keys().map(|ailment| ailment.code()).collect();
        codes.join(", ")
    }

    /// Adds something that was found outside the tables.
    pub fn add(&mut self, ailment: Ailment, table: &str, subject: String) {
        let count = self.counts.entry(ailment).or_default();
        *count += 1;
        if *count <= LISTED_MAX as u64 {
            self.findings.push(Finding {
                ailment,
                table: table.to_owned(),
                subject,
            });
        }
    }
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Findings(Examination);

impl Findings {
    pub(super) fn add(&mut self, ailment: Ailment, table: &str, subject: String) {
        self.0.add(ailment, table, subject);
    }

    pub(super) fn count(&mut self, table: &str, entries: u64) {
        self.0.entries.insert(table.to_owned(), entries);
    }

    pub(super) fn is_healthy(&self) -> bool {
        self.0.is_healthy()
    }

    pub(super) fn into_examination(mut self) -> Examination {
        // The same order as the sorts stand above: what is worst comes first.
        self.0.findings.sort_by_key(|finding| finding.ailment);
        self.0
    }
}
