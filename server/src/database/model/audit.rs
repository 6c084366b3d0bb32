//! The audit: what was done, and what was refused.
//!
//! Entries hold ids, codes and counts, never a name or anything of a customer. A kind that gets
//! more to tell gets it as an option that is left out where it is not known: the chain is made of
//! the entries as they were written.

use floorbook_shared::access::Post;
use floorbook_shared::id::{DeviceId, HandoverId, PersonId, StoreId};
use floorbook_shared::record::handover::HandoverKind;
use floorbook_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A place in the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPlace {
    /// Number of the entry.
    pub number: u64,
    /// The chain's value there.
    pub chain: [u8; 16],
}

/// An entry of the audit; it holds ids only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub number: u64,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Who; nobody means the command line.
    pub person: Option<PersonId>,
    /// On which device.
    pub device: Option<DeviceId>,
    /// What was done.
    pub deed: Deed,
    /// Hash over the previous entry's hash and this entry, so that nothing can be taken out.
    pub chain: [u8; 16],
}

/// What was done, for the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Set the chain up.
    Founded {
        /// The first store.
        store: StoreId,
    },
    /// Added a store.
    StoreAdded {
        /// The store.
        store: StoreId,
    },
    /// Added a person.
    PersonAdded {
        /// The person.
        subject: PersonId,
    },
    /// Gave a person a one-time code.
    CodeIssued {
        /// The person.
        subject: PersonId,
    },
    /// Set their own password by a one-time code.
    PasswordSet,
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Tried to sign in and was not let in.
    SignInDenied {
        /// Whose name was typed, if somebody has it.
        subject: Option<PersonId>,
        /// Further denials on this tablet before, which have no entry of their own.
        uncounted: u32,
    },
    /// Asked whether somebody is a customer of a store already. Who that is stands nowhere.
    LookedUp {
        /// The store.
        store: StoreId,
        /// Whether the answer named a colleague's card.
        is_known: bool,
    },
    /// Asked that too often and got no answer.
    LookUpDenied {
        /// Further denials on this tablet before, which have no entry of their own.
        uncounted: u32,
    },
    /// Made a one-time code for a tablet.
    EnrolmentCodeIssued,
    /// A tablet was enrolled: the one that stands beside.
    TabletEnrolled,
    /// Somebody tried to enrol a tablet with a code that is not valid.
    EnrolmentDenied {
        /// Further ones before, which have no entry of their own.
        uncounted: u32,
    },
    /// Changed the name of a tablet.
    TabletRenamed {
        /// Which one.
        tablet: DeviceId,
    },
    /// Gave a tablet up.
    TabletRetiring {
        /// Which one.
        tablet: DeviceId,
    },
    /// Declared a tablet stolen.
    TabletStolen {
        /// Which one.
        tablet: DeviceId,
    },
    /// A tablet was told to empty itself: the one that stands beside.
    TabletErased {
        /// Changes that waited on it.
        waiting: u32,
    },
    /// A tablet told that nothing is on it any more: the one that stands beside.
    TabletEmptied,
    /// A tablet was emptied from its own screen, which retired it: the one that stands beside.
    TabletReset,
    /// Gave a person one more post.
    PostAdded {
        /// The person.
        subject: PersonId,
        /// The post.
        post: Post,
    },
    /// Took a post from a person.
    PostRemoved {
        /// The person.
        subject: PersonId,
        /// The post.
        post: Post,
    },
    /// Changed the name of a person.
    PersonRenamed {
        /// The person.
        subject: PersonId,
    },
    /// Noted that a person does not work here any more, which ended their sessions.
    PersonDisabled {
        /// The person.
        subject: PersonId,
    },
    /// Noted that a person works here again.
    PersonEnabled {
        /// The person.
        subject: PersonId,
    },
    /// Changed the name or time zone of a store.
    StoreChanged {
        /// The store.
        store: StoreId,
    },
    /// Changed what a store sets for itself.
    SettingsChanged {
        /// The store.
        store: StoreId,
    },
    /// Handed customers over, or began a cover.
    HandoverBegun {
        /// The handover.
        handover: HandoverId,
        /// Whose customers they are, or were.
        from: PersonId,
        /// Who gets them, or looks after them.
        to: PersonId,
        /// For good or for a while.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handover_kind: Option<HandoverKind>,
        /// How many customers were named; all without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customers: Option<u32>,
        /// When a cover ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// All customers of a handover are where they belong; of a cover once when it runs and once
    /// when it is over.
    HandoverDone {
        /// The handover.
        handover: HandoverId,
    },
    /// Ended a cover; nobody means that it ended by itself.
    CoverEnded {
        /// The handover.
        handover: HandoverId,
    },
    /// Set a person's password at the command line.
    PasswordReplaced {
        /// The person.
        subject: PersonId,
    },
    /// Restored a backup: the entry before is the backup's last.
    Restored {
        /// Whether what the ledger tells was taken over; otherwise everyone has to sign in again.
        with_ledger: bool,
        /// Number of the last entry of the data that the backup took the place of, as the ledger
        /// tells. Those of them that the backup lacks are in the file that was set aside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaced: Option<u64>,
    },
    /// Had customers, or what tells of them, written out of the store.
    Exported {
        /// What.
        export: Export,
        /// How many cards it is, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cards: Option<u32>,
    },
    /// Took a rescue file in.
    RescueTaken {
        /// The tablet that it is of.
        tablet: DeviceId,
        /// Changes that were taken.
        taken: u32,
        /// Changes that were refused.
        refused: u32,
    },
    /// Was refused something. One entry a minute for each tablet, person and reason.
    Denied {
        /// What.
        denial: Denial,
        /// How often since the last such entry, this one included.
        times: u32,
    },
    /// Imported customers.
    Imported {
        /// Rows of the file.
        rows: u32,
        /// Cards that were opened.
        created: u32,
    },
}

