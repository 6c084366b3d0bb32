//! Setting up, signing in and joining: what a tablet sends and what it gets.

use serde::{Deserialize, Serialize};

use super::tablet::TabletStanding;
use crate::access::{Identity, Scope};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::vault::issued::IssuedKeys;

/// What anyone may know about the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerState {
    /// Whether the first store and administrator exist.
    pub is_set_up: bool,
    /// Version of the server program.
    pub version: String,
    /// The tablet whose cookie the request carried, if it is enrolled here.
    pub tablet: Option<TabletStanding>,
}

/// Founds the first store and administrator, enrols the browser and signs the founder in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetupRequest {
    /// The one-time code that the server printed.
    pub code: Secret,
    /// Code of the first store, such as `HZ1`: 1 to 8 letters and digits.
    pub store_code: String,
    /// Name of the first store.
    pub store_name: String,
    /// IANA time zone of the store.
    pub time_zone: String,
    /// Name of the administrator.
    pub name: String,
    /// Their password.
    pub password: Secret,
    /// How this tablet shall be called in the list.
    pub tablet_name: String,
}

/// Signs a staff member in on an enrolled tablet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignInRequest {
    /// The person's name.
    pub name: String,
    /// Their password.
    pub password: Secret,
}

/// The answer to every kind of sign-in. The token is bound to the tablet's cookie: both together
/// are the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who is signed in where.
    pub identity: Identity,
    /// The session's token, in hex: for `Authorization: Bearer` and for the socket's greeting.
    pub token: Secret,
    /// When the session ends, however much it is used.
    pub expires: Timestamp,
    /// What the person may see.
    pub scope: Scope,
    /// The keys that belong to it on this tablet.
    pub keys: IssuedKeys,
}

/// Asks what a one-time link is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvitationQuery {
    /// The one-time code.
    pub code: Secret,
}

/// What a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Whose password it sets.
    pub name: String,
    /// Name of their home store.
    pub store_name: String,
}

/// Sets a password by a one-time link and signs in on an enrolled tablet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JoinRequest {
    /// The one-time code.
    pub code: Secret,
    /// The new password.
    pub password: Secret,
}
