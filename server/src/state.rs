//! What all routes share.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use floorbook_shared::document::write::Writer;
use floorbook_shared::id::{PersonId, Randomness};
use floorbook_shared::secret::Secret;
use floorbook_shared::time::Timestamp;
use tokio::sync::watch;

use crate::access::accounts::AccountError;
use crate::access::code;
use crate::access::limiter::Limiter;
use crate::access::password::{PasswordCost, Passwords, SALT_BYTES};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::clock::Clock;
use crate::database::{self, Database, RedbDatabase};
use crate::http::web::WebApp;
use crate::sync::own::OwnActors;
use crate::sync::pages::Pages;
use crate::sync::queue::CommitQueue;
use crate::sync::sockets::Sockets;

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
        } = parts;
        let mut salt = [0; SALT_BYTES];
        randomness.fill(&mut salt);
        let version = database.scope_version()?;
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
            Ok(version) => {
                self.scope_version.send_if_modified(|current| {
                    let is_newer = version > *current;
                    *current = version.max(*current);
                    is_newer
                });
            }
            // The change itself is committed; tablets learn of it when they connect again.
            Err(error) => tracing::error!(%error, "the new scope can't be announced"),
        }
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
