//! A headless tablet in a folder, driven from outside: the library behind the program `device`.
//!
//! - [`json`]: driving it with lines of JSON.

pub mod json;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use floorbook_server::clock::{Clock, SystemClock, store_day};
use floorbook_server::folder::write_private;
use floorbook_shared::access::{Identity, Scope};
use floorbook_shared::device::message::{Notice, Request, RequestId, RowEntry};
use floorbook_shared::document::command::Command;
use floorbook_shared::id::DocumentId;
use floorbook_shared::secret::Secret;
use floorbook_shared::time::Date;
use floorbook_shared::view::card::CardView;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::reading;
use super::runner::{Headless, Setup, Standing, answer_to};
use super::sign_in::{Enrolment, Session, enrol, sign_in};
use super::tablet::Tablet;
use crate::tablet_storage::FolderStorage;

const SESSION_FILE: &str = "session.json";
const ENROLMENT_FILE: &str = "enrolment.json";
/// The engine answers as fast as the disk; whatever takes longer is wrong.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// Sorted heads by document, in hexadecimal.
pub type Heads = BTreeMap<DocumentId, Vec<String>>;

/// A tablet in a folder. One program at a time can have it.
pub struct Driver {
    folder: PathBuf,
    enrolment: Option<Enrolment>,
    headless: Headless<FolderStorage>,
    notices: mpsc::UnboundedReceiver<Notice>,
    last_request: RequestId,
    /// Who is signed in, if anyone.
    pub identity: Option<Identity>,
    /// What they may see.
    pub scope: Scope,
    /// The rows, as a screen would have them.
    pub rows: BTreeMap<DocumentId, RowEntry>,
}

impl Driver {
    /// Opens the tablet in a folder, which is made if it does not exist. It has no network yet.
    ///
    /// # Errors
    /// If another program has it, or it can't be read.
    pub async fn open(folder: &Path) -> Result<Self> {
        let storage = FolderStorage::open(folder)
            .with_context(|| format!("the tablet in {} can't be opened", folder.display()))?;
        let session = kept(&folder.join(SESSION_FILE)).context("the session")?;
        let enrolment = kept(&folder.join(ENROLMENT_FILE)).context("the enrolment")?;
        let is_signed_in = session.is_some();
        let (notices, told) = mpsc::unbounded_channel();
        let headless = Headless::start(Setup {
            tablet: Tablet::new(storage),
            session,
            socket: None,
            notices: Some(notices),
        });
        let mut driver = Self {
            folder: folder.to_owned(),
            enrolment,
            headless,
            notices: told,
            last_request: 0,
            identity: None,
            scope: Scope::default(),
            rows: BTreeMap::new(),
        };
        driver
            .wait_for(|notice| matches!(notice, Notice::Opened { .. }).then_some(()))
            .await?;
        if is_signed_in {
            let unlocked = |notice: &Notice| {
                if let Notice::NotUnlocked { problem, .. } = notice {
                    Some(Err(*problem))
                } else {
                    matches!(notice, Notice::Unlocked { .. }).then_some(Ok(()))
                }
            };
            let unlocked = driver.wait_for(unlocked).await?;
            unlocked.map_err(|problem| anyhow!("the keyring did not open: {problem:?}"))?;
        }
        driver.catch_up().await?;
        Ok(driver)
    }

    /// Closes the tablet; what it holds is on the disk then.
    pub async fn close(self) {
        self.headless.end().await;
    }

