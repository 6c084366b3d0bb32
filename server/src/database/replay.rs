//! What a restored backup takes over from the ledger.

use std::collections::BTreeSet;

use floorbook_shared::access::Store;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::id::StoreId;
use floorbook_shared::time::Timestamp;
use redb::{ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::log::Move;
use super::model::{AuditEntry, By, Deed, HandoverRow};
use super::organisation::{get, rows, scope};
use super::sessions::{CodePurpose, CodeRow, SessionRow};
use super::tables::{
    self, AUDIT, CODES, DEVICES, FEEDS, GRANTS, HANDOVERS, META, SESSIONS, STAFF, STORES,
};
use super::tablets::{DeviceRow, LAST_TABLET};
use super::{
    DatabaseError, Home, LedgerMismatch, RedbDatabase, Result, audit, document_log, homes,
    recorded, write_access,
};
use crate::access::secret::SecretHash;
use crate::ledger::{
    Entry, Event, Ledger, LedgerPlace, LedgerProblem, LedgerStorage, place_of, read,
};

/// How far a restore moves the version of the scope on, beside a step for each line of the ledger:
/// no tablet may have seen the new version with another content.
const SCOPE_VERSION_STEP: u64 = 1_000;

/// What was taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Lines of the ledger that the backup did not know yet.
    pub lines: u64,
    /// Stores that joined, or changed.
    pub stores: u64,
    /// People who joined, or changed (a new password, say).
    pub people: u64,
    /// Tablets that joined.
    pub tablets: u64,
    /// Documents that moved to another book.
    #[serde(default)]
    pub moved: u64,
    /// Sessions that were opened and still are.
    pub sessions_opened: u64,
    /// Sessions of the backup that are over.
    pub sessions_ended: u64,
    /// The first and the last entry of the audit that the backup lacks: they are in the data that it
    /// took the place of.
    #[serde(default)]
    pub audit_aside: Option<(u64, u64)>,
}

impl RedbDatabase {
    /// Takes over what the ledger tells behind the place that this restored copy follows, and
    /// follows the ledger from then on. All in one transaction. A ledger that is damaged somewhere
    /// is followed up to there, if that is accepted.
    ///
    /// # Errors
    /// If the ledger is not the one that belongs to the data, or not all of it, or can't be read.
    pub fn replay_ledger(
        &self,
        storage: Box<dyn LedgerStorage>,
        accept_damage: bool,
        now: Timestamp,
    ) -> Result<Replayed> {
        let mut entries = Vec::new();
        let mut last_at = Timestamp::default();
        let followed = self.read(|read| recorded::place(&read.open_table(META)?))?;
        let after = match followed {
            Some(place) if follows(storage.as_ref(), place)? => Some(place.number),
            Some(_) | None => None,
        };
        let reading = read(storage.as_ref(), &mut |entry| {
            last_at = entry.at;
            if let Event::Voided { after } = entry.event {
                entries.retain(|kept: &Entry| kept.number <= after);
            } else if entry.number > after.unwrap_or(0) {
                entries.push(entry);
            }
        })
        .map_err(DatabaseError::Ledger)?;
        match reading.problem {
            None | Some(LedgerProblem::Torn) => {}
            Some(LedgerProblem::Broken) if accept_damage => {}
            Some(LedgerProblem::Broken) => return Err(LedgerMismatch::Broken.into()),
            Some(LedgerProblem::Newer) => return Err(LedgerMismatch::Newer.into()),
        }
        if after.is_none() {
            // The backup is from before this ledger began: then the ledger's first lines tell all
            // that there was. It must still be a ledger of these stores, and all of it.
            let is_cut_off = followed.is_some_and(|place| place.ledger == reading.end.ledger);
            if is_cut_off || reading.end.number == 0 || !self.is_told_by(&entries, last_at)? {
                return Err(LedgerMismatch::LedgerIsMissing.into());
            }
        }
        let ledger = Ledger::open(storage, &reading);
        self.write(|write| {
            let mut replayed = Replayed {
                lines: entries.len() as u64,
                ..Replayed::default()
            };
            for entry in &entries {
                apply(write, &entry.event, now, &mut replayed)?;
            }
            let told = entries.iter().rev().find_map(|entry| {
                if let Event::Audited { place } = entry.event {
                    Some(place.number)
                } else {
                    None
                }
            });
            let kept = audit::end(&write.open_table(AUDIT)?)?.map_or(0, |end| end.number);
            let replaced = told.filter(|number| *number > kept);
            replayed.audit_aside = replaced.map(|number| (kept + 1, number));
            let deed = Deed::Restored {
                with_ledger: true,
                replaced,
            };
            finish(write, reading.end.number, deed, now)?;
            write_access::follow(write, 0, now)?;
            recorded::restored(write, &ledger, followed, reading.end, now)?;
            Ok(replayed)
        })
    }

