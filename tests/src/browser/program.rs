//! The browser's processes.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};

use crate::wait;

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What makes a browser start quickly in a container, and keeps it from calling home.
const FLAGS: [&str; 15] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    // Two pages of a story are never both in front; the hidden one has to go on working.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--lang=zh-CN",
    "--remote-debugging-port=0",
];

/// Where the browser writes the port of its debugger.
const PORT_FILE: &str = "DevToolsActivePort";
const LOG_FILE: &str = "browser.log";
/// Where the browser keeps what is chosen in its settings.
const SETTINGS_FILE: &str = "Default/Preferences";

/// A browser with all its processes in one group.
pub struct Program {
    child: Option<Child>,
    profile: PathBuf,
}

impl Program {
    /// Starts the browser on a profile folder.
    pub fn start(profile: &Path) -> Result<Self> {
        fs::create_dir_all(profile)?;
        let port_file = profile.join(PORT_FILE);
        if port_file.exists() {
            // It would name the port of the browser before this one.
            fs::remove_file(port_file)?;
        }
        let log = fs::File::create(profile.join(LOG_FILE))?;
        let program = find()?;
        let child = Command::new(&program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .env("TZ", "Asia/Shanghai")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        Ok(Self {
            child: Some(child),
            profile: profile.to_owned(),
        })
    }

    /// The address of the debugger, once the browser listens.
    pub fn debugger(&self) -> Result<(u16, String)> {
        let written = wait::until("the browser's debugger", || {
            let text = fs::read_to_string(self.profile.join(PORT_FILE))?;
            let mut lines = text.lines();
            let port = lines.next().and_then(|line| line.parse().ok());
            Ok(port.zip(lines.next().map(str::to_owned)))
        });
        written.with_context(|| fs::read_to_string(self.profile.join(LOG_FILE)).unwrap_or_default())
    }

    /// Waits until the browser, asked to end, has ended.
    pub fn wait_for_end(&mut self) -> Result<()> {
        if let Some(child) = &mut self.child {
            wait::until("the end of the browser", || Ok(child.try_wait()?))?;
        }
        self.kill();
        Ok(())
    }

    /// Kills every process of the browser and waits for the first of them.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // Fails only if the group has ended already.
        let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
        let _ = child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Sets the size of text in the settings of a profile, whose browser does not run.
pub fn set_font_size(profile: &Path, pixels: u32) -> Result<()> {
    let file = profile.join(SETTINGS_FILE);
    let mut settings: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    settings["webkit"]["webprefs"]["default_font_size"] = json!(pixels);
    Ok(fs::write(file, settings.to_string())?)
}

fn find() -> Result<PathBuf> {
    if let Some(named) = env::var_os("FLOORBOOK_CHROMIUM") {
        return Ok(named.into());
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    for name in NAMES {
        for folder in env::split_paths(&folders) {
            let program = folder.join(name);
            if program.is_file() {
                return Ok(program);
            }
        }
    }
    bail!("no Chromium on this machine: install it or name its program in FLOORBOOK_CHROMIUM")
}
