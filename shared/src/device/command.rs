//! Running a command: rules, one change, one transaction with chunk, outbox row and row.

use crate::access::Access;
use crate::device::engine::{Context, Device, Opened, Outputs};
use crate::device::message::{Notice, RequestId};
use crate::device::record::{Counters, Home, OutboxBody, OutboxHeader, OutboxRecord, RowRecord};
use crate::device::staged::Staged;
use crate::document::author::ChangeAuthor;
use crate::document::command::Command;
use crate::document::read::read;
use crate::document::write::{self, Writer};
use crate::document::{Document, DocumentKey, DocumentKind, parse_change};
use crate::faults;
use crate::id::{DocumentId, FeedId, GroupId, PersonId, StoreId};
use crate::record::customer::CustomerField;
use crate::sync::chain::ChangeHash;
use crate::view::row::CustomerRow;
use crate::view::row_text::RowText;

/// Why a command could not be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RunError {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("there is no book for new cards")]
    NoFeed,
    #[error("this person may not write on the card, or it has left this tablet's books")]
    NoRight,
    #[error("the card can't be read: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Write(#[from] write::WriteError),
}

impl RunError {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NoFeed => "no_feed",
            Self::NoRight => "no_right",
            Self::Unreadable(_) => "unreadable",
            Self::Write(error) => error.code(),
        }
    }
}

/// Where a document belongs.
pub(crate) struct Place {
    pub key: DocumentKey,
    pub kind: DocumentKind,
    pub feed: FeedId,
    pub store: StoreId,
    pub chunks: u32,
    pub heads: Vec<ChangeHash>,
    pub is_leaving: bool,
}

impl Device {
    pub(crate) fn run(
        &mut self,
        id: RequestId,
        document: DocumentId,
        mut command: Command,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let mut counters = self.counters.clone();
        let is_new = self.index.row(document).is_none();
        if let (true, Command::OpenCard(card)) = (is_new, &mut command)
            && let Some((number, prefix, running)) = self.next_card_number()
        {
            card.fields.insert(CustomerField::Number, number);
            counters.card_numbers.insert(prefix, running);
        }
        let group = GroupId::new(context.now, context.randomness);
        let may_undo = command.may_undo();
        match self.write(document, group, command, &mut counters, context) {
            Ok(Some(mut staged)) => {
                staged.counters = Some(counters);
                let change = staged.chunks.first().filter(|_| may_undo);
                let change = change.and_then(|(_, bytes)| parse_change(bytes).ok());
                staged.notices.push(Notice::Saved {
                    id,
                    document,
                    at: context.now,
                    undo: change.map(|change| change.hash().into()),
                });
                staged.failure = Some(id);
                staged.is_strict = true;
                Some(staged)
            }
            Ok(None) => {
                outputs.notices.push(Notice::Saved {
                    id,
                    document,
                    at: context.now,
                    undo: None,
                });
                None
            }
            Err(error) => {
                let detail = error.to_string();
                outputs.notices.push(Notice::NotSaved {
                    id,
                    code: error.code().to_owned(),
                    detail,
                });
                None
            }
        }
    }

    /// Runs a command on a document and stages its change. The document must be open.
    pub(crate) fn write(
        &mut self,
        id: DocumentId,
        group: GroupId,
        command: Command,
        counters: &mut Counters,
        context: &mut Context<'_>,
    ) -> Result<Option<Staged>, RunError> {
        let author = self.author()?;
        let place = self.place_of(id, author.person)?;
        let access = self.scope.access(author.person, place.feed);
        if place.is_leaving || access != Some(Access::Write) {
            return Err(RunError::NoRight);
        }
        if self.is_aside(id) && self.index.row(id).is_some() {
            return Err(RunError::Unreadable("set aside".to_owned()));
        }
        self.works_on(Some(id));
        let mut document = match self.take_document(id) {
            Some(Opened::Document(document)) => document,
            Some(unreadable @ Opened::Unreadable { .. }) => {
                let reason = unreadable.reason().to_owned();
                self.keep_document(id, unreadable);
                return Err(RunError::Unreadable(reason));
            }
            None => Box::new(Document::found()),
        };
        let writer = Writer {
            author,
            actor: self.actor,
        };
        let written = write::run(&mut document, &command, &writer, context.now);
        let row = match &written {
            Ok(Some(_)) => Some(project(&document)),
            Ok(None) | Err(_) => None,
        };
        // A new document that nothing was written into is not kept.
        if self.index.row(id).is_some() || row.is_some() {
            self.keep_document(id, Opened::Document(document));
        }
        let (Some(change), Some(row)) = (written?, row) else {
            return Ok(None);
        };

        counters.device_seq += 1;
        counters.revision += 1;
        counters.last_saved = Some(context.now);
        let mut staged = Staged::default();
        let home = Home {
            feed: place.feed,
            document: id,
        };
        staged.chunks.push((home, change.clone()));
        staged.rows.push(RowRecord {
            document: place.key,
            kind: place.kind,
            feed: place.feed,
            store: place.store,
            chunks: place.chunks + 1,
            heads: place.heads,
            receipt: None,
            is_leaving: place.is_leaving,
            revision: counters.revision,
            row: Some(row),
        });
        let header = OutboxHeader {
            device_seq: counters.device_seq,
            group,
            person: author.person,
            answer: None,
        };
        let body = OutboxBody {
            document: place.key,
            kind: place.kind,
            feed: place.feed,
            change,
            command: Some(command),
            at: context.now,
        };
        if !faults::is_planted("outbox_forgotten") {
            staged.outbox.push(OutboxRecord { header, body });
        }
        Ok(Some(staged))
    }

    /// The number that the next new card gets, its prefix, and the running part.
    pub(crate) fn next_card_number(&self) -> Option<(String, String, u32)> {
        let identity = self.identity.as_ref()?;
        let store = self.scope.store(identity.store)?;
        let prefix = format!("{}-{}", store.code, identity.tablet_code);
        let counted = self.counters.card_numbers.get(&prefix).copied();
        // The cards know as well, should the counters have been damaged.
        let running = counted
            .max(self.index.last_card_number(&prefix))
            .unwrap_or(0)
            + 1;
        Some((format!("{prefix}-{running:04}"), prefix, running))
    }

    fn author(&self) -> Result<ChangeAuthor, RunError> {
        let identity = self.identity.as_ref().ok_or(RunError::SignedOut)?;
        Ok(ChangeAuthor {
            person: identity.person,
            device: identity.device,
        })
    }

    fn place_of(&self, id: DocumentId, person: PersonId) -> Result<Place, RunError> {
        if let Some(record) = self.index.row(id) {
            return Ok(Place {
                key: record.document,
                kind: record.kind,
                feed: record.feed,
                store: record.store,
                chunks: record.chunks,
                heads: record.heads.clone(),
                is_leaving: record.is_leaving,
            });
        }
        let store = self.identity.as_ref().ok_or(RunError::SignedOut)?.store;
        let feed = self
            .scope
            .cards_feed(store, person)
            .ok_or(RunError::NoFeed)?;
        Ok(Place {
            key: DocumentKey { id, incarnation: 0 },
            kind: DocumentKind::Customer,
            feed: feed.id,
            store,
            chunks: 0,
            heads: Vec::new(),
            is_leaving: false,
        })
    }
}

/// The row of a document as it stands.
pub(crate) fn project(document: &Document) -> RowText {
    let reading = read(document);
    let row = CustomerRow::project(&reading.customer, reading.conflicts.len());
    RowText::of(&row)
}
