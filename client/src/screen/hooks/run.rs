//! Saving: one command at a time, what was typed stays until it is on the disk.

use std::cell::Cell;
use std::rc::Rc;

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::time::Timestamp;
use yew::prelude::*;

use crate::screen::hooks::use_link;
use crate::screen::worker_link::{Answer, Link};

/// The saving of a form.
#[derive(Clone)]
pub struct Run {
    link: Link,
    is_saving: UseStateHandle<bool>,
    problem: UseStateHandle<Option<String>>,
    /// Set at once, while the state above waits for the next rendering: a double tap is one.
    is_busy: Rc<Cell<bool>>,
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
            self.is_saving.set(true);
            self.problem.set(None);
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
        self.is_saving.set(false);
        self.problem.set(problem);
    }
}

/// The saving of a form.
#[hook]
pub fn use_run() -> Run {
    let link = use_link();
    let is_saving = use_state(|| false);
    let problem = use_state(|| None);
    let is_busy = use_memo((), |()| Cell::new(false));
    Run {
        link,
        is_saving,
        problem,
        is_busy,
    }
}
