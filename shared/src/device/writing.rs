//! What a job changes, as sealed writes of one transaction.

use std::collections::BTreeMap;

use crate::device::engine::{Context, Device};
use crate::device::record::{
    self, META_ASIDE, META_COUNTERS, META_TABLET, OutboxHeader, RowRecord, VAULT_SECRET, chunk_key,
    chunk_prefix, draft_key, feed_prefix, outbox_key, page_key, person_prefix, refused_key,
    row_key, to_bytes,
};
use crate::device::row_page;
use crate::device::sealing::{OpenKeyring, no_key};
use crate::device::staged::Staged;
use crate::device::storage::{StorageError, StoreName, Write};
use crate::faults;
use crate::id::{FeedId, Randomness};

/// From this many rows of a feed on, one transaction writes them as a page.
const PAGE_MIN_ROWS: usize = 8;
/// Rows of one page.
const PAGE_MAX_ROWS: usize = 500;

impl Device {
    /// Seals what has to stand in memory in its sealed form as well: outbox rows are sent as they
    /// are stored, and the keyring follows the scope.
    pub(crate) fn prepare(
        &self,
        staged: &mut Staged,
        context: &mut Context<'_>,
    ) -> Result<(), StorageError> {
        for record in &staged.outbox {
            let open = self.open.as_ref().ok_or_else(no_key)?;
            let mut row = open.seal_outbox(record, context.randomness)?;
            if faults::is_planted("outbox_row_of_another") {
                let mut others = self.people.keys().copied();
                row.header.person = others
                    .find(|person| *person != record.header.person)
                    .unwrap_or(record.header.person);
            }
            staged.shelved.push(row);
        }
        let changes =
            staged.scope.is_some() || staged.issued.is_some() || !staged.removed_feeds.is_empty();
        if let (true, None, Some(open)) = (changes, &staged.opens, &self.open) {
            let mut keyring = open.keyring.clone();
            if let Some(scope) = &staged.scope {
                keyring.scope = scope.clone();
            }
            if let Some(issued) = &staged.issued {
                keyring.take(issued);
            }
            for feed in &staged.removed_feeds {
                keyring.forget_feed(*feed);
            }
            let staged_record = staged.keyring(open.person()).cloned();
            let known = staged_record.or_else(|| self.people.get(&open.person()).cloned());
            if let Some(mut known) = known {
                known.lease.hours = Self::lease_hours(&keyring.scope, &keyring.identity);
                known.seal(&keyring, &open.key, context.randomness);
                staged.put_keyring(known);
            }
            staged.opens = Some(OpenKeyring::new(keyring, open.key.clone()));
        }
        Ok(())
    }

    /// The keyring with which the values of a job are sealed.
    fn sealing<'a>(&'a self, staged: &'a Staged) -> Result<&'a OpenKeyring, StorageError> {
        let open = staged.opens.as_ref().or(self.open.as_ref());
        open.ok_or_else(no_key)
    }

    /// The writes of a job, all of one transaction.
    pub(crate) fn writes_of(
        &self,
        staged: &Staged,
        randomness: &mut dyn Randomness,
    ) -> Result<Vec<Write>, StorageError> {
        let mut writes = Vec::new();
        if staged.erases {
            writes.extend(StoreName::ALL.map(|store| Write::Clear { store }));
        }
        self.write_vault(staged, &mut writes);
        let emptied = staged.removed_documents.iter();
        for home in emptied.chain(&staged.replaced_documents) {
            writes.push(delete_all(StoreName::Chunks, chunk_prefix(*home)));
        }
        for (home, bytes) in &staged.chunks {
            let key = chunk_key(*home, bytes);
            let open = self.sealing(staged)?;
            let value = open.seal(home.feed, StoreName::Chunks, &key, bytes, randomness)?;
            writes.push(put(StoreName::Chunks, key, value));
        }
        self.write_rows(staged, randomness, &mut writes)?;
        self.write_outbox(staged, &mut writes);
        self.write_own(staged, randomness, &mut writes)?;
        if let Some(counters) = &staged.counters {
            writes.push(put_clear(StoreName::Meta, META_COUNTERS, counters));
        }
        if let Some(aside) = &staged.aside {
            writes.push(if aside.documents.is_empty() {
                delete(StoreName::Meta, META_ASIDE.to_owned())
            } else {
                put_clear(StoreName::Meta, META_ASIDE, aside)
            });
        }
        Ok(writes)
    }

