//! Tablets and sessions that are written with the server's library, for tests that ask no routes.

use floorbook_server::access::secret::SecretHash;
use floorbook_server::database::model::{By, CodeGrant, NewSession, NewTablet};
use floorbook_server::database::{Database, Result};
use floorbook_shared::id::DeviceId;
use floorbook_shared::time::Timestamp;

/// A tablet to be enrolled; nobody knows its token.
pub fn new_tablet(id: DeviceId, now: Timestamp) -> NewTablet {
    NewTablet {
        id,
        name: "Tablet".to_owned(),
        token: SecretHash::of("nobody's tablet", id.as_bytes()),
        now,
    }
}

/// A session to be opened that lasts an hour.
pub fn new_session(device: DeviceId, token: SecretHash, now: Timestamp) -> NewSession {
    NewSession {
        device,
        token,
        now,
        expires: now.plus_millis(3_600_000),
    }
}

/// Keeps the code that [`enrol`] uses.
///
/// # Errors
/// If it can't be kept.
pub fn issue_code(database: &dyn Database, id: DeviceId, now: Timestamp) -> Result<()> {
    let grant = CodeGrant {
        code: code(id),
        expires: now.plus_millis(600_000),
    };
    database.issue_enrolment(grant, By::command_line(now))
}

/// Enrols a tablet by the code of [`issue_code`].
///
/// # Errors
/// If it can't be written.
pub fn enrol(database: &dyn Database, tablet: &NewTablet) -> Result<()> {
    database.enrol(code(tablet.id), tablet).map(drop)
}

fn code(id: DeviceId) -> SecretHash {
    SecretHash::of("code of a test's tablet", id.as_bytes())
}
