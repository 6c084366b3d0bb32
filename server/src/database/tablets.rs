//! Tablets inside a transaction: enrolling them, what they tell, giving them up.

use std::collections::{BTreeMap, BTreeSet};

use floorbook_shared::access::Scope;
use floorbook_shared::api::{Erased, Tablet, TabletReport, TabletStanding, TabletState};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId};
use floorbook_shared::sync::message::{FeedState, PeopleRights, PersonRights};
use floorbook_shared::sync::server::PeerPeople;
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::document_log::values::{self, FeedEntry};
use super::model::{By, CodeGrant, Contact, Deed, NewTablet, TabletRecord, Told};
use super::organisation::{get, scope};
use super::recorded::Recorded;
use super::sessions::{self, CodePurpose, CodeRow};
use super::tables::{self, CODES, DEVICES, FEED_INDEX, META, ROWS};
use super::{DatabaseError, Refusal, Result, audit};
use crate::access::secret::SecretHash;
use crate::ledger::Event;

/// Key of the last number that was given to a tablet.
pub(super) const LAST_TABLET: &[u8] = b"last_tablet";

/// Enrolment codes that may be open at a time; an earlier one gives way.
const OPEN_CODES_MAX: usize = 20;

/// A tablet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DeviceRow {
    /// What the ledger keeps of it.
    #[serde(flatten)]
    pub(super) record: TabletRecord,
    /// When it was in contact last.
    pub(super) last_contact: Option<Timestamp>,
    /// What it told about itself then.
    pub(super) report: Option<TabletReport>,
    /// Feeds that were ever opened to it.
    pub(super) feeds: BTreeSet<FeedId>,
    /// Up to where it has the logs on its disk, as it told last.
    pub(super) confirmed: BTreeMap<FeedId, u64>,
    /// The version of the scope that each person knew on it, as it told last.
    #[serde(default)]
    pub(super) scopes: BTreeMap<PersonId, u64>,
    /// When it told so.
    pub(super) confirmed_at: Option<Timestamp>,
}

/// A tablet's number, without reading the rest of its row.
#[derive(Deserialize)]
pub(super) struct Numbered {
    /// The number.
    pub(super) number: u32,
}

impl DeviceRow {
    /// A tablet that told nothing yet.
    pub(super) const fn new(record: TabletRecord) -> Self {
        Self {
            record,
            last_contact: None,
            report: None,
            feeds: BTreeSet::new(),
            confirmed: BTreeMap::new(),
            scopes: BTreeMap::new(),
            confirmed_at: None,
        }
    }

    /// The tablet as the ledger tells of it.
    pub(super) fn event(&self, device: DeviceId) -> Event {
        Event::Tablet {
            device,
            record: self.record.clone(),
        }
    }

    /// Whether it may come back with what it holds.
    pub(super) const fn is_living(&self) -> bool {
        matches!(
            self.record.state,
            TabletState::Active | TabletState::Retiring
        )
    }

    fn standing(&self, device: DeviceId) -> TabletStanding {
        TabletStanding {
            device,
            code: tablet_code(self.record.number),
            name: self.record.name.clone(),
            state: self.record.state,
        }
    }
}

/// The code of a tablet. Imported card numbers already use `T01` …, so ours begin with F.
pub(super) fn tablet_code(number: u32) -> String {
    format!("F{number:02}")
}

/// The number behind a tablet's code, however many zeros it is written with.
fn number_of(code: &str) -> Option<u32> {
    let digits = code.strip_prefix(['F', 'f'])?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| digits.parse().ok()).flatten()
}

/// The numbers of tablets whose codes stand in a card number.
pub fn numbers_in(card_number: &str) -> Vec<u32> {
    let parts = card_number.split(['-', ' ', '/']);
    parts.filter_map(number_of).collect()
}

/// The tablet numbers that the card numbers of the database use, whoever gave them: imported ones
/// may look like ours.
pub(super) fn numbers_on_cards(read: &ReadTransaction) -> Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for entry in read.open_table(ROWS)?.iter()? {
        // A row that can't be read has no number that anybody could see.
        if let Some(number) = card_number(entry?.1.value()) {
            found.extend(numbers_in(&number));
        }
    }
    Ok(found)
}

/// The card number of a row, without reading the rest of it.
fn card_number(row: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Numbered {
        number: String,
    }
    let row: Numbered = serde_json::from_slice(row).ok()?;
    (!row.number.is_empty()).then_some(row.number)
}

