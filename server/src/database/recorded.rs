//! Transactions that the ledger tells about.
//!
//! *Invariant:* the ledger has a transaction's lines on disk before the transaction is committed,
//! and the database keeps, in the same transaction, up to where it follows the ledger.

use std::cell::RefCell;
use std::ops::Deref;

use floorbook_shared::access::{Feed, Grant, Store};
use floorbook_shared::id::DeviceId;
use floorbook_shared::time::Timestamp;
use redb::{ReadableTable, WriteTransaction};

use super::model::{Account, AuditPlace, HandoverRow};
use super::organisation::{get, rows};
use super::sessions::{CodeRow, SessionRow};
use super::tables::{
    self, AUDIT, CODES, DEVICES, FEEDS, GRANTS, HANDOVERS, META, SESSIONS, STAFF, STORES,
};
use super::tablets::DeviceRow;
use super::{DatabaseError, Result, audit};
use crate::access::secret::SecretHash;
use crate::ledger::{
    Entry, Event, Ledger, LedgerPlace, LedgerProblem, LedgerStorage, Reading, place_of, read,
};

/// Key of the place up to which the database follows the ledger.
const PLACE: &[u8] = b"ledger";

/// A write transaction that collects what the ledger has to tell about it.
pub(super) struct Recorded<'a> {
    write: &'a WriteTransaction,
    events: RefCell<Vec<Event>>,
}

impl Deref for Recorded<'_> {
    type Target = WriteTransaction;

    fn deref(&self) -> &WriteTransaction {
        self.write
    }
}

impl<'a> Recorded<'a> {
    pub(super) fn new(write: &'a WriteTransaction) -> Self {
        Self {
            write,
            events: RefCell::default(),
        }
    }

    /// Tells an event, which the rest of the transaction has to make true.
    pub(super) fn note(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }

    /// Has the ledger tell what was noted, and how far the audit is; the transaction may be committed
    /// after that.
    pub(super) fn settle(self, ledger: Option<&Ledger>, at: Timestamp) -> Result<()> {
        match ledger {
            Some(ledger) => tell(self.write, ledger, self.events.into_inner(), at),
            None => Ok(()),
        }
    }
}

/// Key of the audit's end that the ledger tells.
const AUDITED: &[u8] = b"audited";

fn tell(
    write: &WriteTransaction,
    ledger: &Ledger,
    mut events: Vec<Event>,
    at: Timestamp,
) -> Result<()> {
    let mut meta = write.open_table(META)?;
    let end = audit::end(&write.open_table(AUDIT)?)?;
    if let Some(place) = end
        && get::<AuditPlace>("meta", &meta, AUDITED)? != Some(place)
    {
        meta.insert(AUDITED, tables::encode("meta", &place)?.as_slice())?;
        events.push(Event::Audited { place });
    }
    if events.is_empty() {
        return Ok(());
    }
    let followed = place(&meta)?.map_or(0, |place| place.number);
    let next = ledger
        .append(followed, &events, at)
        .map_err(DatabaseError::Ledger)?;
    meta.insert(PLACE, tables::encode("meta", &next)?.as_slice())?;
    Ok(())
}

/// Up to where the database follows a ledger, if it ever did.
pub(super) fn place(
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Option<LedgerPlace>> {
    get("meta", meta, PLACE)
}

/// How a ledger and a database stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The database follows the ledger to its end, or a crash came in between.
    Follows,
    /// Neither tells of anything yet, or the ledger does not and the database never followed one.
    Begins,
    /// The ledger tells of what this database does not have: it is an older copy, or empty.
    DataIsOlder,
    /// The database follows a ledger that this one is not, or not any more.
    LedgerIsMissing,
    /// The ledger can't be read to its end.
    Unreadable(LedgerProblem),
}

