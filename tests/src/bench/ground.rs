//! The ground that a work runs on: a copied store, its server, the proxy, and tablets.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use floorbook_shared::device::storage::StoreName;
use floorbook_shared::id::DocumentId;
use tokio::task::spawn_blocking;

use super::proxy::Proxy;
use super::server::BenchServer;
use super::store::{self, Shape, Weights};
use crate::headless::runner::{Headless, Setup};
use crate::headless::sign_in::{Session, enrol, sign_in};
use crate::headless::tablet::Tablet;
use crate::tablet_storage::MemoryStorage;

/// A tablet of the benchmark.
pub type BenchTablet = Headless<MemoryStorage>;

/// Whatever takes longer is wrong.
pub const LIMIT: Duration = Duration::from_secs(300);

/// What is the same for all works.
#[derive(Clone, Debug)]
pub struct Place {
    /// The server program.
    pub program: PathBuf,
    /// Where data folders go; on a real disk.
    pub folder: PathBuf,
    /// Changes of a card.
    pub changes: usize,
    /// Tiny numbers, only to see that everything works.
    pub is_smoke: bool,
    /// Edits that a tablet of W5 has under way at the same time.
    pub window: usize,
}

impl Place {
    /// `usual`, or `tiny` in a smoke test.
    pub const fn count(&self, usual: usize, tiny: usize) -> usize {
        if self.is_smoke { tiny } else { usual }
    }
}

/// A server with a store of its own, and a proxy before it.
pub struct Ground {
    /// The server.
    pub server: BenchServer,
    /// The proxy before it.
    pub proxy: Proxy,
    /// How heavy the cards are.
    pub weights: Weights,
    data: PathBuf,
}

impl Ground {
    /// Copies a store of `cards` cards and starts a server on it.
    ///
    /// # Errors
    /// If the store can't be made or the server does not start.
    pub async fn prepare(place: &Place, work: &str, cards: usize) -> Result<Self> {
        let (place, work) = (place.clone(), work.to_owned());
        let prepared = spawn_blocking(move || -> Result<_> {
            let (store, weights) =
                store::prepare(&place.folder, Shape::usual(cards, place.changes))?;
            let data = place.folder.join(format!("run-{work}"));
            if data.exists() {
                fs::remove_dir_all(&data)?;
            }
            store::copy(&store, &data)?;
            let server = BenchServer::start(&place.program, &data, None)?;
            Ok((server, weights, data))
        });
        let (server, weights, data) = prepared.await??;
        let proxy = Proxy::start(server.address.clone()).await?;
        Ok(Self {
            server,
            proxy,
            weights,
            data,
        })
    }

    /// Enrols a new tablet and signs in on it, over HTTP.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn session(&self, _number: usize) -> Result<Session> {
        // The manager, who may write every card: a consultant holds a tenth of them.
        let (url, name) = (self.server.url(), store::name(0));
        let code = self.server.enrolment_code().await?;
        spawn_blocking(move || {
            let enrolment = enrol(&url, code, &name)?;
            sign_in(&enrolment, &name, store::PASSWORD.into())
        })
        .await?
    }

    /// A signed-in tablet with this storage behind the proxy, without a network as yet.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn tablet(&self, number: usize, storage: MemoryStorage) -> Result<BenchTablet> {
        let session = self.session(number).await?;
        Ok(start(session, storage, Some(self.proxy.address.clone())))
    }

    /// A tablet in sync beside the proxy, so that its traffic is not counted.
    ///
    /// # Errors
    /// If it does not get in sync.
    pub async fn uncounted_tablet(
        &self,
        number: usize,
        storage: MemoryStorage,
    ) -> Result<BenchTablet> {
        let tablet = start(self.session(number).await?, storage, None);
        tablet.connect();
        tablet.wait_in_sync(LIMIT).await?;
        Ok(tablet)
    }

    /// A tablet that holds everything and is in sync.
    ///
    /// # Errors
    /// If it does not get in sync.
    pub async fn full_tablet(&self, number: usize, storage: MemoryStorage) -> Result<BenchTablet> {
        let tablet = self.tablet(number, storage).await?;
        tablet.connect();
        tablet.wait_in_sync(LIMIT).await?;
        Ok(tablet)
    }

    /// Tablets that all hold what `first` holds, and are in sync.
    ///
    /// # Errors
    /// If one does not get in sync.
    pub async fn copies(&self, first: &BenchTablet, count: usize) -> Result<Vec<BenchTablet>> {
        let mut tablets = Vec::with_capacity(count);
        for number in 0..count {
            let storage = first.look(|tablet| tablet.storage.copy()).await?;
            tablets.push(self.full_tablet(number, storage).await?);
        }
        Ok(tablets)
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // The folder may be looked at while the server still writes: it goes first.
        let _ = self.server.kill9();
        let _ = fs::remove_dir_all(&self.data);
    }
}

fn start(session: Session, storage: MemoryStorage, socket: Option<String>) -> BenchTablet {
    let tablet = Headless::start(Setup {
        tablet: Tablet::new(storage),
        session: None,
        socket,
        notices: None,
    });
    tablet.sign_in(session);
    tablet
}

/// The documents that a tablet holds, in the order of their ids.
///
/// # Errors
/// If the tablet has ended.
pub async fn documents(tablet: &BenchTablet) -> Result<Vec<DocumentId>> {
    tablet
        .look(|tablet| {
            let mut ids: Vec<DocumentId> = Vec::new();
            for (key, _) in tablet.storage.entries(StoreName::Chunks, "") {
                // The feed, the document, the chunk.
                let id = key.split('/').nth(1).context("a key without a document")?;
                let id = id.parse()?;
                if ids.last() != Some(&id) {
                    ids.push(id);
                }
            }
            Ok(ids)
        })
        .await?
}
