//! Staff and stores by their names and codes, as the command line knows them.

use std::fmt;
use std::sync::Arc;

use floorbook_shared::access::{Post, Role, Scope, Store, StoreSettings};
use floorbook_shared::api::{Member, NewPerson, PersonChange, StoreChange};
use serde::{Deserialize, Serialize};

use super::settings::{self, SettingEdit};
use super::{AdminError, AdminOutcome, join_path};
use crate::access::accounts::{self, fold_name};
use crate::access::directory;
use crate::database::Refusal;
use crate::database::model::By;
use crate::state::AppState;

/// A role in a store that is named by its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPost {
    /// Code of the store.
    pub store: String,
    /// The role.
    pub role: Role,
}

impl fmt::Display for NamedPost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.store, self.role)
    }
}

/// A staff member in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPerson {
    /// Their name.
    pub name: String,
    /// What they do where.
    pub posts: Vec<NamedPost>,
    /// Whether they work here.
    pub is_active: bool,
    /// Whether they have set a password.
    pub has_password: bool,
}

/// A store in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedStore {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub time_zone: String,
    /// What it sets for itself.
    pub settings: StoreSettings,
}

/// Settings to be changed; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsPatch {
    /// Whether consultants read one another's books.
    pub books_are_open: Option<bool>,
    /// Hours that a tablet works without having met the server.
    pub lease_hours: Option<u32>,
    /// Minutes after which a tablet locks itself.
    pub auto_lock_minutes: Option<u32>,
    /// Any other settings.
    pub others: Vec<SettingEdit>,
}

impl SettingsPatch {
    /// The settings with what is to change.
    fn applied_to(&self, settings: StoreSettings) -> Result<StoreSettings, AdminError> {
        let settings =
            settings::applied(&self.others, &settings).ok_or(AdminError::UnknownSetting)?;
        Ok(StoreSettings {
            books_are_open: self.books_are_open.unwrap_or(settings.books_are_open),
            lease_hours: self.lease_hours.unwrap_or(settings.lease_hours),
            auto_lock_minutes: self.auto_lock_minutes.unwrap_or(settings.auto_lock_minutes),
            ..settings
        })
    }
}

async fn scope(state: &AppState) -> Result<Scope, AdminError> {
    let scope = state.with_database(|database| database.scope()).await?;
    Ok(Arc::unwrap_or_clone(scope))
}

/// The store with a code.
fn store_named<'a>(scope: &'a Scope, code: &str) -> Result<&'a Store, AdminError> {
    let code = code.trim();
    let mut stores = scope.stores.iter();
    let found = stores.find(|store| store.code.eq_ignore_ascii_case(code));
    Ok(found.ok_or(Refusal::NoSuchStore)?)
}

fn posts_named(scope: &Scope, named: &[NamedPost]) -> Result<Vec<Post>, AdminError> {
    let posts = named.iter().map(|named| {
        let store = store_named(scope, &named.store)?;
        Ok(Post::new(store.id, named.role))
    });
    posts.collect()
}

async fn member_named(state: &AppState, name: &str) -> Result<Member, AdminError> {
    let wanted = fold_name(name);
    let members = state.with_database(|database| database.members()).await?;
    let mut members = members.into_iter();
    let found = members.find(|member| fold_name(&member.name) == wanted);
    Ok(found.ok_or(Refusal::NoSuchPerson)?)
}

/// Adds a person.
pub(super) async fn add_person(
    state: &AppState,
    name: &str,
    posts: &[NamedPost],
    by: By,
) -> Result<AdminOutcome, AdminError> {
    let name = accounts::clean_name(name)?;
    let new = NewPerson {
        name: name.clone(),
        posts: posts_named(&scope(state).await?, posts)?,
    };
    let invitation = accounts::add_person(state, new, by).await?;
    let path = join_path(invitation.code.expose());
    Ok(AdminOutcome::Invited { name, path })
}

/// Gives a person a new one-time link.
pub(super) async fn invite(
    state: &AppState,
    name: &str,
    by: By,
) -> Result<AdminOutcome, AdminError> {
    let member = member_named(state, name).await?;
    let invitation = accounts::invite(state, member.id, by).await?;
    Ok(AdminOutcome::Invited {
        name: member.name,
        path: join_path(invitation.code.expose()),
    })
}

/// Changes a person.
pub(super) async fn change_person(
    state: &AppState,
    name: &str,
    rename: Option<String>,
    posts: Option<Vec<NamedPost>>,
    is_active: Option<bool>,
    by: By,
) -> Result<AdminOutcome, AdminError> {
    let member = member_named(state, name).await?;
    let posts = match posts {
        Some(posts) => Some(posts_named(&scope(state).await?, &posts)?),
        None => None,
    };
    let change = PersonChange {
        name: rename,
        posts,
        is_active,
    };
    let person = directory::change_person(state, member.id, change, by).await?;
    Ok(AdminOutcome::PersonChanged { name: person.name })
}

/// Lists the staff.
pub(super) async fn list_people(state: &AppState) -> Result<AdminOutcome, AdminError> {
    let scope = scope(state).await?;
    let code_of = |post: &Post| {
        let store = scope.store(post.store);
        store.map_or_else(|| post.store.to_string(), |store| store.code.clone())
    };
    let members = state.with_database(|database| database.members()).await?;
    let listed = members.iter().map(|member| ListedPerson {
        name: member.name.clone(),
        posts: member
            .posts
            .iter()
            .map(|post| NamedPost {
                store: code_of(post),
                role: post.role,
            })
            .collect(),
        is_active: member.is_active,
        has_password: member.has_password,
    });
    Ok(AdminOutcome::People {
        people: listed.collect(),
    })
}

/// Changes a store.
pub(super) async fn change_store(
    state: &AppState,
    code: &str,
    name: Option<String>,
    time_zone: Option<String>,
    settings: SettingsPatch,
    by: By,
) -> Result<AdminOutcome, AdminError> {
    let scope = scope(state).await?;
    let store = store_named(&scope, code)?;
    let change = StoreChange {
        name,
        time_zone,
        settings: Some(settings.applied_to(store.settings)?),
    };
    let changed = directory::change_store(state, store.id, change, by).await?;
    Ok(AdminOutcome::StoreChanged { code: changed.code })
}

/// Lists the stores.
pub(super) async fn list_stores(state: &AppState) -> Result<AdminOutcome, AdminError> {
    let stores = scope(state).await?.stores.into_iter();
    let listed = stores.map(|store| ListedStore {
        code: store.code,
        name: store.name,
        time_zone: store.time_zone,
        settings: store.settings,
    });
    Ok(AdminOutcome::Stores {
        stores: listed.collect(),
    })
}