/// Reads the ledger and compares it with the place that the database follows.
pub(super) fn compare(
    storage: &dyn LedgerStorage,
    followed: Option<LedgerPlace>,
    is_set_up: bool,
) -> Result<(Reading, Standing)> {
    let number = followed.map_or(0, |place| place.number);
    let mut effective = Effective::default();
    let mut began_with_stores = false;
    let reading = read(storage, &mut |entry| {
        began_with_stores |= entry.group == 1 && matches!(entry.event, Event::Store { .. });
        effective.take(&entry, number);
    })
    .map_err(DatabaseError::Ledger)?;
    let found = place_of(storage, number).map_err(DatabaseError::Ledger)?;
    let standing = match (followed, reading.problem) {
        (_, Some(LedgerProblem::Newer)) => Standing::Unreadable(LedgerProblem::Newer),
        // What is broken behind the place was never committed to, like a torn line: a crash may
        // leave only some sectors of it.
        (followed, Some(LedgerProblem::Broken))
            if followed.is_none() || reading.end.number < number =>
        {
            Standing::Unreadable(LedgerProblem::Broken)
        }
        (Some(place), _) if found != Some(place) => Standing::LedgerIsMissing,
        (Some(_), _) if effective.groups.len() > 1 => Standing::DataIsOlder,
        (Some(_), _) => Standing::Follows,
        (None, _) if reading.end.number == 0 => Standing::Begins,
        // A crash came between the ledger's first lines and the transaction that follows them.
        (None, _) if effective.groups.len() <= 1 && is_set_up == began_with_stores => {
            Standing::Begins
        }
        (None, _) => Standing::DataIsOlder,
    };
    Ok((reading, standing))
}

/// Gaps of the audit that are told one by one.
const GAPS_MAX: usize = 1_000;

/// What the ledger tells of the audit, line by line, compared with the audit itself.
struct Auditing<'a> {
    is_there: &'a dyn Fn(AuditPlace) -> Result<bool>,
    /// The line before, which the next one may take back.
    pending: Option<(u64, AuditPlace)>,
    /// Number of the last entry that was told.
    last: u64,
    /// Whether a backup was restored since, which has fewer entries.
    is_restored: bool,
    /// Line of the ledger and number of the entry.
    gaps: Vec<(u64, u64)>,
}

impl Auditing<'_> {
    fn take(&mut self, entry: &Entry) -> Result<()> {
        if let Event::Voided { after } = entry.event {
            self.pending.take_if(|(line, _)| *line > after);
        } else if let Event::Audited { place } = entry.event {
            self.settle()?;
            self.pending = Some((entry.number, place));
        } else if let Event::Restored { place } = entry.event {
            self.settle()?;
            self.is_restored = true;
            // What came after the backup is with the data that were set aside.
            let kept = place.map_or(0, |place| place.number);
            self.gaps.retain(|(line, _)| *line <= kept);
        }
        Ok(())
    }

    /// Compares the line before: nothing takes it back any more.
    fn settle(&mut self) -> Result<()> {
        let Some((line, place)) = self.pending.take() else {
            return Ok(());
        };
        let is_restored = std::mem::take(&mut self.is_restored);
        // Entries may have been cut off, and others have taken their numbers.
        let goes_back = place.number <= self.last && !is_restored;
        let is_gap = goes_back || !(self.is_there)(place)?;
        if is_gap && self.gaps.len() < GAPS_MAX {
            self.gaps.push((line, place.number));
        }
        self.last = place.number;
        Ok(())
    }
}

/// Numbers of entries of the audit that the ledger tells of up to a place, and that are not there, or
/// not as they were.
pub(super) fn audit_gaps(
    storage: &dyn LedgerStorage,
    followed: u64,
    is_there: &dyn Fn(AuditPlace) -> Result<bool>,
) -> Result<Vec<u64>> {
    let mut auditing = Auditing {
        is_there,
        pending: None,
        last: 0,
        is_restored: false,
        gaps: Vec::new(),
    };
    let mut result = Ok(());
    read(storage, &mut |entry| {
        if entry.number <= followed && result.is_ok() {
            result = auditing.take(&entry);
        }
    })
    .map_err(DatabaseError::Ledger)?;
    result?;
    auditing.settle()?;
    Ok(auditing
        .gaps
        .into_iter()
        .map(|(_, number)| number)
        .collect())
}

