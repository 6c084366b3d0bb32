//! Asking whether a walk-in is a customer already: "known, ask X" and no more.

use floorbook_server::database::model::{By, Deed};
use floorbook_shared::access::{Post, Role, Store, StoreSettings};
use floorbook_shared::api::{LookUp, LookUpAnswer, NewPerson};
use floorbook_shared::id::{PersonId, StoreId};
use floorbook_tests::api::{Answer, Browser, OWN_PAGE, TestApp};
use serde_json::{Value, json};

/// A store with three consultants, the first two of whom have a customer each, and one of another
/// store.
struct Shop {
    app: TestApp,
    manager: Browser,
    wang: Browser,
    zhao: Browser,
    sun: Browser,
}

const CARDS: &str = "门店,姓名,手机,微信,顾问\n\
    HZ1,李一,138 0000 0001,wx_liyi88,Wang Fang\n\
    HZ1,李二,+86 13800000002,,Zhao Min\n\
    HZ2,李三,13800000003,wx_lisan3,Sun Li\n";

impl Shop {
    async fn open() -> Self {
        let (app, mut manager) = TestApp::set_up().await;
        let elsewhere = Store {
            id: StoreId::from_bytes([9; 16]),
            code: "HZ2".to_owned(),
            name: "Other".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        };
        let by = By::command_line(app.state.now());
        app.state.database.add_store(&elsewhere, by).unwrap();
        let wang = app.consultant(&mut manager, "Wang Fang").await;
        let zhao = app.consultant(&mut manager, "Zhao Min").await;
        let sun = app.consultant(&mut manager, "Sun Li").await;
        let import = json!({
            "file_name": "cards.csv",
            "content": base64(CARDS),
            "create": [],
            "apply": true,
        });
        // Sun Li has a book in both stores then.
        let imported = manager.post("/api/import/customers", &import).await;
        assert_eq!(
            imported.json::<Value>()["created"],
            3,
            "{}",
            imported.text()
        );
        // Who works in the other store too must not learn of it by asking about the first.
        Self {
            app,
            manager,
            wang,
            zhao,
            sun,
        }
    }

    fn named(&self, name: &str) -> PersonId {
        let scope = self.app.state.database.scope().unwrap();
        let mut people = scope.people.iter();
        people.find(|person| person.name == name).unwrap().id
    }