    /// Ends all sessions and one-time codes of this restored copy, because nobody knows any more
    /// which of them were ended since, and begins a new ledger. Answers how many sessions ended.
    ///
    /// # Errors
    /// If the ledger holds anything, or it can't be written.
    pub fn restore_without_ledger(
        &self,
        storage: Box<dyn LedgerStorage>,
        nonce: SecretHash,
        now: Timestamp,
    ) -> Result<u64> {
        let reading = read(storage.as_ref(), &mut |_| {}).map_err(DatabaseError::Ledger)?;
        if reading.end.number > 0 || reading.problem.is_some() {
            return Err(LedgerMismatch::LedgerIsMissing.into());
        }
        let ledger = Ledger::open(storage, &reading);
        self.write(|write| {
            let ended = clear(write)?;
            let grown = u64::try_from(now.as_seconds()).unwrap_or(0);
            let deed = Deed::Restored {
                with_ledger: false,
                replaced: None,
            };
            finish(write, grown, deed, now)?;
            recorded::begin(write, &ledger, nonce, now)?;
            Ok(ended)
        })
    }

    /// Whether a ledger that begins after this copy was made tells of the same stores, and of what
    /// happened after the copy.
    fn is_told_by(&self, entries: &[Entry], last_at: Timestamp) -> Result<bool> {
        let told: BTreeSet<StoreId> = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Store { store } => Some(store.id),
                Event::Began { .. }
                | Event::Person { .. }
                | Event::Feed { .. }
                | Event::Grant { .. }
                | Event::GrantEnded { .. }
                | Event::Tablet { .. }
                | Event::Handover { .. }
                | Event::HandoverEnded { .. }
                | Event::Moved { .. }
                | Event::SessionOpened { .. }
                | Event::SessionEnded { .. }
                | Event::SessionsEnded { .. }
                | Event::CodeIssued { .. }
                | Event::CodeSpent { .. }
                | Event::Audited { .. }
                | Event::Voided { .. }
                | Event::Restored { .. } => None,
            })
            .collect();
        self.read(|read| {
            let stores: Vec<Store> = rows("stores", &read.open_table(STORES)?)?;
            let latest = match read.open_table(AUDIT)?.last()? {
                Some((_, value)) => tables::decode::<AuditEntry>("audit", value.value())?.at,
                None => Timestamp::default(),
            };
            let is_same = stores.is_empty() || stores.iter().any(|store| told.contains(&store.id));
            Ok(is_same && last_at >= latest)
        })
    }
}

/// Whether a ledger has this place.
fn follows(storage: &dyn LedgerStorage, place: LedgerPlace) -> Result<bool> {
    let found = place_of(storage, place.number).map_err(DatabaseError::Ledger)?;
    Ok(found == Some(place))
}

