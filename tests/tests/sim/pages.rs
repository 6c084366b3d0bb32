//! Pages of the log that are read once for many sockets.

use std::collections::BTreeSet;
use std::sync::Arc;

use floorbook_server::database::model::By;
use floorbook_server::database::{Database as _, RedbDatabase};
use floorbook_server::sync::pages::{Pages, Since};
use floorbook_shared::access::{Store, StoreSettings};
use floorbook_shared::id::StoreId;
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::server::{FeedsOf, PageRequest};
use floorbook_shared::time::Timestamp;
use redb::backends::InMemoryBackend;

#[test]
fn a_page_from_before_a_change_of_rights_is_read_again_though_nothing_was_committed() {
    let database = RedbDatabase::with_backend(InMemoryBackend::new()).unwrap();
    let store = |byte: u8| Store {
        id: StoreId::from_bytes([byte; 16]),
        code: format!("HZ{byte}"),
        name: format!("Store {byte}"),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    };
    let by = By::command_line(Timestamp::from_millis(1_800_000_000_000));
    let change_scope = |byte| {
        database.add_store(&store(byte), by).unwrap();
        let scope_version = database.scope_version().unwrap();
        Since {
            commits: 4,
            scope_version,
        }
    };
    let request = PageRequest {
        of: FeedsOf {
            store: store(1).id,
            feeds: BTreeSet::new(),
        },
        after: Cursor {
            seq: 3,
            ..Cursor::default()
        },
        announced: None,
    };
    let pages = Pages::default();
    let before = change_scope(1);
    let page = pages.read(&database, &request, before).unwrap();
    let kept = pages.kept(&request, before).unwrap();
    assert!(Arc::ptr_eq(&page, &kept), "one reading serves many");

    let after = change_scope(2);
    assert!(pages.kept(&request, after).is_none());
    let page = pages.read(&database, &request, after).unwrap();
    assert_eq!(page.scope_version, after.scope_version);
    assert!(pages.kept(&request, after).is_some());
}
