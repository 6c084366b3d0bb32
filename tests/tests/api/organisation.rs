//! People and stores: changing them, and what that does at once.

use axum::http::{Method, StatusCode};
use floorbook_server::admin::{self, AdminOutcome, AdminRequest, AdminResponse, NamedPost};
use floorbook_server::database::model::Deed;
use floorbook_shared::access::{FeedKind, Post, Role, Store, StoreSettings};
use floorbook_shared::api::{Member, NewStore, PersonChange, StoreChange};
use floorbook_shared::id::PersonId;
use floorbook_tests::api::{ADMINISTRATOR, Answer, Browser, TestApp};
use serde::Serialize;

async fn patch(browser: &mut Browser, path: &str, change: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(change).unwrap();
    browser
        .send(
            Method::PATCH,
            path,
            floorbook_tests::api::OWN_PAGE,
            body.into(),
        )
        .await
}

async fn change_person(browser: &mut Browser, person: PersonId, change: PersonChange) -> Answer {
    patch(browser, &format!("/api/people/{person}"), &change).await
}

fn named(app: &TestApp, name: &str) -> PersonId {
    let scope = app.state.database.scope().unwrap();
    let mut people = scope.people.iter();
    people.find(|person| person.name == name).unwrap().id
}

fn deeds(app: &TestApp) -> Vec<Deed> {
    let entries = app.state.database.audit(0, 1_000).unwrap();
    entries.into_iter().map(|entry| entry.deed).collect()
}

#[tokio::test]
async fn posts_bring_books_and_losing_them_leaves_the_cards() {
    let (app, mut administrator) = TestApp::set_up().await;
    app.invite(&mut administrator, "Wang Fang").await;
    let wang = named(&app, "Wang Fang");
    let store = app.store();
    let post = |role| Post::new(store, role);
    let of_wang = |app: &TestApp| {
        let scope = app.state.database.scope().unwrap();
        let feeds = scope.feeds.iter();
        let kinds = feeds
            .filter(|feed| feed.owner == Some(wang))
            .map(|feed| feed.kind);
        kinds.collect::<Vec<FeedKind>>().len()
    };
    assert_eq!(of_wang(&app), 2);

    let change = PersonChange {
        posts: Some(vec![post(Role::Office), post(Role::Office)]),
        ..PersonChange::default()
    };
    let before = app.state.database.scope_version().unwrap();
    let member: Member = change_person(&mut administrator, wang, change).await.json();
    assert_eq!(member.posts, [post(Role::Office)]);
    assert!(app.state.database.scope_version().unwrap() > before);
    // The books stay, for the manager to hand their cards over; who has left them sees them not.
    assert_eq!(of_wang(&app), 2);
    let seen = app.state.database.scope_of(wang).unwrap();
    assert!(seen.cards_feed(store, wang).is_none());
    let found = deeds(&app);
    let gave = Deed::PostAdded {
        subject: wang,
        post: post(Role::Office),
    };
    let took = Deed::PostRemoved {
        subject: wang,
        post: post(Role::Consultant),
    };
    assert!(found.contains(&gave) && found.contains(&took), "{found:?}");

    let nothing = PersonChange {
        posts: Some(Vec::new()),
        ..PersonChange::default()
    };
    let refused = change_person(&mut administrator, wang, nothing).await;
    assert_eq!(refused.error(), (422, "no_post".to_owned()));
}