/// What leaves the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Export {
    /// A backup of everything.
    Backup,
    /// What a tablet holds or held.
    Holdings {
        /// Which one.
        tablet: DeviceId,
    },
}

/// Why somebody was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// A route that none of their roles allows.
    NotAllowed,
    /// A session that is over, or never was one.
    Session,
    /// A tablet that was given up, or a forged one.
    Tablet,
    /// A wrong code to set the server up.
    SetupCode,
    /// A wrong code to set a password.
    InvitationCode,
    /// A request that another website had a browser send.
    ForeignOrigin,
    /// A change where its author may not write.
    NoRight,
    /// A change in a seal that is not its author's.
    ForgedSeal,
    /// A change in the name of somebody else.
    ForeignAuthor,
    /// An offer with a receipt that is not the server's.
    ForgedReceipt,
}

impl Denial {
    /// What the code of a refused change tells, if somebody tried what they may not.
    pub fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "no_right" => Self::NoRight,
            "forged_seal" => Self::ForgedSeal,
            "foreign_author" | "foreign_actor" => Self::ForeignAuthor,
            "forged_receipt" => Self::ForgedReceipt,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use floorbook_shared::sync::gate::GateError;
    use floorbook_shared::sync::offer::OfferError;
    use floorbook_shared::vault::delivery::ForgedSeal;

    use super::*;

    #[test]
    fn codes_of_refusals_say_whether_somebody_tried_what_they_may_not() {
        for (code, denial) in [
            ("no_right", Some(Denial::NoRight)),
            (ForgedSeal::CODE, Some(Denial::ForgedSeal)),
            (GateError::ForeignAuthor.code(), Some(Denial::ForeignAuthor)),
            (GateError::ForeignActor.code(), Some(Denial::ForeignAuthor)),
            (
                OfferError::ForgedReceipt.code(),
                Some(Denial::ForgedReceipt),
            ),
            (GateError::DocumentFull.code(), None),
        ] {
            assert_eq!(Denial::of_code(code), denial, "{code}");
        }
    }
}