pub(super) fn issue_code(write: &Recorded<'_>, grant: CodeGrant, by: By) -> Result<()> {
    let mut codes = write.open_table(CODES)?;
    let mut open = Vec::new();
    for entry in codes.iter()? {
        let (key, value) = entry?;
        if let Ok(row) = tables::decode::<CodeRow>("codes", value.value())
            && matches!(row.purpose, CodePurpose::Enrolment { .. })
        {
            open.push((row.expires, key.value().to_vec()));
        }
    }
    open.sort_unstable();
    let superfluous = (open.len() + 1).saturating_sub(OPEN_CODES_MAX);
    for (index, (expires, key)) in open.iter().enumerate() {
        if index < superfluous || *expires <= by.at {
            codes.remove(key.as_slice())?;
        }
    }
    let row = CodeRow {
        purpose: CodePurpose::Enrolment { by: by.person },
        expires: grant.expires,
    };
    let value = tables::encode("codes", &row)?;
    codes.insert(grant.code.as_bytes().as_slice(), value.as_slice())?;
    audit::note(write, by, Deed::EnrolmentCodeIssued)
}

/// Refuses what is no enrolment code.
pub(super) fn check_code(read: &ReadTransaction, code: SecretHash, now: Timestamp) -> Result<()> {
    giver_of(&read.open_table(CODES)?, code, now).map(drop)
}

/// Who gave an enrolment code that works.
fn giver_of(
    codes: &impl ReadableTable<&'static [u8], &'static [u8]>,
    code: SecretHash,
    now: Timestamp,
) -> Result<Option<PersonId>> {
    let row: CodeRow = get("codes", codes, code.as_bytes())?.ok_or(Refusal::CodeInvalid)?;
    match row.purpose {
        CodePurpose::Enrolment { by } if row.expires > now => Ok(by),
        CodePurpose::Enrolment { .. } | CodePurpose::Invitation { .. } => {
            Err(Refusal::CodeInvalid.into())
        }
    }
}

/// Uses an enrolment code up; answers who gave it.
fn spend_code(write: &Recorded<'_>, code: SecretHash, now: Timestamp) -> Result<Option<PersonId>> {
    let mut codes = write.open_table(CODES)?;
    let by = giver_of(&codes, code, now)?;
    codes.remove(code.as_bytes().as_slice())?;
    Ok(by)
}

/// Enrols a tablet by a code. `taken` are the numbers that cards use.
pub(super) fn enrol(
    write: &Recorded<'_>,
    code: SecretHash,
    new: &NewTablet,
    taken: &BTreeSet<u32>,
) -> Result<TabletStanding> {
    let enrolled_by = spend_code(write, code, new.now)?;
    add(write, new, enrolled_by, taken)
}

/// Adds a tablet with the next free number.
pub(super) fn add(
    write: &Recorded<'_>,
    new: &NewTablet,
    enrolled_by: Option<PersonId>,
    taken: &BTreeSet<u32>,
) -> Result<TabletStanding> {
    let mut meta = write.open_table(META)?;
    let mut number = get::<u32>("meta", &meta, LAST_TABLET)?.unwrap_or(0) + 1;
    while taken.contains(&number) {
        number += 1;
    }
    meta.insert(LAST_TABLET, tables::encode("meta", &number)?.as_slice())?;
    drop(meta);
    let row = DeviceRow::new(TabletRecord {
        number,
        name: new.name.clone(),
        token: new.token,
        state: TabletState::Active,
        enrolled: new.now,
        enrolled_by,
        people: Vec::new(),
        erased: None,
        emptied: None,
    });
    write.note(row.event(new.id));
    put(write, new.id, &row)?;
    scope::grow_version(write)?;
    let by = By {
        at: new.now,
        person: enrolled_by,
        device: Some(new.id),
    };
    audit::note(write, by, Deed::TabletEnrolled)?;
    Ok(row.standing(new.id))
}

fn put(write: &WriteTransaction, device: DeviceId, row: &DeviceRow) -> Result<()> {
    let value = tables::encode("devices", row)?;
    let mut devices = write.open_table(DEVICES)?;
    devices.insert(device.as_bytes().as_slice(), value.as_slice())?;
    Ok(())
}

fn find(write: &WriteTransaction, device: DeviceId) -> Result<Option<DeviceRow>> {
    get("devices", &write.open_table(DEVICES)?, device.as_bytes())
}

/// The tablet that a cookie names, if its token is the right one.
pub(super) fn with_token(
    read: &ReadTransaction,
    device: DeviceId,
    token: SecretHash,
) -> Result<Option<TabletStanding>> {
    let row = get::<DeviceRow>("devices", &read.open_table(DEVICES)?, device.as_bytes())?;
    Ok(row
        .filter(|row| row.record.token == token)
        .map(|row| row.standing(device)))
}

/// The code of an active tablet on which a person signs in now.
pub(super) fn admit(write: &Recorded<'_>, device: DeviceId, person: PersonId) -> Result<String> {
    let mut row = find(write, device)?
        .filter(|row| row.record.state == TabletState::Active)
        .ok_or(Refusal::NotEnrolled)?;
    if !row.record.people.contains(&person) {
        row.record.people.push(person);
        write.note(row.event(device));
        put(write, device, &row)?;
    }
    Ok(tablet_code(row.record.number))
}

