//! The real `floorbook` program as a process of its own, which can be killed like one.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};
use floorbook_server::admin::client::ask_server;
use floorbook_server::admin::tablets::{TabletOutcome, TabletRequest};
use floorbook_server::admin::{AdminOutcome, AdminRequest, AdminResponse};
use floorbook_server::keeping::DataPlace;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::stage::Stage;
use crate::wait;

const LISTENS: &str = "Floorbook listens on ";
/// Variable with the arguments of a server inside a test.
const INSIDE: &str = "FLOORBOOK_SERVER_INSIDE";
const SET_UP: &str = "Set up: ";

/// A running server with a data folder of its own; both go when it is dropped.
pub struct ServerProcess {
    program: PathBuf,
    web: Option<PathBuf>,
    /// Name of the test that runs the server, if the program is this test binary.
    inside: Option<String>,
    more: Vec<String>,
    data: TempDir,
    address: String,
    running: Option<Child>,
    said: Arc<Mutex<Vec<String>>>,
}

impl ServerProcess {
    /// Starts a server on a free port with an empty data folder.
    #[track_caller]
    pub fn start(stage: &Stage) -> Self {
        Self::start_with(stage, &[])
    }

    /// Starts a server with more arguments after `serve`, such as `--demo`.
    #[track_caller]
    pub fn start_with(stage: &Stage, more: &[&str]) -> Self {
        let mut server = Self {
            program: stage.server.clone(),
            web: Some(stage.web.clone()),
            inside: None,
            more: more.iter().map(|&argument| argument.to_owned()).collect(),
            data: tempfile::tempdir().expect("a temporary folder"),
            address: "127.0.0.1:0".to_owned(),
            running: None,
            said: Arc::default(),
        };
        server.launch().unwrap_or_else(|error| panic!("{error:#}"));
        server
    }

    /// Starts a server without a web app that is this very test binary: `test` names an ignored
    /// test that calls [`serve_inside`]. `prepare` fills the data folder before. So a plain `cargo test` can kill a real process.
    #[track_caller]
    pub fn start_inside(test: &str, prepare: impl FnOnce(&Path)) -> Self {
        let mut server = Self {
            program: std::env::current_exe().expect("the program of this test"),
            web: None,
            inside: Some(test.to_owned()),
            more: Vec::new(),
            data: tempfile::tempdir().expect("a temporary folder"),
            address: "127.0.0.1:0".to_owned(),
            running: None,
            said: Arc::default(),
        };
        prepare(server.data.path());
        server.launch().unwrap_or_else(|error| panic!("{error:#}"));
        server
    }

    /// The address that it listens on.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address that a browser opens, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The one-time link that sets up a new store, once it is printed.
    #[track_caller]
    pub fn setup_link(&self) -> String {
        self.wait_for_line(SET_UP)
    }

    /// A one-time link that enrols a tablet, as the command line makes one.
    #[track_caller]
    pub fn enrolment_link(&self) -> String {
        let outcome = self.administer(AdminRequest::Tablets(TabletRequest::Code));
        if let AdminOutcome::Tablets(TabletOutcome::Code { path, .. }) = outcome {
            return self.url() + &path;
        }
        panic!("the server made no code: {outcome:?}");
    }

    /// A one-time link by which a person sets a new password.
    #[track_caller]
    pub fn invitation_link(&self, name: &str) -> String {
        let name = name.to_owned();
        let outcome = self.administer(AdminRequest::InvitePerson { name });
        if let AdminOutcome::Invited { path, .. } = outcome {
            return self.url() + &path;
        }
        panic!("the server made no link: {outcome:?}");
    }

    /// Has the running server do what the command line asks.
    #[track_caller]
    pub fn administer(&self, request: AdminRequest) -> AdminOutcome {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let place = DataPlace::new(self.data());
        let answer = runtime.block_on(ask_server(&place, &request, &|_| {}));
        match answer {
            Ok(Some(AdminResponse::Done(outcome))) => outcome,
            other => panic!("{other:?}\n{}", self.output()),
        }
    }

    /// Waits for a line that begins so and returns the rest of it.
    #[track_caller]
    pub fn wait_for_line(&self, beginning: &str) -> String {
        let found = wait::until(beginning, || Ok(self.line(beginning)));
        found.unwrap_or_else(|error| panic!("{error:#}\n{}", self.output()))
    }

    /// Everything that the server has printed since its last start.
    pub fn output(&self) -> String {
        self.lines().join("\n")
    }

