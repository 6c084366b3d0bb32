//! Carries out what the engine wants: storage, socket, timer, notices.

use std::cell::RefCell;
use std::rc::Rc;

use floorbook_shared::device::engine::{Device, Input, Outputs};
use floorbook_shared::device::message::{Notice, Request};
use floorbook_shared::device::storage::{Read, StorageError, Transaction};
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::connection::SocketAction;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::clock::{self, BrowserRandomness};
use super::socket::{Socket, SocketEvent};
use super::storage::Storage;
use super::{lock, post, work};
use crate::message::ToScreen;

/// Longest time that a browser's timer can wait, in milliseconds.
const TIMER_MAX_MILLIS: i64 = 60 * 60 * 1_000;

/// The engine with its hands; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Host(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    running: Option<Running>,
    /// Requests that came before the storage was open.
    early: Vec<Request>,
}

struct Running {
    device: Device,
    storage: Storage,
    socket: Option<Socket>,
    /// Grows with every socket, so that an old one's events are not taken for a new one's.
    socket_number: u64,
    timer: Option<Timeout>,
    _online: EventListener,
}

impl Host {
    /// A host that waits to be told to open the storage.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes the lock, opens the storage, starts the engine.
    pub(super) fn open(&self, take_over: bool, trapped: Vec<DocumentId>) {
        let (given, lost) = (self.clone(), self.clone());
        lock::acquire(
            take_over,
            move |is_given| {
                if is_given {
                    spawn_local(async move { given.start(&trapped).await });
                } else {
                    post(&ToScreen::HeldElsewhere);
                }
            },
            move || lost.stop(),
        );
    }

    /// Asks something of the engine.
    pub(super) fn request(&self, request: Request) {
        // After a trap the browser goes on handing over what was sent: nothing is here any more that
        // could take it, and the screen asks the next worker.
        let Ok(mut state) = self.0.try_borrow_mut() else {
            return;
        };
        if state.running.is_none() {
            state.early.push(request);
            return;
        }
        drop(state);
        self.feed(Input::Request(request));
    }

    async fn start(&self, trapped: &[DocumentId]) {
        let closed = self.clone();
        match Storage::open(move || closed.storage_closed()).await {
            Ok(storage) => {
                let mut device = Device::new();
                device.watch_work(work::note);
                for document in trapped {
                    device.note_trap(*document);
                }
                let host = self.clone();
                // A hint only: the engine tries by itself, whatever the browser believes.
                let online = EventListener::new(&super::scope(), "online", move |_| {
                    host.feed(Input::Request(Request::ConnectNow));
                });
                self.0.borrow_mut().running = Some(Running {
                    device,
                    storage,
                    socket: None,
                    socket_number: 0,
                    timer: None,
                    _online: online,
                });
                self.feed(Input::Start);
                let early = std::mem::take(&mut self.0.borrow_mut().early);
                early
                    .into_iter()
                    .for_each(|request| self.feed(Input::Request(request)));
            }
            Err(error) => self.fail(error),
        }
    }

    /// The storage is lost for good: nothing more is done with what memory holds.
    fn fail(&self, StorageError { code, detail }: StorageError) {
        self.0.borrow_mut().running = None;
        post(&ToScreen::Failed {
            code: format!("storage_{code}"),
            detail,
        });
    }

    /// The system closed the database. Mostly it opens again, and nobody needs to know.
    fn storage_closed(&self) {
        let Some(storage) = self.storage() else {
            return;
        };
        let host = self.clone();
        spawn_local(async move {
            if let Err(error) = storage.reopen().await
                && is_lost(&error)
            {
                host.fail(error);
            }
        });
    }

    /// Another tab took the data: nothing here may write any more.
    fn stop(&self) {
        self.0.borrow_mut().running = None;
        post(&ToScreen::TakenOver);
    }

    fn feed(&self, input: Input) {
        let outputs = {
            // Held for ever if the engine has trapped: what still comes until this worker is ended
            // finds nobody.
            let Ok(mut state) = self.0.try_borrow_mut() else {
                return;
            };
            let Some(running) = &mut state.running else {
                return;
            };
            running
                .device
                .handle(input, clock::now(), &mut BrowserRandomness)
        };
        self.carry_out(outputs);
        self.set_timer();
    }

