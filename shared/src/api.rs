//! Types of the HTTP routes, shared by server and screen.
//!
//! Every body is JSON. Errors are `ApiError` with an HTTP status that fits.
//!
//! Who may use which is decided by the table in the server's `http/routes.rs`; a test holds this one
//! against it.
//!
//! | route | who | body → answer |
//! |---|---|---|
//! | `GET /healthz` | anyone | → `ok` |
//! | `GET /sync` | anyone; who it is is told there | a WebSocket: `sync::message` |
//! | `GET /api/state` | anyone | → [`ServerState`] |
//! | `POST /api/setup` | anyone with the one-time code | [`SetupRequest`] → [`SignedIn`] |
//! | `POST /api/enrol` | anyone with a one-time code | [`EnrolRequest`] → [`TabletStanding`] |
//! | `POST /api/sign-in` | tablet | [`SignInRequest`] → [`SignedIn`] |
//! | `POST /api/invitation` | tablet with a one-time code | [`InvitationQuery`] → [`Invitation`] |
//! | `POST /api/join` | tablet with a one-time code | [`JoinRequest`] → [`SignedIn`] |
//! | `POST /api/sign-out` | signed in | → 204 |
//! | `GET /api/people` | administrator | → `Vec<`[`Member`]`>` |
//! | `POST /api/people` | administrator | [`NewPerson`] → [`InvitationCode`] |
//! | `PATCH /api/people/{id}` | administrator | [`PersonChange`] → [`Member`] |
//! | `POST /api/people/{id}/invite` | administrator | → [`InvitationCode`] |
//! | `GET /api/stores` | administrator | → `Vec<`[`Store`]`>` |
//! | `POST /api/stores` | administrator | [`NewStore`] → [`Store`] |
//! | `PATCH /api/stores/{id}` | administrator; settings alone: also its manager | [`StoreChange`] → [`Store`] |
//! | `GET /api/tablets` | administrator; manager: those of their people | → `Vec<`[`Tablet`]`>` |
//! | `POST /api/tablets/code` | administrator | → [`EnrolmentCode`] |
//! | `PATCH /api/tablets/{id}` | administrator | [`RenameTablet`] → 204 |
//! | `POST /api/tablets/{id}/retire` | administrator; manager: those of their people | → 204 |
//! | `POST /api/tablets/{id}/stolen` | administrator | → 204 |
//! | `POST /api/tablets/{id}/holdings` | administrator | → [`Holdings`] |
//! | `POST /api/emptied` | a tablet that holds nothing any more, which retires it | [`EmptiedTablet`] → 204 |
//! | `GET /api/handovers` | administrator, manager: of their stores | → `Vec<`[`RunningHandover`]`>` |
//! | `POST /api/handovers` | administrator, manager of that store | [`NewHandover`] → [`RunningHandover`] |
//! | `POST /api/handovers/{id}/end` | administrator, manager of that store | → [`RunningHandover`] |
//! | `POST /api/lookup` | consultant, manager of that store | [`LookUp`] → [`LookUpAnswer`] |
//! | `POST /api/rescue` | administrator | [`RescueRequest`] → [`RescueReport`] |
//! | `POST /api/import/customers` | administrator; manager and office for their stores | [`ImportRequest`] → [`ImportReport`](crate::import::ImportReport) |

pub mod handover;
pub mod lookup;
pub mod person;
pub mod rescue;
pub mod session;
pub mod store;
pub mod tablet;

use serde::{Deserialize, Serialize};

use crate::access::Post;
use crate::id::PersonId;
use crate::import::Creation;
use crate::secret::Secret;
use crate::time::Timestamp;

pub use handover::*;
pub use lookup::*;
pub use person::*;
pub use rescue::*;
pub use session::*;
pub use store::*;
pub use tablet::*;

/// Shortest password that is accepted, in characters.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password that is accepted, in characters.
pub const PASSWORD_MAX_CHARS: usize = 200;
/// Largest file that can be imported from the screen, in bytes.
pub const IMPORT_MAX_BYTES: usize = 16 * 1024 * 1024;

/// An error of a route: a stable code for translation, and a sentence for people without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// Stable, for example `wrong_password`; the screen's key is `error-` and the code.
    pub code: String,
    /// What went wrong and what to do, in English.
    pub message: String,
}

/// A staff member as administrators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// What they do where; the store of the first one is home.
    pub posts: Vec<Post>,
    /// Whether they still work here.
    pub is_active: bool,
    /// Whether they have set a password yet.
    pub has_password: bool,
}

/// Adds a staff member.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// What they do where; the store of the first one is home.
    pub posts: Vec<Post>,
}

/// A one-time code for a person, to be handed over as the link `/join#CODE`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationCode {
    /// Whose code.
    pub person: PersonId,
    /// The code.
    pub code: Secret,
    /// Until when it works.
    pub expires: Timestamp,
}

/// Imports customers from a file: a dry run first, then for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// Name of the file, for the report.
    pub file_name: String,
    /// The file, base64.
    pub content: String,
    /// Stores and consultants that may be created.
    pub create: Vec<Creation>,
    /// Whether to write; `false` is a dry run.
    pub apply: bool,
}
