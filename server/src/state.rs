//! What all routes share.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use floorbook_shared::access::Scope;
use floorbook_shared::document::write::Writer;
use floorbook_shared::id::{DeviceId, PersonId, Randomness};
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::issued::IssuedKeys;
use floorbook_shared::vault::master::MasterSecret;
use tokio::sync::watch;

use crate::access::accounts::AccountError;
use crate::access::code;
use crate::access::denials::{Denials, Denied};
use crate::access::limiter::{Attempt, Limiter};
use crate::access::master;
use crate::access::password::{PasswordCost, Passwords, SALT_BYTES};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::clock::Clock;
use crate::database::log::DocumentLog;
use crate::database::model::{By, Contact, Deed, Denial};
use crate::database::{self, Database, RedbDatabase};
use crate::http::web::WebApp;
use crate::sync::own::OwnActors;
use crate::sync::pages::Pages;
use crate::sync::queue::CommitQueue;
use crate::sync::sockets::Sockets;

/// Pause between two looks for denials that wait to be told.
const DENIALS_PAUSE: Duration = Duration::from_secs(60);

/// What the server is made of; tests swap the parts.
pub struct Parts {
    /// The database.
    pub database: Arc<RedbDatabase>,
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// The source of ids, tokens and codes.
    pub randomness: Box<dyn Randomness + Send>,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
    /// The web app.
    pub web: WebApp,
    /// Whether browsers reach the server by TLS.
    pub is_tls: bool,
    /// The secret that the tablets' keys are derived from.
    pub master: MasterSecret,
    /// Reverse proxies whose word about the address of a request is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

/// What all routes share.
pub struct AppState {
    /// Accounts and organisation.
    pub database: Arc<dyn Database>,
    /// The way to the thread that commits documents.
    pub commits: CommitQueue,
    /// Pages of the logs that many sockets read at the same time.
    pub pages: Pages,
    /// The open sockets.
    pub sockets: Sockets,
    /// Whoever imports holds it: two imports at the same time would create stores twice.
    pub importing: tokio::sync::Mutex<()>,
    /// Throttling of sign-ins.
    pub limiter: Limiter,
    /// Password hashing.
    pub passwords: Passwords,
    /// The web app.
    pub web: WebApp,
    /// Whether browsers reach the server by TLS.
    pub is_tls: bool,
    /// Reverse proxies whose word about the address of a request is taken.
    pub trusted_proxies: Vec<IpAddr>,
    master: MasterSecret,
    denials: Denials,
    clock: Box<dyn Clock>,
    randomness: Mutex<Box<dyn Randomness + Send>>,
    own_actors: OwnActors,
    setup_code: Mutex<Option<SecretHash>>,
    scope_version: watch::Sender<u64>,
    is_stopping: watch::Sender<bool>,
}

impl AppState {
    /// Puts the parts together. Blocks on the disk.
    pub fn new(parts: Parts) -> Result<Arc<Self>, AccountError> {
        let Parts {
            database,
            clock,
            mut randomness,
            password_cost,
            web,
            is_tls,
            master,
            trusted_proxies,
        } = parts;
        let mut salt = [0; SALT_BYTES];
        randomness.fill(&mut salt);
        let version = database.scope_version()?;
        let receipts: &dyn DocumentLog = database.as_ref();
        receipts.give_receipts(ReceiptKey::derive(master.expose()));
        let commits = CommitQueue::start(Arc::clone(&database) as Arc<dyn Database>)
            .map_err(|error| AccountError::internal("commit thread", &error))?;
        Ok(Arc::new(Self {
            database,
            commits,
            pages: Pages::default(),
            sockets: Sockets::default(),
            importing: tokio::sync::Mutex::default(),
            own_actors: OwnActors::default(),
            limiter: Limiter::default(),
            passwords: Passwords::new(password_cost, salt)?,
            web,
            is_tls,
            trusted_proxies,
            master,
            denials: Denials::default(),
            clock,
            randomness: Mutex::new(randomness),
            setup_code: Mutex::new(None),
            scope_version: watch::Sender::new(version),
            is_stopping: watch::Sender::new(false),
        }))
    }

    /// The time by the server's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs `draw` with the server's randomness.
    pub fn with_randomness<T>(&self, draw: impl FnOnce(&mut dyn Randomness) -> T) -> T {
        let mut randomness = self
            .randomness
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        draw(randomness.as_mut())
    }

    /// The writer with which the server itself writes in a person's name.
    pub fn own_writer(&self, person: PersonId) -> Writer {
        self.with_randomness(|randomness| self.own_actors.writer(person, randomness))
    }

    /// Hashes a password with a fresh salt.
    pub async fn hash_password(&self, password: Secret) -> Result<PasswordHash, AccountError> {
        let mut salt = [0; SALT_BYTES];
        self.with_randomness(|randomness| randomness.fill(&mut salt));
        self.passwords.hash(password.into_exposed(), salt).await
    }

