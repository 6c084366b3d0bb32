//! Takes note of what pages and their workers report without being asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

/// A command to be sent because of what was reported: session, method, parameters.
pub type Reaction = (String, &'static str, Value);

/// Gathers the errors of all sessions.
pub struct Watch {
    errors: Rc<RefCell<Vec<String>>>,
    /// The sessions that are no pages, each with the session that it belongs to.
    workers: BTreeMap<String, String>,
    /// What every worker that begins does before anything else.
    worker_begins: Option<String>,
}

impl Watch {
    /// Gathers into `errors`.
    pub fn new(errors: Rc<RefCell<Vec<String>>>) -> Self {
        Self {
            errors,
            workers: BTreeMap::new(),
            worker_begins: None,
        }
    }

    /// Has every worker that begins from now on run a script before anything else.
    pub fn begin_workers_with(&mut self, script: &str) {
        self.worker_begins = Some(script.to_owned());
    }

    /// The sessions of a page's workers, those included that have ended.
    pub fn workers_of(&self, session: &str) -> Vec<String> {
        let of_session = self.workers.iter().filter(|(_, page)| *page == session);
        of_session.map(|(worker, _)| worker.clone()).collect()
    }

    /// Takes note of one event and says what has to be sent because of it.
    pub fn take_note(&mut self, message: &Value) -> Vec<Reaction> {
        let parameters = &message["params"];
        let session = message["sessionId"].as_str().unwrap_or_default();
        match message["method"].as_str().unwrap_or_default() {
            // A worker of the page: it reports its errors as well, and is let run.
            "Target.attachedToTarget" => {
                let worker = parameters["sessionId"].as_str().unwrap_or_default();
                self.workers.insert(worker.to_owned(), session.to_owned());
                return watch_worker(worker, self.worker_begins.as_deref());
            }
            // "Leave this page?": yes, or the page would stand still.
            "Page.javascriptDialogOpening" => {
                let accept = json!({ "accept": true });
                return vec![(session.to_owned(), "Page.handleJavaScriptDialog", accept)];
            }
            "Runtime.exceptionThrown" => self.note(exception(&parameters["exceptionDetails"])),
            "Runtime.consoleAPICalled" if parameters["type"] == "error" => {
                self.note(console_call(&parameters["args"]));
            }
            "Log.entryAdded" if is_error(&parameters["entry"]) => {
                let entry = &parameters["entry"];
                self.note(format!(
                    "{} ({})",
                    string(&entry["text"]),
                    string(&entry["url"])
                ));
            }
            // A worker is said to crash whenever its page leaves it; a page is not.
            "Inspector.targetCrashed" if !self.workers.contains_key(session) => {
                self.note("the page crashed".to_owned());
            }
            _ => {}
        }
        Vec::new()
    }

    fn note(&mut self, error: String) {
        self.errors.borrow_mut().push(error);
    }
}

/// What every session of a page or a worker is asked to report.
pub fn reports() -> [(&'static str, Value); 3] {
    // A service worker is left alone: under a debugger it ends at other times than in real life.
    let attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true, "filter": [{ "type": "service_worker", "exclude": true }, {}] });
    [
        ("Runtime.enable", json!({})),
        ("Log.enable", json!({})),
        ("Target.setAutoAttach", attach),
    ]
}

fn watch_worker(session: &str, begins: Option<&str>) -> Vec<Reaction> {
    let mut reactions: Vec<Reaction> = reports()
        .into_iter()
        .map(|(method, parameters)| (session.to_owned(), method, parameters))
        .collect();
    if let Some(script) = begins {
        let script = json!({ "expression": script });
        reactions.push((session.to_owned(), "Runtime.evaluate", script));
    }
    reactions.push((
        session.to_owned(),
        "Runtime.runIfWaitingForDebugger",
        json!({}),
    ));
    reactions
}

/// An unreachable server is no error of the page: stories stop the server on purpose.
fn is_error(entry: &Value) -> bool {
    // A socket that can't be opened is reported under another source than a request; the last is
    // what Chromium says of one whose connection ends in the middle of its opening.
    let said = string(&entry["text"]);
    let mut reasons = [
        "net::ERR_CONNECTION_",
        "net::ERR_SOCKET_NOT_CONNECTED",
        "Connection closed before receiving a handshake response",
    ]
    .into_iter();
    let is_unreachable = reasons.any(|reason| said.contains(reason));
    entry["level"] == "error" && entry["source"] != "network" && !is_unreachable
}

fn exception(details: &Value) -> String {
    let description = &details["exception"]["description"];
    let said = description
        .as_str()
        .or(details["exception"]["value"].as_str());
    format!("{}: {}", string(&details["text"]), said.unwrap_or_default())
}

fn console_call(arguments: &Value) -> String {
    let arguments = arguments.as_array().map(Vec::as_slice).unwrap_or_default();
    let words: Vec<String> = arguments
        .iter()
        .map(|argument| match argument["value"].as_str() {
            Some(text) => text.to_owned(),
            None => string(&argument["description"]).to_owned(),
        })
        .collect();
    words.join(" ")
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