#[tokio::test]
async fn someone_who_is_disabled_is_out_at_once_and_can_come_back() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut consultant = app.consultant(&mut administrator, "Wang Fang").await;
    let wang = named(&app, "Wang Fang");
    let is_active = |is_active| PersonChange {
        is_active: Some(is_active),
        ..PersonChange::default()
    };
    let member: Member = change_person(&mut administrator, wang, is_active(false))
        .await
        .json();
    assert!(!member.is_active);
    assert_eq!(
        consultant.post("/api/sign-out", &()).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(app.state.database.scope_of(wang).unwrap().feeds.is_empty());
    let refused = administrator
        .post(&format!("/api/people/{wang}/invite"), &())
        .await;
    assert_eq!(refused.error(), (404, "no_such_person".to_owned()));
    let again = change_person(&mut administrator, wang, is_active(false)).await;
    assert_eq!(again.status, StatusCode::OK);
    change_person(&mut administrator, wang, is_active(true)).await;
    assert!(!app.state.database.scope_of(wang).unwrap().feeds.is_empty());
    let count = |deed| {
        deeds(&app)
            .into_iter()
            .filter(|other| *other == deed)
            .count()
    };
    assert_eq!(count(Deed::PersonDisabled { subject: wang }), 1);
    assert_eq!(count(Deed::PersonEnabled { subject: wang }), 1);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (app, mut administrator) = TestApp::set_up().await;
    let founder = named(&app, ADMINISTRATOR);
    let disable = PersonChange {
        is_active: Some(false),
        ..PersonChange::default()
    };
    let demote = PersonChange {
        posts: Some(vec![Post::new(app.store(), Role::Manager)]),
        ..PersonChange::default()
    };
    let promote = PersonChange {
        posts: Some(vec![Post::new(app.store(), Role::Admin)]),
        ..PersonChange::default()
    };
    // Someone who never signed in does not count.
    app.invite(&mut administrator, "Zhao Min").await;
    let zhao = named(&app, "Zhao Min");
    change_person(&mut administrator, zhao, promote.clone()).await;
    for change in [&disable, &demote] {
        let refused = change_person(&mut administrator, founder, change.clone()).await;
        assert_eq!(refused.error(), (409, "last_administrator".to_owned()));
    }
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    let other = named(&app, "Wang Fang");
    change_person(&mut administrator, other, promote).await;
    let answer = change_person(&mut administrator, founder, demote).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    // The rights changed with the next request, in the sessions that are open.
    assert_eq!(administrator.get("/api/people").await.error().0, 403);
    assert_eq!(wang.get("/api/people").await.status, StatusCode::OK);
    let refused = change_person(&mut wang, other, disable).await;
    assert_eq!(refused.error(), (409, "last_administrator".to_owned()));
}

#[tokio::test]
async fn names_are_unique_and_can_be_changed() {
    let (app, mut administrator) = TestApp::set_up().await;
    app.invite(&mut administrator, "Wang Fang").await;
    let wang = named(&app, "Wang Fang");
    let name = |name: &str| PersonChange {
        name: Some(name.to_owned()),
        ..PersonChange::default()
    };
    let taken = ADMINISTRATOR.to_uppercase();
    let refused = change_person(&mut administrator, wang, name(&taken)).await;
    assert_eq!(refused.error(), (409, "name_taken".to_owned()));
    let refused = change_person(&mut administrator, wang, name(" ")).await;
    assert_eq!(refused.error(), (422, "invalid_name".to_owned()));
    let member: Member = change_person(&mut administrator, wang, name(" Wang  Fangfang"))
        .await
        .json();
    assert_eq!(member.name, "Wang Fangfang");
}

