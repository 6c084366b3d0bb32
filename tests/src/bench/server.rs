//! The real server process of a benchmark, and what the system says about it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use floorbook_server::admin::client::ask_server;
use floorbook_server::admin::tablets::{TabletOutcome, TabletRequest};
use floorbook_server::admin::{AdminOutcome, AdminRequest, AdminResponse};
use floorbook_server::folder;
use floorbook_server::keeping::DataPlace;
use floorbook_shared::secret::Secret;
use rustix::process::{Pid, Signal, kill_process};

use super::measure::Measure;
use crate::loopback::refuse_own;
use crate::wait;

/// A server that does not answer after this time has failed.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Pause between two looks whether it answers; the error of `start_ms`.
const LOOK_PAUSE: Duration = Duration::from_millis(1);
/// Ticks of a second in `/proc/PID/stat`.
const TICKS_PER_SECOND: u64 = 100;
const LOG: &str = "server.log";

/// Processor time of both sides at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    server: f64,
    tablets: f64,
}

/// A running server, which is killed when this is dropped.
pub struct BenchServer {
    program: PathBuf,
    data: PathBuf,
    web: Option<PathBuf>,
    /// Its address, such as `127.0.0.1:8080`, the same after every restart.
    pub address: String,
    child: Option<Child>,
    /// From its start until it answered.
    pub start_ms: f64,
}

impl BenchServer {
    /// Starts a server on a data folder, at a free port, with the web app in a folder if one is named.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn start(program: &Path, data: &Path, web: Option<&Path>) -> Result<Self> {
        // Free again at once; nobody else on this machine asks for a certain port.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let mut server = Self {
            program: program.to_owned(),
            data: data.to_owned(),
            web: web.map(Path::to_owned),
            address,
            child: None,
            start_ms: 0.0,
        };
        server.launch()?;
        Ok(server)
    }

    /// Address for HTTP, such as `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A one-time code that enrols a tablet, as the command line makes one.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn enrolment_code(&self) -> Result<Secret> {
        let request = AdminRequest::Tablets(TabletRequest::Code);
        let place = DataPlace::new(&self.data);
        let answer = ask_server(&place, &request, &|_| {}).await?;
        let Some(AdminResponse::Done(AdminOutcome::Tablets(TabletOutcome::Code { path, .. }))) =
            answer
        else {
            bail!("the server made no code: {answer:?}");
        };
        let (_, code) = path.split_once('#').context("a link without a code")?;
        Ok(code.into())
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    fn launch(&mut self) -> Result<()> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.data.with_extension(LOG))?;
        let began = Instant::now();
        let child = Command::new(&self.program)
            .args(["serve", "--address", &self.address, "--data"])
            .arg(&self.data)
            .args(
                self.web
                    .iter()
                    .flat_map(|web| [OsStr::new("--web"), web.as_os_str()]),
            )
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        let child = self.child.insert(child);
        while !answers(&self.address) {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}");
            }
            ensure!(began.elapsed() < START_LIMIT, "the server does not answer");
            thread::sleep(LOOK_PAUSE);
        }
        self.start_ms = began.elapsed().as_secs_f64() * 1_000.0;
        Ok(())
    }

    /// Ends it as a power cut would end the process.
    ///
    /// # Errors
    /// If it can't be killed.
    pub fn kill9(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to end, waits, and starts it again.
    ///
    /// # Errors
    /// If it does not end, or not start.
    pub fn restart(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            kill_process(Pid::from_child(&child), Signal::TERM)?;
            wait::until("the end of the server", || Ok(child.try_wait()?))?;
        }
        self.launch()
    }

    fn proc_file(&self, name: &str) -> Result<String> {
        let child = self.child.as_ref().context("the server does not run")?;
        Ok(fs::read_to_string(format!("/proc/{}/{name}", child.id()))?)
    }

    /// Processor time that it has used since its start, in milliseconds.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn cpu_ms(&self) -> Result<f64> {
        cpu_ms_in(&self.proc_file("stat")?)
    }

    /// Processor time of both sides until now.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn cpu(&self) -> Result<Cpu> {
        Ok(Cpu {
            server: self.cpu_ms()?,
            tablets: own_cpu_ms()?,
        })
    }

    /// Notes in a measurement what both sides have used since then.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn note_cpu(&self, since: Cpu, measure: &mut Measure) -> Result<()> {
        let now = self.cpu()?;
        measure.server_cpu_ms = Some(now.server - since.server);
        measure.tablets_cpu_ms = Some(now.tablets - since.tablets);
        Ok(())
    }

    /// Resident memory in MB, the pages of mapped files included.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn rss_mb(&self) -> Result<f64> {
        let status = self.proc_file("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.context("an unknown format")?.trim();
        let kib: f64 = kib.trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1_024.0)
    }

    /// Size of its database on disk in MB.
    ///
    /// # Errors
    /// If there is none.
    pub fn disk_mb(&self) -> Result<f64> {
        let bytes = fs::metadata(folder::database(&self.data))?.len();
        Ok(bytes as f64 / (1_024.0 * 1_024.0))
    }
}

impl Drop for BenchServer {
    fn drop(&mut self) {
        // Fails only for a process that has ended already.
        let _ = self.kill9();
    }
}

/// Processor time of this program, which is all tablets and the proxy, in milliseconds.
///
/// # Errors
/// If the system does not tell.
pub fn own_cpu_ms() -> Result<f64> {
    cpu_ms_in(&fs::read_to_string("/proc/self/stat")?)
}

fn cpu_ms_in(stat: &str) -> Result<f64> {
    // The name of the program, in parentheses, may hold spaces.
    let (_, rest) = stat.rsplit_once(')').context("an unknown format")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks: u64 = fields
        .get(11..13)
        .context("an unknown format")?
        .iter()
        .map(|field| field.parse::<u64>())
        .sum::<Result<u64, _>>()?;
    Ok((ticks * 1_000 / TICKS_PER_SECOND) as f64)
}

/// Whether `/healthz` answers.
fn answers(address: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        refuse_own(stream.local_addr(), stream.peer_addr())?;
        stream.set_read_timeout(Some(START_LIMIT))?;
        let request =
            format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// The machine's load over the last minute.
pub fn machine_load() -> f64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = load.split_whitespace().next();
    first.and_then(|load| load.parse().ok()).unwrap_or(0.0)
}