pub(super) fn rename(write: &Recorded<'_>, device: DeviceId, name: &str, by: By) -> Result<()> {
    let mut row = find(write, device)?.ok_or(Refusal::NoSuchTablet)?;
    name.clone_into(&mut row.record.name);
    write.note(row.event(device));
    put(write, device, &row)?;
    audit::note(write, by, Deed::TabletRenamed { tablet: device })
}

/// Gives a tablet up, or declares it stolen; answers whether that is news.
pub(super) fn give_up(
    write: &Recorded<'_>,
    device: DeviceId,
    is_stolen: bool,
    by: By,
) -> Result<bool> {
    let mut row = find(write, device)?.ok_or(Refusal::NoSuchTablet)?;
    let (state, deed) = match (row.record.state, is_stolen) {
        (TabletState::Active | TabletState::Retiring, true) => {
            (TabletState::Stolen, Deed::TabletStolen { tablet: device })
        }
        (TabletState::Active, false) => (
            TabletState::Retiring,
            Deed::TabletRetiring { tablet: device },
        ),
        (TabletState::Retired, true) => {
            (TabletState::Stolen, Deed::TabletStolen { tablet: device })
        }
        // Said twice, or found again: what is stolen stays so.
        (TabletState::Stolen, _) | (TabletState::Retiring | TabletState::Retired, false) => {
            return Ok(false);
        }
    };
    row.record.state = state;
    write.note(row.event(device));
    put(write, device, &row)?;
    audit::note(write, by, deed)?;
    if is_stolen {
        sessions::forget(write, |session| session.device == device)?;
    }
    Ok(true)
}

/// Notes that a tablet was told to empty itself; the first time counts.
pub(super) fn note_erased(write: &Recorded<'_>, device: DeviceId, erased: Erased) -> Result<()> {
    let Some(mut row) = find(write, device)? else {
        return Ok(());
    };
    row.last_contact = Some(erased.at);
    // One that had told that it is empty, and greets: then it is not.
    let is_news = row.record.erased.is_none() || row.record.emptied.is_some();
    if !is_news {
        return put(write, device, &row);
    }
    row.record.erased = Some(erased);
    row.record.emptied = None;
    let waiting = erased.waiting;
    finish(&mut row);
    let by = By {
        at: erased.at,
        person: None,
        device: Some(device),
    };
    close(write, device, &row, by, Deed::TabletErased { waiting })
}

/// Notes that a tablet told that nothing is on it any more; an active one is given up by that.
pub(super) fn note_emptied(write: &Recorded<'_>, device: DeviceId, by: By) -> Result<()> {
    let Some(mut row) = find(write, device)? else {
        return Ok(());
    };
    row.last_contact = Some(by.at);
    if row.record.emptied.is_some() {
        return put(write, device, &row);
    }
    row.record.emptied = Some(by.at);
    if row.record.state == TabletState::Active {
        row.record.state = TabletState::Retired;
        return close(write, device, &row, by, Deed::TabletReset);
    }
    // The note that it was told may have been lost, or its browser cleared everything by itself.
    let waiting = row.report.as_ref().map_or(0, |report| report.waiting);
    let erased = Erased { at: by.at, waiting };
    row.record.erased.get_or_insert(erased);
    finish(&mut row);
    close(write, device, &row, by, Deed::TabletEmptied)
}

/// One that was only to be given up has been by now.
fn finish(row: &mut DeviceRow) {
    if row.record.state == TabletState::Retiring {
        row.record.state = TabletState::Retired;
    }
}

/// Keeps a tablet with which it came to an end, and forgets its sessions.
fn close(
    write: &Recorded<'_>,
    device: DeviceId,
    row: &DeviceRow,
    by: By,
    deed: Deed,
) -> Result<()> {
    write.note(row.event(device));
    put(write, device, row)?;
    sessions::forget(write, |session| session.device == device)?;
    audit::note(write, by, deed)
}

pub(super) fn note_contact(
    write: &WriteTransaction,
    device: DeviceId,
    contact: Contact,
) -> Result<()> {
    let Some(mut row) = find(write, device)? else {
        return Ok(());
    };
    row.last_contact = Some(contact.at);
    row.report = contact.report.or(row.report);
    row.feeds.extend(contact.feeds);
    put(write, device, &row)
}

pub(super) fn confirm(
    write: &WriteTransaction,
    device: DeviceId,
    told: &Told,
    now: Timestamp,
) -> Result<()> {
    let Some(mut row) = find(write, device)? else {
        return Ok(());
    };
    let confirmed = told.confirmed.iter();
    row.confirmed
        .extend(confirmed.map(|(feed, seq)| (*feed, *seq)));
    let scopes = told.scopes.iter();
    row.scopes
        .extend(scopes.map(|(person, version)| (*person, *version)));
    row.confirmed_at = Some(now);
    row.last_contact = Some(now);
    put(write, device, &row)
}

