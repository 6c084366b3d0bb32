//! The screen's end of the line to the worker.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use floorbook_shared::api::SignedIn;
use floorbook_shared::device::message::{Notice, Request, RequestId, RowEntry};
use floorbook_shared::document::command::Command;
use floorbook_shared::id::{DocumentId, PersonId};
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::key::Key;
use gloo_events::EventListener;
use gloo_render::{AnimationFrame, request_animation_frame};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use crate::message::{ToScreen, ToWorker};
use crate::screen::http;
use crate::screen::platform;
use crate::screen::restarts::Restarts;

/// So long after the beginning of a frame it is painted, in milliseconds.
const PAINT_MILLIS: u32 = 20;
/// Longest time that drawing an answer holds everything else back, in milliseconds.
const DRAWING_MILLIS: u32 = 250;
/// How long locking waits for what is being saved, in milliseconds.
const LOCK_WAIT_MILLIS: u32 = 2_000;

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
    /// What came while the page draws an answer. It is told together, after that was painted: lists
    /// are drawn anew once, and nobody waits for them to see that something is saved.
    held_back: RefCell<VecDeque<ToScreen>>,
    /// Set while that is drawn.
    drawing: RefCell<Option<Drawing>>,
    /// Rows that came and are not told yet, because more of them are on their way: telling them part
    /// by part would draw everything anew each time.
    coming: RefCell<Vec<RowEntry>>,
    /// Who works here, with what opens their keyring again if the worker has to be started again.
    open: RefCell<Option<(PersonId, Key)>>,
    /// Whether the keyring of who works here is being opened again.
    is_reopening: Cell<bool>,
    /// The session that ends when the worker has let its person go.
    leaving: RefCell<Option<Secret>>,
    /// Set while locking waits for what is being saved.
    locking: RefCell<Option<Timeout>>,
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
            held_back: RefCell::default(),
            drawing: RefCell::default(),
            coming: RefCell::default(),
            open: RefCell::default(),
            is_reopening: Cell::new(false),
            leaving: RefCell::default(),
            locking: RefCell::default(),
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
        self.0.held_back.take();
        self.0.coming.take();
        let far_end = FarEnd::start(self);
        let has_started = far_end.is_some();
        self.0.far_end.replace(far_end);
        if has_started {
            let trapped = self.0.trapped.borrow().clone();
            self.post(&ToWorker::Open { take_over, trapped });
            let open = self.0.open.borrow().clone();
            if let Some((person, key)) = open {
                self.0.is_reopening.set(true);
                self.ask(Request::Reopen { person, key });
            }
        } else {
            self.stopped("no_worker", String::new());
        }
    }

    /// Asks something that is answered by notices of its own.
    pub fn ask(&self, request: Request) {
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

    /// Takes a change of a card back.
    pub fn undo(&self, document: DocumentId, change: ChangeHash, on_answer: Callback<Answer>) {
        let id = self.expect(on_answer);
        self.ask(Request::Undo {
            id,
            document,
            change,
        });
    }

    /// Takes the next card number.
    pub fn next_card_number(&self, on_answer: Callback<Answer>) {
        let id = self.expect(on_answer);
        self.ask(Request::NextCardNumber { id });
    }

    /// Takes an online sign-in over and seals it with a PIN or passphrase.
    pub fn sign_in(&self, signed_in: SignedIn, secret: Secret) {
        self.finish_locking();
        let signed_in = Box::new(signed_in);
        self.ask(Request::SignIn { signed_in, secret });
    }

    /// Tries to open the tablet for a person.
    pub fn unlock(&self, person: PersonId, secret: Secret) {
        self.finish_locking();
        self.ask(Request::Unlock { person, secret });
    }

    /// Replaces the PIN or passphrase.
    pub fn change_secret(&self, current: Secret, secret: Secret) {
        self.ask(Request::ChangeSecret { current, secret });
    }

    /// Leaves this tablet for good; the session ends at the server once the worker agreed.
    pub fn sign_out(&self) {
        self.0.leaving.replace(http::session());
        self.ask(Request::SignOut);
    }

    /// Locks the tablet, after the pages have left the screen and handed over what was typed.
    ///
    /// What is being saved at this moment gets a little time, so that its form is not kept as
    /// something unfinished.
    pub fn lock(&self) {
        if self.0.waiting.borrow().is_empty() {
            self.lock_now();
            return;
        }
        let link = Rc::downgrade(&self.0);
        let timer = Timeout::new(LOCK_WAIT_MILLIS, move || {
            if let Some(inner) = link.upgrade() {
                Self(inner).finish_locking();
            }
        });
        self.0.locking.replace(Some(timer));
    }

    fn finish_locking(&self) {
        if self.0.locking.take().is_some() {
            self.lock_now();
        }
    }

    fn lock_now(&self) {
        self.ask(Request::Lock);
        self.forget_person("locked");
    }

    /// Drops what belongs to the person who worked here; forms that wait are told nothing was
    /// saved, and what was typed is in the worker's keeping.
    fn forget_person(&self, code: &str) {
        if let Some(token) = self.0.leaving.take() {
            spawn_local(async move {
                if http::sign_out(token).await.is_err() {
                    // Without a network it ends by itself later; the tablet has let it go.
                }
            });
        }
        self.0.open.replace(None);
        self.0.coming.take();
        self.0.drafts.borrow_mut().clear();
        let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
        for on_answer in waiting.into_values() {
            on_answer.emit(Answer::NotSaved(code.to_owned()));
        }
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

    /// Holds rows back until the last of them are here.
    fn wait_for_rows(&self, message: ToScreen) -> Option<ToScreen> {
        let ToScreen::Rows { rows, goes_on } = message else {
            return Some(message);
        };
        self.0.coming.borrow_mut().extend(rows);
        (!goes_on).then(|| ToScreen::Rows {
            rows: self.0.coming.take(),
            goes_on,
        })
    }

    /// Takes what the worker says, unless the page draws an answer at the moment.
    fn heard(&self, message: ToScreen) {
        if self.0.drawing.borrow().is_some() {
            self.0.held_back.borrow_mut().push_back(message);
            return;
        }
        let is_answer = matches!(
            message,
            ToScreen::Notice(Notice::Saved { .. } | Notice::NotSaved { .. })
        );
        self.take(message);
        if is_answer {
            let link = Rc::downgrade(&self.0);
            let drawing = Drawing::begin(move || {
                if let Some(inner) = link.upgrade() {
                    Self(inner).go_on();
                }
            });
            self.0.drawing.replace(Some(drawing));
        }
    }

    /// Takes what was held back.
    fn go_on(&self) {
        // Its closures are running right now: it goes after they returned.
        let drawn = self.0.drawing.take();
        Timeout::new(0, move || drop(drawn)).forget();
        while self.0.drawing.borrow().is_none() {
            let Some(message) = self.0.held_back.borrow_mut().pop_front() else {
                return;
            };
            self.heard(message);
        }
    }

    fn take(&self, message: ToScreen) {
        let Some(message) = self.wait_for_rows(message) else {
            return;
        };
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
            ToScreen::Notice(Notice::Unlocked {
                identity,
                drafts,
                key,
                ..
            }) => {
                self.0.is_reopening.set(false);
                self.0.open.replace(Some((identity.person, key.clone())));
                // What is typed at this moment is newer than what the storage knew.
                let mut kept = self.0.drafts.borrow_mut();
                for (key, content) in drafts {
                    kept.entry(key.clone()).or_insert_with(|| content.clone());
                }
                None
            }
            ToScreen::Notice(Notice::NotUnlocked { .. }) => {
                if self.0.is_reopening.replace(false) {
                    self.forget_person("locked");
                }
                None
            }
            ToScreen::Notice(Notice::SecretChanged { key }) => {
                if let Some((_, known)) = self.0.open.borrow_mut().as_mut() {
                    *known = key.clone();
                }
                None
            }
            ToScreen::Notice(Notice::LeavingRefused { .. }) => {
                self.0.leaving.replace(None);
                None
            }
            ToScreen::Notice(Notice::Locked | Notice::Erased { .. }) | ToScreen::TakenOver => {
                self.forget_person("locked");
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
            ToScreen::Notice(_) | ToScreen::Rows { .. } | ToScreen::HeldElsewhere => None,
        };
        self.0.on_message.emit(message);
        if let Some((id, answer)) = answer {
            let waiting = self.0.waiting.borrow_mut().remove(&id);
            if let Some(on_answer) = waiting {
                on_answer.emit(answer);
            }
            if self.0.waiting.borrow().is_empty() {
                self.finish_locking();
            }
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

/// The time until what was told is painted.
struct Drawing {
    _frame: AnimationFrame,
    _at_the_latest: Timeout,
}

impl Drawing {
    /// Calls back in a task behind the next frame; a page in the background has no frames.
    fn begin(on_end: impl Fn() + 'static) -> Self {
        let on_end = Rc::new(on_end);
        let has_ended = Rc::new(Cell::new(false));
        let end = move || {
            if !has_ended.replace(true) {
                on_end();
            }
        };
        let in_frame = end.clone();
        Self {
            _frame: request_animation_frame(move |_| {
                Timeout::new(PAINT_MILLIS, in_frame).forget();
            }),
            _at_the_latest: Timeout::new(DRAWING_MILLIS, end),
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
            if let (Some(said), Some(inner)) = (message(&data), listening.upgrade()) {
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

/// What the worker says, or its boot script in its place.
fn message(data: &JsValue) -> Option<ToScreen> {
    if let Some(bytes) = data.dyn_ref::<Uint8Array>() {
        return serde_json::from_slice(&bytes.to_vec()).ok();
    }
    serde_json::from_str(&data.as_string()?).ok()
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
