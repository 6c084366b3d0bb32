//! Every route against every role: what is not allowed is refused by the server, whatever the
//! client is made to send.
//!
//! The table is made from the one that the router is made of. What comes out stands in
//! `tests/tests/golden/routes.txt`, to be read by people; `FLOORBOOK_WRITE_GOLDEN=1` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use axum::body::Body;
use axum::http::Method;
use floorbook_server::database::model::By;
use floorbook_server::http::routes::{self, Route};
use floorbook_shared::access::{Post, Role, Store, StoreSettings};
use floorbook_shared::api::{InvitationCode, NewPerson, RunningHandover};
use floorbook_shared::id::{DeviceId, PersonId, StoreId};
use floorbook_tests::api::{ADMINISTRATOR, Answer, Browser, OWN_PAGE, PASSWORD, TestApp};
use serde_json::{Value, json};

/// All methods that a browser can send; HEAD goes with GET.
const METHODS: [Method; 6] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Somebody at a browser; the name is a column of the table.
struct Player {
    what: &'static str,
    browser: Browser,
    /// By which they sign in again after a route that ends the session.
    name: Option<String>,
}

/// A chain with two stores and somebody of every kind.
struct Ground {
    app: TestApp,
    administrator: Browser,
    store: StoreId,
    /// A person whom nobody needs, and a tablet.
    spare: PersonId,
    spare_tablet: DeviceId,
    /// Two consultants of the store.
    wang: PersonId,
    zhao: PersonId,
}

impl Ground {
    async fn prepare() -> Self {
        let (app, mut administrator) = TestApp::set_up().await;
        let store = app.store();
        let mut people = Vec::new();
        let mut spare_tablet = app.tablet(&mut administrator).await;
        for name in ["Spare", "Wang Fang", "Zhao Min"] {
            let invited = app.invite(&mut administrator, name).await;
            people.push(invited.person);
            if name == "Spare" {
                // So that the tablet is one of this store.
                spare_tablet.join(invited.code.expose(), PASSWORD).await;
            }
        }
        let &[spare, wang, zhao] = people.as_slice() else {
            panic!("three people");
        };
        let spare_tablet = spare_tablet.device.unwrap();
        Self {
            app,
            administrator,
            store,
            spare,
            spare_tablet,
            wang,
            zhao,
        }
    }

    /// Somebody with a post, signed in on a tablet of their own.
    async fn person(&mut self, what: &'static str, store: StoreId, role: Role) -> Player {
        let new = NewPerson {
            name: what.to_owned(),
            posts: vec![Post::new(store, role)],
        };
        let invited = self.administrator.post("/api/people", &new).await;
        let invited: InvitationCode = invited.json();
        let mut browser = self.app.tablet(&mut self.administrator).await;
        let joined = browser.join(invited.code.expose(), PASSWORD).await;
        assert!(joined.status.is_success(), "{}", joined.text());
        Player {
            what,
            browser,
            name: Some(what.to_owned()),
        }
    }

    /// Everyone, in the order of the columns.
    async fn players(&mut self) -> Vec<Player> {
        let here = self.store;
        let elsewhere = Store {
            id: StoreId::from_bytes([9; 16]),
            code: "HZ2".to_owned(),
            name: "Other".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        };
        let by = By::command_line(self.app.state.now());
        self.app.state.database.add_store(&elsewhere, by).unwrap();
        let without_person = self.app.tablet(&mut self.administrator).await;
        let mut players = vec![
            Player {
                what: "nobody",
                browser: self.app.browser(),
                name: None,
            },
            Player {
                what: "tablet",
                browser: without_person,
                name: None,
            },
        ];
        for role in Role::ALL {
            players.push(self.person(role.word(), here, role).await);
        }
        let other = self.person("elsewhere", elsewhere.id, Role::Manager).await;
        players.push(other);

        // Two who were somebody: they keep what they had.
        let mut disabled = self.person("disabled", here, Role::Manager).await;
        let scope = self.app.state.database.scope().unwrap();
        let mut people = scope.people.iter();
        let person = people.find(|person| person.name == "disabled").unwrap().id;
        let change = Body::from(json!({ "is_active": false }).to_string());
        let path = format!("/api/people/{person}");
        let done = self
            .administrator
            .send(Method::PATCH, &path, OWN_PAGE, change)
            .await;
        assert!(done.status.is_success(), "{}", done.text());
        disabled.name = None;
        players.push(disabled);
        let mut retired = self.person("retired", here, Role::Admin).await;
        let path = format!("/api/tablets/{}/retire", retired.browser.device.unwrap());
        let done = self.administrator.post(&path, &json!(null)).await;
        assert!(done.status.is_success(), "{}", done.text());
        retired.name = None;
        players.push(retired);
        players
    }