#[tokio::test]
async fn a_manager_changes_settings_of_their_store_and_nothing_else() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut manager = app.consultant(&mut administrator, "Wang Fang").await;
    let wang = named(&app, "Wang Fang");
    let posts = PersonChange {
        posts: Some(vec![Post::new(app.store(), Role::Manager)]),
        ..PersonChange::default()
    };
    change_person(&mut administrator, wang, posts).await;
    let new = NewStore {
        code: "sz1".to_owned(),
        name: "苏州店".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
    };
    assert_eq!(manager.post("/api/stores", &new).await.error().0, 403);
    let second: Store = administrator.post("/api/stores", &new).await.json();
    assert_eq!(second.code, "SZ1");
    let again = NewStore {
        code: "SZ2".to_owned(),
        ..new
    };
    let refused = administrator.post("/api/stores", &again).await;
    assert_eq!(refused.error(), (409, "store_name_taken".to_owned()));

    let settings = StoreSettings {
        books_are_open: true,
        lease_hours: 48,
        ..StoreSettings::default()
    };
    let open = StoreChange {
        settings: Some(settings),
        ..StoreChange::default()
    };
    let here = format!("/api/stores/{}", app.store());
    let there = format!("/api/stores/{}", second.id);
    let changed: Store = patch(&mut manager, &here, &open).await.json();
    assert_eq!(changed.settings, settings);
    assert_eq!(patch(&mut manager, &there, &open).await.error().0, 403);
    let rename = StoreChange {
        name: Some("新店".to_owned()),
        ..open
    };
    assert_eq!(patch(&mut manager, &here, &rename).await.error().0, 403);
    let renamed: Store = patch(&mut administrator, &here, &rename).await.json();
    assert_eq!(
        (renamed.name.as_str(), renamed.settings),
        ("新店", settings)
    );
    let wild = StoreChange {
        settings: Some(StoreSettings {
            lease_hours: 1,
            ..settings
        }),
        ..StoreChange::default()
    };
    let refused = patch(&mut manager, &here, &wild).await;
    assert_eq!(refused.error(), (422, "invalid_lease_hours".to_owned()));
    let found = deeds(&app);
    let store = app.store();
    assert!(
        found.contains(&Deed::SettingsChanged { store }),
        "{found:?}"
    );
    assert!(found.contains(&Deed::StoreChanged { store }), "{found:?}");
}

#[tokio::test]
async fn the_command_line_changes_people_and_stores_by_name() {
    let (app, _) = TestApp::set_up().await;
    let ask = async |request: AdminRequest| match admin::execute(&app.state, request, &|_| {}).await
    {
        AdminResponse::Done(outcome) => Ok(outcome),
        AdminResponse::Failed { code, .. } => Err(code),
        AdminResponse::Progress { .. } => panic!("no end"),
    };
    let post = |store: &str, role| NamedPost {
        store: store.to_owned(),
        role,
    };
    let add = AdminRequest::AddPerson {
        name: "Wang Fang".to_owned(),
        posts: vec![post("hz1", Role::Consultant), post("HZ1", Role::Manager)],
    };
    assert!(matches!(ask(add).await, Ok(AdminOutcome::Invited { .. })));
    let change = |name: &str, posts, is_active| AdminRequest::ChangePerson {
        name: name.to_owned(),
        rename: None,
        posts,
        is_active,
    };
    let nowhere = Some(vec![post("XX", Role::Office)]);
    let refused = ask(change("wang fang", nowhere, None)).await;
    assert_eq!(refused.unwrap_err(), "no_such_store");
    let refused = ask(change("Nobody", None, Some(false))).await;
    assert_eq!(refused.unwrap_err(), "no_such_person");
    ask(change("wang fang", None, Some(false))).await.unwrap();
    let Ok(AdminOutcome::People { people }) = ask(AdminRequest::ListPeople).await else {
        panic!("no list");
    };
    let wang = people
        .iter()
        .find(|person| person.name == "Wang Fang")
        .unwrap();
    assert!(!wang.is_active && !wang.has_password);
    assert_eq!(
        wang.posts,
        [post("HZ1", Role::Consultant), post("HZ1", Role::Manager)]
    );
    let subject = named(&app, "Wang Fang");
    let given = |role| Deed::PostAdded {
        subject,
        post: Post::new(app.store(), role),
    };
    let told = deeds(&app);
    let start = [
        Deed::PersonAdded { subject },
        given(Role::Consultant),
        given(Role::Manager),
    ];
    assert!(told.windows(3).any(|deeds| deeds == start), "{told:?}");
    let change = AdminRequest::ChangeStore {
        code: "hz1".to_owned(),
        name: None,
        time_zone: None,
        settings: admin::SettingsPatch {
            auto_lock_minutes: Some(2),
            others: vec![admin::SettingEdit::read("cadence.c_days=45").unwrap()],
            ..admin::SettingsPatch::default()
        },
    };
    ask(change).await.unwrap();
    let Ok(AdminOutcome::Stores { stores }) = ask(AdminRequest::ListStores).await else {
        panic!("no list");
    };
    assert_eq!(stores[0].settings.auto_lock_minutes, 2);
    assert_eq!(stores[0].settings.cadence.c_days, 45);
}
