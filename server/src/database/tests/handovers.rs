//! Handovers of customers that a restored backup lacks.

use floorbook_shared::access::{Access, Feed, FeedKind, Grant, GrantReason};
use floorbook_shared::api::HandoverStage;
use floorbook_shared::id::{DocumentId, GrantId, HandoverId, PersonId};

use super::*;
use crate::database::Home;
use crate::database::directory::Directory;
use crate::database::log::DocumentLog;
use crate::database::model::{HandoverRow, HandoverStart};

#[test]
fn a_card_that_a_restored_backup_lacks_is_expected_where_its_handover_has_it() {
    let database = founded();
    database.add_person(&wang(None), COMMAND_LINE).unwrap();
    let (li, wang) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let store = StoreId::from_bytes([1; 16]);
    let book = |owner| Feed::of_owner(store, FeedKind::Cards, owner).id;
    let cover = FeedId::from_bytes([9; 16]);
    let card = DocumentId::from_bytes([7; 16]);
    let row = |number: u8| HandoverRow {
        id: HandoverId::from_bytes([number; 16]),
        store,
        from: wang,
        to: li,
        customers: None,
        until: None,
        note: String::new(),
        by: None,
        at: NOW,
        source: book(wang),
        target: book(li),
        grant: None,
        stage: HandoverStage::Moving,
    };
    let grant = Grant {
        id: GrantId::from_bytes([8; 16]),
        feed: cover,
        person: li,
        access: Access::Write,
        until: None,
        reason: GrantReason::Cover,
    };
    let of_some = HandoverStart {
        row: HandoverRow {
            customers: Some(Vec::new()),
            until: Some(NOW.plus_millis(HOUR)),
            target: cover,
            grant: Some(grant.id),
            ..row(1)
        },
        feed: Some(Feed {
            id: cover,
            store,
            kind: FeedKind::Cover,
            owner: Some(wang),
        }),
        grant: Some(grant),
    };
    database.begin_handover(&of_some, COMMAND_LINE).unwrap();
    // The ledger tells that it was in the cover when the backup was restored.
    database.note_home(card, Home::ByLedger(cover)).unwrap();
    let cover_id = of_some.row.id;
    let advance = |id, stage| database.advance_handover(id, stage, COMMAND_LINE).unwrap();
    assert_eq!(
        advance(cover_id, HandoverStage::Moving),
        HandoverStage::Covering
    );
    assert_eq!(database.home(card).unwrap(), Some(Home::ByLedger(cover)));
    database.end_handover(cover_id, COMMAND_LINE).unwrap();
    advance(cover_id, HandoverStage::Returning);
    let at_wang = Some(Home::ByLedger(book(wang)));
    assert_eq!(database.home(card).unwrap(), at_wang);
    // All customers go to a colleague for good: this one as well.
    let all = HandoverStart {
        row: row(2),
        feed: None,
        grant: None,
    };
    database.begin_handover(&all, COMMAND_LINE).unwrap();
    advance(all.row.id, HandoverStage::Moving);
    assert_eq!(database.home(card).unwrap(), Some(Home::ByLedger(book(li))));
}
