//! Saving: one command at a time, what was typed stays until it is on the disk.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::time::Timestamp;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::screen::hooks::use_link;
use crate::screen::worker_link::{Answer, Link};

/// How long saving may take before it is said that it is under way, in milliseconds: to say so means
/// to draw the form once more, just when the answer should be drawn.
const WONDER_MILLIS: u32 = 250;

/// The saving of a form.
#[derive(Clone)]
pub struct Run {
    link: Link,
    /// Set once saving takes so long that a person wonders; mostly it is over before.
    is_saving: UseStateHandle<bool>,
    problem: UseStateHandle<Option<String>>,
    /// Set at once, while the state above waits for the next rendering: a double tap is one.
    is_busy: Rc<Cell<bool>>,
    /// The time until it is said that something is being saved.
    wonder: Rc<RefCell<Option<Timeout>>>,
}

impl Run {
    /// Whether something is being saved.
    pub fn is_saving(&self) -> bool {
        *self.is_saving
    }

    /// The code of why the last try was not saved.
    pub fn problem(&self) -> Option<String> {
        (*self.problem).clone()
    }

    /// Runs a command on a card, unless one is being saved already.
    pub fn run(&self, document: DocumentId, command: Command, on_saved: Callback<Timestamp>) {
        if self.begin() {
            self.send(document, command, on_saved);
        }
    }

    /// Sets values on a card, also while others are on their way to the disk: of quick taps on different
    /// things each one counts. Setting a value twice is setting it once.
    pub fn set(&self, document: DocumentId, edits: Vec<Edit>) {
        self.begin();
        self.send(document, Command::EditCard { edits }, Callback::noop());
    }

    /// Takes a change of a card back, unless something is being saved already.
    pub fn undo(&self, document: DocumentId, change: ChangeHash, on_saved: Callback<Timestamp>) {
        if self.begin() {
            self.link.undo(document, change, self.answer(on_saved));
        }
    }

    /// Takes a card number and runs the command that is made with it.
    pub fn run_with_number(
        &self,
        document: DocumentId,
        command: impl Fn(String) -> Command + 'static,
        on_saved: Callback<Timestamp>,
    ) {
        if !self.begin() {
            return;
        }
        let run = self.clone();
        self.link
            .next_card_number(Callback::from(move |answer| match answer {
                Answer::CardNumber(number) => run.send(document, command(number), on_saved.clone()),
                Answer::NotSaved(code) => run.end(Some(code)),
                Answer::Saved(_) => run.end(None),
            }));
    }

    fn begin(&self) -> bool {
        let is_free = !self.is_busy.replace(true);
        if is_free {
            let is_saving = self.is_saving.setter();
            let wonder = Timeout::new(WONDER_MILLIS, move || is_saving.set(true));
            self.wonder.replace(Some(wonder));
            if self.problem.is_some() {
                self.problem.set(None);
            }
        }
        is_free
    }

    fn send(&self, document: DocumentId, command: Command, on_saved: Callback<Timestamp>) {
        self.link.run(document, command, self.answer(on_saved));
    }

    fn answer(&self, on_saved: Callback<Timestamp>) -> Callback<Answer> {
        let run = self.clone();
        Callback::from(move |answer| match answer {
            Answer::Saved(at) => {
                run.end(None);
                on_saved.emit(at);
            }
            Answer::NotSaved(code) => run.end(Some(code)),
            Answer::CardNumber(_) => run.end(None),
        })
    }

    fn end(&self, problem: Option<String>) {
        self.is_busy.set(false);
        self.wonder.take();
        // A handle reads what it was drawn with: set is what may have been set meanwhile.
        self.is_saving.set(false);
        self.problem.set(problem);
    }
}

/// The saving of a form.
#[hook]
pub fn use_run() -> Run {
    let link = use_link();
    let is_saving = use_state_eq(|| false);
    let problem = use_state_eq(|| None);
    let is_busy = use_memo((), |()| Cell::new(false));
    let wonder = use_memo((), |()| RefCell::new(None));
    Run {
        link,
        is_saving,
        problem,
        is_busy,
        wonder,
    }
}
