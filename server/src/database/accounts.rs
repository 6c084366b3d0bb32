//! Devices, sessions and one-time codes inside a transaction.

use std::collections::BTreeMap;

use floorbook_shared::access::{Identity, Post, Role, Store};
use floorbook_shared::api::{Invitation, SignedIn};
use floorbook_shared::id::{DeviceId, FeedId, PersonId};
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::model::{Account, By, CodeGrant, Deed, Founding, NewAccount, NewSignIn, OpenSession};
use super::organisation::{self, account, get, people, stores};
use super::recorded::Recorded;
use super::tables::{self, CODES, DEVICES, META, SESSIONS, STAFF, STORES};
use super::{Refusal, Result, audit};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::ledger::Event;

pub(super) const LAST_TABLET: &[u8] = b"last_tablet";

/// A tablet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DeviceRow {
    /// The number behind its code.
    pub(super) number: u32,
    /// When it was first signed in.
    pub(super) created: Timestamp,
    /// Who signed in on it, ever.
    pub(super) people: Vec<PersonId>,
    /// Up to where it has all entries of each feed on its disk, as it told last.
    #[serde(default)]
    pub(super) confirmed: BTreeMap<FeedId, u64>,
    /// When it told so.
    #[serde(default)]
    pub(super) confirmed_at: Option<Timestamp>,
}

