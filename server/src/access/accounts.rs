//! What may be done with accounts and the organisation: the same for routes and command line.

use std::fmt::Display;

use floorbook_shared::access::{SettingsProblem, Store, StoreSettings};
use floorbook_shared::api::{InvitationCode, NewPerson};
use floorbook_shared::id::{PersonId, StoreId};
use floorbook_shared::secret::Secret;
use floorbook_shared::vault::rescue::RescueError;
use floorbook_shared::view::lookup::LookUpProblem;
use thiserror::Error;

use super::code::{self, INVITATION_HOURS};
use crate::database::model::{By, CodeGrant, NewAccount};
use crate::database::{DatabaseError, Refusal};
use crate::state::AppState;

/// Longest name of a person or a store, in characters.
const NAME_MAX_CHARS: usize = 60;

/// Longest code of a store, in characters.
const STORE_CODE_MAX_CHARS: usize = 8;

const MILLIS_PER_HOUR: i64 = 60 * 60 * 1000;

/// Why an account operation failed.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The database refused or failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The input breaks a rule.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// Name or password is wrong; which one is not told.
    #[error("the name or the password is wrong")]
    WrongPassword,
    /// Too many failed tries.
    #[error("too many tries; try again in {retry_seconds} seconds")]
    TooManyTries {
        /// When to try again.
        retry_seconds: u32,
    },
    /// The server has more sign-ins than it can check.
    #[error("the server is busy; try again in a moment")]
    Busy,
    /// A rescue file can't be read.
    #[error(transparent)]
    Rescue(#[from] RescueError),
    /// A fault of ours.
    #[error("the server failed: {0}")]
    Internal(String),
}

impl AccountError {
    /// A fault of ours, told to the log.
    pub(crate) fn internal(what: &str, error: &dyn Display) -> Self {
        Self::Internal(format!("{what}: {error}"))
    }
}

impl From<Refusal> for AccountError {
    fn from(refusal: Refusal) -> Self {
        Self::Database(refusal.into())
    }
}

/// Which rule the input breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidInput {
    /// A name is empty, too long or holds control characters.
    #[error("a name has 1 to {NAME_MAX_CHARS} characters")]
    Name,
    /// A store's code is empty, too long or not of letters and digits.
    #[error("a store's code has 1 to {STORE_CODE_MAX_CHARS} letters or digits")]
    StoreCode,
    /// No such time zone.
    #[error("there is no such time zone; take one like Asia/Shanghai")]
    TimeZone,
    /// A number of a store's settings lies outside its bounds.
    #[error(transparent)]
    Settings(#[from] SettingsProblem),
    /// Nobody can be looked for by what was typed.
    #[error(transparent)]
    LookUp(#[from] LookUpProblem),
    /// The password is too short.
    #[error(
        "the password is too short: it needs at least {} characters",
        floorbook_shared::api::PASSWORD_MIN_CHARS
    )]
    PasswordTooShort,
    /// The password is too long.
    #[error(
        "the password is too long: it may have {} characters",
        floorbook_shared::api::PASSWORD_MAX_CHARS
    )]
    PasswordTooLong,
    /// Everybody guesses this password first.
    #[error("this password is too easy to guess; take several words")]
    PasswordTooCommon,
}

impl InvalidInput {
    /// Stable code for translation and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "invalid_name",
            Self::StoreCode => "invalid_store_code",
            Self::TimeZone => "invalid_time_zone",
            Self::Settings(problem) => problem.code(),
            Self::LookUp(problem) => problem.code(),
            Self::PasswordTooShort => "password_too_short",
            Self::PasswordTooLong => "password_too_long",
            Self::PasswordTooCommon => "password_too_common",
        }
    }
}

/// A name as it is compared: case and doubled spaces do not matter.
pub fn fold_name(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// A name as it is stored.
pub fn clean_name(name: &str) -> Result<String, InvalidInput> {
    let clean = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars = clean.chars().count();
    if chars == 0 || chars > NAME_MAX_CHARS || clean.chars().any(char::is_control) {
        return Err(InvalidInput::Name);
    }
    Ok(clean)
}

/// Whether this can be the code of a store.
pub fn is_store_code(text: &str) -> bool {
    let code = text.trim();
    let is_plain = code.chars().all(|char| char.is_ascii_alphanumeric());
    !code.is_empty() && code.len() <= STORE_CODE_MAX_CHARS && is_plain
}

/// A time zone as it is stored.
pub(super) fn clean_time_zone(name: &str) -> Result<String, InvalidInput> {
    let zone = jiff::tz::TimeZone::get(name).map_err(|_| InvalidInput::TimeZone)?;
    Ok(zone.iana_name().ok_or(InvalidInput::TimeZone)?.to_owned())
}

pub(super) fn clean_store(
    state: &AppState,
    code: &str,
    name: &str,
    time_zone: &str,
) -> Result<Store, InvalidInput> {
    if !is_store_code(code) {
        return Err(InvalidInput::StoreCode);
    }
    let code = code.trim().to_ascii_uppercase();
    let time_zone = clean_time_zone(time_zone)?;
    let name = clean_name(name)?;
    let id = state.with_randomness(|randomness| StoreId::new(state.now(), randomness));
    Ok(Store {
        id,
        code,
        name,
        time_zone,
        settings: StoreSettings::default(),
    })
}

/// Adds a person and gives them a one-time code.
pub async fn add_person(
    state: &AppState,
    new: NewPerson,
    by: By,
) -> Result<InvitationCode, AccountError> {
    let name = clean_name(&new.name)?;
    let id = state.with_randomness(|randomness| PersonId::new(by.at, randomness));
    let (grant, invitation) = new_invitation(state, id, by);
    let account = NewAccount {
        id,
        name,
        posts: new.posts,
        code: Some(grant),
    };
    state
        .with_database(move |database| database.add_person(&account, by))
        .await?;
    state.scope_changed().await;
    Ok(invitation)
}

/// Gives a person a new one-time code.
pub async fn invite(
    state: &AppState,
    person: PersonId,
    by: By,
) -> Result<InvitationCode, AccountError> {
    let (grant, invitation) = new_invitation(state, person, by);
    state
        .with_database(move |database| database.issue_code(person, grant, by))
        .await?;
    Ok(invitation)
}

/// Sets a person's password and ends their sessions.
pub async fn set_password(
    state: &AppState,
    person: PersonId,
    password: Secret,
    by: By,
) -> Result<(), AccountError> {
    let password = state.hash_password(password).await?;
    state
        .with_database(move |database| database.set_password(person, &password, by))
        .await?;
    state.sockets.end_sessions(person, None);
    Ok(())
}

/// Adds a store.
pub async fn add_store(
    state: &AppState,
    code: &str,
    name: &str,
    time_zone: &str,
    by: By,
) -> Result<Store, AccountError> {
    let store = clean_store(state, code, name, time_zone)?;
    let added = store.clone();
    state
        .with_database(move |database| database.add_store(&added, by))
        .await?;
    state.scope_changed().await;
    Ok(store)
}

fn new_invitation(state: &AppState, person: PersonId, by: By) -> (CodeGrant, InvitationCode) {
    let code = state.with_randomness(code::new_code);
    let expires = by.at.plus_millis(INVITATION_HOURS * MILLIS_PER_HOUR);
    let grant = CodeGrant {
        code: code::code_hash(&code),
        expires,
    };
    (
        grant,
        InvitationCode {
            person,
            code: code.into(),
            expires,
        },
    )
}
