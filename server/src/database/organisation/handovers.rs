//! Handovers inside a transaction.

use floorbook_shared::access::{Feed, Role};
use floorbook_shared::api::HandoverStage;
use floorbook_shared::document::author::SERVER_DEVICE;
use floorbook_shared::faults;
use floorbook_shared::id::{DocumentId, FeedId, HandoverId};
use floorbook_shared::sync::message::FeedState;
use redb::ReadTransaction;

use super::{account, add_feeds, get, rows, scope};
use crate::database::document_log::values::{self, DocumentRow, FeedEntry};
use crate::database::model::{By, Deed, HandoverRow, HandoverStart};
use crate::database::recorded::Recorded;
use crate::database::tables::{self, DOCUMENTS, FEED_INDEX, FEEDS, GRANTS, HANDOVERS, STAFF};
use crate::database::{DatabaseError, Home, Refusal, Result, audit, homes};
use crate::ledger::Event;

/// Begins a handover.
pub(in crate::database) fn begin(
    write: &Recorded<'_>,
    start: &HandoverStart,
    by: By,
) -> Result<()> {
    let row = &start.row;
    check_people(write, row)?;
    check_customers(write, row)?;
    let all: Vec<HandoverRow> = rows("handovers", &write.open_table(HANDOVERS)?)?;
    let is_clear = faults::is_planted("handovers_cross");
    if !is_clear && all.iter().any(|other| is_in_the_way(other, row)) {
        return Err(Refusal::HandoverRunning.into());
    }
    add_feeds(write, start.feed.clone())?;
    if let Some(grant) = &start.grant {
        let value = tables::encode("grants", grant)?;
        write
            .open_table(GRANTS)?
            .insert(grant.id.as_bytes().as_slice(), value.as_slice())?;
        let grant = grant.clone();
        write.note(Event::Grant { grant });
    }
    keep(write, row)?;
    scope::grow_version(write)?;
    let deed = Deed::HandoverBegun {
        handover: row.id,
        from: row.from,
        to: row.to,
        handover_kind: Some(row.kind()),
        customers: row
            .customers
            .as_ref()
            .map(|named| u32::try_from(named.len()).unwrap_or(u32::MAX)),
        until: row.until,
    };
    audit::note(write, by, deed)
}

/// Whether a handover that is not over makes it unclear what another one is to do.
fn is_in_the_way(other: &HandoverRow, row: &HandoverRow) -> bool {
    let is_moving = other.stage == HandoverStage::Moving;
    let of_one_book = other.source == row.source;
    let of_the_same = match (&other.customers, &row.customers) {
        // Those that the other one has not moved yet would go with whichever comes first.
        (Some(theirs), Some(customers)) => {
            is_moving && customers.iter().any(|customer| theirs.contains(customer))
        }
        // Who looks after a customer has to be clear, also when one of the two covers ends.
        (None, _) | (_, None) => true,
    };
    // Where customers still arrive or leave, what comes next would depend on how far that is; two
    // books that were handed to one another at the same time would pass customers on for ever.
    let arrives_there = is_moving && other.target == row.source;
    let takes_along = is_moving && other.customers.is_none() && other.source == row.target;
    of_one_book && of_the_same || arrives_there || takes_along
}

/// The one who gets customers is a consultant of the store, and the other one has a book there.
fn check_people(write: &Recorded<'_>, row: &HandoverRow) -> Result<()> {
    if get::<Feed>("feeds", &write.open_table(FEEDS)?, row.source.as_bytes())?.is_none() {
        return Err(Refusal::NoBook.into());
    }
    let staff = write.open_table(STAFF)?;
    let to = account(&staff, row.to)?
        .filter(|account| account.person.is_active)
        .ok_or(Refusal::NoSuchPerson)?;
    if !to.person.has(row.store, Role::Consultant) {
        return Err(Refusal::OtherStore.into());
    }
    Ok(())
}

/// Customers that are named are in the book that they are taken from.
fn check_customers(write: &Recorded<'_>, row: &HandoverRow) -> Result<()> {
    let documents = write.open_table(DOCUMENTS)?;
    for id in row.customers.iter().flatten() {
        let document = values::get::<DocumentRow>("documents", &documents, id.as_bytes())?;
        if document.is_none_or(|document| document.feed != row.source) {
            return Err(Refusal::NotTheirCustomer.into());
        }
    }
    Ok(())
}

fn keep(write: &Recorded<'_>, row: &HandoverRow) -> Result<()> {
    let value = tables::encode("handovers", row)?;
    write
        .open_table(HANDOVERS)?
        .insert(row.id.as_bytes().as_slice(), value.as_slice())?;
    let handover = row.without_note();
    write.note(Event::Handover { handover });
    Ok(())
}

/// Notes that all documents of this stage are where they belong. Answers how the handover stands
/// now; what is over is forgotten.
pub(in crate::database) fn advance(
    write: &Recorded<'_>,
    id: HandoverId,
    from: HandoverStage,
    by: By,
) -> Result<HandoverStage> {
    let found = get::<HandoverRow>("handovers", &write.open_table(HANDOVERS)?, id.as_bytes())?;
    let Some(mut row) = found else {
        return Ok(HandoverStage::Done);
    };
    if row.stage != from {
        return Ok(row.stage);
    }
    if row.stage != HandoverStage::Covering {
        audit::note(write, by, Deed::HandoverDone { handover: id })?;
    }
    redirect(write, &row)?;
    match row.stage {
        HandoverStage::Moving if row.until.is_some() => {
            row.stage = HandoverStage::Covering;
            keep(write, &row)?;
            Ok(HandoverStage::Covering)
        }
        HandoverStage::Covering => Ok(HandoverStage::Covering),
        HandoverStage::Moving | HandoverStage::Returning | HandoverStage::Done => {
            forget(write, id)?;
            Ok(HandoverStage::Done)
        }
    }
}

