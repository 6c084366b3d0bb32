//! The table of rights: every role with every kind of book, and every action.

use super::super::{Feed, FeedKind, Grant, GrantReason, Person, Post, Role, Scope, Store};
use super::*;
use crate::id::{DeviceId, FeedId, GrantId, PersonId};

const HERE: StoreId = StoreId::from_bytes([1; 16]);
const THERE: StoreId = StoreId::from_bytes([2; 16]);
const ME: PersonId = PersonId::from_bytes([3; 16]);
const COLLEAGUE: PersonId = PersonId::from_bytes([4; 16]);

const NOTHING: Option<Access> = None;
const READ: Option<Access> = Some(Access::Read);
const WRITE: Option<Access> = Some(Access::Write);

fn store(id: StoreId, books_are_open: bool) -> Store {
    let mut store = Store {
        id,
        code: "HZ1".to_owned(),
        name: "杭州".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: Default::default(),
    };
    store.settings.books_are_open = books_are_open;
    store
}

fn person(posts: &[(StoreId, Role)]) -> Person {
    Person {
        id: ME,
        name: "王芳".to_owned(),
        posts: posts
            .iter()
            .map(|(at, role)| Post::new(*at, *role))
            .collect(),
        is_active: true,
    }
}

fn feed(kind: FeedKind, owner: PersonId) -> Feed {
    Feed {
        id: FeedId::from_bytes([5; 16]),
        store: HERE,
        kind,
        owner: kind.has_owner().then_some(owner),
    }
}

fn grant(person: PersonId, feed: FeedId, access: Access) -> Grant {
    Grant {
        id: GrantId::from_bytes([6; 16]),
        feed,
        person,
        access,
        until: None,
        reason: GrantReason::Cover,
    }
}

/// What every role here may do with a kind of book in this store, in the order of `Role::ALL`.
fn row(kind: FeedKind, owner: PersonId, is_open: bool) -> [Option<Access>; 5] {
    let of = |role| {
        access(
            &person(&[(HERE, role)]),
            &feed(kind, owner),
            &store(HERE, is_open),
            &[],
        )
    };
    Role::ALL.map(of)
}

#[test]
fn each_role_may_do_with_each_book_what_the_table_says() {
    // In the order of the roles:       consultant manager office   display  admin
    let table = [
        (
            FeedKind::Cards,
            ME,
            false,
            [WRITE, WRITE, NOTHING, NOTHING, NOTHING],
        ),
        (
            FeedKind::Cards,
            COLLEAGUE,
            false,
            [NOTHING, WRITE, NOTHING, NOTHING, NOTHING],
        ),
        (
            FeedKind::Cards,
            COLLEAGUE,
            true,
            [READ, WRITE, NOTHING, NOTHING, NOTHING],
        ),
        (
            FeedKind::Cover,
            ME,
            false,
            [WRITE, WRITE, NOTHING, NOTHING, NOTHING],
        ),
        (
            FeedKind::Cover,
            COLLEAGUE,
            false,
            [NOTHING, WRITE, NOTHING, NOTHING, NOTHING],
        ),
        (
            FeedKind::Cover,
            COLLEAGUE,
            true,
            [READ, WRITE, NOTHING, NOTHING, NOTHING],
        ),
        (
            FeedKind::Accounts,
            ME,
            false,
            [READ, WRITE, WRITE, NOTHING, NOTHING],
        ),
        (
            FeedKind::Accounts,
            COLLEAGUE,
            false,
            [NOTHING, WRITE, WRITE, NOTHING, NOTHING],
        ),
        (
            FeedKind::Accounts,
            COLLEAGUE,
            true,
            [NOTHING, WRITE, WRITE, NOTHING, NOTHING],
        ),
        (
            FeedKind::Common,
            COLLEAGUE,
            false,
            [WRITE, WRITE, WRITE, WRITE, NOTHING],
        ),
        (
            FeedKind::Common,
            COLLEAGUE,
            true,
            [WRITE, WRITE, WRITE, WRITE, NOTHING],
        ),
        (
            FeedKind::Office,
            COLLEAGUE,
            false,
            [NOTHING, WRITE, WRITE, NOTHING, NOTHING],
        ),
        (
            FeedKind::Office,
            COLLEAGUE,
            true,
            [NOTHING, WRITE, WRITE, NOTHING, NOTHING],
        ),
    ];
    for (kind, owner, is_open, expected) in table {
        let whose = if owner == ME { "own" } else { "colleague's" };
        assert_eq!(
            row(kind, owner, is_open),
            expected,
            "{whose} {kind:?}, open: {is_open}"
        );
    }
}

/// Every book of this store, with every setting.
fn each_case(mut check: impl FnMut(&Feed, &Store)) {
    for kind in FeedKind::ALL {
        for owner in [ME, COLLEAGUE] {
            for is_open in [false, true] {
                check(&feed(kind, owner), &store(HERE, is_open));
            }
        }
    }
}

#[test]
fn a_post_in_another_store_opens_no_book_here() {
    for role in Role::ALL {
        // Not even one's own book, where one is no consultant any more.
        each_case(|feed, store| {
            assert_eq!(
                access(&person(&[(THERE, role)]), feed, store, &[]),
                None,
                "{role}"
            );
        });
    }
}