    /// Keyrings, the tablet itself, and what goes with a keyring.
    fn write_vault(&self, staged: &Staged, writes: &mut Vec<Write>) {
        if let Some(tablet) = &staged.tablet {
            writes.push(put_clear(StoreName::Meta, META_TABLET, tablet));
        }
        if let Some(secret) = &staged.device_secret {
            writes.push(put_clear(StoreName::Vault, VAULT_SECRET, secret));
        }
        for record in &staged.keyrings {
            let key = record.person.to_string();
            writes.push(put_clear(StoreName::Vault, &key, record));
        }
        for person in &staged.removed_keyrings {
            if !faults::is_planted("keyring_kept_after_gone") {
                writes.push(delete(StoreName::Vault, person.to_string()));
            }
            writes.push(delete_all(StoreName::Drafts, person_prefix(*person)));
        }
        for feed in &staged.emptied_feeds {
            for store in [StoreName::Rows, StoreName::Chunks] {
                writes.push(delete_all(store, feed_prefix(*feed)));
            }
        }
    }

    /// Many rows of a feed become one page, few rows a value each. A later record of the same
    /// document counts by its revision, so nothing has to be taken out of older pages.
    fn write_rows(
        &self,
        staged: &Staged,
        randomness: &mut dyn Randomness,
        writes: &mut Vec<Write>,
    ) -> Result<(), StorageError> {
        for key in &staged.removed_rows {
            writes.push(delete(StoreName::Rows, key.clone()));
        }
        for feed in &staged.repacked_feeds {
            writes.push(delete_all(StoreName::Rows, feed_prefix(*feed)));
        }
        let mut by_feed: BTreeMap<FeedId, Vec<RowRecord>> = BTreeMap::new();
        for record in &staged.rows {
            by_feed.entry(record.feed).or_default().push(record.clone());
        }
        for (feed, rows) in by_feed {
            let open = self.sealing(staged)?;
            let mut put_rows = |key: String, value: &[u8]| {
                let value = open.seal(feed, StoreName::Rows, &key, value, randomness);
                writes.push(put(StoreName::Rows, key, value?));
                Ok::<(), StorageError>(())
            };
            if rows.len() < PAGE_MIN_ROWS {
                for record in rows {
                    put_rows(row_key(record.home()), &to_bytes(&[record]))?;
                }
                continue;
            }
            for page in rows.chunks(PAGE_MAX_ROWS) {
                if let Some(last) = page.last() {
                    put_rows(page_key(feed, last.revision), &row_page::pack(page))?;
                }
            }
        }
        Ok(())
    }

    fn write_outbox(&self, staged: &Staged, writes: &mut Vec<Write>) {
        for row in &staged.shelved {
            let key = outbox_key(&row.header);
            writes.push(put_clear(StoreName::Outbox, &key, row));
        }
        for device_seq in &staged.removed_outbox {
            if let Some(header) = self.header(*device_seq) {
                writes.push(delete(StoreName::Outbox, outbox_key(header)));
            }
        }
        for key in &staged.removed_outbox_keys {
            writes.push(delete(StoreName::Outbox, key.clone()));
        }
    }

    fn header(&self, device_seq: u64) -> Option<&OutboxHeader> {
        self.shelf.get(&device_seq).map(|row| &row.header)
    }

    /// Places, and what is one person's alone.
    fn write_own(
        &self,
        staged: &Staged,
        randomness: &mut dyn Randomness,
        writes: &mut Vec<Write>,
    ) -> Result<(), StorageError> {
        for record in &staged.cursors {
            let key = record.store.to_string();
            writes.push(if record.groups.is_empty() {
                delete(StoreName::Cursors, key)
            } else {
                put_clear(StoreName::Cursors, &key, record)
            });
        }
        for record in &staged.refused {
            let key = refused_key(record.person, record.group);
            let open = self.sealing(staged)?;
            let bytes = to_bytes(record);
            let value = open.seal_own(StoreName::Refused, &key, &bytes, randomness)?;
            writes.push(put(StoreName::Refused, key, value));
        }
        for group in &staged.removed_refused {
            let person = self.refused.get(group).map(|record| record.person);
            let person = person.or_else(|| Some(self.open.as_ref()?.person()));
            if let Some(person) = person {
                writes.push(delete(StoreName::Refused, refused_key(person, *group)));
            }
        }
        for (form, content) in &staged.drafts {
            let open = self.sealing(staged)?;
            let key = draft_key(open.person(), form);
            writes.push(if content.is_empty() {
                delete(StoreName::Drafts, key)
            } else {
                let bytes = to_bytes(content);
                let value = open.seal_own(StoreName::Drafts, &key, &bytes, randomness)?;
                put(StoreName::Drafts, key, value)
            });
        }
        Ok(())
    }
}

fn put_clear(store: StoreName, key: &str, value: &impl serde::Serialize) -> Write {
    put(store, key.to_owned(), record::encode(store, key, value))
}

const fn put(store: StoreName, key: String, value: Vec<u8>) -> Write {
    Write::Put { store, key, value }
}

const fn delete(store: StoreName, key: String) -> Write {
    Write::Delete { store, key }
}

const fn delete_all(store: StoreName, prefix: String) -> Write {
    Write::DeletePrefix { store, prefix }
}
