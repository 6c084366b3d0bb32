//! Pages of the log that many tablets read at the same time: after a commit every open socket
//! wants the same one, and it is read once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use floorbook_shared::faults;
use floorbook_shared::sync::server::{Page, PageRequest};

use crate::database::{Database, Result};

/// Pages that are kept: there are as many ends of the log as groups of tablets with other books.
const PAGES_MAX: usize = 16;
/// Larger pages are not kept: a first sync is nobody else's.
const PAGE_MAX_ITEMS: usize = 300;

/// What there was when a page was asked for: an older one is of no use.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Commits to the logs.
    pub commits: u64,
    /// Version of the scope, which moves without any commit to a log.
    pub scope_version: u64,
}

/// The pages that were read last.
#[derive(Debug, Default)]
pub struct Pages {
    recent: Mutex<VecDeque<Kept>>,
}

#[derive(Debug)]
struct Kept {
    /// How many commits there had been before it was read.
    commits: u64,
    request: PageRequest,
    page: Arc<Page>,
}

impl Pages {
    /// The page, if it is as new as it has to be. Never waits: while one is being read there is
    /// none.
    pub fn kept(&self, request: &PageRequest, since: Since) -> Option<Arc<Page>> {
        find(&*self.recent.try_lock().ok()?, request, since)
    }

    /// Reads a page, or waits for whoever is reading it. `since` is what there was before it was
    /// asked for. Blocks on the disk.
    ///
    /// # Errors
    /// If the database can't be read.
    pub fn read(
        &self,
        database: &dyn Database,
        request: &PageRequest,
        since: Since,
    ) -> Result<Arc<Page>> {
        // A download moves on from page to page: nobody else stands where it stands.
        let is_download = request.after.seq == 0 || request.announced.is_some();
        if is_download {
            return database.page(request).map(Arc::new);
        }
        // Whoever wants the same page meanwhile waits here and finds it.
        let mut recent = self.lock();
        if let Some(page) = find(&recent, request, since) {
            return Ok(page);
        }
        let page = Arc::new(database.page(request)?);
        if page.items.len() <= PAGE_MAX_ITEMS {
            recent.push_back(Kept {
                commits: since.commits,
                request: request.clone(),
                page: Arc::clone(&page),
            });
            if recent.len() > PAGES_MAX {
                recent.pop_front();
            }
        }
        Ok(page)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Kept>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(recent: &VecDeque<Kept>, request: &PageRequest, since: Since) -> Option<Arc<Page>> {
    // One that was read before a later commit would hide that commit from whoever was woken by it;
    // one from before a right was taken would be served to whoever has not heard of that yet.
    let is_of_these_rights = |kept: &Kept| {
        kept.page.scope_version >= since.scope_version || faults::is_planted("page_of_older_rights")
    };
    let is_new = |kept: &&Kept| kept.commits >= since.commits && is_of_these_rights(kept);
    let mut recent = recent.iter().rev().filter(is_new);
    let kept = recent.find(|kept| kept.request == *request);
    kept.map(|kept| Arc::clone(&kept.page))
}