    /// A cover that runs, so that there is one to be ended.
    async fn cover(&mut self) -> String {
        let order = json!({
            "store": self.store,
            "from": self.wang,
            "customers": "all",
            "to": self.zhao,
            "until": self.app.state.now().plus_millis(86_400_000),
        });
        let running: Vec<RunningHandover> = self.administrator.get("/api/handovers").await.json();
        if let Some(handover) = running.first() {
            return handover.id.to_string();
        }
        let begun = self.administrator.post("/api/handovers", &order).await;
        begun.json::<RunningHandover>().id.to_string()
    }

    /// The path of a route about things that exist.
    async fn path(&mut self, route: &Route) -> String {
        let id = match route.path.split('/').nth(2) {
            Some("people") => self.spare.to_string(),
            Some("stores") => self.store.to_string(),
            Some("tablets") => self.spare_tablet.to_string(),
            Some("handovers") if route.path.contains("{id}") => self.cover().await,
            Some(_) | None => String::new(),
        };
        let path = route.path.replace("{id}", &id);
        assert!(!path.contains('{'), "the test knows {}", route.path);
        path
    }

    /// A body that means the first store, where a body means one.
    fn body(&self, route: &Route) -> Value {
        match (&route.method, route.path) {
            (&Method::POST, "/api/handovers") => json!({
                "store": self.store,
                "from": self.spare,
                "customers": "all",
                "to": self.spare,
            }),
            (_, "/api/lookup") => json!({ "store": self.store, "phone": "13800000001" }),
            _ => json!({}),
        }
    }
}

/// What somebody gets: in, or the status of the refusal. What else the route finds wrong with a
/// request is none.
fn cell(answer: &Answer) -> String {
    assert!(!answer.status.is_server_error(), "{}", answer.text());
    match answer.status.as_u16() {
        status @ (401 | 403 | 404) => status.to_string(),
        _ => "in".to_owned(),
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_its_rule_names_and_nobody_else() {
    let mut ground = Ground::prepare().await;
    let mut players = ground.players().await;
    let mut table = format!("{:<33}{:<27}", "route", "rule");
    for player in &players {
        write!(table, "{:>11}", player.what).unwrap();
    }
    table.push('\n');
    for route in routes::all() {
        let name = format!("{} {}", route.method, route.path);
        write!(table, "{name:<33}{:<27}", route.who.to_string()).unwrap();
        for player in &mut players {
            let path = ground.path(&route).await;
            let body = Body::from(ground.body(&route).to_string());
            let answer = player
                .browser
                .send(route.method.clone(), &path, OWN_PAGE, body)
                .await;
            write!(table, "{:>11}", cell(&answer)).unwrap();
            if route.path == "/api/sign-out"
                && let Some(name) = &player.name
            {
                player.browser.sign_in(name, PASSWORD).await;
            }
        }
        table.push('\n');
    }
    let file = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/golden/routes.txt"
    ));
    if std::env::var_os("FLOORBOOK_WRITE_GOLDEN").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    let golden = std::fs::read_to_string(file).unwrap();
    assert!(table == golden, "now:\n{table}\nexpected:\n{golden}");
}

#[test]
fn the_table_of_the_api_names_every_route_and_no_other() {
    let told = include_str!("../../../shared/src/api.rs");
    let rows = told.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let told: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let all = routes::all();
    let names: Vec<String> = all
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(told, names.iter().map(String::as_str).collect());
}

#[tokio::test]
async fn methods_and_paths_that_are_not_in_the_table_do_not_exist() {
    let mut ground = Ground::prepare().await;
    let signed_in = ground.administrator.sign_in(ADMINISTRATOR, PASSWORD).await;
    assert!(signed_in.status.is_success());
    let all = routes::all();
    let paths: BTreeSet<&str> = all.iter().map(|route| route.path).collect();
    for path in &paths {
        let known: Vec<&Route> = all.iter().filter(|route| route.path == *path).collect();
        let concrete = ground.path(known.first().unwrap()).await;
        for method in METHODS {
            if known.iter().any(|route| route.method == method) {
                continue;
            }
            let sent =
                ground
                    .administrator
                    .send(method.clone(), &concrete, OWN_PAGE, Body::from("{}"));
            let refused = (405, "method_not_allowed".to_owned());
            assert_eq!(sent.await.error(), refused, "{method} {path}");
        }
        if path.starts_with("/api/") {
            let below = format!("{concrete}/more/of/it");
            let answer = ground.administrator.get(&below).await;
            assert_eq!(answer.error(), (404, "not_found".to_owned()), "{below}");
        }
    }
    for path in ["/api", "/api/", "/api/unknown", "/sync/x", "/healthz/x"] {
        let answer = ground.administrator.get(path).await;
        assert_eq!(answer.error(), (404, "not_found".to_owned()), "{path}");
    }
}
