//! The tables and the envelope of their values.
//!
//! Every value is one version byte followed by JSON: the tables here are small and change shape
//! more often than they are read, so values that name their fields are worth their bytes.

use redb::TableDefinition;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{DatabaseError, Result};

/// Bytes → bytes, like all tables of this module.
pub(super) type Table = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Single values: format version, scope version, number of the next tablet.
pub(super) const META: Table = TableDefinition::new("meta");
/// Person id → `Account`.
pub(super) const STAFF: Table = TableDefinition::new("staff");
/// Store id → `Store`.
pub(super) const STORES: Table = TableDefinition::new("stores");
/// Feed id → `Feed`.
pub(super) const FEEDS: Table = TableDefinition::new("feeds");
/// Grant id → `Grant`.
pub(super) const GRANTS: Table = TableDefinition::new("grants");
/// Handover id → `HandoverRow`, until it is over.
pub(super) const HANDOVERS: Table = TableDefinition::new("handovers");
/// Person, feed → `WriteAccess`: who may write where, or could not long ago.
pub(super) const WRITE_ACCESS: Table = TableDefinition::new("write_access");
/// Device id → `DeviceRow`.
pub(super) const DEVICES: Table = TableDefinition::new("devices");
/// Hash of the token → `SessionRow`.
pub(super) const SESSIONS: Table = TableDefinition::new("sessions");
/// Hash of the code → `CodeRow`.
pub(super) const CODES: Table = TableDefinition::new("codes");
/// Number, big-endian → `AuditEntry`.
pub(super) const AUDIT: Table = TableDefinition::new("audit");

/// Store, seq → `LogEntry`: the commit-ordered log, kept for ever.
pub(super) const LOG: Table = TableDefinition::new("log");
/// Document, incarnation, seq → change.
pub(super) const CHANGES: Table = TableDefinition::new("changes");
/// Document, hash → seq.
pub(super) const CHANGE_BY_HASH: Table = TableDefinition::new("change_by_hash");
/// Document, incarnation, seq → snapshot of everything up to there (written by compaction, later).
pub(super) const SNAPSHOTS: Table = TableDefinition::new("snapshots");
/// Document → `DocumentRow`.
pub(super) const DOCUMENTS: Table = TableDefinition::new("documents");
/// Feed, document → `FeedEntry`.
pub(super) const FEED_INDEX: Table = TableDefinition::new("feed_index");
/// Store, latest seq → feed and document: the feed index in the order of the log.
pub(super) const FEED_ORDER: Table = TableDefinition::new("feed_order");
/// Feed, or feed and bucket → `FeedTotal`: fingerprint and number of its documents.
pub(super) const FEED_TOTALS: Table = TableDefinition::new("feed_totals");
/// Document → its row, JSON.
pub(super) const ROWS: Table = TableDefinition::new("rows");
/// Actor → `ActorRow`.
pub(super) const ACTORS: Table = TableDefinition::new("actors");

/// Document → `Home`: where it belongs, where the log does not tell.
pub(super) const HOMES: Table = TableDefinition::new("homes");

/// All tables, created when the database is opened so that reading never misses one.
pub(super) const ALL: [(&str, Table); 22] = [
    ("meta", META),
    ("staff", STAFF),
    ("stores", STORES),
    ("feeds", FEEDS),
    ("grants", GRANTS),
    ("handovers", HANDOVERS),
    ("write_access", WRITE_ACCESS),
    ("devices", DEVICES),
    ("sessions", SESSIONS),
    ("codes", CODES),
    ("audit", AUDIT),
    ("log", LOG),
    ("changes", CHANGES),
    ("change_by_hash", CHANGE_BY_HASH),
    ("snapshots", SNAPSHOTS),
    ("documents", DOCUMENTS),
    ("feed_index", FEED_INDEX),
    ("feed_order", FEED_ORDER),
    ("feed_totals", FEED_TOTALS),
    ("rows", ROWS),
    ("actors", ACTORS),
    ("homes", HOMES),
];

/// Version of the values that this program writes.
const VALUE_VERSION: u8 = 1;

/// A value as it is stored.
pub(super) fn encode<T: Serialize>(table: &'static str, value: &T) -> Result<Vec<u8>> {
    let mut bytes = vec![VALUE_VERSION];
    serde_json::to_writer(&mut bytes, value)
        .map_err(|error| DatabaseError::damaged(table, error.to_string()))?;
    Ok(bytes)
}

/// Reads a stored value.
pub(super) fn decode<T: DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T> {
    match bytes.split_first() {
        // The position is said, never the text: values hold names.
        Some((&VALUE_VERSION, json)) => serde_json::from_slice(json).map_err(|error| {
            DatabaseError::damaged(table, format!("not readable at byte {}", error.column()))
        }),
        Some((version, _)) => Err(DatabaseError::damaged(
            table,
            format!("unknown version {version}"),
        )),
        None => Err(DatabaseError::damaged(table, "empty")),
    }
}