    /// Ends the server as a power cut would.
    #[track_caller]
    pub fn kill9(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().expect("the server can be killed");
            child.wait().expect("the server has ended");
        }
    }

    /// Asks the server to end, as an update of the machine would, and waits until it has.
    #[track_caller]
    pub fn stop(&mut self) {
        let Some(mut child) = self.running.take() else {
            return;
        };
        kill_process(Pid::from_child(&child), Signal::TERM).expect("the server can be asked");
        let ended = wait::until("the end of the server", || Ok(child.try_wait()?));
        let status = ended.unwrap_or_else(|error| panic!("{error:#}\n{}", self.output()));
        assert!(
            status.success(),
            "the server ended with {status}\n{}",
            self.output()
        );
    }

    /// Starts the server again on the same port and data; one that still runs is killed first.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill9();
        self.launch().unwrap_or_else(|error| panic!("{error:#}"));
    }

    fn launch(&mut self) -> Result<()> {
        self.said = Arc::default();
        let mut arguments = vec![
            OsString::from("serve"),
            OsString::from("--address"),
            OsString::from(&self.address),
            OsString::from("--data"),
            self.data.path().into(),
        ];
        if let Some(web) = &self.web {
            arguments.extend([OsString::from("--web"), web.into()]);
        }
        arguments.extend(self.more.iter().map(OsString::from));
        let mut command = Command::new(&self.program);
        match &self.inside {
            // With two threads the test runner prints nothing in front of the server's own lines.
            Some(test) => command
                .args([
                    test,
                    "--exact",
                    "--ignored",
                    "--nocapture",
                    "--test-threads=2",
                ])
                .env(INSIDE, serde_json::to_string(&texts(&arguments)?)?),
            None => command.args(&arguments),
        };
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        collect(child.stdout.take().context("a piped output")?, &self.said);
        collect(child.stderr.take().context("a piped output")?, &self.said);
        // Kept before the first wait, so that a server that says nothing is ended too.
        let child = self.running.insert(child);
        let said = Arc::clone(&self.said);
        let address = wait::until(LISTENS, || {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(Err(status)));
            }
            Ok(line_in(&said, LISTENS).map(Ok))
        });
        match address {
            Ok(Ok(address)) => {
                let address = address.strip_prefix("http://").unwrap_or(&address);
                self.address = address.trim_end_matches('/').to_owned();
                Ok(())
            }
            Ok(Err(status)) => bail!("the server ended with {status}\n{}", self.output()),
            Err(error) => bail!("{error:#}\n{}", self.output()),
        }
    }

    fn line(&self, beginning: &str) -> Option<String> {
        line_in(&self.said, beginning)
    }

    fn lines(&self) -> Vec<String> {
        self.said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            // Both fail only for a process that has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs the server that [`ServerProcess::start_inside`] asked for, until it is killed. Does nothing
/// in a test run that asks for none.
pub fn serve_inside() {
    let Ok(arguments) = std::env::var(INSIDE) else {
        return;
    };
    let arguments: Vec<String> = serde_json::from_str(&arguments).expect("arguments as JSON");
    floorbook_server::cli::run_with(["floorbook".to_owned()].into_iter().chain(arguments));
}

fn texts(arguments: &[OsString]) -> Result<Vec<String>> {
    let text = |argument: &OsString| argument.to_str().map(str::to_owned);
    let texts: Option<Vec<String>> = arguments.iter().map(text).collect();
    texts.context("a path that is no text")
}

fn line_in(said: &Mutex<Vec<String>>, beginning: &str) -> Option<String> {
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    let found = said.iter().find_map(|line| line.strip_prefix(beginning));
    found.map(|rest| rest.trim().to_owned())
}

/// Reads line by line on a thread of its own, or a full pipe would stop the server.
fn collect(from: impl std::io::Read + Send + 'static, said: &Arc<Mutex<Vec<String>>>) {
    let said = Arc::clone(said);
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            said.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Says what the real server says, and takes port 4321 when it is asked for a free one.
    const STAND_IN: &str = r#"#!/bin/sh
trap 'exit 0' TERM
address=$3
[ "$address" = 127.0.0.1:0 ] && address=127.0.0.1:4321
echo "Set up: http://$address/setup#ABCD" >&2
echo "Floorbook listens on http://$address"
echo "data $5"
while kill -0 $PPID 2>/dev/null; do sleep 0.02; done
"#;

    #[test]
    fn a_server_is_killed_restarted_and_stopped_at_the_same_address() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("stand-in");
        fs::write(&program, STAND_IN).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let stage = Stage {
            web: folder.path().to_owned(),
            server: program,
        };

        let mut server = ServerProcess::start(&stage);
        assert_eq!(server.url(), "http://127.0.0.1:4321");
        assert_eq!(server.setup_link(), "http://127.0.0.1:4321/setup#ABCD");
        let data = server.wait_for_line("data ");
        server.kill9();
        server.restart();
        assert_eq!(server.url(), "http://127.0.0.1:4321");
        assert_eq!(server.wait_for_line("data "), data);
        server.stop();
    }
}