/// Makes an event true, whether it is already or not.
fn apply(
    write: &WriteTransaction,
    event: &Event,
    now: Timestamp,
    replayed: &mut Replayed,
) -> Result<()> {
    match event {
        Event::Began { .. } => replayed.sessions_ended += clear(write)?,
        Event::Store { store } => {
            let value = tables::encode("stores", store)?;
            let mut stores = write.open_table(STORES)?;
            stores.insert(store.id.as_bytes().as_slice(), value.as_slice())?;
            replayed.stores += 1;
        }
        Event::Person { account } => {
            let value = tables::encode("staff", account)?;
            let mut staff = write.open_table(STAFF)?;
            staff.insert(account.person.id.as_bytes().as_slice(), value.as_slice())?;
            replayed.people += 1;
        }
        Event::Feed { feed } => {
            let value = tables::encode("feeds", feed)?;
            let mut feeds = write.open_table(FEEDS)?;
            feeds.insert(feed.id.as_bytes().as_slice(), value.as_slice())?;
        }
        Event::Grant { grant } => {
            let value = tables::encode("grants", grant)?;
            let mut grants = write.open_table(GRANTS)?;
            grants.insert(grant.id.as_bytes().as_slice(), value.as_slice())?;
        }
        Event::GrantEnded { grant } => {
            let mut grants = write.open_table(GRANTS)?;
            grants.remove(grant.as_bytes().as_slice())?;
        }
        Event::Handover { handover } => {
            let mut handovers = write.open_table(HANDOVERS)?;
            let known = get::<HandoverRow>("handovers", &handovers, handover.id.as_bytes())?;
            let mut handover = handover.clone();
            // The ledger does not tell what was said about it: customers may be named there.
            if let Some(known) = known {
                handover.note = known.note;
            }
            let value = tables::encode("handovers", &handover)?;
            handovers.insert(handover.id.as_bytes().as_slice(), value.as_slice())?;
        }
        Event::HandoverEnded { handover } => {
            let mut handovers = write.open_table(HANDOVERS)?;
            handovers.remove(handover.as_bytes().as_slice())?;
        }
        Event::Moved {
            documents,
            to,
            by,
            device,
        } => {
            let by = ChangeAuthor {
                person: *by,
                device: *device,
            };
            for document in documents {
                let order = Move {
                    document: *document,
                    to: *to,
                    by,
                    at: now,
                };
                if document_log::move_if_there(write, &order)? {
                    replayed.moved += 1;
                } else {
                    // One that came after the backup: its tablets bring it back, to here.
                    homes::note(write, *document, Home::ByLedger(*to))?;
                }
            }
        }
        Event::Tablet { device, record } => {
            let mut devices = write.open_table(DEVICES)?;
            let known = get::<DeviceRow>("devices", &devices, device.as_bytes())?;
            replayed.tablets += u64::from(known.is_none());
            let mut row = known.unwrap_or_else(|| DeviceRow::new(record.clone()));
            row.record = record.clone();
            let value = tables::encode("devices", &row)?;
            devices.insert(device.as_bytes().as_slice(), value.as_slice())?;
            let mut meta = write.open_table(META)?;
            let last = get::<u32>("meta", &meta, LAST_TABLET)?.unwrap_or(0);
            let value = tables::encode("meta", &last.max(record.number))?;
            meta.insert(LAST_TABLET, value.as_slice())?;
        }
        Event::SessionOpened {
            token,
            person,
            device,
            created,
            expires,
        } => {
            if *expires > now {
                let row = SessionRow {
                    person: *person,
                    device: *device,
                    created: *created,
                    expires: *expires,
                    // When it was used since is not told: who does not use it now signs in again.
                    last_used: now,
                };
                let value = tables::encode("sessions", &row)?;
                let mut sessions = write.open_table(SESSIONS)?;
                sessions.insert(token.as_bytes().as_slice(), value.as_slice())?;
                replayed.sessions_opened += 1;
            }
        }
        Event::SessionEnded { token } => {
            let mut sessions = write.open_table(SESSIONS)?;
            let ended = sessions.remove(token.as_bytes().as_slice())?.is_some();
            replayed.sessions_ended += u64::from(ended);
        }
        Event::SessionsEnded { person } => {
            write.open_table(SESSIONS)?.retain(|_, value| {
                let is_kept = tables::decode::<SessionRow>("sessions", value)
                    .is_ok_and(|session| session.person != *person);
                replayed.sessions_ended += u64::from(!is_kept);
                is_kept
            })?;
        }
        Event::CodeIssued {
            code,
            person,
            expires,
        } => {
            let mut codes = write.open_table(CODES)?;
            codes.retain(|_, value| {
                tables::decode::<CodeRow>("codes", value)
                    .is_ok_and(|row| row.invited() != Some(*person))
            })?;
            let row = CodeRow {
                purpose: CodePurpose::Invitation { person: *person },
                expires: *expires,
            };
            let value = tables::encode("codes", &row)?;
            codes.insert(code.as_bytes().as_slice(), value.as_slice())?;
        }
        Event::CodeSpent { code } => {
            let mut codes = write.open_table(CODES)?;
            codes.remove(code.as_bytes().as_slice())?;
        }
        // Taken back and followed lines were left out before; the audit of the time after the backup is
        // with the data that were set aside.
        Event::Audited { .. } | Event::Voided { .. } | Event::Restored { .. } => {}
    }
    Ok(())
}

/// Ends all sessions and codes; answers how many sessions there were.
fn clear(write: &WriteTransaction) -> Result<u64> {
    let mut ended = 0;
    write.open_table(SESSIONS)?.retain(|_, _| {
        ended += 1;
        false
    })?;
    write.open_table(CODES)?.retain(|_, _| false)?;
    Ok(ended)
}

/// Moves the scope on and notes the restore in the audit.
fn finish(write: &WriteTransaction, grown: u64, deed: Deed, now: Timestamp) -> Result<()> {
    // The ledger does not tell which enrolment codes were used; they live for minutes.
    write.open_table(CODES)?.retain(|_, value| {
        tables::decode::<CodeRow>("codes", value).is_ok_and(|row| row.invited().is_some())
    })?;
    {
        let mut meta = write.open_table(META)?;
        let version = scope::version(&meta)?
            .saturating_add(grown)
            .saturating_add(SCOPE_VERSION_STEP);
        meta.insert(scope::VERSION, tables::encode("meta", &version)?.as_slice())?;
    }
    audit::note(write, By::command_line(now), deed)
}
