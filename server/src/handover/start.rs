//! The beginning of a handover: everything that it needs, from what a manager asked for.

use floorbook_shared::access::{Access, Feed, FeedKind, Grant, GrantReason};
use floorbook_shared::api::{
    COVER_MAX_DAYS, HANDOVER_MAX_CUSTOMERS, HandedCustomers, HandoverStage, NewHandover,
};
use floorbook_shared::id::{FeedId, GrantId, HandoverId, Randomness};
use floorbook_shared::record::handover::HANDOVER_NOTE_MAX_CHARS;

use super::HandoverError;
use crate::database::model::{By, HandoverRow, HandoverStart};

const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// Checks what can be checked without the database, and makes everything that a handover needs.
///
/// # Errors
/// If it can't be a handover, whatever the database holds.
pub fn prepare(
    new: NewHandover,
    by: By,
    randomness: &mut dyn Randomness,
) -> Result<HandoverStart, HandoverError> {
    if new.from == new.to {
        return Err(HandoverError::SamePerson);
    }
    let latest = by.at.plus_millis(COVER_MAX_DAYS * MILLIS_PER_DAY);
    if new
        .until
        .is_some_and(|until| until <= by.at || until > latest)
    {
        return Err(HandoverError::Until);
    }
    let note = new.note.trim().to_owned();
    let is_long = note.chars().count() > HANDOVER_NOTE_MAX_CHARS;
    if is_long || note.chars().any(char::is_control) {
        return Err(HandoverError::Note);
    }
    let customers = match new.customers {
        HandedCustomers::All => None,
        HandedCustomers::Some(mut customers) => {
            customers.sort_unstable();
            customers.dedup();
            if customers.is_empty() || customers.len() > HANDOVER_MAX_CUSTOMERS {
                return Err(HandoverError::Customers);
            }
            Some(customers)
        }
    };
    let id = HandoverId::new(by.at, randomness);
    let grant = GrantId::new(by.at, randomness);
    let feed = FeedId::new(by.at, randomness);
    let source = Feed::of_owner(new.store, FeedKind::Cards, new.from).id;
    let (target, feed) = match (new.until, &customers) {
        (None, _) => (Feed::of_owner(new.store, FeedKind::Cards, new.to).id, None),
        (Some(_), None) => (source, None),
        (Some(_), Some(_)) => (feed, Some(Feed::of_cover(feed, new.store, new.from))),
    };
    let grant = new.until.map(|until| Grant {
        id: grant,
        feed: target,
        person: new.to,
        access: Access::Write,
        until: Some(until),
        reason: GrantReason::Cover,
    });
    let row = HandoverRow {
        id,
        store: new.store,
        from: new.from,
        to: new.to,
        customers,
        until: new.until,
        note,
        by: by.person,
        at: by.at,
        source,
        target,
        grant: grant.as_ref().map(|grant| grant.id),
        stage: HandoverStage::Moving,
    };
    Ok(HandoverStart { row, feed, grant })
}
