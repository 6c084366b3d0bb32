//! The cards that earlier imports made, and the deeds that this one does to cards.

use std::collections::{BTreeMap, BTreeSet};

use floorbook_shared::access::Scope;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DocumentId, PersonId};
use floorbook_shared::import::existing::{ExistingCard, lookup, recognise};
use floorbook_shared::import::identity::ImportIdentity;
use floorbook_shared::import::parse::ImportedFile;
use floorbook_shared::import::plan::PlannedCard;
use floorbook_shared::record::phone::normalise;
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::row::CustomerRow;

use super::creations::owner_in;
use crate::database::log::{DocumentPlace, StoredDocument};
use crate::database::{Database, Result};
use crate::sync::commit::ServerDeed;

/// What the store holds of a file's customers.
#[derive(Debug, Default)]
pub(super) struct Cards {
    /// Cards by the identity of their row.
    pub existing: BTreeMap<ImportIdentity, ExistingCard>,
    /// Documents that exist and do not load.
    pub unreadable: BTreeSet<DocumentId>,
    /// Where the existing cards are, with the seq of their latest change.
    places: BTreeMap<DocumentId, (DocumentPlace, u64)>,
}

impl Cards {
    /// Looks for the cards of a file.
    pub(super) fn find(
        database: &dyn Database,
        file: &ImportedFile,
        scope: &Scope,
        owner: PersonId,
    ) -> Result<Self> {
        let mut cards = Self::default();
        let lookup = lookup(file, scope, owner);
        for identity in lookup.identities {
            if let Some(stored) = database.document(identity.document())?
                && let Some(document) = cards.load(&stored)
            {
                cards.keep(identity, &stored, &document);
            }
        }
        if !lookup.reaches.is_empty() {
            cards.find_by_phone(database, &lookup.reaches, scope)?;
        }
        Ok(cards)
    }

    /// Looks for cards of rows without a card number whose name was spelled otherwise.
    fn find_by_phone(
        &mut self,
        database: &dyn Database,
        reaches: &BTreeSet<String>,
        scope: &Scope,
    ) -> Result<()> {
        let mut candidates = Vec::new();
        database.rows(&mut |id, row| {
            let Ok(row) = serde_json::from_slice::<CustomerRow>(row) else {
                return;
            };
            let first = row.phones.first().map(|phone| normalise(phone).digits);
            if first.is_some_and(|digits| reaches.contains(&digits)) {
                candidates.push(id);
            }
        })?;
        for id in candidates {
            if self.places.contains_key(&id) {
                continue;
            }
            let Some(stored) = database.document(id)? else {
                continue;
            };
            let Some(store) = scope.store(stored.place.store) else {
                continue;
            };
            if let Some(document) = self.load(&stored)
                && let Some(identity) = recognise(id, &store.code, &document)
            {
                self.keep(identity, &stored, &document);
            }
        }
        Ok(())
    }

    fn load(&mut self, stored: &StoredDocument) -> Option<Document> {
        let document = Document::load(stored.chunks.iter().map(Vec::as_slice));
        if document.is_err() {
            self.unreadable.insert(stored.place.key.id);
        }
        document.ok()
    }

    fn keep(&mut self, identity: ImportIdentity, stored: &StoredDocument, document: &Document) {
        let id = stored.place.key.id;
        let card = ExistingCard::read(id, stored.place.feed, document);
        self.existing.insert(identity, card);
        self.places.insert(id, (stored.place, stored.latest_seq));
    }

    /// What is to be done for a planned card; `None` if nothing is.
    pub(super) fn deed(
        &self,
        item: &PlannedCard,
        scope: &Scope,
        now: Timestamp,
    ) -> Option<ServerDeed> {
        let command = item.command.clone()?;
        let (place, seen_seq) = match (item.document, &item.owner) {
            (Some(id), _) => {
                let (place, seq) = self.places.get(&id)?;
                (*place, Some(*seq))
            }
            (None, Some(owner)) => {
                let (store, person) = owner_in(scope, owner)?;
                let key = DocumentKey {
                    id: item.identity.document(),
                    incarnation: 0,
                };
                let place = DocumentPlace {
                    key,
                    kind: DocumentKind::Customer,
                    store,
                    feed: scope.cards_feed(store, person)?.id,
                };
                // A card that was opened meanwhile stays as it is.
                (place, None)
            }
            (None, None) => return None,
        };
        Some(ServerDeed {
            place,
            command,
            seen_seq,
            at: now,
        })
    }
}