/// Documents that a restored backup lacks could not move with the others: once a tablet brings
/// them back, they go where they would be.
fn redirect(write: &Recorded<'_>, row: &HandoverRow) -> Result<()> {
    let (expected, to) = match (row.stage, &row.customers) {
        (HandoverStage::Covering | HandoverStage::Done, _) => return Ok(()),
        (HandoverStage::Returning, _) => (homes::expected_in(write, row.target)?, row.source),
        (HandoverStage::Moving, None) => (homes::expected_in(write, row.source)?, row.target),
        (HandoverStage::Moving, Some(customers)) => {
            let mut expected = Vec::new();
            for id in customers {
                if homes::is_expected_from(write, *id, row.source)? {
                    expected.push(*id);
                }
            }
            (expected, row.target)
        }
    };
    if expected.is_empty() || row.source == row.target {
        return Ok(());
    }
    for document in &expected {
        homes::note(write, *document, Home::ByLedger(to))?;
    }
    write.note(Event::Moved {
        documents: expected,
        to,
        by: row.author(),
        device: SERVER_DEVICE,
    });
    Ok(())
}

fn forget(write: &Recorded<'_>, id: HandoverId) -> Result<()> {
    write
        .open_table(HANDOVERS)?
        .remove(id.as_bytes().as_slice())?;
    write.note(Event::HandoverEnded { handover: id });
    Ok(())
}

/// Ends a cover: the colleague may use the book no longer, and customers that were moved come back
/// from now on. Answers how the handover stands now.
pub(in crate::database) fn end(
    write: &Recorded<'_>,
    id: HandoverId,
    by: By,
) -> Result<HandoverStage> {
    let found = get::<HandoverRow>("handovers", &write.open_table(HANDOVERS)?, id.as_bytes())?;
    let mut row = found.ok_or(Refusal::NoSuchHandover)?;
    let Some(grant) = row.grant else {
        // One for good can't be ended: it can only be handed back.
        return Err(Refusal::NoSuchHandover.into());
    };
    if row.stage == HandoverStage::Returning {
        return Ok(row.stage);
    }
    let removed = write
        .open_table(GRANTS)?
        .remove(grant.as_bytes().as_slice())?
        .is_some();
    if removed {
        write.note(Event::GrantEnded { grant });
    }
    audit::note(write, by, Deed::CoverEnded { handover: id })?;
    row.stage = if row.source == row.target {
        forget(write, id)?;
        // Nothing was moved, so nothing has to come back.
        audit::note(write, by, Deed::HandoverDone { handover: id })?;
        HandoverStage::Done
    } else {
        row.stage = HandoverStage::Returning;
        keep(write, &row)?;
        HandoverStage::Returning
    };
    scope::grow_version(write)?;
    Ok(row.stage)
}

/// All that are not over.
pub(in crate::database) fn all(read: &ReadTransaction) -> Result<Vec<HandoverRow>> {
    rows("handovers", &read.open_table(HANDOVERS)?)
}

/// Some documents that have to move on in the stage in which a handover is.
pub(in crate::database) fn waiting(
    read: &ReadTransaction,
    row: &HandoverRow,
    count: usize,
) -> Result<Vec<DocumentId>> {
    match (row.stage, &row.customers) {
        (HandoverStage::Covering | HandoverStage::Done, _) => Ok(Vec::new()),
        (HandoverStage::Returning, _) => documents_in(read, row.target, count),
        (HandoverStage::Moving, None) if row.source == row.target => Ok(Vec::new()),
        (HandoverStage::Moving, None) => documents_in(read, row.source, count),
        (HandoverStage::Moving, Some(customers)) => {
            let documents = read.open_table(DOCUMENTS)?;
            let mut waiting = Vec::new();
            for id in customers {
                let document = values::get::<DocumentRow>("documents", &documents, id.as_bytes())?;
                if document.is_some_and(|document| document.feed == row.source) {
                    waiting.push(*id);
                }
                if waiting.len() == count {
                    break;
                }
            }
            Ok(waiting)
        }
    }
}

/// Some documents that are in a feed.
fn documents_in(read: &ReadTransaction, feed: FeedId, count: usize) -> Result<Vec<DocumentId>> {
    let index = read.open_table(FEED_INDEX)?;
    let mut found = Vec::new();
    for entry in index.range(feed.as_bytes().as_slice()..)? {
        let (key, value) = entry?;
        let Some((start, document)) = key.value().split_at_checked(feed.as_bytes().len()) else {
            continue;
        };
        if start != feed.as_bytes() || found.len() == count {
            break;
        }
        let entry: FeedEntry = values::decode("feed_index", value.value())?;
        if entry.state == FeedState::Here {
            let id = document
                .try_into()
                .map_err(|_| DatabaseError::damaged("feed_index", "a key has another length"))?;
            found.push(DocumentId::from_bytes(id));
        }
    }
    Ok(found)
}
