//! Engine and storage together: an input goes in, and what concerns the network and the screen
//! comes out. The storage is asked and answers on the spot.

use std::collections::VecDeque;

use floorbook_server::clock::{Clock, SystemClock, SystemRandomness};
use floorbook_shared::device::engine::{Device, Input};
use floorbook_shared::device::message::Notice;
use floorbook_shared::device::storage::Transaction;
use floorbook_shared::sync::connection::SocketAction;

use crate::tablet_storage::TabletStorage;

/// What has to be done for a tablet, in this order.
#[derive(Debug)]
pub enum Effect {
    /// Something with the socket.
    Socket(SocketAction),
    /// A message to send.
    Send(Vec<u8>),
    /// Something for the screen.
    Notice(Notice),
}

/// Sees every transaction that is complete, to measure when something was on the tablet's disk.
pub type Observer = Box<dyn FnMut(&Transaction) + Send>;

/// A tablet without a network.
pub struct Tablet<S> {
    /// The engine.
    pub device: Device,
    /// What is on its disk.
    pub storage: S,
    observer: Option<Observer>,
}

impl<S: TabletStorage> Tablet<S> {
    /// A tablet with this storage, switched off until [`Input::Start`].
    pub fn new(storage: S) -> Self {
        Self {
            device: Device::new(),
            storage,
            observer: None,
        }
    }

    /// Has every complete transaction shown to `observer` from now on.
    pub fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    /// Gives an input to the engine and lets the storage do what follows from it.
    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = SystemClock.now();
            let outputs = self.device.handle(input, now, &mut SystemRandomness);
            effects.extend(outputs.notices.into_iter().map(Effect::Notice));
            effects.extend(outputs.socket.map(Effect::Socket));
            effects.extend(outputs.send.into_iter().map(Effect::Send));
            for read in outputs.reads {
                let found = self.storage.read(&read);
                inputs.push_back(Input::ReadDone(read.id, found));
            }
            if let Some(transaction) = outputs.transaction {
                let result = self.storage.write(&transaction);
                if result.is_ok()
                    && let Some(observer) = &mut self.observer
                {
                    observer(&transaction);
                }
                inputs.push_back(Input::TransactionDone(transaction.id, result));
            }
        }
        effects
    }
}