impl DeviceRow {
    /// The tablet as the ledger tells of it.
    pub(super) fn event(&self, device: DeviceId) -> Event {
        Event::Device {
            device,
            number: self.number,
            created: self.created,
            people: self.people.clone(),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SessionRow {
    pub(super) person: PersonId,
    pub(super) device: DeviceId,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
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
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CodeRow {
    pub(super) person: PersonId,
    pub(super) expires: Timestamp,
}

impl CodeRow {
    /// The one-time code as the ledger tells of it.
    pub(super) fn event(&self, code: SecretHash) -> Event {
        Event::CodeIssued {
            code,
            person: self.person,
            expires: self.expires,
        }
    }
}

/// The code of a tablet. Imported card numbers already use `T01` …, so ours begin with F.
fn tablet_code(number: u32) -> String {
    format!("F{number:02}")
}

pub(super) fn found(write: &Recorded<'_>, founding: &Founding) -> Result<SignedIn> {
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
        at: founding.sign_in.now,
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
    sign_in(write, founding.person, &founding.sign_in)
}

pub(super) fn sign_in(write: &Recorded<'_>, person: PersonId, new: &NewSignIn) -> Result<SignedIn> {
    let account = account(&write.open_table(STAFF)?, person)?
        .filter(|account| account.person.is_active)
        .ok_or(Refusal::NoSuchPerson)?;
    let (device, row) = use_device(write, person, new)?;
    let session = SessionRow {
        person,
        device,
        created: new.now,
        expires: new.expires,
    };
    forget_sessions(write, |other| {
        other.expires <= new.now || (other.person == person && other.device == device)
    })?;
    write.note(session.event(new.token));
    let value = tables::encode("sessions", &session)?;
    write
        .open_table(SESSIONS)?
        .insert(new.token.as_bytes().as_slice(), value.as_slice())?;
    let by = By {
        at: new.now,
        person: Some(person),
        device: Some(device),
    };
    audit::note(write, by, Deed::SignedIn)?;
    let (identity, store) = identity(&write.open_table(STORES)?, &account, device, row.number)?;
    Ok(SignedIn { identity, store })
}

/// The device that signs in: the one that the browser names if it is known, else a new one.
fn use_device(
    write: &Recorded<'_>,
    person: PersonId,
    new: &NewSignIn,
) -> Result<(DeviceId, DeviceRow)> {
    let mut devices = write.open_table(DEVICES)?;
    if let Some(id) = new.device
        && let Some(mut row) = get::<DeviceRow>("devices", &devices, id.as_bytes())?
    {
        if !row.people.contains(&person) {
            row.people.push(person);
            write.note(row.event(id));
            let value = tables::encode("devices", &row)?;
            devices.insert(id.as_bytes().as_slice(), value.as_slice())?;
        }
        return Ok((id, row));
    }
    let mut meta = write.open_table(META)?;
    let number = get::<u32>("meta", &meta, LAST_TABLET)?.unwrap_or(0) + 1;
    meta.insert(LAST_TABLET, tables::encode("meta", &number)?.as_slice())?;
    let row = DeviceRow {
        number,
        created: new.now,
        people: vec![person],
        confirmed: BTreeMap::new(),
        confirmed_at: None,
    };
    write.note(row.event(new.new_device));
    let value = tables::encode("devices", &row)?;
    devices.insert(new.new_device.as_bytes().as_slice(), value.as_slice())?;
    Ok((new.new_device, row))
}

pub(super) fn confirm(
    write: &WriteTransaction,
    device: DeviceId,
    places: &[(FeedId, u64)],
    now: Timestamp,
) -> Result<()> {
    let mut devices = write.open_table(DEVICES)?;
    let Some(mut row) = get::<DeviceRow>("devices", &devices, device.as_bytes())? else {
        return Ok(());
    };
    row.confirmed.extend(places.iter().copied());
    row.confirmed_at = Some(now);
    let value = tables::encode("devices", &row)?;
    devices.insert(device.as_bytes().as_slice(), value.as_slice())?;
    Ok(())
}

pub(super) fn confirmed(read: &ReadTransaction, device: DeviceId) -> Result<BTreeMap<FeedId, u64>> {
    let devices = read.open_table(DEVICES)?;
    let row = get::<DeviceRow>("devices", &devices, device.as_bytes())?;
    Ok(row.map(|row| row.confirmed).unwrap_or_default())
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
    forget_sessions(write, |session| session.person == person)
}

pub(super) fn knows(read: &ReadTransaction, device: DeviceId, person: PersonId) -> Result<bool> {
    let devices = read.open_table(DEVICES)?;
    let row = get::<DeviceRow>("devices", &devices, device.as_bytes())?;
    Ok(row.is_some_and(|row| row.people.contains(&person)))
}

fn identity(
    stores: &impl ReadableTable<&'static [u8], &'static [u8]>,
    account: &Account,
    device: DeviceId,
    number: u32,
) -> Result<(Identity, Store)> {
    let home = account.person.home().ok_or(Refusal::NoSuchStore)?;
    let store = organisation::store(stores, home)?.ok_or(Refusal::NoSuchStore)?;
    let identity = Identity {
        device,
        tablet_code: tablet_code(number),
        person: account.person.id,
        name: account.person.name.clone(),
        store: home,
    };
    Ok((identity, store))
}

pub(super) fn session(
    read: &ReadTransaction,
    token: SecretHash,
    now: Timestamp,
) -> Result<Option<OpenSession>> {
    let sessions = read.open_table(SESSIONS)?;
    let Some(session) = get::<SessionRow>("sessions", &sessions, token.as_bytes())? else {
        return Ok(None);
    };
    if session.expires <= now {
        return Ok(None);
    }
    let Some(account) = account(&read.open_table(STAFF)?, session.person)? else {
        return Ok(None);
    };
    let device = get::<DeviceRow>(
        "devices",
        &read.open_table(DEVICES)?,
        session.device.as_bytes(),
    )?;
    let (true, Some(device)) = (account.person.is_active, device) else {
        return Ok(None);
    };
    let stores = read.open_table(STORES)?;
    let (identity, _) = identity(&stores, &account, session.device, device.number)?;
    Ok(Some(OpenSession {
        identity,
        person: account.person,
        expires: session.expires,
    }))
}

pub(super) fn sign_out(write: &Recorded<'_>, token: SecretHash, now: Timestamp) -> Result<()> {
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

/// Ends sessions.
pub(super) fn forget_sessions(
    write: &Recorded<'_>,
    is_over: impl Fn(&SessionRow) -> bool,
) -> Result<()> {
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
            .is_ok_and(|code| code.person != person && code.expires > by.at)
    })?;
    let row = CodeRow {
        person,
        expires: grant.expires,
    };
    write.note(row.event(grant.code));
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
    let account = account(&read.open_table(STAFF)?, code.person)?;
    let (false, Some(account)) = (code.expires <= now, account) else {
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
    new: &NewSignIn,
) -> Result<SignedIn> {
    let person = {
        let mut codes = write.open_table(CODES)?;
        let used = codes.remove(code.as_bytes().as_slice())?;
        let row: CodeRow = match used {
            Some(value) => tables::decode("codes", value.value())?,
            None => return Err(Refusal::CodeInvalid.into()),
        };
        if row.expires <= new.now {
            return Err(Refusal::CodeInvalid.into());
        }
        row.person
    };
    write.note(Event::CodeSpent { code });
    set_password(write, person, password)?;
    let by = By {
        at: new.now,
        person: Some(person),
        device: None,
    };
    audit::note(write, by, Deed::PasswordSet)?;
    sign_in(write, person, new)
}
