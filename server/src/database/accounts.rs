//! The founder, passwords and invitations inside a transaction.

use std::collections::BTreeSet;

use floorbook_shared::access::{Identity, Post, Role};
use floorbook_shared::api::{Invitation, TabletStanding};
use floorbook_shared::id::PersonId;
use floorbook_shared::time::Timestamp;
use redb::ReadTransaction;

use super::model::{By, CodeGrant, Deed, Founding, NewAccount, NewSession};
use super::organisation::{self, account, get, people, stores};
use super::recorded::Recorded;
use super::sessions::{self, CodePurpose, CodeRow};
use super::tables::{self, CODES, STAFF, STORES};
use super::{Refusal, Result, audit, tablets};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::ledger::Event;

pub(super) fn found(
    write: &Recorded<'_>,
    founding: &Founding,
) -> Result<(TabletStanding, Identity)> {
    if organisation::is_set_up(&write.open_table(STAFF)?)? {
        return Err(Refusal::AlreadySetUp.into());
    }
    stores::add(write, &founding.store)?;
    let new = NewAccount {
        id: founding.person,
        name: founding.name.clone(),
        posts: [Role::Admin, Role::Manager, Role::Consultant]
            .map(|role| Post::new(founding.store.id, role))
            .into(),
        code: None,
    };
    people::add(write, &new, Some(founding.password.clone()))?;
    let by = By {
        at: founding.session.now,
        person: Some(founding.person),
        device: None,
    };
    audit::note(
        write,
        by,
        Deed::Founded {
            store: founding.store.id,
        },
    )?;
    // Before anything was imported no card uses any number.
    let tablet = tablets::add(write, &founding.tablet, None, &BTreeSet::new())?;
    let identity = sessions::open(write, founding.person, &founding.session)?;
    Ok((tablet, identity))
}

pub(super) fn set_password(
    write: &Recorded<'_>,
    person: PersonId,
    password: &PasswordHash,
) -> Result<()> {
    let mut staff = write.open_table(STAFF)?;
    let mut account = account(&staff, person)?.ok_or(Refusal::NoSuchPerson)?;
    account.password = Some(password.clone());
    let value = tables::encode("staff", &account)?;
    staff.insert(person.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Person { account });
    write.note(Event::SessionsEnded { person });
    // Whoever gets a new password may have lost the old one to somebody.
    sessions::forget(write, |session| session.person == person)
}

/// Refuses a password that is not a person's any more.
pub(super) fn check_password(
    write: &Recorded<'_>,
    person: PersonId,
    proven: &PasswordHash,
) -> Result<()> {
    let account = account(&write.open_table(STAFF)?, person)?.ok_or(Refusal::NoSuchPerson)?;
    if account.password.as_ref() == Some(proven) {
        Ok(())
    } else {
        Err(Refusal::PasswordChanged.into())
    }
}

pub(super) fn issue_code(
    write: &Recorded<'_>,
    person: PersonId,
    grant: CodeGrant,
    by: By,
) -> Result<()> {
    account(&write.open_table(STAFF)?, person)?
        .filter(|account| account.person.is_active)
        .ok_or(Refusal::NoSuchPerson)?;
    let mut codes = write.open_table(CODES)?;
    codes.retain(|_, value| {
        tables::decode::<CodeRow>("codes", value)
            .is_ok_and(|code| code.invited() != Some(person) && code.expires > by.at)
    })?;
    let row = CodeRow {
        purpose: CodePurpose::Invitation { person },
        expires: grant.expires,
    };
    if let Some(event) = row.event(grant.code) {
        write.note(event);
    }
    let value = tables::encode("codes", &row)?;
    codes.insert(grant.code.as_bytes().as_slice(), value.as_slice())?;
    audit::note(write, by, Deed::CodeIssued { subject: person })
}

pub(super) fn invitation(
    read: &ReadTransaction,
    code: SecretHash,
    now: Timestamp,
) -> Result<Option<Invitation>> {
    let Some(code) = get::<CodeRow>("codes", &read.open_table(CODES)?, code.as_bytes())? else {
        return Ok(None);
    };
    let Some(person) = code.invited().filter(|_| code.expires > now) else {
        return Ok(None);
    };
    let Some(account) = account(&read.open_table(STAFF)?, person)? else {
        return Ok(None);
    };
    let stores = read.open_table(STORES)?;
    let store_name = match account.person.home() {
        Some(home) => organisation::store(&stores, home)?.map(|store| store.name),
        None => None,
    };
    Ok(Some(Invitation {
        name: account.person.name,
        store_name: store_name.unwrap_or_default(),
    }))
}

pub(super) fn join(
    write: &Recorded<'_>,
    code: SecretHash,
    password: &PasswordHash,
    new: &NewSession,
) -> Result<Identity> {
    let person = {
        let mut codes = write.open_table(CODES)?;
        let used = codes.remove(code.as_bytes().as_slice())?;
        let row: CodeRow = match used {
            Some(value) => tables::decode("codes", value.value())?,
            None => return Err(Refusal::CodeInvalid.into()),
        };
        let invited = row.invited().filter(|_| row.expires > new.now);
        invited.ok_or(Refusal::CodeInvalid)?
    };
    write.note(Event::CodeSpent { code });
    set_password(write, person, password)?;
    let by = By {
        at: new.now,
        person: Some(person),
        device: Some(new.device),
    };
    audit::note(write, by, Deed::PasswordSet)?;
    sessions::open(write, person, new)
}
