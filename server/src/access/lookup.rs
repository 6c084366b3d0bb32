//! Whether a walk-in is a customer of the store already.
//!
//! There is no index: the rows of the books in question are read one after the other. That takes
//! less than a tenth of a second for 20,000 cards (measured: 14 ms to read them, 70 to compare), can't
//! be wrong after a handover, and is asked some dozen times a day.

use std::ops::ControlFlow;

use floorbook_shared::access::{Access, Feed, Scope, rights};
use floorbook_shared::api::{LookUp, LookUpAnswer};
use floorbook_shared::document::DocumentKind;
use floorbook_shared::id::{FeedId, PersonId};
use floorbook_shared::view::lookup::Wanted;

use super::accounts::{AccountError, InvalidInput};
use super::limiter::Attempt;
use crate::database::model::{By, Deed};
use crate::state::AppState;

/// Tells whether somebody is on a card of the store, and whom to ask if it is a colleague's. The
/// caller has made sure that the person may ask about that store.
///
/// # Errors
/// If too little or too much was typed, or too often.
pub async fn look_up(
    state: &AppState,
    asked: &LookUp,
    person: PersonId,
    by: By,
) -> Result<LookUpAnswer, AccountError> {
    let wanted = Wanted::read(&asked.phone, &asked.wechat).map_err(InvalidInput::from)?;
    if let Err(error) = state.take_try(&Attempt::LookUp { person }) {
        let denied = |uncounted| Deed::LookUpDenied { uncounted };
        state.note_denial(by.device, by.at, denied).await;
        return Err(error);
    }
    let store = asked.store;
    state
        .with_database(move |database| {
            let scope = database.scope()?;
            let holds_customers = |feed: &&Feed| {
                feed.store == store && rights::lives_in(DocumentKind::Customer, feed.kind)
            };
            let (mine, theirs): (Vec<&Feed>, Vec<&Feed>) = scope
                .feeds
                .iter()
                .filter(holds_customers)
                .partition(|feed| scope.access(person, feed.id).is_some());
            let is_in = |feeds: Vec<&Feed>| {
                let ids: Vec<FeedId> = feeds.into_iter().map(|feed| feed.id).collect();
                let mut found = None;
                let look = database.rows_of(&ids, &mut |feed, row| {
                    if wanted.is_in(row) {
                        found = Some(feed);
                        return ControlFlow::Break(());
                    }
                    ControlFlow::Continue(())
                });
                look.map(|()| found)
            };
            // A colleague's card counts first: whoever has one of their own shall hear of it.
            let answer = if let Some(feed) = is_in(theirs)? {
                let ask = scope.feed(feed).and_then(|feed| whom_to_ask(&scope, feed));
                LookUpAnswer::Known { ask }
            } else if is_in(mine)?.is_some() {
                LookUpAnswer::Yours
            } else {
                LookUpAnswer::Unknown
            };
            let is_known = matches!(answer, LookUpAnswer::Known { .. });
            database.note(by, Deed::LookedUp { store, is_known })?;
            Ok(answer)
        })
        .await
}

/// Who looks after the customers of a book now: who covers for its owner, else the owner, if they
/// still write in it. Nobody means that the manager is to be asked.
fn whom_to_ask(scope: &Scope, feed: &Feed) -> Option<String> {
    let covers = scope.grants.iter().filter(|grant| grant.feed == feed.id);
    let mut people = covers.map(|grant| grant.person).chain(feed.owner);
    let writes = |person: &PersonId| scope.access(*person, feed.id) == Some(Access::Write);
    let person = people.find(writes)?;
    scope.person(person).map(|person| person.name.clone())
}