#[test]
fn someone_who_left_may_nothing() {
    for role in Role::ALL {
        let mut person = person(&[(HERE, role)]);
        person.is_active = false;
        each_case(|feed, store| {
            let grants = [grant(ME, feed.id, Access::Write)];
            assert_eq!(access(&person, feed, store, &grants), None, "{role}");
        });
        for action in actions() {
            assert!(!may(&person, action), "{role} {action:?}");
        }
    }
}

#[test]
fn the_former_owner_of_a_book_has_no_right_to_it() {
    for (role, expected) in [
        (Role::Manager, WRITE),
        (Role::Office, NOTHING),
        (Role::Display, NOTHING),
        (Role::Admin, NOTHING),
    ] {
        let feed = feed(FeedKind::Cards, ME);
        let may = access(&person(&[(HERE, role)]), &feed, &store(HERE, true), &[]);
        assert_eq!(may, expected, "{role}");
    }
}

#[test]
fn a_grant_opens_cards_and_covers_to_the_consultant_whom_it_names() {
    let me = person(&[(HERE, Role::Consultant)]);
    for kind in FeedKind::ALL {
        let (feed, store) = (feed(kind, COLLEAGUE), store(HERE, false));
        let without = access(&me, &feed, &store, &[]);
        let with = |grant| access(&me, &feed, &store, &[grant]);
        let is_grantable = matches!(kind, FeedKind::Cards | FeedKind::Cover);
        for granted in [Access::Read, Access::Write] {
            let expected = if is_grantable { Some(granted) } else { without };
            assert_eq!(with(grant(ME, feed.id, granted)), expected, "{kind:?}");
            assert_eq!(
                with(grant(COLLEAGUE, feed.id, granted)),
                without,
                "{kind:?}"
            );
            let elsewhere = FeedId::from_bytes([9; 16]);
            assert_eq!(with(grant(ME, elsewhere, granted)), without, "{kind:?}");
        }
    }
}

#[test]
fn a_grant_ends_with_the_role_that_it_was_given_to() {
    for posts in [
        &[(HERE, Role::Display)][..],
        &[(HERE, Role::Office), (HERE, Role::Admin)],
        &[(HERE, Role::Office), (THERE, Role::Consultant)],
    ] {
        for kind in [FeedKind::Cards, FeedKind::Cover] {
            let feed = feed(kind, COLLEAGUE);
            let grants = [grant(ME, feed.id, Access::Write)];
            let may = access(&person(posts), &feed, &store(HERE, true), &grants);
            assert_eq!(may, NOTHING, "{posts:?}");
        }
    }
}

#[test]
fn a_manager_looks_after_the_tablets_of_their_people_and_an_administrator_after_all() {
    let consultant = |store| Person {
        id: COLLEAGUE,
        ..person(&[(store, Role::Consultant)])
    };
    let (here, there) = (consultant(HERE), consultant(THERE));
    let manager = person(&[(HERE, Role::Manager), (THERE, Role::Consultant)]);
    assert!(looks_after(&manager, &[&there, &here]));
    assert!(!looks_after(&manager, &[&there]));
    assert!(!looks_after(&manager, &[]), "nobody signed in on it");
    let administrator = person(&[(HERE, Role::Admin)]);
    assert!(looks_after(&administrator, &[]));
    let colleague = person(&[(HERE, Role::Consultant)]);
    assert!(!looks_after(&colleague, &[&here]));
}

#[test]
fn the_greater_of_several_rights_counts() {
    let me = person(&[(HERE, Role::Consultant)]);
    let feed = feed(FeedKind::Cards, COLLEAGUE);
    let grants = [
        grant(ME, feed.id, Access::Write),
        grant(ME, feed.id, Access::Read),
    ];
    assert_eq!(access(&me, &feed, &store(HERE, true), &grants), WRITE);
    assert_eq!(access(&me, &feed, &store(HERE, true), &grants[1..]), READ);
    let both = person(&[(HERE, Role::Display), (HERE, Role::Manager)]);
    assert_eq!(access(&both, &feed, &store(HERE, false), &[]), WRITE);
}

#[test]
fn customers_live_in_cards_and_covers_alone() {
    for kind in FeedKind::ALL {
        let expected = matches!(kind, FeedKind::Cards | FeedKind::Cover);
        assert_eq!(lives_in(DocumentKind::Customer, kind), expected, "{kind:?}");
        assert!(!lives_in(DocumentKind::Unknown(7), kind), "{kind:?}");
    }
}

fn actions() -> Vec<Action> {
    let everywhere = [
        Action::ManagePeople,
        Action::ManageStores,
        Action::ManageTablets,
        Action::RetireTablet,
        Action::Import,
    ];
    let of_store = |store| {
        [
            Action::ChangeSettings(store),
            Action::HandOver(store),
            Action::ImportInto(store),
            Action::LookUp(store),
        ]
    };
    let mut actions = everywhere.to_vec();
    actions.extend(of_store(HERE));
    actions.extend(of_store(THERE));
    actions
}

