//! A whole server without a port: requests go straight into its router. For sockets it can listen.

pub mod socket;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use floorbook_server::access::password::PasswordCost;
use floorbook_server::clock::Clock;
use floorbook_server::database::RedbDatabase;
use floorbook_server::http::web::WebApp;
use floorbook_server::http::{cookie, listen, routes};
use floorbook_server::state::{AppState, Parts};
use floorbook_shared::access::{Post, Role};
use floorbook_shared::api::{
    ApiError, EmptiedTablet, EnrolRequest, EnrolmentCode, InvitationCode, JoinRequest, NewPerson,
    SetupRequest, SignInRequest, SignedIn, TabletStanding,
};
use floorbook_shared::id::{DeviceId, Randomness, StoreId};
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::server::{FeedsOf, PageRequest};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::master::MasterSecret;
use floorbook_shared::view::row::CustomerRow;
use redb::backends::InMemoryBackend;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tower::ServiceExt;

/// Name of the administrator whom [`TestApp::set_up`] makes.
pub const ADMINISTRATOR: &str = "Li Na";

/// A password that is accepted.
pub const PASSWORD: &str = "four plain old words";

/// A clock that stands still until a test moves it.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Moves it on.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Randomness that repeats with its seed (splitmix64).
#[derive(Clone, Debug)]
pub struct SeededRandomness(pub u64);

impl Randomness for SeededRandomness {
    fn fill(&mut self, target: &mut [u8]) {
        for chunk in target.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = self.0;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            for (byte, random) in chunk.iter_mut().zip(word.to_le_bytes()) {
                *byte = random;
            }
        }
    }
}

/// A server with an in-memory database, a clock of the test's and cheap password hashes.
pub struct TestApp {
    /// What the routes share.
    pub state: Arc<AppState>,
    /// The clock.
    pub clock: TestClock,
    router: Router,
}

impl Default for TestApp {
    fn default() -> Self {
        Self::new()
    }
}

impl TestApp {
    /// A server that is not set up and has no web app.
    pub fn new() -> Self {
        Self::with_web(WebApp::default())
    }

    /// A server that is not set up, with this web app.
    pub fn with_web(web: WebApp) -> Self {
        let clock = TestClock(Arc::new(AtomicI64::new(1_800_000_000_000)));
        let database =
            RedbDatabase::with_backend(InMemoryBackend::new()).expect("in-memory database");
        let state = AppState::new(Parts {
            database: Arc::new(database),
            clock: Box::new(clock.clone()),
            randomness: Box::new(SeededRandomness(7)),
            password_cost: PasswordCost {
                memory_kib: 64,
                passes: 1,
            },
            web,
            is_tls: false,
            master: MasterSecret::from_bytes([3; 32]),
            trusted_proxies: Vec::new(),
        })
        .expect("server state");
        Self {
            router: routes::router(Arc::clone(&state)),
            state,
            clock,
        }
    }

    /// A server with store HZ1 and its administrator, who is signed in on the returned browser.
    pub async fn set_up() -> (Self, Browser) {
        let app = Self::new();
        let code = app.state.draw_setup_code();
        let mut browser = app.browser();
        let answer = browser.post("/api/setup", &setup_request(&code)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        (app, browser)
    }

    /// Listens on a free port, until the test's runtime ends.
    pub async fn listen(&self) -> SocketAddr {
        self.listen_for_heads_within(listen::HEAD_TIME_LIMIT).await
    }

    /// The same, hanging up on whoever takes longer than this for the head of a request.
    pub async fn listen_for_heads_within(&self, limit: Duration) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let state = Arc::clone(&self.state);
        let stop = listen::Stop::new();
        tokio::spawn(async move { listen::serve(listener, &state, None, stop, limit).await });
        address
    }