/// The transactions behind a place that were not taken back.
#[derive(Default)]
struct Effective {
    groups: Vec<u64>,
}

impl Effective {
    fn take(&mut self, entry: &Entry, after: u64) {
        if entry.number <= after {
            return;
        }
        if let Event::Voided { after } = entry.event {
            self.groups.retain(|group| *group <= after);
        } else if self.groups.last() != Some(&entry.group) {
            self.groups.push(entry.group);
        }
    }
}

/// Everything that the ledger keeps, as it stands in the database: the beginning of a ledger.
pub(super) fn all_events(write: &WriteTransaction, nonce: SecretHash) -> Result<Vec<Event>> {
    let mut events = vec![Event::Began { nonce }];
    let stores: Vec<Store> = rows("stores", &write.open_table(STORES)?)?;
    events.extend(stores.into_iter().map(|store| Event::Store { store }));
    let staff: Vec<Account> = rows("staff", &write.open_table(STAFF)?)?;
    events.extend(staff.into_iter().map(|account| Event::Person { account }));
    let feeds: Vec<Feed> = rows("feeds", &write.open_table(FEEDS)?)?;
    events.extend(feeds.into_iter().map(|feed| Event::Feed { feed }));
    let grants: Vec<Grant> = rows("grants", &write.open_table(GRANTS)?)?;
    events.extend(grants.into_iter().map(|grant| Event::Grant { grant }));
    let handovers: Vec<HandoverRow> = rows("handovers", &write.open_table(HANDOVERS)?)?;
    events.extend(handovers.into_iter().map(|handover| Event::Handover {
        handover: handover.without_note(),
    }));
    each::<DeviceRow>("devices", &write.open_table(DEVICES)?, |key, row| {
        if let Ok(device) = key.try_into() {
            events.push(row.event(DeviceId::from_bytes(device)));
        }
    })?;
    each::<SessionRow>("sessions", &write.open_table(SESSIONS)?, |key, row| {
        if let Ok(token) = key.try_into() {
            events.push(row.event(SecretHash::from_bytes(token)));
        }
    })?;
    each::<CodeRow>("codes", &write.open_table(CODES)?, |key, row| {
        if let Ok(code) = key.try_into() {
            events.extend(row.event(SecretHash::from_bytes(code)));
        }
    })?;
    Ok(events)
}

/// Shows every readable row with its key.
fn each<T: serde::de::DeserializeOwned>(
    name: &'static str,
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    mut visit: impl FnMut(&[u8], T),
) -> Result<()> {
    for entry in table.iter()? {
        let (key, value) = entry?;
        match tables::decode(name, value.value()) {
            Ok(row) => visit(key.value(), row),
            Err(error) => tracing::error!(%error, "left a damaged row out"),
        }
    }
    Ok(())
}

/// Has a ledger that holds nothing yet tell all that the database knows.
pub(super) fn begin(
    write: &WriteTransaction,
    ledger: &Ledger,
    nonce: SecretHash,
    at: Timestamp,
) -> Result<()> {
    let events = all_events(write, nonce)?;
    // What another ledger was told, this one was not.
    write.open_table(META)?.remove(AUDITED)?;
    tell(write, ledger, events, at)
}

/// Has the ledger tell that a backup was restored, which follows it from here on.
pub(super) fn restored(
    write: &WriteTransaction,
    ledger: &Ledger,
    place: Option<LedgerPlace>,
    end: LedgerPlace,
    at: Timestamp,
) -> Result<()> {
    // All lines up to the end were taken over, so none of them may be taken back.
    write
        .open_table(META)?
        .insert(PLACE, tables::encode("meta", &end)?.as_slice())?;
    tell(write, ledger, vec![Event::Restored { place }], at)
}
