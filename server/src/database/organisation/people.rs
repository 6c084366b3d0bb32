//! Adding and changing people.

use std::collections::BTreeSet;

use floorbook_shared::access::{Feed, Grant, Person, Post, Role};
use floorbook_shared::api::PersonChange;
use floorbook_shared::id::PersonId;

use super::{account, add_feeds, rows, scope, store};
use crate::access::accounts::fold_name;
use crate::access::secret::{PasswordHash, SecretHash};
use crate::database::model::{Account, By, Deed, NewAccount};
use crate::database::recorded::Recorded;
use crate::database::sessions::{self, CodeRow};
use crate::database::tables::{self, CODES, FEEDS, GRANTS, STAFF, STORES};
use crate::database::{Refusal, Result, audit};
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
        posts: once_each(&new.posts),
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

/// Changes a person; each part that changes has an entry of its own in the audit.
pub(in crate::database) fn change(
    write: &Recorded<'_>,
    person: PersonId,
    change: &PersonChange,
    by: By,
) -> Result<Person> {
    let found = account(&write.open_table(STAFF)?, person)?;
    let before = found.ok_or(Refusal::NoSuchPerson)?;
    let mut after = before.clone();
    let mut deeds = Vec::new();
    if let Some(name) = &change.name
        && *name != before.person.name
    {
        check_name(write, person, name)?;
        after.person.name.clone_from(name);
        deeds.push(Deed::PersonRenamed { subject: person });
    }
    if let Some(posts) = &change.posts {
        check_posts(write, posts)?;
        after.person.posts = once_each(posts);
        deeds.extend(changed_posts(&before.person, &after.person));
    }
    if let Some(is_active) = change.is_active
        && is_active != before.person.is_active
    {
        after.person.is_active = is_active;
        deeds.push(if is_active {
            Deed::PersonEnabled { subject: person }
        } else {
            Deed::PersonDisabled { subject: person }
        });
    }
    if before == after {
        return Ok(after.person);
    }
    check_administrators(write, &before, &after)?;
    let result = after.person.clone();
    if before.person.is_active && !after.person.is_active {
        lock_out(write, person)?;
    }
    end_grants_elsewhere(write, &after.person)?;
    keep(write, after)?;
    for deed in deeds {
        audit::note(write, by, deed)?;
    }
    Ok(result)
}

/// Posts without repetitions, in their order.
fn once_each(posts: &[Post]) -> Vec<Post> {
    let mut seen = BTreeSet::new();
    posts
        .iter()
        .copied()
        .filter(|post| seen.insert(*post))
        .collect()
}

/// Tells the audit the posts that somebody begins with.
pub(in crate::database) fn note_posts(
    write: &Recorded<'_>,
    subject: PersonId,
    posts: &[Post],
    by: By,
) -> Result<()> {
    for post in once_each(posts) {
        audit::note(write, by, Deed::PostAdded { subject, post })?;
    }
    Ok(())
}

/// What the audit has to tell about a change of posts.
fn changed_posts(before: &Person, after: &Person) -> Vec<Deed> {
    let subject = before.id;
    let lost = before
        .posts
        .iter()
        .filter(|post| !after.posts.contains(post));
    let lost = lost.map(|post| Deed::PostRemoved {
        subject,
        post: *post,
    });
    let new = after
        .posts
        .iter()
        .filter(|post| !before.posts.contains(post));
    let new = new.map(|post| Deed::PostAdded {
        subject,
        post: *post,
    });
    lost.chain(new).collect()
}

/// Whether somebody is an administrator who can sign in.
fn is_administrator(account: &Account) -> bool {
    account.person.is_active && account.person.has_role(Role::Admin) && account.password.is_some()
}

/// Refuses to take the last administrator away.
fn check_administrators(write: &Recorded<'_>, before: &Account, after: &Account) -> Result<()> {
    if !is_administrator(before) || is_administrator(after) {
        return Ok(());
    }
    let all: Vec<Account> = rows("staff", &write.open_table(STAFF)?)?;
    let is_another = |other: &Account| other.person.id != before.person.id;
    if all
        .iter()
        .any(|other| is_another(other) && is_administrator(other))
    {
        return Ok(());
    }
    Err(Refusal::LastAdministrator.into())
}

/// Ends the sessions of a person, and makes their one-time codes worthless, those included that
/// they gave to tablets.
fn lock_out(write: &Recorded<'_>, person: PersonId) -> Result<()> {
    write.note(Event::SessionsEnded { person });
    sessions::forget(write, |session| session.person == person)?;
    write.open_table(CODES)?.retain(|code, value| {
        let is_kept = tables::decode::<CodeRow>("codes", value).is_ok_and(|row| !row.is_of(person));
        if let (false, Ok(code)) = (is_kept, code.try_into()) {
            let code = SecretHash::from_bytes(code);
            write.note(Event::CodeSpent { code });
        }
        is_kept
    })?;
    Ok(())
}

/// Ends what a person may do with books of stores in which they are no consultant any more: covers
/// are for colleagues.
fn end_grants_elsewhere(write: &Recorded<'_>, person: &Person) -> Result<()> {
    let feeds: Vec<Feed> = rows("feeds", &write.open_table(FEEDS)?)?;
    let mut grants = write.open_table(GRANTS)?;
    let all: Vec<Grant> = rows("grants", &grants)?;
    for grant in all.iter().filter(|grant| grant.person == person.id) {
        let feed = feeds.iter().find(|feed| feed.id == grant.feed);
        if feed.is_none_or(|feed| !person.has(feed.store, Role::Consultant)) {
            grants.remove(grant.id.as_bytes().as_slice())?;
            write.note(Event::GrantEnded { grant: grant.id });
        }
    }
    Ok(())
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
    scope::grow_version(write)
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