    /// Hands all of Wang Fang's customers to Zhao Min.
    async fn hand_over(&mut self, until: Option<i64>) {
        let until = until.map(|millis| self.app.state.now().plus_millis(millis));
        let order = json!({
            "store": self.app.store(),
            "from": self.named("Wang Fang"),
            "customers": "all",
            "to": self.named("Zhao Min"),
            "until": until,
        });
        let done = self.manager.post("/api/handovers", &order).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

async fn ask(browser: &mut Browser, store: StoreId, phone: &str, wechat: &str) -> Answer {
    let asked = LookUp {
        store,
        phone: phone.to_owned(),
        wechat: wechat.to_owned(),
    };
    browser.post("/api/lookup", &asked).await
}

async fn answer(browser: &mut Browser, store: StoreId, phone: &str, wechat: &str) -> LookUpAnswer {
    let answer = ask(browser, store, phone, wechat).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn known(name: &str) -> LookUpAnswer {
    LookUpAnswer::Known {
        ask: Some(name.to_owned()),
    }
}

#[tokio::test]
async fn a_colleagues_customer_is_known_and_nothing_else_is_said() {
    let mut shop = Shop::open().await;
    let store = shop.app.store();
    for (phone, wechat) in [
        ("13800000001", ""),
        ("(+86) 138-0000-0001", ""),
        ("", "WX_liyi88"),
        ("", "13800000001"),
        ("13999999999", "wx_liyi88"),
    ] {
        let said = ask(&mut shop.zhao, store, phone, wechat).await;
        assert_eq!(
            said.json::<Value>(),
            json!({ "answer": "known", "ask": "Wang Fang" }),
            "{phone} {wechat}"
        );
    }
    let zhao = &mut shop.zhao;
    for (phone, wechat) in [
        ("13800000009", ""),
        ("1380000000", ""),
        ("", "wx_liyi8"),
        // Names are no reason to say anything.
        ("", "李一李一李"),
    ] {
        let said = answer(zhao, store, phone, wechat).await;
        assert_eq!(said, LookUpAnswer::Unknown, "{phone} {wechat}");
    }
    assert_eq!(
        answer(zhao, store, "13800000002", "").await,
        LookUpAnswer::Yours
    );
    // A manager reads all books: there is nobody to be asked.
    let said = answer(&mut shop.manager, store, "13800000001", "").await;
    assert_eq!(said, LookUpAnswer::Yours);
    // Who has a card of the same person hears of the colleague's all the same.
    let said = answer(&mut shop.wang, store, "13800000002", "wx_liyi88").await;
    assert_eq!(said, known("Zhao Min"));
}

#[tokio::test]
async fn another_stores_customers_are_not_told_of() {
    let mut shop = Shop::open().await;
    let (here, there) = (shop.app.store(), StoreId::from_bytes([9; 16]));
    let said = answer(&mut shop.wang, here, "13800000003", "wx_lisan3").await;
    assert_eq!(said, LookUpAnswer::Unknown);
    let refused = ask(&mut shop.wang, there, "13800000003", "").await;
    assert_eq!(refused.error(), (403, "not_allowed".to_owned()));
    let nowhere = ask(
        &mut shop.wang,
        StoreId::from_bytes([7; 16]),
        "13800000003",
        "",
    )
    .await;
    assert_eq!(nowhere.error(), refused.error());
    let said = answer(&mut shop.sun, there, "13800000003", "").await;
    assert_eq!(said, LookUpAnswer::Yours);
    // The administration is no reason to learn of customers, nor is the office.
    for role in [Role::Admin, Role::Office, Role::Display] {
        let new = NewPerson {
            name: role.word().to_owned(),
            posts: vec![Post::new(here, role)],
        };
        let code = shop.manager.post("/api/people", &new).await;
        let code: floorbook_shared::api::InvitationCode = code.json();
        let mut browser = shop.app.tablet(&mut shop.manager).await;
        browser
            .join(code.code.expose(), floorbook_tests::api::PASSWORD)
            .await;
        let refused = ask(&mut browser, here, "13800000001", "").await;
        assert_eq!(refused.error(), (403, "not_allowed".to_owned()), "{role}");
    }
}

#[tokio::test]
async fn after_a_handover_the_new_one_is_named_and_after_a_leave_nobody() {
    let mut shop = Shop::open().await;
    let store = shop.app.store();
    let phone = "13800000001";
    // A cover: who is here is named.
    shop.hand_over(Some(86_400_000)).await;
    let said = answer(&mut shop.sun, store, phone, "").await;
    assert_eq!(said, known("Zhao Min"));
    let said = answer(&mut shop.zhao, store, phone, "").await;
    assert_eq!(said, LookUpAnswer::Yours);
    let running: Vec<floorbook_shared::api::RunningHandover> =
        shop.manager.get("/api/handovers").await.json();
    let end = format!("/api/handovers/{}/end", running.first().unwrap().id);
    shop.manager.post(&end, &json!(null)).await;
    let said = answer(&mut shop.sun, store, phone, "").await;
    assert_eq!(said, known("Wang Fang"));

    // A cover of some: the colleague who has them is named, too.
    let database = &shop.app.state.database;
    let scope = database.scope().unwrap();
    let book = scope.cards_feed(store, shop.named("Wang Fang")).unwrap().id;
    let mut ids = database.document_ids().unwrap();
    ids.retain(|id| database.document(*id).unwrap().unwrap().place.feed == book);
    let order = json!({
        "store": store,
        "from": shop.named("Wang Fang"),
        "customers": { "some": ids },
        "to": shop.named("Zhao Min"),
        "until": shop.app.state.now().plus_millis(86_400_000),
    });
    let begun = shop.manager.post("/api/handovers", &order).await;
    assert_eq!(begun.status, 200, "{}", begun.text());
    let said = answer(&mut shop.sun, store, phone, "").await;
    assert_eq!(said, known("Zhao Min"));
    let id = begun.json::<floorbook_shared::api::RunningHandover>().id;
    let end = format!("/api/handovers/{id}/end");
    shop.manager.post(&end, &json!(null)).await;
    let said = answer(&mut shop.sun, store, phone, "").await;
    assert_eq!(said, known("Wang Fang"));

    // For good.
    shop.hand_over(None).await;
    let said = answer(&mut shop.sun, store, phone, "").await;
    assert_eq!(said, known("Zhao Min"));
    let said = answer(&mut shop.wang, store, phone, "").await;
    assert_eq!(said, known("Zhao Min"));

    // Somebody who left can't be asked: the manager can.
    let path = format!("/api/people/{}", shop.named("Zhao Min"));
    let left = axum::body::Body::from(json!({ "is_active": false }).to_string());
    shop.manager
        .send(axum::http::Method::PATCH, &path, OWN_PAGE, left)
        .await;
    let said = answer(&mut shop.sun, store, phone, "").await;
    assert_eq!(said, LookUpAnswer::Known { ask: None });
}

#[tokio::test]
async fn asking_is_throttled_per_person_and_the_audit_knows_how_often() {
    let mut shop = Shop::open().await;
    let store = shop.app.store();
    let mut known = 0;
    for number in 0..20 {
        let phone = format!("138000000{number:02}");
        if answer(&mut shop.wang, store, &phone, "").await != LookUpAnswer::Unknown {
            known += 1;
        }
    }
    assert_eq!(known, 2, "a card of one's own and one of a colleague's");
    let refused = ask(&mut shop.wang, store, "13800000002", "").await;
    assert_eq!(refused.error(), (429, "too_many_tries".to_owned()));
    let said = answer(&mut shop.zhao, store, "13800000001", "").await;
    assert_eq!(said, self::known("Wang Fang"), "others may ask");
    let seconds: i64 = refused.header("retry-after").parse().unwrap();
    shop.app.clock.advance_millis(seconds * 1000);
    answer(&mut shop.wang, store, "13800000002", "").await;

    let audit = shop.app.state.database.audit(0, 10_000).unwrap();
    let wang = shop.named("Wang Fang");
    let of_wang = |wanted: fn(&Deed) -> bool| {
        let entries = audit.iter().filter(|entry| entry.person == Some(wang));
        entries.filter(|entry| wanted(&entry.deed)).count()
    };
    assert_eq!(of_wang(|deed| matches!(deed, Deed::LookedUp { .. })), 21);
    let denied = |deed: &Deed| matches!(deed, Deed::LookUpDenied { .. });
    assert!(audit.iter().any(|entry| denied(&entry.deed)));
    let text = serde_json::to_string(&audit).unwrap();
    assert!(!text.contains("1380000"), "nobody is named there");
}

#[tokio::test]
async fn too_little_too_much_and_anything_else_is_refused() {
    let mut shop = Shop::open().await;
    let store = shop.app.store();
    let long = "1".repeat(61);
    for (phone, wechat, expected) in [
        ("", "", "lookup_too_little"),
        ("138", "", "lookup_too_little"),
        ("无", "无", "lookup_too_little"),
        (long.as_str(), "", "lookup_too_long"),
        ("", long.as_str(), "lookup_too_long"),
    ] {
        let refused = ask(&mut shop.wang, store, phone, wechat).await;
        assert_eq!(refused.error(), (422, expected.to_owned()), "{phone}");
    }
    let other = json!({ "store": store, "phone": "13800000002", "name": "李" });
    let refused = shop.wang.post("/api/lookup", &other).await;
    assert_eq!(refused.error(), (400, "malformed".to_owned()));
}
