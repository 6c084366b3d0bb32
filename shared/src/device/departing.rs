//! Documents that leave this tablet after the server was restored: what it may lack of them is
//! brought back first.

use crate::device::engine::{Device, Job};
use crate::device::record::RowRecord;
use crate::device::staged::Staged;
use crate::document::Document;
use crate::faults;
use crate::id::{DocumentId, StoreId};
use crate::sync::receipt::Receipt;

impl Device {
    /// Whether the server may lack something of a document: it went back to before the receipt that
    /// is here, and both sides were not found equal since.
    pub(crate) fn is_at_risk(&self, record: &RowRecord) -> bool {
        let rewound = self.counters.rewound.get(&record.store);
        let kept = record.receipt.as_ref();
        let seq = kept.and_then(|kept| Some(Receipt::from_bytes(&kept.receipt)?.seq()));
        rewound.is_some_and(|rewound| seq.is_some_and(|seq| seq > *rewound))
            && !faults::is_planted("left_without_offering")
    }

    /// Whether a document that leaves has to stay until it was offered.
    pub(crate) fn is_to_be_offered(&self, record: &RowRecord) -> bool {
        let check = self.checks.get(&record.store);
        let is_offered = check.is_some_and(|check| check.departed.contains(&record.document.id));
        self.is_at_risk(record) && !is_offered
    }

    /// Documents that go, by themselves or with their book, once they were offered and what waits of
    /// them was delivered, which may build on what is offered.
    fn departing(&self) -> impl Iterator<Item = (StoreId, DocumentId)> {
        let is_known = !self.counters.rewound.is_empty();
        let records = self.index.records().filter(move |_| is_known);
        let departing = records.filter(|record| {
            let is_free = self.index.unsent_of(record.document.id) == 0;
            let goes = record.is_leaving && (is_free || self.is_at_risk(record));
            record.row.is_some() && (goes || self.goes_at_risk(record))
        });
        departing.map(|record| (record.store, record.document.id))
    }

    /// The job that offers what a document which leaves has here, if there is one.
    pub(crate) fn next_departing(&mut self) -> Option<Job> {
        if !self.connection.is_online() || !self.is_at_rest() {
            return None;
        }
        let mut departing = self.departing();
        let (store, id) = departing.find(|(store, id)| {
            let check = self.checks.get(store);
            check.is_none_or(|check| !check.departing.contains(id))
        })?;
        drop(departing);
        self.checks.entry(store).or_default().departing.insert(id);
        Some(Job::BringBack(id))
    }

    /// Offers all that a receipt vouches for of a document that leaves; what the server has of it
    /// already is not here to compare with.
    pub(crate) fn execute_bring_back(&mut self, id: DocumentId) -> Option<Staged> {
        let store = self.index.row(id)?.store;
        let mut check = self.checks.remove(&store).unwrap_or_default();
        let offered = self.bring_back(id, &Document::found(), &mut check);
        self.checks.insert(store, check);
        if offered.is_empty() {
            // Nothing here can be proved.
            let check = self.checks.entry(store).or_default();
            check.departed.insert(id);
            self.jobs.push_back(Job::LetGo(id));
        }
        None
    }

    /// A document that leaves was offered, whatever became of that: it goes.
    pub(crate) fn execute_let_go(&mut self, id: DocumentId) -> Option<Staged> {
        let known = self
            .index
            .row(id)
            .filter(|record| record.is_leaving)?
            .clone();
        if self.index.unsent_of(id) > 0 {
            return None;
        }
        self.take_document(id);
        let mut counters = self.counters.clone();
        counters.revision += 1;
        Some(Staged {
            removed_documents: vec![known.home()],
            rows: vec![RowRecord {
                row: None,
                heads: Vec::new(),
                is_leaving: false,
                revision: counters.revision,
                ..known
            }],
            counters: Some(counters),
            is_strict: true,
            ..Staged::default()
        })
    }

    /// Whether what was noted of a restore is over: both sides are equal, and nothing leaves.
    pub(crate) fn is_restore_over(&self) -> bool {
        !self.counters.rewound.is_empty() && self.departing().next().is_none()
    }
}