    /// Asks the database outside the async threads.
    pub async fn with_database<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Database) -> database::Result<T> + Send + 'static,
    ) -> Result<T, AccountError> {
        let database = Arc::clone(&self.database);
        tokio::task::spawn_blocking(move || ask(database.as_ref()))
            .await
            .map_err(|error| AccountError::internal("database task", &error))?
            .map_err(AccountError::from)
    }

    /// The keys of a person on a tablet.
    pub fn issue_keys(&self, device: DeviceId, person: PersonId, scope: &Scope) -> IssuedKeys {
        master::issue(&self.master, device, person, scope)
    }

    /// The secret that opens what tablets sealed.
    pub const fn master(&self) -> &MasterSecret {
        &self.master
    }

    /// Takes one try, or says when to try again.
    pub fn take_try(&self, attempt: &Attempt<'_>) -> Result<(), AccountError> {
        self.limiter
            .take(attempt, self.now())
            .map_err(|retry_seconds| AccountError::TooManyTries { retry_seconds })
    }

    /// Notes in the audit that somebody was not let in, unless that was noted often lately.
    pub async fn note_denial(
        &self,
        device: Option<DeviceId>,
        now: Timestamp,
        deed: impl FnOnce(u32) -> Deed,
    ) {
        let Some(uncounted) = self.denials.note(device, now) else {
            return;
        };
        let (by, deed) = (By::nobody(now, device), deed(uncounted));
        let noted = self.with_database(move |database| database.note(by, deed));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a denial could not be noted");
        }
    }

    /// Notes in the audit that somebody was refused something, for a reason that has one entry a
    /// minute.
    pub async fn note_refusal(
        &self,
        device: Option<DeviceId>,
        person: Option<PersonId>,
        denial: Denial,
    ) {
        let denied = Denied {
            device,
            person,
            denial,
        };
        let now = self.now();
        if self.denials.note_reason(denied, now) {
            self.tell_denials(vec![(denied, 1)], now).await;
        }
    }

    /// Notes the refusals of the last minute that had no entry of their own.
    pub async fn note_refusals(&self, is_end: bool) {
        let now = self.now();
        let untold = self.denials.untold(now, is_end);
        self.tell_denials(untold, now).await;
    }

    /// Does so until the server stops.
    pub async fn note_refusals_forever(self: Arc<Self>) {
        let mut stop = self.watch_stop();
        loop {
            tokio::select! {
                () = tokio::time::sleep(DENIALS_PAUSE) => {}
                _ = stop.wait_for(|stops| *stops) => return,
            }
            self.note_refusals(false).await;
        }
    }

    async fn tell_denials(&self, denials: Vec<(Denied, u32)>, now: Timestamp) {
        if denials.is_empty() {
            return;
        }
        let noted = self.with_database(move |database| {
            for (denied, times) in denials {
                let by = By {
                    at: now,
                    person: denied.person,
                    device: denied.device,
                };
                let denial = denied.denial;
                database.note(by, Deed::Denied { denial, times })?;
            }
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a denial could not be noted");
        }
    }

    /// Notes that a tablet was in contact and which feeds were opened to it.
    pub async fn note_feeds(&self, device: DeviceId, scope: &Scope) {
        let contact = Contact {
            at: self.now(),
            report: None,
            feeds: scope.feeds.iter().map(|feed| feed.id).collect(),
        };
        self.note_contact(device, contact).await;
    }

    /// Notes that a tablet was in contact. What it is told does not depend on it.
    pub async fn note_contact(&self, device: DeviceId, contact: Contact) {
        let noted = self.with_database(move |database| database.note_contact(device, contact));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the contact of a tablet could not be noted");
        }
    }

    /// Draws the code that sets this server up; an earlier one stops working. The code is kept
    /// as a hash in memory only, so every start has its own.
    pub fn draw_setup_code(&self) -> String {
        let code = self.with_randomness(code::new_code);
        *self
            .setup_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(code::code_hash(&code));
        code
    }

    /// Whether this is the code that sets the server up.
    pub fn is_setup_code(&self, typed: &str) -> bool {
        *self
            .setup_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            == Some(code::code_hash(typed))
    }

    /// The code that sets the server up works no longer.
    pub fn forget_setup_code(&self) {
        *self
            .setup_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Follows the version of the scope: it moves after every committed change of stores, people
    /// or feeds. Sockets watch it to send the new scope.
    pub fn watch_scope(&self) -> watch::Receiver<u64> {
        self.scope_version.subscribe()
    }

    /// The version of the scope that was announced last.
    pub fn scope_version(&self) -> u64 {
        *self.scope_version.borrow()
    }

    /// Becomes true when the server stops: sockets say goodbye and end, since nothing else ends a
    /// connection that has left HTTP.
    pub fn watch_stop(&self) -> watch::Receiver<bool> {
        self.is_stopping.subscribe()
    }

    /// Tells everyone who watches that the server stops.
    pub fn stop(&self) {
        self.is_stopping.send_replace(true);
    }

    /// Must be called after every committed change of stores, people or feeds.
    pub async fn scope_changed(&self) {
        match self
            .with_database(|database| database.scope_version())
            .await
        {
            Ok(version) => self.announce_scope(version),
            // The change itself is committed; tablets learn of it with the next page.
            Err(error) => tracing::error!(%error, "the new scope can't be announced"),
        }
    }

    /// Announces a version of the scope, unless it was announced before. Whoever reads one announces
    /// it: a request may be given up between its commit and its word, and sockets wait for the word.
    pub fn announce_scope(&self, version: u64) {
        self.scope_version.send_if_modified(|current| {
            let is_newer = version > *current;
            *current = version.max(*current);
            is_newer
        });
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AppState")
            .field("is_tls", &self.is_tls)
            .finish_non_exhaustive()
    }
}
