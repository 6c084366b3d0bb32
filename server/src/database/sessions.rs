//! Sessions and one-time codes inside a transaction.

use floorbook_shared::access::{Identity, Person};
use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::model::{By, Deed, NewSession, OpenSession};
use super::organisation::{account, get};
use super::recorded::Recorded;
use super::tables::{self, DEVICES, SESSIONS, STAFF};
use super::tablets::{self, DeviceRow, tablet_code};
use super::{Refusal, Result, audit};
use crate::access::code::{IDLE_DAYS, MILLIS_PER_DAY};
use crate::access::secret::SecretHash;
use crate::ledger::Event;

/// A session of a person on a tablet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SessionRow {
    pub(super) person: PersonId,
    pub(super) device: DeviceId,
    pub(super) created: Timestamp,
    /// When it ends, however much it is used.
    pub(super) expires: Timestamp,
    /// When its use was noted last; unused for too long it ends as well.
    pub(super) last_used: Timestamp,
}

impl SessionRow {
    /// The session as the ledger tells of it.
    pub(super) fn event(&self, token: SecretHash) -> Event {
        Event::SessionOpened {
            token,
            person: self.person,
            device: self.device,
            created: self.created,
            expires: self.expires,
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        let idle_end = self.last_used.plus_millis(IDLE_DAYS * MILLIS_PER_DAY);
        self.expires.min(idle_end) <= now
    }
}

/// A one-time code.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CodeRow {
    /// What it is for.
    #[serde(flatten)]
    pub(super) purpose: CodePurpose,
    /// When it stops working.
    pub(super) expires: Timestamp,
}

/// What a one-time code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub(super) enum CodePurpose {
    /// A person sets their password.
    Invitation {
        /// Who.
        person: PersonId,
    },
    /// A tablet is enrolled.
    Enrolment {
        /// Who gave the code; nobody is the command line.
        by: Option<PersonId>,
    },
}

impl CodeRow {
    /// Whose invitation it is, if it is one.
    pub(super) const fn invited(&self) -> Option<PersonId> {
        match self.purpose {
            CodePurpose::Invitation { person } => Some(person),
            CodePurpose::Enrolment { .. } => None,
        }
    }

    /// Whether it is worthless once this person does not work here any more.
    pub(super) fn is_of(&self, person: PersonId) -> bool {
        match self.purpose {
            CodePurpose::Invitation { person: invited } => invited == person,
            CodePurpose::Enrolment { by } => by == Some(person),
        }
    }

    /// The one-time code as the ledger tells of it; enrolment codes are over before any backup of
    /// them could be restored.
    pub(super) fn event(&self, code: SecretHash) -> Option<Event> {
        self.invited().map(|person| Event::CodeIssued {
            code,
            person,
            expires: self.expires,
        })
    }
}

/// Opens a session of a person who was recognised, in the place of an earlier one of theirs on the
/// same tablet.
pub(super) fn open(write: &Recorded<'_>, person: PersonId, new: &NewSession) -> Result<Identity> {
    let account = account(&write.open_table(STAFF)?, person)?
        .filter(|account| account.person.is_active)
        .ok_or(Refusal::NoSuchPerson)?;
    let code = tablets::admit(write, new.device, person)?;
    let session = SessionRow {
        person,
        device: new.device,
        created: new.now,
        expires: new.expires,
        last_used: new.now,
    };
    forget(write, |other| {
        other.is_over(new.now) || (other.person == person && other.device == new.device)
    })?;
    write.note(session.event(new.token));
    put(write, new.token, &session)?;
    let by = By {
        at: new.now,
        person: Some(person),
        device: Some(new.device),
    };
    audit::note(write, by, Deed::SignedIn)?;
    identity(&account.person, new.device, code)
}

fn put(write: &WriteTransaction, token: SecretHash, session: &SessionRow) -> Result<()> {
    let value = tables::encode("sessions", session)?;
    let mut sessions = write.open_table(SESSIONS)?;
    sessions.insert(token.as_bytes().as_slice(), value.as_slice())?;
    Ok(())
}

fn identity(person: &Person, device: DeviceId, tablet_code: String) -> Result<Identity> {
    Ok(Identity {
        device,
        tablet_code,
        person: person.id,
        name: person.name.clone(),
        store: person.home().ok_or(Refusal::NoSuchStore)?,
    })
}

/// The open session with this token on this tablet. A token that was opened on another tablet is
/// no session here.
pub(super) fn find(
    read: &ReadTransaction,
    token: SecretHash,
    device: DeviceId,
    now: Timestamp,
) -> Result<Option<OpenSession>> {
    let sessions = read.open_table(SESSIONS)?;
    let session = get::<SessionRow>("sessions", &sessions, token.as_bytes())?
        .filter(|session| session.device == device && !session.is_over(now));
    let Some(session) = session else {
        return Ok(None);
    };
    let account = account(&read.open_table(STAFF)?, session.person)?
        .filter(|account| account.person.is_active);
    let tablet = get::<DeviceRow>("devices", &read.open_table(DEVICES)?, device.as_bytes())?;
    let (Some(account), Some(tablet)) = (account, tablet) else {
        return Ok(None);
    };
    Ok(Some(OpenSession {
        identity: identity(&account.person, device, tablet_code(tablet.record.number))?,
        person: account.person,
        expires: session.expires,
        last_used: session.last_used,
    }))
}

/// Notes that a session is used.
pub(super) fn note_use(write: &WriteTransaction, token: SecretHash, now: Timestamp) -> Result<()> {
    let sessions = write.open_table(SESSIONS)?;
    let found = get::<SessionRow>("sessions", &sessions, token.as_bytes())?;
    drop(sessions);
    match found {
        Some(mut session) if session.last_used < now && !session.is_over(now) => {
            session.last_used = now;
            put(write, token, &session)
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn end(write: &Recorded<'_>, token: SecretHash, now: Timestamp) -> Result<()> {
    let removed = {
        let mut sessions = write.open_table(SESSIONS)?;
        let removed = sessions.remove(token.as_bytes().as_slice())?;
        match removed {
            Some(value) => Some(tables::decode::<SessionRow>("sessions", value.value())?),
            None => None,
        }
    };
    if let Some(session) = removed {
        write.note(Event::SessionEnded { token });
        let by = By {
            at: now,
            person: Some(session.person),
            device: Some(session.device),
        };
        audit::note(write, by, Deed::SignedOut)?;
    }
    Ok(())
}

/// Ends all sessions that are over.
pub(super) fn forget(write: &Recorded<'_>, is_over: impl Fn(&SessionRow) -> bool) -> Result<()> {
    write.open_table(SESSIONS)?.retain(|token, value| {
        // One that can't be read signs nobody in, so it may go.
        let is_kept = tables::decode("sessions", value).is_ok_and(|session| !is_over(&session));
        if let (false, Ok(token)) = (is_kept, token.try_into()) {
            let token = SecretHash::from_bytes(token);
            write.note(Event::SessionEnded { token });
        }
        is_kept
    })?;
    Ok(())
}
