//! The screen's end of the line to the worker.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::device::message::{Notice, Request, RequestId};
use floorbook_shared::document::command::Command;
use floorbook_shared::id::{DocumentId, PersonId};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::key::Key;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use crate::message::{ToScreen, ToWorker};
use crate::screen::restarts::Restarts;
use crate::screen::{http, platform};

/// The line to the worker, with the requests that wait for an answer; cheap to clone.
#[derive(Clone)]
pub struct Link(Rc<Inner>);

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    far_end: RefCell<Option<FarEnd>>,
    last_request: Cell<RequestId>,
    waiting: RefCell<BTreeMap<RequestId, Callback<Answer>>>,
    /// Half-typed input by key; empty for what was forgotten in this life of the page.
    drafts: RefCell<BTreeMap<String, String>>,
    restarts: RefCell<Restarts>,
    /// What a worker trapped on, for the next one to set aside.
    trapped: RefCell<Vec<DocumentId>>,
    /// What opens the keyring of who works here, in memory only: for a worker that has to be
    /// started again.
    keyring: RefCell<Option<(PersonId, Key)>>,
    is_signing_out: Cell<bool>,
    on_message: Callback<ToScreen>,
}

/// The answer to a request that has one.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is on this tablet's disk.
    Saved(Timestamp),
    /// It was not saved, with the code of the reason.
    NotSaved(String),
    /// The number for a new card.
    CardNumber(String),
}

impl Link {
    /// Starts the worker and hands everything that it tells to `on_message`.
    pub fn start(on_message: Callback<ToScreen>) -> Self {
        let link = Self(Rc::new(Inner {
            far_end: RefCell::new(None),
            last_request: Cell::new(0),
            waiting: RefCell::default(),
            drafts: RefCell::default(),
            restarts: RefCell::default(),
            trapped: RefCell::default(),
            keyring: RefCell::default(),
            is_signing_out: Cell::new(false),
            on_message,
        }));
        link.restart(false);
        link
    }

    /// Ends the worker, if one runs, and starts a new one on the tablet's storage, because a
    /// person asked for it.
    pub fn restart(&self, take_over: bool) {
        self.0.restarts.borrow_mut().forget();
        self.0.far_end.replace(None);
        self.begin(take_over);
    }

    fn begin(&self, take_over: bool) {
        let far_end = FarEnd::start(self);
        let has_started = far_end.is_some();
        self.0.far_end.replace(far_end);
        if has_started {
            let trapped = self.0.trapped.borrow().clone();
            self.post(&ToWorker::Open { take_over, trapped });
        } else {
            self.stopped("no_worker", String::new());
        }
    }

    /// Asks something that is answered by notices of its own.
    pub fn ask(&self, request: Request) {
        if matches!(request, Request::SignOut) {
            self.0.is_signing_out.set(true);
        }
        self.post(&ToWorker::Request(request));
    }

    /// Runs a command on a card.
    pub fn run(&self, document: DocumentId, command: Command, on_answer: Callback<Answer>) {
        let id = self.expect(on_answer);
        self.ask(Request::Run {
            id,
            document,
            command,
        });
    }

    /// Takes the next card number.
    pub fn next_card_number(&self, on_answer: Callback<Answer>) {
        let id = self.expect(on_answer);
        self.ask(Request::NextCardNumber { id });
    }

    /// Half-typed input that was kept under `key`.
    pub fn draft(&self, key: &str) -> Option<String> {
        let drafts = self.0.drafts.borrow();
        let kept = drafts.get(key).filter(|content| !content.is_empty());
        kept.cloned()
    }

    /// Keeps half-typed input; an empty `content` forgets it.
    pub fn keep_draft(&self, key: &str, content: String) {
        {
            let mut drafts = self.0.drafts.borrow_mut();
            let is_known = drafts.contains_key(key) || !content.is_empty();
            if !is_known
                || drafts.insert(key.to_owned(), content.clone()).as_ref() == Some(&content)
            {
                return;
            }
        }
        self.ask(Request::KeepDraft {
            key: key.to_owned(),
            content,
        });
    }

    fn expect(&self, on_answer: Callback<Answer>) -> RequestId {
        let id = self.0.last_request.get().wrapping_add(1);
        self.0.last_request.set(id);
        self.0.waiting.borrow_mut().insert(id, on_answer);
        id
    }

    fn post(&self, message: &ToWorker) {
        let far_end = self.0.far_end.borrow();
        if let Some(far_end) = far_end.as_ref() {
            far_end.post(message);
        }
    }

    fn heard(&self, message: ToScreen) {
        let answer = match &message {
            ToScreen::Notice(Notice::Saved { id, at, .. }) => Some((*id, Answer::Saved(*at))),
            ToScreen::Notice(Notice::NotSaved { id, code, .. }) => {
                Some((*id, Answer::NotSaved(code.clone())))
            }
            ToScreen::Notice(Notice::CardNumber { id, number }) => {
                Some((*id, Answer::CardNumber(number.clone())))
            }
            ToScreen::Notice(Notice::Opened { .. }) => {
                // The engine keeps by itself from now on what it was told.
                self.0.trapped.borrow_mut().clear();
                None
            }
            ToScreen::Notice(notice) => {
                self.follow(notice);
                None
            }
            ToScreen::Failed { code, detail } => {
                self.stopped(code, detail.clone());
                return;
            }
            ToScreen::Trapped { document } => {
                self.trapped(*document);
                return;
            }
            ToScreen::HeldElsewhere | ToScreen::TakenOver => None,
        };
        self.0.on_message.emit(message);
        if let Some((id, answer)) = answer {
            let waiting = self.0.waiting.borrow_mut().remove(&id);
            if let Some(on_answer) = waiting {
                on_answer.emit(answer);
            }
        }
    }

