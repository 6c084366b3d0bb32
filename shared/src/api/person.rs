//! Changing staff members.

use serde::{Deserialize, Serialize};

use crate::access::Post;

/// Changes a staff member; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonChange {
    /// Their name.
    pub name: Option<String>,
    /// All that they do from now on; the store of the first one is home.
    pub posts: Option<Vec<Post>>,
    /// Whether they work here: somebody who does not is signed out at once, and can come back.
    pub is_active: Option<bool>,
}