#[test]
fn each_role_may_do_each_action_that_the_table_says() {
    use Action::*;
    let allowed: [(Role, &[Action]); 5] = [
        (Role::Consultant, &[LookUp(HERE)]),
        (
            Role::Manager,
            &[
                RetireTablet,
                Import,
                ChangeSettings(HERE),
                HandOver(HERE),
                ImportInto(HERE),
                LookUp(HERE),
            ],
        ),
        (Role::Office, &[Import, ImportInto(HERE)]),
        (Role::Display, &[]),
        (
            Role::Admin,
            &[
                ManagePeople,
                ManageStores,
                ManageTablets,
                RetireTablet,
                Import,
                ChangeSettings(HERE),
                ChangeSettings(THERE),
                HandOver(HERE),
                HandOver(THERE),
                ImportInto(HERE),
                ImportInto(THERE),
            ],
        ),
    ];
    for (role, allowed) in allowed {
        for action in actions() {
            let may = may(&person(&[(HERE, role)]), action);
            assert_eq!(may, allowed.contains(&action), "{role} {action:?}");
        }
    }
    for action in actions() {
        assert!(!may(&person(&[]), action), "nobody {action:?}");
    }
}

#[test]
fn a_persons_scope_holds_the_feeds_and_grants_that_they_may_read() {
    let mine = person(&[(HERE, Role::Consultant)]);
    let colleague = Person {
        id: COLLEAGUE,
        ..person(&[(HERE, Role::Consultant), (HERE, Role::Admin)])
    };
    let mut feeds: Vec<Feed> = Feed::all_of_store(HERE).into();
    feeds.extend(Feed::all_of_posts(&mine));
    feeds.extend(Feed::all_of_posts(&colleague));
    let theirs = Feed::of_owner(HERE, FeedKind::Cards, COLLEAGUE);
    let whole = Scope {
        version: 7,
        stores: vec![store(HERE, false), store(THERE, false)],
        people: vec![mine, colleague],
        tablets: [(DeviceId::from_bytes([7; 16]), "F01".to_owned())].into(),
        feeds,
        grants: vec![grant(
            COLLEAGUE,
            Feed::of_owner(HERE, FeedKind::Cards, ME).id,
            Access::Read,
        )],
    };
    let kinds =
        |scope: &Scope| -> Vec<FeedKind> { scope.feeds.iter().map(|feed| feed.kind).collect() };
    let scope = whole.of(ME);
    assert_eq!(
        kinds(&scope),
        [FeedKind::Common, FeedKind::Cards, FeedKind::Accounts]
    );
    assert_eq!(scope.grants.len(), 1);
    assert_eq!((scope.version, &scope.people), (7, &whole.people));
    assert_eq!(
        (&scope.stores, &scope.tablets),
        (&whole.stores, &whole.tablets)
    );
    assert_eq!(whole.of(COLLEAGUE).feeds.len(), 4);

    let mut granted = whole.clone();
    granted.grants = vec![grant(ME, theirs.id, Access::Write)];
    assert!(granted.of(ME).feed(theirs.id).is_some());
    assert_eq!(granted.access(ME, theirs.id), WRITE);
    assert_eq!(whole.access(ME, theirs.id), NOTHING);

    let nobody = whole.of(PersonId::default());
    assert!(nobody.feeds.is_empty() && nobody.grants.is_empty());
}

#[test]
fn the_same_post_brings_the_same_book() {
    let of = |person: &Person| Feed::all_of_posts(person);
    let consultant = person(&[(HERE, Role::Consultant)]);
    assert_eq!(of(&consultant), of(&consultant));
    let mut ids: Vec<FeedId> = Vec::new();
    for store in [HERE, THERE] {
        ids.extend(Feed::all_of_store(store).map(|feed| feed.id));
        for owner in [ME, COLLEAGUE] {
            let feeds = of(&Person {
                id: owner,
                ..person(&[(store, Role::Consultant)])
            });
            ids.extend(feeds.iter().map(|feed| feed.id));
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12);
    for role in [Role::Manager, Role::Office, Role::Display, Role::Admin] {
        assert!(of(&person(&[(HERE, role)])).is_empty(), "{role}");
    }
}

#[test]
fn settings_outside_their_bounds_are_refused_and_missing_ones_have_defaults() {
    let settings: super::super::StoreSettings = serde_json::from_str("{}").unwrap();
    assert_eq!(settings, Default::default());
    assert_eq!((settings.lease_hours, settings.auto_lock_minutes), (504, 5));
    assert!(!settings.books_are_open);
    assert_eq!(settings.check(), Ok(()));
    for (hours, is_fine) in [(23, false), (24, true), (1440, true), (1441, false)] {
        let changed = super::super::StoreSettings {
            lease_hours: hours,
            ..settings
        };
        assert_eq!(changed.check().is_ok(), is_fine, "{hours}");
    }
    for (minutes, is_fine) in [(0, false), (1, true), (60, true), (61, false)] {
        let changed = super::super::StoreSettings {
            auto_lock_minutes: minutes,
            ..settings
        };
        assert_eq!(changed.check().is_ok(), is_fine, "{minutes}");
    }
}
