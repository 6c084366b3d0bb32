//! What tablets bring back to a restored server.

use floorbook_server::sync::restoring::Offering;
use floorbook_shared::sync::message::Offered;
use floorbook_shared::sync::server::{FeedsOf, Input, Peer};
use floorbook_shared::time::Timestamp;

use super::Server;

/// An offer that waits for the committer.
pub(super) struct WaitingOffer {
    connection: u64,
    tablet: usize,
    offering: Offering,
}

impl WaitingOffer {
    pub(super) const fn new(
        connection: u64,
        tablet: usize,
        bearer: Peer,
        of: FeedsOf,
        documents: Vec<Offered>,
    ) -> Self {
        Self {
            connection,
            tablet,
            offering: Offering {
                bearer,
                of,
                documents,
            },
        }
    }
}

impl Server {
    /// Takes back what a tablet offers.
    pub(super) fn restore(&mut self, now: Timestamp) {
        let Some(offer) = self.offers.pop_front() else {
            return;
        };
        let restored = self.committer.restore(&offer.offering, now);
        let restored = restored.expect("the disk works");
        for (document, offered) in restored.documents.iter().zip(&offer.offering.documents) {
            // What was given out is believed.
            assert_eq!(document.code, "", "[10] an honest offer was refused");
            self.brought_back += offered.changes.len();
        }
        let documents = restored.documents.iter();
        self.compactor
            .changed(documents.map(|restored| restored.document));
        if let Some((connection, wire)) = self.wires.get_mut(&offer.tablet)
            && *connection == offer.connection
        {
            let outputs = wire
                .session
                .handle(Input::Restored(restored), now, &|_, _| true);
            self.carry_out(offer.tablet, offer.connection, outputs, now);
        }
        self.tell_head(now);
    }
}
