//! Engine and storage together: an input goes in, and what concerns the network and the screen
//! comes out. The storage is asked on the spot; its answers wait until they are taken, so that what
//! arrives meanwhile is not kept waiting while the engine puts its storage in order.

use std::collections::VecDeque;

use floorbook_server::clock::{Clock, SystemClock, SystemRandomness};
use floorbook_shared::device::engine::{Device, Input};
use floorbook_shared::device::message::Notice;
use floorbook_shared::device::storage::Transaction;
use floorbook_shared::sync::connection::SocketAction;
use floorbook_shared::vault::keyring::Cost;

use crate::tablet_storage::TabletStorage;

/// What has to be done for a tablet, in this order.
#[derive(Debug)]
pub enum Effect {
    /// Something with the socket.
    Socket(SocketAction),
    /// A message to send.
    Send(Vec<u8>),
    /// Something for the screen.
    Notice(Box<Notice>),
}

/// Sees every transaction that is complete, to measure when something was on the tablet's disk.
pub type Observer = Box<dyn FnMut(&Transaction, &Device) + Send>;

/// A tablet without a network.
pub struct Tablet<S> {
    /// The engine.
    pub device: Device,
    /// What is on its disk.
    pub storage: S,
    observer: Option<Observer>,
    /// Answers of the storage that the engine has not got yet.
    answers: VecDeque<Input>,
}

impl<S: TabletStorage> Tablet<S> {
    /// A tablet with this storage, switched off until [`Input::Start`].
    pub fn new(storage: S) -> Self {
        Self {
            // Their PINs protect nothing.
            device: Device::new().with_cost(Cost::LEAST),
            storage,
            observer: None,
            answers: VecDeque::new(),
        }
    }

    /// Has every complete transaction shown to `observer` from now on.
    pub fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    /// Whether the storage has nothing to do for it.
    pub fn is_at_rest(&self) -> bool {
        self.answers.is_empty()
    }

    /// Gives the engine the next answer of its storage, if there is one.
    pub fn next_answer(&mut self) -> Vec<Effect> {
        match self.answers.pop_front() {
            Some(answer) => self.handle(answer),
            None => Vec::new(),
        }
    }

    /// Gives an input to the engine.
    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let now = SystemClock.now();
        let outputs = self.device.handle(input, now, &mut SystemRandomness);
        for read in outputs.reads {
            let found = self.storage.read(&read);
            self.answers.push_back(Input::ReadDone(read.id, found));
        }
        if let Some(transaction) = outputs.transaction {
            let result = self.storage.write(&transaction);
            if result.is_ok()
                && let Some(observer) = &mut self.observer
            {
                observer(&transaction, &self.device);
            }
            let answer = Input::TransactionDone(transaction.id, result);
            self.answers.push_back(answer);
        }
        let notices = outputs
            .notices
            .into_iter()
            .map(|notice| Effect::Notice(Box::new(notice)));
        let socket = outputs.socket.map(Effect::Socket);
        let send = outputs.send.into_iter().map(Effect::Send);
        notices.chain(socket).chain(send).collect()
    }
}