    /// Keeps what belongs to who works here as long as they do.
    fn follow(&self, notice: &Notice) {
        if let Notice::Unlocked {
            identity,
            drafts,
            token,
            key,
            ..
        } = notice
        {
            let person = identity.person;
            let before = self.0.keyring.replace(Some((person, key.clone())));
            http::use_token(Some(token.clone()));
            let mut kept = self.0.drafts.borrow_mut();
            if before.is_none_or(|(before, _)| before != person) {
                kept.clear();
            }
            // What is typed at this moment is newer than what the storage knew.
            for (key, content) in drafts {
                kept.entry(key.clone()).or_insert_with(|| content.clone());
            }
        } else if let Notice::SecretChanged { key } = notice {
            if let Some((_, known)) = &mut *self.0.keyring.borrow_mut() {
                *known = key.clone();
            }
        } else if let Notice::Rescue { name, bytes, .. } = notice {
            platform::save_file(name, bytes);
        } else if let Notice::SignOutRefused { .. } = notice {
            self.0.is_signing_out.set(false);
        } else if let Notice::Locked | Notice::Erased { .. } = notice {
            self.0.keyring.replace(None);
            self.0.drafts.borrow_mut().clear();
            // Once the tablet has let a person go, their session ends at the server too.
            let is_signing_out = self.0.is_signing_out.replace(false);
            spawn_local(async move {
                if is_signing_out {
                    // Without a network it ends by itself later.
                    drop(http::sign_out().await);
                }
                http::use_token(None);
            });
        }
    }

    /// The worker is dead: another takes its place, unless that is of no use. The lock of the dead
    /// one is taken over, since it is released some time after its end.
    fn trapped(&self, document: Option<DocumentId>) {
        let dead = self.0.far_end.take();
        if let Some(dead) = &dead {
            dead.worker.terminate();
        }
        // Its listeners are running right now: they go after they returned.
        Timeout::new(0, move || drop(dead)).forget();
        self.0.trapped.borrow_mut().extend(document);
        let is_known = document.is_some();
        let now = platform::now();
        if !self.0.restarts.borrow_mut().may_restart(is_known, now) {
            self.stopped("worker_stopped", String::new());
            return;
        }
        let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
        self.0.on_message.emit(ToScreen::Trapped { document });
        self.begin(true);
        if let Some((person, key)) = self.0.keyring.borrow().clone() {
            self.ask(Request::Reopen { person, key });
        }
        // What the dead one was told last may not be on the disk.
        let drafts = self.0.drafts.borrow().clone();
        for (key, content) in drafts {
            self.ask(Request::KeepDraft { key, content });
        }
        for on_answer in waiting.into_values() {
            on_answer.emit(Answer::NotSaved("worker_restarted".to_owned()));
        }
    }

    /// Tells every waiting form that nothing was saved, so that it keeps what was typed.
    fn stopped(&self, code: &str, detail: String) {
        let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
        self.0.on_message.emit(ToScreen::Failed {
            code: code.to_owned(),
            detail,
        });
        for on_answer in waiting.into_values() {
            on_answer.emit(Answer::NotSaved("worker_stopped".to_owned()));
        }
    }
}

/// The worker itself; dropping it ends it.
struct FarEnd {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl FarEnd {
    fn start(link: &Link) -> Option<Self> {
        let worker = spawn()?;
        let listening = Rc::downgrade(&link.0);
        let on_message = EventListener::new(&worker, "message", move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            let said = data
                .as_string()
                .and_then(|text| serde_json::from_str(&text).ok());
            if let (Some(said), Some(inner)) = (said, listening.upgrade()) {
                Link(inner).heard(said);
            }
        });
        let listening = Rc::downgrade(&link.0);
        let on_error = EventListener::new(&worker, "error", move |_| {
            if let Some(inner) = listening.upgrade() {
                Link(inner).stopped("worker_stopped", String::new());
            }
        });
        Some(Self {
            worker,
            _listeners: [on_message, on_error],
        })
    }

    fn post(&self, message: &ToWorker) {
        let Ok(text) = serde_json::to_string(message) else {
            return;
        };
        if self.worker.post_message(&JsValue::from_str(&text)).is_err() {
            // Only objects that cannot be copied are refused, and this is a string.
        }
    }
}

impl Drop for FarEnd {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// The page names the worker's file, because its name carries a hash.
fn spawn() -> Option<Worker> {
    let document = web_sys::window()?.document()?;
    let named = document
        .query_selector("meta[name=floorbook-worker]")
        .ok()??;
    let address = named.get_attribute("content")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&address, &options).ok()
}
