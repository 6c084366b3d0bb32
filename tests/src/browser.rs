//! A real Chromium, driven over its DevTools protocol without a driver program between.
//!
//! Everything here panics with a sentence when it does not succeed, because only tests call it.
//! Whatever a page reports as an error fails the test when the [`Browser`] is dropped, unless the
//! story has taken it with [`Browser::take_errors`].

mod accessibility;
mod devtools;
mod input;
mod keyboard;
mod layout;
mod locate;
mod page;
mod program;
mod watch;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;

use anyhow::{Context, Result};
use serde_json::{Value, json};

pub use accessibility::Violation;
pub use locate::{Locator, css, label, role, text};
pub use page::{Page, Viewport};

use devtools::Connection;
use program::Program;

/// A running browser with a profile folder that outlives it, as a tablet outlives a flat battery.
pub struct Browser {
    profile: PathBuf,
    running: Option<Running>,
    errors: Rc<RefCell<Vec<String>>>,
}

struct Running {
    connection: Rc<RefCell<Connection>>,
    // Dropped after the connection, and its drop ends the whole group of processes.
    program: Program,
}

impl Browser {
    /// Starts a browser on a profile folder, which is made if there is none.
    #[track_caller]
    pub fn launch(profile: &Path) -> Self {
        let errors = Rc::default();
        let mut browser = Self {
            profile: profile.to_owned(),
            running: None,
            errors,
        };
        browser.reopen();
        browser
    }

    /// Opens an address in a new tab and waits until it is loaded.
    #[track_caller]
    pub fn page(&self, url: &str) -> Page {
        let page = self.open_tab().unwrap_or_else(|error| panic!("{error:#}"));
        page.goto(url);
        page
    }

    /// Ends the browser with SIGKILL, without a chance to write anything.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.program.kill();
        }
    }

    /// Ends the browser as a person does, and waits until it has written what it keeps.
    #[track_caller]
    pub fn close(&mut self) {
        if let Some(mut running) = self.running.take() {
            let asked = running
                .connection
                .borrow_mut()
                .call(None, "Browser.close", json!({}));
            let ended = asked.and_then(|_| running.program.wait_for_end());
            ended.unwrap_or_else(|error| panic!("{error:#}"));
        }
    }

    /// Starts the browser again on the same profile; one that still runs is killed first.
    #[track_caller]
    pub fn reopen(&mut self) {
        self.kill();
        let running = Self::start(&self.profile, &self.errors);
        self.running = Some(running.unwrap_or_else(|error| panic!("{error:#}")));
    }

    /// Chooses the size of text as the browser's settings do. The browser has to be closed.
    #[track_caller]
    pub fn set_font_size(&self, pixels: u32) {
        assert!(self.running.is_none(), "a running browser overwrites it");
        let written = program::set_font_size(&self.profile, pixels);
        written.unwrap_or_else(|error| panic!("{error:#}"));
    }

    /// The cookies of the profile, to be given back with [`Self::set_cookies`].
    ///
    /// Chromium writes cookies to the disk only after half a minute, so a killed browser has
    /// often lost a fresh one.
    #[track_caller]
    pub fn cookies(&self) -> Value {
        let answer = self.call("Storage.getCookies", json!({}));
        answer["cookies"].clone()
    }

    /// Puts cookies into the profile.
    #[track_caller]
    pub fn set_cookies(&self, cookies: &Value) {
        self.call("Storage.setCookies", json!({ "cookies": cookies }));
    }

    /// Forgets all cookies, as a browser does that was told to clean up.
    #[track_caller]
    pub fn clear_cookies(&self) {
        self.call("Storage.clearCookies", json!({}));
    }

    /// The ids of the processes in which pages and their workers run.
    #[track_caller]
    pub fn renderers(&self) -> Vec<u64> {
        let answer = self.call("SystemInfo.getProcessInfo", json!({}));
        let processes = answer["processInfo"].as_array();
        let renderers = processes
            .into_iter()
            .flatten()
            .filter(|process| process["type"] == "renderer");
        renderers
            .filter_map(|process| process["id"].as_u64())
            .collect()
    }

    #[track_caller]
    fn call(&self, method: &str, parameters: Value) -> Value {
        let running = self.running.as_ref().expect("a browser that runs");
        let answer = running
            .connection
            .borrow_mut()
            .call(None, method, parameters);
        answer.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Takes the errors that pages have reported so far, so that they no longer fail the test.
    pub fn take_errors(&self) -> Vec<String> {
        self.errors.take()
    }

    fn start(profile: &Path, errors: &Rc<RefCell<Vec<String>>>) -> Result<Running> {
        let program = Program::start(profile)?;
        let connection = Connection::open(program.debugger()?, Rc::clone(errors))?;
        Ok(Running {
            connection: Rc::new(RefCell::new(connection)),
            program,
        })
    }

    fn open_tab(&self) -> Result<Page> {
        let running = self.running.as_ref().context("the browser was killed")?;
        let connection = Rc::clone(&running.connection);
        let target = connection.borrow_mut().call(
            None,
            "Target.createTarget",
            json!({ "url": "about:blank" }),
        )?;
        let attached = connection.borrow_mut().call(
            None,
            "Target.attachToTarget",
            json!({ "targetId": target["targetId"], "flatten": true }),
        )?;
        let session = attached["sessionId"]
            .as_str()
            .context("a session")?
            .to_owned();
        Page::new(connection, session)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            // What was reported since the last call is still in the socket.
            let _ = running
                .connection
                .borrow_mut()
                .call(None, "Browser.getVersion", json!({}));
        }
        self.kill();
        let errors = self.errors.take();
        // A panic within a panic would hide the first one.
        if !thread::panicking() {
            assert!(
                errors.is_empty(),
                "pages reported errors:\n{}",
                errors.join("\n")
            );
        }
    }
}
