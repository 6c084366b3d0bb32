//! Tablets for tests: enrolled by a code, as others are.

use floorbook_shared::id::DeviceId;
use floorbook_shared::time::Timestamp;

use super::Database;
use super::model::{By, CodeGrant, NewTablet};
use crate::access::secret::SecretHash;

/// The id of a tablet.
pub(crate) const fn device(byte: u8) -> DeviceId {
    DeviceId::from_bytes([byte; 16])
}

/// The hash of a tablet's token.
pub(crate) fn token(byte: u8) -> SecretHash {
    SecretHash::of("test tablet", &[byte])
}

/// A tablet to be enrolled.
pub(crate) fn tablet(byte: u8, now: Timestamp) -> NewTablet {
    NewTablet {
        id: device(byte),
        name: format!("Tablet {byte}"),
        token: token(byte),
        now,
    }
}

/// Enrols a tablet; answers its code.
pub(crate) fn enrol(database: &dyn Database, byte: u8, now: Timestamp) -> String {
    let code = SecretHash::of("test code", &[byte]);
    let grant = CodeGrant {
        code,
        expires: now.plus_millis(1),
    };
    let by = By::command_line(now);
    database.issue_enrolment(grant, by).unwrap();
    database.enrol(code, &tablet(byte, now)).unwrap().code
}
