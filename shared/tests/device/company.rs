//! A store with three people, one tablet of theirs and one customer book.

use std::collections::BTreeMap;

use floorbook_shared::access::{
    Feed, FeedKind, Identity, Person, Post, Role, Scope, Store, StoreSettings,
};
use floorbook_shared::api::session::SignedIn;
use floorbook_shared::device::record::Home;
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use floorbook_shared::secret::Secret;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::key::Key;
use floorbook_shared::vault::master::MasterSecret;

pub fn store() -> StoreId {
    StoreId::from_bytes([9; 16])
}

pub fn feed() -> FeedId {
    FeedId::from_bytes([8; 16])
}

/// Where a document is kept.
pub fn home(document: DocumentId) -> Home {
    Home {
        feed: feed(),
        document,
    }
}

pub fn master() -> MasterSecret {
    MasterSecret::from_bytes([77; 32])
}

pub fn feed_key() -> Key {
    master().feed_key(DeviceId::from_bytes([7; 16]), feed())
}

pub fn pin(person: u8) -> Secret {
    Secret::from(format!("2847{:02}", u32::from(person) + 13))
}

/// What the server answers to a sign-in: of the second person that nothing of the first is seen.
pub fn signed_in(person: u8) -> SignedIn {
    let identity = identity(person);
    let scope = scope_of(person);
    SignedIn {
        token: hex::encode([person; 32]).into(),
        expires: Timestamp::default(),
        keys: master().issue(identity.device, identity.person, &scope),
        identity,
        scope,
    }
}

pub fn identity(person: u8) -> Identity {
    Identity {
        device: DeviceId::from_bytes([7; 16]),
        tablet_code: "F01".to_owned(),
        person: PersonId::from_bytes([person; 16]),
        name: format!("顾问{person}"),
        store: store(),
    }
}

/// The first person and the third, who is manager, see the first one's book, the second their own.
pub fn scope_of(person: u8) -> Scope {
    let mut scope = scope();
    if person == 2 {
        for feed in &mut scope.feeds {
            feed.id = FeedId::from_bytes([18; 16]);
            feed.owner = Some(PersonId::from_bytes([2; 16]));
        }
    }
    scope
}

pub fn scope() -> Scope {
    let person = PersonId::from_bytes([1; 16]);
    Scope {
        version: 1,
        stores: vec![Store {
            id: store(),
            code: "HZ1".to_owned(),
            name: "杭州".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        }],
        people: [Role::Consultant, Role::Consultant, Role::Manager]
            .into_iter()
            .zip(1..)
            .map(|(role, number)| Person {
                id: PersonId::from_bytes([number; 16]),
                name: format!("顾问{number}"),
                posts: vec![Post::new(store(), role)],
                is_active: true,
            })
            .collect(),
        tablets: BTreeMap::new(),
        feeds: vec![Feed {
            id: feed(),
            store: store(),
            kind: FeedKind::Cards,
            owner: Some(person),
        }],
        grants: Vec::new(),
    }
}