pub(super) fn confirmed(read: &ReadTransaction, device: DeviceId) -> Result<Told> {
    let devices = read.open_table(DEVICES)?;
    let row = get::<DeviceRow>("devices", &devices, device.as_bytes())?;
    let told = row.map(|row| Told {
        confirmed: row.confirmed,
        scopes: row.scopes,
    });
    Ok(told.unwrap_or_default())
}

/// All tablets, by their number.
pub(super) fn all(read: &ReadTransaction, scope: &Scope) -> Result<Vec<Tablet>> {
    let mut found = Vec::new();
    for entry in read.open_table(DEVICES)?.iter()? {
        let (key, value) = entry?;
        let row = tables::decode::<DeviceRow>("devices", value.value());
        let id = <[u8; 16]>::try_from(key.value());
        match (id, row) {
            (Ok(id), Ok(row)) => found.push((DeviceId::from_bytes(id), row)),
            (Err(_), _) => tracing::error!("left a tablet with a damaged key out"),
            (_, Err(error)) => tracing::error!(%error, "left a damaged row out"),
        }
    }
    found.sort_by_key(|(_, row)| row.record.number);
    let is_open = |people: &[PersonId], feed: FeedId| {
        let mut people = people.iter();
        people.any(|person| scope.access(*person, feed).is_some())
    };
    Ok(found
        .into_iter()
        .map(|(id, row)| Tablet {
            standing: row.standing(id),
            enrolled: row.record.enrolled,
            enrolled_by: row.record.enrolled_by,
            open_feeds: if row.record.emptied.is_some() {
                Vec::new()
            } else {
                let feeds = row.feeds.iter().copied();
                feeds
                    .filter(|feed| is_open(&row.record.people, *feed))
                    .collect()
            },
            people: row.record.people,
            last_contact: row.last_contact,
            report: row.report,
            erased: row.record.erased,
            emptied: row.record.emptied,
            feeds: row.feeds.into_iter().collect(),
        })
        .collect())
}

/// The feeds that were ever opened to a tablet.
pub(super) fn opened_feeds(read: &ReadTransaction, device: DeviceId) -> Result<BTreeSet<FeedId>> {
    let row = get::<DeviceRow>("devices", &read.open_table(DEVICES)?, device.as_bytes())?;
    Ok(row.map(|row| row.feeds).unwrap_or_default())
}

/// Who signed in on a tablet: those who do not work here any more, and what the others may see.
pub(super) fn people_of(
    read: &ReadTransaction,
    scope: &Scope,
    device: DeviceId,
) -> Result<PeerPeople> {
    let row = get::<DeviceRow>("devices", &read.open_table(DEVICES)?, device.as_bytes())?;
    let people = row.map(|row| row.record.people).unwrap_or_default();
    let is_active = |person: &PersonId| {
        let known = scope.person(*person);
        known.is_some_and(|known| known.is_active)
    };
    let (staying, gone): (Vec<_>, Vec<_>) = people.into_iter().partition(is_active);
    let rights = staying.into_iter().map(|person| PersonRights {
        person,
        feeds: scope.seen_by(person).map(|feed| feed.id).collect(),
    });
    Ok(PeerPeople {
        gone,
        rights: PeopleRights {
            scope_version: scope.version,
            people: rights.collect(),
        },
    })
}

/// The card numbers of the documents that are in a feed; those without one by their id.
pub(super) fn cards_in(read: &ReadTransaction, feed: FeedId) -> Result<Vec<String>> {
    let (index, rows) = (read.open_table(FEED_INDEX)?, read.open_table(ROWS)?);
    let first = [feed.as_bytes().as_slice(), &[0; 16]].concat();
    let last = [feed.as_bytes().as_slice(), &[0xff; 16]].concat();
    let mut cards = Vec::new();
    for entry in index.range(first.as_slice()..=last.as_slice())? {
        let (key, value) = entry?;
        let entry: FeedEntry = values::decode("feed_index", value.value())?;
        if !matches!(entry.state, FeedState::Here) {
            continue;
        }
        let document = key
            .value()
            .get(16..)
            .ok_or_else(|| DatabaseError::damaged("feed_index", "a key is too short"))?;
        let number = match rows.get(document)? {
            Some(row) => card_number(row.value()),
            None => None,
        };
        cards.push(number.unwrap_or_else(|| {
            let id = document.try_into().unwrap_or([0; 16]);
            DocumentId::from_bytes(id).to_string()
        }));
    }
    cards.sort_unstable();
    Ok(cards)
}