    /// Enrols the tablet at a server by a one-time code; answers its tablet code.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn enrol(&mut self, server: &str, code: Secret, name: &str) -> Result<String> {
        let (server, name) = (server.to_owned(), name.to_owned());
        let enrolment = spawn_blocking(move || enrol(&server, code, &name)).await??;
        self.take_enrolment(enrolment)
    }

    /// As [`Self::enrol`], with a tablet that is enrolled already.
    ///
    /// # Errors
    /// If it can't be kept.
    pub fn take_enrolment(&mut self, enrolment: Enrolment) -> Result<String> {
        let file = self.folder.join(ENROLMENT_FILE);
        write_private(&file, &serde_json::to_vec(&enrolment)?).context("the enrolment")?;
        let enrolment = self.enrolment.insert(enrolment);
        Ok(enrolment.standing.code.clone())
    }

    /// Signs a person in, over HTTP and on the tablet, and keeps the session in the folder.
    ///
    /// # Errors
    /// If the tablet is not enrolled, the server refuses, or the tablet can't keep it.
    pub async fn sign_in(&mut self, name: &str, password: Secret) -> Result<()> {
        let enrolment = self.enrolment.clone();
        let enrolment = enrolment.context("the tablet is not enrolled; use enrol first")?;
        let name = name.to_owned();
        let session = spawn_blocking(move || sign_in(&enrolment, &name, password)).await??;
        self.take_session(session).await
    }

    /// As [`Self::sign_in`], with a session that is open already.
    ///
    /// # Errors
    /// If the tablet can't keep it.
    pub async fn take_session(&mut self, session: Session) -> Result<()> {
        self.headless.sign_in(session.clone());
        let problem = self
            .wait_for(|notice| {
                if let Notice::NotSignedIn { problem } = notice {
                    Some(Some(problem.clone()))
                } else {
                    matches!(notice, Notice::Unlocked { .. }).then_some(None)
                }
            })
            .await?;
        if let Some(problem) = problem {
            bail!("the tablet did not take the sign-in: {problem:?}");
        }
        self.catch_up().await?;
        let file = self.folder.join(SESSION_FILE);
        write_private(&file, &serde_json::to_vec(&session)?).context("the session")
    }

    /// Gives it a network.
    pub fn connect(&self) {
        self.headless.connect();
    }

    /// Takes its network away.
    pub fn disconnect(&self) {
        self.headless.disconnect();
    }

    /// Asks something of the engine without waiting for an answer.
    pub fn request(&self, request: Request) {
        self.headless.request(request);
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        self.headless.standing()
    }

    /// Connects and waits until everything is at the store and everything from there is here.
    ///
    /// # Errors
    /// If that takes longer than `limit`.
    pub async fn sync(&mut self, limit: Duration) -> Result<()> {
        self.connect();
        self.headless.wait_in_sync(limit).await?;
        self.catch_up().await
    }

    /// Runs a command and waits until it is on the disk.
    ///
    /// # Errors
    /// If it was not saved, with the reason.
    pub async fn run(&mut self, document: DocumentId, command: Command) -> Result<()> {
        self.last_request += 1;
        let id = self.last_request;
        self.request(Request::Run {
            id,
            document,
            command,
        });
        self.wait_for(|notice| answer_to(id, notice)).await?
    }

    /// The number for a new card; empty before the first sync.
    ///
    /// # Errors
    /// If the engine does not answer.
    pub async fn next_card_number(&mut self) -> Result<String> {
        self.last_request += 1;
        let id = self.last_request;
        self.request(Request::NextCardNumber { id });
        self.wait_for(|notice| {
            if let Notice::CardNumber { number, .. } = notice {
                Some(number.clone())
            } else {
                None
            }
        })
        .await
    }

    /// A card as its page would show it.
    ///
    /// # Errors
    /// If it is not here or can't be read.
    pub async fn card(&mut self, document: DocumentId) -> Result<CardView> {
        self.request(Request::ShowCard { document });
        let shown = self.wait_for(|notice| {
            if let Notice::Card { card, .. } = notice {
                Some(Ok((**card).clone()))
            } else if let Notice::CardUnreadable { reason, .. } = notice {
                Some(Err(reason.clone()))
            } else {
                None
            }
        });
        let shown = shown.await?;
        self.request(Request::HideCard { document });
        shown.map_err(|reason| anyhow::anyhow!("the card can't be read: {reason}"))
    }

    /// The sorted heads of every document, as the disk has them.
    ///
    /// # Errors
    /// If a document is damaged.
    pub async fn heads(&self) -> Result<Heads> {
        self.headless.look(|tablet| heads(tablet)).await?
    }

    /// The store's day.
    pub fn today(&self) -> Date {
        let store = self.identity.as_ref().map(|identity| identity.store);
        let store = store.and_then(|store| self.scope.store(store));
        let zone = store.map_or("", |store| store.time_zone.as_str());
        store_day(SystemClock.now(), zone)
    }

    /// Takes what was told so far, after everything that was asked before.
    async fn catch_up(&mut self) -> Result<()> {
        self.headless.look(|_| ()).await?;
        while let Ok(notice) = self.notices.try_recv() {
            self.note(&notice);
        }
        Ok(())
    }

    async fn wait_for<T>(&mut self, wanted: impl Fn(&Notice) -> Option<T>) -> Result<T> {
        let search = async {
            while let Some(notice) = self.notices.recv().await {
                self.note(&notice);
                if let Some(found) = wanted(&notice) {
                    return Ok(found);
                }
            }
            bail!("the tablet has ended");
        };
        let found = tokio::time::timeout(ANSWER_LIMIT, search).await;
        found.context("the tablet does not answer")?
    }

    fn note(&mut self, notice: &Notice) {
        if let Notice::Unlocked {
            identity, scope, ..
        } = notice
        {
            self.identity = Some(identity.clone());
            self.scope = scope.clone();
            self.rows.clear();
        } else if let Notice::Locked | Notice::Erased { .. } = notice {
            self.identity = None;
            self.rows.clear();
        } else if let Notice::ScopeChanged { scope } = notice {
            self.scope = scope.clone();
        } else if let Notice::Rows { rows } = notice {
            let rows = rows.iter().filter_map(RowEntry::read);
            self.rows.extend(rows.map(|row| (row.document, row)));
        } else if let Notice::Removed { documents } = notice {
            self.rows.retain(|id, _| !documents.contains(id));
        }
    }
}

/// What was kept in a file, if it is there.
fn kept<T: DeserializeOwned>(file: &Path) -> Result<Option<T>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(
            serde_json::from_slice(&bytes).context("it is damaged")?,
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("it can't be read"),
    }
}

fn heads(stored: &Tablet<FolderStorage>) -> Result<Heads> {
    let mut heads = Heads::new();
    for id in reading::documents(stored)? {
        let of_document = reading::heads(stored, id)?;
        let of_document = of_document.iter().map(ToString::to_string);
        heads.insert(id, of_document.collect());
    }
    Ok(heads)
}
