//! What becomes durable at the server: pushes that are settled, and offers.

use std::collections::BTreeMap;

use super::{Outputs, Session};
use crate::id::DocumentId;
use crate::sync::message::{
    Ack, AckEntry, Bye, OFFER_MAX_DOCUMENTS, Offer, Refused, Restored, ServerMessage,
};
use crate::time::Timestamp;

/// How a pushed change ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Its number.
    pub device_seq: u64,
    /// Its place in the log, durable; or the code of the reason why not.
    pub result: Result<u64, String>,
    /// When.
    pub at: Timestamp,
    /// If it is durable: its document, and the receipt of the document as it is now.
    pub receipt: Option<(DocumentId, Vec<u8>)>,
}

impl Session {
    /// Takes an offer; a tablet makes the next one when it has its answer.
    pub(super) fn take_offer(&mut self, offer: Offer) -> Outputs {
        let mut documents: Vec<DocumentId> = offer
            .documents
            .iter()
            .map(|offered| offered.document.id)
            .collect();
        documents.sort_unstable();
        documents.dedup();
        let is_bounded =
            documents.len() == offer.documents.len() && documents.len() <= OFFER_MAX_DOCUMENTS;
        if !is_bounded || self.is_restoring {
            return Outputs::bye(Bye::BadMessage);
        }
        if self.peer.person.is_none() {
            return Outputs::bye(Bye::SignInNeeded);
        }
        self.is_restoring = true;
        Outputs {
            restore: Some((self.feeds_of(offer.store), offer.documents)),
            ..Outputs::default()
        }
    }

    /// An offer was judged.
    pub(super) fn answer_offer(&mut self, restored: Restored) -> Outputs {
        self.is_restoring = false;
        Outputs {
            send: vec![ServerMessage::Restored(restored)],
            ..Outputs::default()
        }
    }
}

/// One acknowledgement for all that became durable together, a refusal for each of the others.
pub(super) fn answer(settled: Vec<Settled>) -> Outputs {
    let mut entries = Vec::new();
    let mut receipts = BTreeMap::new();
    let mut send = Vec::new();
    let mut at = Timestamp::default();
    for item in settled {
        at = at.max(item.at);
        // Of a document that was judged twice, in two batches, the later one stands.
        receipts.extend(item.receipt);
        match item.result {
            Ok(seq) => entries.push(AckEntry {
                device_seq: item.device_seq,
                seq,
            }),
            Err(code) => {
                send.push(ServerMessage::Refused(Refused {
                    device_seq: item.device_seq,
                    code,
                }));
            }
        }
    }
    if !entries.is_empty() {
        send.insert(
            0,
            ServerMessage::Ack(Ack {
                entries,
                at,
                receipts: receipts.into_iter().collect(),
            }),
        );
    }
    Outputs {
        send,
        ..Outputs::default()
    }
}