    /// A browser that is not enrolled.
    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookie: None,
            token: None,
            device: None,
            address: SocketAddr::from(([192, 168, 1, 20], 50_000)),
        }
    }

    /// A browser that is enrolled with a code of the administrator's.
    pub async fn tablet(&self, administrator: &mut Browser) -> Browser {
        let code = administrator.post("/api/tablets/code", &json!(null)).await;
        assert_eq!(code.status, StatusCode::OK, "{}", code.text());
        let code: EnrolmentCode = code.json();
        let mut browser = self.browser();
        let answer = browser.enrol(code.code.expose()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        browser
    }

    /// Adds a consultant and signs them in on a new tablet.
    pub async fn consultant(&self, administrator: &mut Browser, name: &str) -> Browser {
        let code = self.invite(administrator, name).await;
        let mut browser = self.tablet(administrator).await;
        let answer = browser.join(code.code.expose(), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        browser
    }

    /// Adds a consultant and returns their one-time code.
    pub async fn invite(&self, administrator: &mut Browser, name: &str) -> InvitationCode {
        let new = NewPerson {
            name: name.to_owned(),
            posts: vec![Post::new(self.store(), Role::Consultant)],
        };
        let answer = administrator.post("/api/people", &new).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// The first store.
    pub fn store(&self) -> StoreId {
        self.state
            .database
            .scope()
            .expect("scope")
            .stores
            .first()
            .expect("a store")
            .id
    }
}

impl TestApp {
    /// The ends of all stores' logs.
    pub fn heads(&self) -> Vec<Cursor> {
        let stores = self.state.database.scope().expect("scope").stores.clone();
        let head = |id| self.state.database.head(id).expect("head");
        stores.into_iter().map(|store| head(store.id)).collect()
    }

    /// All rows that a tablet gets that has every feed.
    pub fn rows(&self) -> Vec<CustomerRow> {
        let scope = self.state.database.scope().expect("scope");
        let mut rows = Vec::new();
        for store in &scope.stores {
            let feeds = scope.feeds.iter().filter(|feed| feed.store == store.id);
            let mut request = PageRequest {
                of: FeedsOf {
                    store: store.id,
                    feeds: feeds.map(|feed| feed.id).collect(),
                },
                announced: None,
                after: Cursor::default(),
            };
            loop {
                let page = self.state.database.page(&request).expect("a page");
                let items = page.items.iter();
                rows.extend(items.map(|item| -> CustomerRow {
                    serde_json::from_slice(&item.item.row).expect("a row")
                }));
                request.after = page.cursor;
                if page.remaining == 0 {
                    break;
                }
            }
        }
        rows
    }
}

/// Sets up store HZ1 with [`ADMINISTRATOR`].
pub fn setup_request(code: &str) -> SetupRequest {
    SetupRequest {
        code: code.into(),
        store_code: "HZ1".to_owned(),
        store_name: "杭州店".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        name: ADMINISTRATOR.to_owned(),
        password: PASSWORD.into(),
        tablet_name: "Counter".to_owned(),
    }
}

/// A browser: its tablet's cookie, its session, and its address.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// Value of the tablet's cookie.
    pub cookie: Option<String>,
    /// The token of the session.
    pub token: Option<Secret>,
    /// The tablet, once enrolled.
    pub device: Option<DeviceId>,
    /// Where its requests come from.
    pub address: SocketAddr,
}

impl Browser {
    /// Sends a GET.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Posts JSON as our own pages do.
    pub async fn post<T: Serialize>(&mut self, path: &str, body: &T) -> Answer {
        let body = serde_json::to_vec(body).expect("JSON");
        self.send(Method::POST, path, OWN_PAGE, Body::from(body))
            .await
    }

    /// Enrols by a one-time code.
    pub async fn enrol(&mut self, code: &str) -> Answer {
        let request = EnrolRequest {
            code: code.into(),
            name: "Tablet".to_owned(),
        };
        self.post("/api/enrol", &request).await
    }

    /// Tells that nothing is on this tablet any more.
    pub async fn tell_emptied(&mut self) -> Answer {
        let device = self.device.expect("it is a tablet");
        self.post("/api/emptied", &EmptiedTablet { device }).await
    }

    /// Signs in by name and password.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let request = SignInRequest {
            name: name.to_owned(),
            password: password.into(),
        };
        self.post("/api/sign-in", &request).await
    }

    /// Signs out.
    pub async fn sign_out(&mut self) -> Answer {
        self.post("/api/sign-out", &json!(null)).await
    }

    /// Sets a password by a one-time code.
    pub async fn join(&mut self, code: &str, password: &str) -> Answer {
        let request = JoinRequest {
            code: code.into(),
            password: password.into(),
        };
        self.post("/api/join", &request).await
    }

    /// Sends any request.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "floorbook.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("{}={cookie}", cookie::NAME));
        }
        if let Some(token) = &self.token {
            let bearer = format!("Bearer {}", token.expose());
            request = request.header(header::AUTHORIZATION, bearer);
        }
        let request = request
            .extension(ConnectInfo(self.address))
            .body(body)
            .expect("a valid request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("body").to_vec();
        self.keep_cookie(&parts.headers);
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        };
        if let Ok(signed_in) = serde_json::from_slice::<SignedIn>(&answer.body) {
            self.device = Some(signed_in.identity.device);
            self.token = Some(signed_in.token);
        }
        if let Ok(tablet) = serde_json::from_slice::<TabletStanding>(&answer.body) {
            self.device = Some(tablet.device);
        }
        answer
    }

    fn keep_cookie(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("a cookie of ASCII");
            let pair = text.split(';').next().unwrap_or_default();
            if let Some((cookie::NAME, value)) = pair.split_once('=') {
                self.cookie = (!value.is_empty()).then(|| value.to_owned());
            }
        }
    }
}

/// Headers that our own pages send with a POST.
pub const OWN_PAGE: &[(&str, &str)] = &[
    ("origin", "http://floorbook.test"),
    ("content-type", "application/json"),
];

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// Status and code of an error.
    pub fn error(&self) -> (u16, String) {
        (self.status.as_u16(), self.json::<ApiError>().code)
    }

    /// A header as text, empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}
