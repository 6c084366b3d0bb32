//! Adding and changing people.

use floorbook_shared::access::{Feed, Person, Post};
use floorbook_shared::id::PersonId;

use super::{account, add_feeds, grow_scope_version, rows, store};
use crate::access::accounts::fold_name;
use crate::access::secret::PasswordHash;
use crate::database::model::{Account, NewAccount};
use crate::database::recorded::Recorded;
use crate::database::tables::{self, STAFF, STORES};
use crate::database::{Refusal, Result};
use crate::ledger::Event;

/// Adds a person with the books that their posts bring.
pub(in crate::database) fn add(
    write: &Recorded<'_>,
    new: &NewAccount,
    password: Option<PasswordHash>,
) -> Result<()> {
    check_posts(write, &new.posts)?;
    check_name(write, new.id, &new.name)?;
    let person = Person {
        id: new.id,
        name: new.name.clone(),
        posts: new.posts.clone(),
        is_active: true,
    };
    keep(write, Account { person, password })
}

/// Gives a person one more post; tells whether they did not have it.
pub(in crate::database) fn add_post(
    write: &Recorded<'_>,
    person: PersonId,
    post: Post,
) -> Result<bool> {
    check_posts(write, &[post])?;
    let found = account(&write.open_table(STAFF)?, person)?;
    let mut account = found.ok_or(Refusal::NoSuchPerson)?;
    if account.person.posts.contains(&post) {
        return Ok(false);
    }
    account.person.posts.push(post);
    keep(write, account)?;
    Ok(true)
}

/// Stores an account as it is from now on, and makes the books that its posts bring.
fn keep(write: &Recorded<'_>, account: Account) -> Result<()> {
    let value = tables::encode("staff", &account)?;
    let id = account.person.id;
    let feeds = Feed::all_of_posts(&account.person);
    write
        .open_table(STAFF)?
        .insert(id.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Person { account });
    add_feeds(write, feeds)?;
    grow_scope_version(write)
}

/// Someone has a post at least, and each in a store that is there.
fn check_posts(write: &Recorded<'_>, posts: &[Post]) -> Result<()> {
    let stores = write.open_table(STORES)?;
    for post in posts {
        if store(&stores, post.store)?.is_none() {
            return Err(Refusal::NoSuchStore.into());
        }
    }
    if posts.is_empty() {
        return Err(Refusal::NoPost.into());
    }
    Ok(())
}

/// Nobody else has this name, also nobody who left: names stand on entries.
fn check_name(write: &Recorded<'_>, person: PersonId, name: &str) -> Result<()> {
    let folded = fold_name(name);
    let all: Vec<Account> = rows("staff", &write.open_table(STAFF)?)?;
    let is_taken =
        |other: &Account| other.person.id != person && fold_name(&other.person.name) == folded;
    if all.iter().any(is_taken) {
        return Err(Refusal::NameTaken.into());
    }
    Ok(())
}