    fn carry_out(&self, outputs: Outputs) {
        tell(outputs.notices);
        for read in outputs.reads {
            self.read(read);
        }
        if let Some(transaction) = outputs.transaction {
            self.write(transaction);
        }
        match outputs.socket {
            Some(SocketAction::Open) => self.open_socket(),
            Some(SocketAction::Close) => self.close_socket(),
            None => {}
        }
        let state = self.0.borrow();
        let socket = state
            .running
            .as_ref()
            .and_then(|running| running.socket.as_ref());
        if let Some(socket) = socket {
            outputs.send.iter().for_each(|message| socket.send(message));
        }
    }

    fn storage(&self) -> Option<Storage> {
        self.0
            .borrow()
            .running
            .as_ref()
            .map(|running| running.storage.clone())
    }

    fn read(&self, read: Read) {
        let Some(storage) = self.storage() else {
            return;
        };
        let host = self.clone();
        spawn_local(async move {
            let result = storage.read(&read).await;
            match result {
                Err(error) if is_lost(&error) => host.fail(error),
                result => host.feed(Input::ReadDone(read.id, result)),
            }
        });
    }

    fn write(&self, transaction: Transaction) {
        let Some(storage) = self.storage() else {
            return;
        };
        let host = self.clone();
        spawn_local(async move {
            let result = storage.write(&transaction).await;
            match result {
                Err(error) if is_lost(&error) => host.fail(error),
                result => host.feed(Input::TransactionDone(transaction.id, result)),
            }
        });
    }

    fn open_socket(&self) {
        let number = {
            let mut state = self.0.borrow_mut();
            let Some(running) = &mut state.running else {
                return;
            };
            running.socket = None;
            running.socket_number += 1;
            running.socket_number
        };
        let host = self.clone();
        let socket = Socket::open(move |event| host.hear(number, event));
        let mut state = self.0.borrow_mut();
        if let Some(running) = &mut state.running {
            running.socket = socket;
        }
        // Without a socket the engine's time limit for opening passes, and it tries again.
    }

    fn close_socket(&self) {
        // The closures of the socket may be running right now: it goes after they returned.
        let closed = self
            .0
            .borrow_mut()
            .running
            .as_mut()
            .and_then(|running| running.socket.take());
        if let Some(closed) = closed {
            Timeout::new(0, move || drop(closed)).forget();
        }
    }

    fn hear(&self, number: u64, event: SocketEvent) {
        let current = self
            .0
            .borrow()
            .running
            .as_ref()
            .map(|running| running.socket_number);
        let is_open = self
            .0
            .borrow()
            .running
            .as_ref()
            .is_some_and(|running| running.socket.is_some());
        if current != Some(number) || !is_open {
            return;
        }
        self.feed(match event {
            SocketEvent::Opened => Input::Connected,
            SocketEvent::Message(bytes) => Input::Received(bytes),
            SocketEvent::Closed => {
                self.close_socket();
                Input::Disconnected
            }
        });
    }

    fn set_timer(&self) {
        let host = self.clone();
        let mut state = self.0.borrow_mut();
        let Some(running) = &mut state.running else {
            return;
        };
        running.timer = running.device.wake_at().map(|at| {
            let pause = (at.as_millis() - clock::now().as_millis()).clamp(0, TIMER_MAX_MILLIS);
            Timeout::new(u32::try_from(pause).unwrap_or(0), move || {
                host.feed(Input::Wake)
            })
        });
    }
}

/// Tells the screen what the engine tells, in one message each: the screen draws after every message,
/// and what closes a form is not to be drawn at once with what changes the list around it. When a
/// keyring opens all rows of its person follow, even if there are none.
fn tell(notices: Vec<Notice>) {
    let mut notices = notices.into_iter().peekable();
    while let Some(notice) = notices.next() {
        let goes_on = matches!(notices.peek(), Some(Notice::Rows { .. }));
        let is_unlocked = matches!(notice, Notice::Unlocked { .. });
        if let Notice::Rows { rows } = notice {
            post(&ToScreen::Rows { rows, goes_on });
            continue;
        }
        post(&ToScreen::Notice(notice));
        if is_unlocked && !goes_on {
            let rows = Vec::new();
            post(&ToScreen::Rows { rows, goes_on });
        }
    }
}

/// Whether there is no database any more that this program could work on.
fn is_lost(error: &StorageError) -> bool {
    matches!(error.code.as_str(), "deleted" | "newer")
}
