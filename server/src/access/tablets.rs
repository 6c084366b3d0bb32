//! What may be done with tablets: the same for routes and command line.

use std::net::IpAddr;

use floorbook_shared::api::{
    ENROLMENT_MINUTES, EnrolRequest, EnrolmentCode, TABLET_NAME_MAX_CHARS, Tablet, TabletStanding,
};
use floorbook_shared::id::DeviceId;
use floorbook_shared::sync::message::Bye;
use floorbook_shared::time::Timestamp;

use super::accounts::{AccountError, InvalidInput, clean_name};
use super::code;
use super::limiter::Attempt;
use crate::database::model::{By, CodeGrant, Deed, NewTablet};
use crate::database::{DatabaseError, Refusal};
use crate::http::cookie::TabletCookie;
use crate::state::AppState;

const MILLIS_PER_MINUTE: i64 = 60 * 1000;

/// The name of a tablet as it is stored.
pub fn clean_tablet_name(name: &str) -> Result<String, InvalidInput> {
    let clean = clean_name(name)?;
    if clean.chars().count() > TABLET_NAME_MAX_CHARS {
        return Err(InvalidInput::Name);
    }
    Ok(clean)
}

/// A tablet to be enrolled now, and the cookie by which it will be known.
pub fn new_tablet(state: &AppState, name: String, now: Timestamp) -> (NewTablet, TabletCookie) {
    state.with_randomness(|randomness| {
        let device = DeviceId::new(now, randomness);
        let token = code::new_token(randomness);
        let tablet = NewTablet {
            id: device,
            name,
            token: code::tablet_hash(&token),
            now,
        };
        (tablet, TabletCookie { device, token })
    })
}

/// Makes a one-time code that enrols a tablet.
pub async fn issue_code(state: &AppState, by: By) -> Result<EnrolmentCode, AccountError> {
    let code = state.with_randomness(code::new_code);
    let expires = by.at.plus_millis(ENROLMENT_MINUTES * MILLIS_PER_MINUTE);
    let grant = CodeGrant {
        code: code::code_hash(&code),
        expires,
    };
    state
        .with_database(move |database| database.issue_enrolment(grant, by))
        .await?;
    Ok(EnrolmentCode {
        code: code.into(),
        expires,
    })
}

/// Enrols a browser by a one-time code. Its token is always drawn here: one that the browser
/// brings along is worth nothing.
pub async fn enrol(
    state: &AppState,
    request: EnrolRequest,
    address: IpAddr,
) -> Result<(TabletStanding, TabletCookie), AccountError> {
    let attempt = Attempt::Code { address };
    state.take_try(&attempt)?;
    let name = clean_tablet_name(&request.name)?;
    let now = state.now();
    let (tablet, cookie) = new_tablet(state, name, now);
    let hash = code::code_hash(request.code.expose());
    let enrolled = state
        .with_database(move |database| database.enrol(hash, &tablet))
        .await;
    let is_wrong = matches!(
        &enrolled,
        Err(AccountError::Database(DatabaseError::Refused(
            Refusal::CodeInvalid
        )))
    );
    if is_wrong {
        let deny = |uncounted| Deed::EnrolmentDenied { uncounted };
        state.note_denial(None, now, deny).await;
    }
    let standing = enrolled?;
    state.limiter.give_back(&attempt);
    Ok((standing, cookie))
}

/// All tablets; those that are connected are in contact now.
pub async fn list(state: &AppState) -> Result<Vec<Tablet>, AccountError> {
    let mut tablets = state.with_database(|database| database.tablets()).await?;
    let (connected, now) = (state.sockets.devices(), state.now());
    for tablet in &mut tablets {
        if connected.contains(&tablet.standing.device) {
            tablet.last_contact = Some(now);
        }
    }
    Ok(tablets)
}

/// Changes what a tablet is called.
pub async fn rename(
    state: &AppState,
    device: DeviceId,
    name: &str,
    by: By,
) -> Result<(), AccountError> {
    let name = clean_tablet_name(name)?;
    state
        .with_database(move |database| database.rename_tablet(device, &name, by))
        .await
}

/// Gives a tablet up: what waits on it is still taken, then it is emptied.
pub async fn retire(state: &AppState, device: DeviceId, by: By) -> Result<(), AccountError> {
    let is_news = state
        .with_database(move |database| database.retire_tablet(device, by))
        .await?;
    if is_news {
        // It connects again by itself and is told then.
        state.sockets.end_device(device, Bye::Unavailable);
    }
    Ok(())
}

/// Notes that a tablet that is given up tells that nothing is on it any more.
pub async fn emptied(state: &AppState, device: DeviceId) -> Result<(), AccountError> {
    let now = state.now();
    state
        .with_database(move |database| database.note_emptied(device, now))
        .await
}

/// Declares a tablet stolen: its sessions are over, and it is emptied at its next contact.
pub async fn declare_stolen(
    state: &AppState,
    device: DeviceId,
    by: By,
) -> Result<(), AccountError> {
    state
        .with_database(move |database| database.declare_stolen(device, by))
        .await?;
    state.sockets.end_device(device, Bye::Erase);
    Ok(())
}
