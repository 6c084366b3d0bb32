//! Setting up, signing in, joining by a one-time link: how a session begins.

use std::net::IpAddr;

use floorbook_shared::access::Identity;
use floorbook_shared::api::{
    Invitation, JoinRequest, SetupRequest, SignInRequest, SignedIn, TabletStanding,
};
use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::secret::SessionToken;
use floorbook_shared::time::Timestamp;

use super::accounts::{AccountError, clean_name, clean_store, fold_name};
use super::code::{self, MILLIS_PER_DAY, SESSION_DAYS};
use super::limiter::Attempt;
use super::password::{self, Whose};
use super::tablets::{clean_tablet_name, new_tablet};
use crate::database::Refusal;
use crate::database::model::{Deed, Denial, Founding, NewSession};
use crate::http::cookie::TabletCookie;
use crate::state::AppState;

/// Founds the first store and administrator, enrols their browser and signs them in.
pub async fn set_up(
    state: &AppState,
    request: SetupRequest,
    address: IpAddr,
) -> Result<(SignedIn, TabletCookie), AccountError> {
    let attempt = Attempt::Code { address };
    if let Err(error) = state.take_try(&attempt) {
        state.note_refusal(None, None, Denial::SetupCode).await;
        return Err(error);
    }
    if state.with_database(|database| database.is_set_up()).await? {
        return Err(Refusal::AlreadySetUp.into());
    }
    if !state.is_setup_code(request.code.expose()) {
        state.note_refusal(None, None, Denial::SetupCode).await;
        return Err(Refusal::CodeInvalid.into());
    }
    let name = clean_name(&request.name)?;
    let tablet_name = clean_tablet_name(&request.tablet_name)?;
    let store = clean_store(
        state,
        &request.store_code,
        &request.store_name,
        &request.time_zone,
    )?;
    let whose = Whose {
        name: &name,
        store: &store.name,
    };
    password::check_new(request.password.expose(), whose)?;
    let password = state.hash_password(request.password).await?;
    let now = state.now();
    let (tablet, cookie) = new_tablet(state, tablet_name, now);
    let (session, token) = new_session(state, tablet.id, now);
    let person = state.with_randomness(|randomness| PersonId::new(now, randomness));
    let expires = session.expires;
    let founding = Founding {
        store,
        person,
        name,
        password,
        tablet,
        session,
    };
    let (_, identity) = state
        .with_database(move |database| database.found(&founding))
        .await?;
    state.forget_setup_code();
    state.limiter.give_back(&attempt);
    state.scope_changed().await;
    let signed_in = signed_in(state, identity, &token, expires).await?;
    Ok((signed_in, cookie))
}

/// Signs a person in on an active tablet by name and password.
pub async fn sign_in(
    state: &AppState,
    tablet: &TabletStanding,
    request: SignInRequest,
    address: IpAddr,
) -> Result<SignedIn, AccountError> {
    let account = fold_name(&request.name);
    let (device, now) = (tablet.device, state.now());
    let attempt = Attempt::SignIn {
        account: &account,
        device,
        address,
    };
    let deny = |subject| move |uncounted| Deed::SignInDenied { subject, uncounted };
    if let Err(error) = state.take_try(&attempt) {
        state.note_denial(Some(device), now, deny(None)).await;
        return Err(error);
    }
    let name = account.clone();
    let found = state
        .with_database(move |database| database.account_named(&name))
        .await?
        .filter(|found| found.person.is_active);
    let (person, expected) = match found {
        Some(account) => (Some(account.person.id), account.password),
        None => (None, None),
    };
    let is_right = state
        .passwords
        .verify(request.password.into_exposed(), expected.clone())
        .await?;
    let proven = person.zip(expected).filter(|_| is_right);
    let Some((person_id, proven)) = proven else {
        state.note_denial(Some(device), now, deny(person)).await;
        return Err(AccountError::WrongPassword);
    };
    state.limiter.give_back(&attempt);
    let (new, token) = new_session(state, device, now);
    let expires = new.expires;
    let identity = state
        .with_database(move |database| database.sign_in_by_password(person_id, &proven, &new))
        .await?;
    // The session that this one takes the place of.
    state.sockets.end_sessions(person_id, Some(device));
    signed_in(state, identity, &token, expires).await
}

/// Tells what a one-time code is for.
pub async fn invitation(
    state: &AppState,
    tablet: &TabletStanding,
    code: &str,
) -> Result<Invitation, AccountError> {
    let attempt = Attempt::TabletCode {
        device: tablet.device,
    };
    let device = Some(tablet.device);
    let denial = Denial::InvitationCode;
    if let Err(error) = state.take_try(&attempt) {
        state.note_refusal(device, None, denial).await;
        return Err(error);
    }
    let (hash, now) = (code::code_hash(code), state.now());
    let found = state
        .with_database(move |database| database.invitation(hash, now))
        .await?;
    let Some(invitation) = found else {
        state.note_refusal(device, None, denial).await;
        return Err(Refusal::CodeInvalid.into());
    };
    state.limiter.give_back(&attempt);
    Ok(invitation)
}

/// Sets a password by a one-time code and signs in on an active tablet.
pub async fn join(
    state: &AppState,
    tablet: &TabletStanding,
    request: JoinRequest,
) -> Result<SignedIn, AccountError> {
    // Checked first, so that a password that is refused does not use the code up, nor does a
    // wrong code cost a hash.
    let invitation = invitation(state, tablet, request.code.expose()).await?;
    let whose = Whose {
        name: &invitation.name,
        store: &invitation.store_name,
    };
    password::check_new(request.password.expose(), whose)?;
    let password = state.hash_password(request.password).await?;
    let (new, token) = new_session(state, tablet.device, state.now());
    let hash = code::code_hash(request.code.expose());
    let expires = new.expires;
    let identity = state
        .with_database(move |database| database.join(hash, &password, &new))
        .await?;
    state.sockets.end_sessions(identity.person, None);
    signed_in(state, identity, &token, expires).await
}

fn new_session(state: &AppState, device: DeviceId, now: Timestamp) -> (NewSession, SessionToken) {
    let token = state.with_randomness(code::new_token);
    let new = NewSession {
        device,
        token: code::session_hash(&token),
        now,
        expires: now.plus_millis(SESSION_DAYS * MILLIS_PER_DAY),
    };
    (new, SessionToken::from_bytes(token))
}

/// What a tablet gets at a sign-in: who, what they may see, and the keys that belong to it.
async fn signed_in(
    state: &AppState,
    identity: Identity,
    token: &SessionToken,
    expires: Timestamp,
) -> Result<SignedIn, AccountError> {
    let person = identity.person;
    let scope = state
        .with_database(move |database| database.scope_of(person))
        .await?;
    let keys = state.issue_keys(identity.device, identity.person, &scope);
    state.note_feeds(identity.device, &scope).await;
    Ok(SignedIn {
        identity,
        token: token.to_hex(),
        expires,
        scope,
        keys,
    })
}
