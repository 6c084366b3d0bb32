//! What may be done with tablets: the same for routes and command line.

use std::net::IpAddr;

use floorbook_shared::access::{Person, rights};
use floorbook_shared::api::{
    ENROLMENT_MINUTES, EnrolRequest, EnrolmentCode, HeldBook, Holdings, TABLET_NAME_MAX_CHARS,
    Tablet, TabletStanding,
};
use floorbook_shared::id::DeviceId;
use floorbook_shared::sync::message::Bye;
use floorbook_shared::time::Timestamp;

use super::accounts::{AccountError, InvalidInput, clean_name};
use super::code;
use super::limiter::Attempt;
use crate::database::model::{By, CodeGrant, Deed, Export, NewTablet};
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
    // Its code will stand on what is entered with it.
    state.scope_changed().await;
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

/// The tablets that a person looks after.
pub async fn list_for(state: &AppState, person: &Person) -> Result<Vec<Tablet>, AccountError> {
    let mut tablets = list(state).await?;
    let scope = state.with_database(|database| database.scope()).await?;
    tablets.retain(|tablet| {
        let users = tablet.people.iter();
        let users: Vec<&Person> = users.filter_map(|id| scope.person(*id)).collect();
        rights::looks_after(person, &users)
    });
    Ok(tablets)
}

/// Refuses a tablet that a person does not look after, as one that is not there.
///
/// # Errors
/// If it is so.
pub async fn require(
    state: &AppState,
    person: &Person,
    device: DeviceId,
) -> Result<(), AccountError> {
    let tablets = list_for(state, person).await?;
    let is_theirs = tablets
        .iter()
        .any(|tablet| tablet.standing.device == device);
    if is_theirs {
        Ok(())
    } else {
        Err(Refusal::NoSuchTablet.into())
    }
}

/// What a tablet holds or held, noted in the audit as an export.
///
/// # Errors
/// If there is no such tablet.
pub async fn holdings(
    state: &AppState,
    device: DeviceId,
    by: By,
) -> Result<Holdings, AccountError> {
    let tablets = list(state).await?;
    let found = tablets
        .into_iter()
        .find(|tablet| tablet.standing.device == device);
    let tablet = found.ok_or(Refusal::NoSuchTablet)?;
    state
        .with_database(move |database| {
            let scope = database.scope()?;
            let people = tablet.people.iter().map(|id| {
                let person = scope.person(*id);
                person.map_or_else(|| id.to_string(), |person| person.name.clone())
            });
            let people = people.collect();
            let mut books = Vec::new();
            for id in &tablet.feeds {
                let feed = scope.feed(*id);
                let owner = feed.and_then(|feed| feed.owner);
                let store = feed.and_then(|feed| scope.store(feed.store));
                books.push(HeldBook {
                    feed: *id,
                    kind: feed.map(|feed| feed.kind),
                    owner: owner
                        .and_then(|owner| scope.person(owner))
                        .map(|owner| owner.name.clone()),
                    store: store.map(|store| store.code.clone()),
                    is_open: tablet.open_feeds.contains(id),
                    cards: database.cards_in(*id)?,
                });
            }
            let cards: usize = books.iter().map(|book| book.cards.len()).sum();
            let deed = Deed::Exported {
                export: Export::Holdings { tablet: device },
                cards: Some(u32::try_from(cards).unwrap_or(u32::MAX)),
            };
            database.note(by, deed)?;
            Ok(Holdings {
                at: by.at,
                people,
                books,
            })
        })
        .await
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

/// Notes that a tablet tells that nothing is on it any more: one that was emptied from its own
/// screen is given up by that.
pub async fn emptied(state: &AppState, device: DeviceId, by: By) -> Result<(), AccountError> {
    state
        .with_database(move |database| database.note_emptied(device, by))
        .await?;
    // A line that is still open is of somebody who is not empty: greeting again, they are told.
    state.sockets.end_device(device, Bye::Unavailable);
    Ok(())
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
