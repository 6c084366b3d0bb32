//! Which cards that were opened on this tablet are still to be looked for among the colleagues', and
//! which of them were found there.
//!
//! A walk-in may be opened without a network: then the store is asked as soon as there is one. It is
//! kept with the person's half-typed input, so that it survives locking and a restart.

use floorbook_shared::id::DocumentId;
use serde::{Deserialize, Serialize};

/// Where it is kept.
pub const LOOK_UPS: &str = "look-ups";

/// The look-ups of one person on this tablet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUps {
    /// Cards to be asked about, the oldest first.
    wanted: Vec<DocumentId>,
    /// Cards of customers whom a colleague looks after.
    known: Vec<KnownCard>,
}

/// A card of a customer whom a colleague looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCard {
    /// The card.
    pub document: DocumentId,
    /// Whom to ask; if there is nobody, the manager.
    pub ask: Option<String>,
}

impl LookUps {
    /// Reads what was kept; what can't be read is nothing.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// What is to be kept; nothing if there is nothing.
    pub fn kept(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A card was opened: it is to be asked about.
    pub fn opened(&mut self, document: DocumentId) {
        if !self.wanted.contains(&document) {
            self.wanted.push(document);
        }
    }

    /// The card to be asked about next.
    pub fn next(&self) -> Option<DocumentId> {
        self.wanted.first().copied()
    }

    /// The store answered, or there is nothing to ask; `known` if a colleague looks after them. An
    /// answer that comes late, to a question of somebody who worked here before, is nobody's.
    pub fn answered(&mut self, document: DocumentId, known: Option<KnownCard>) {
        if !self.wanted.contains(&document) {
            return;
        }
        self.wanted.retain(|wanted| *wanted != document);
        self.settled(document);
        self.known.extend(known);
    }

    /// Somebody spoke with the colleague, or with the manager.
    pub fn settled(&mut self, document: DocumentId) {
        self.known.retain(|known| known.document != document);
    }

    /// The customers whom a colleague looks after.
    pub fn known(&self) -> &[KnownCard] {
        &self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_asked_and_what_was_found_survives_a_restart() {
        let [first, second] = [1, 2].map(|byte| DocumentId::from_bytes([byte; 16]));
        let mut look_ups = LookUps::default();
        assert_eq!(look_ups.kept(), "");
        look_ups.opened(first);
        look_ups.opened(second);
        look_ups.opened(first);
        let mut look_ups = LookUps::read(&look_ups.kept());
        assert_eq!(look_ups.next(), Some(first));
        let ask = Some("Li Na".to_owned());
        let known = KnownCard {
            document: first,
            ask,
        };
        look_ups.answered(first, Some(known.clone()));
        let mut look_ups = LookUps::read(&look_ups.kept());
        assert_eq!(look_ups.next(), Some(second));
        look_ups.answered(second, None);
        assert_eq!((look_ups.next(), look_ups.known()), (None, &[known][..]));
        look_ups.settled(first);
        assert_eq!(look_ups.kept(), "", "nothing is left to be kept");
        // Somebody else works here by now.
        let mut others = LookUps::default();
        others.answered(
            first,
            Some(KnownCard {
                document: first,
                ask: Some("Li Na".to_owned()),
            }),
        );
        assert_eq!(others, LookUps::default());
        assert_eq!(LookUps::read("{"), LookUps::default());
    }
}
