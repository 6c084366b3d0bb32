//! The tablet of the benchmark: a browser with the app, fingers that do not wait, and a clock.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use floorbook_shared::secret::Secret;
use serde_json::{Value, json};

use crate::browser::{Browser, Page, css, role};
use crate::wait;

/// Measures in the page.
const WATCH: &str = include_str!("watch.js");
/// How the system names the threads of dedicated workers.
const WORKER_THREAD: &str = "DedicatedWorker";
const NANOS_PER_MILLI: f64 = 1_000_000.0;
/// A first synchronisation of tens of thousands of cards takes its time.
const FIRST_SYNC_LIMIT: Duration = Duration::from_secs(300);
/// A finger is put on the screen and lifted.
const TAP: [&str; 1] = ["pointerup"];
/// A key is pressed, or a character comes from a method of input.
const KEY: [&str; 2] = ["keydown", "beforeinput"];

/// The PIN of the consultant.
const PIN: &str = "284719";

/// A tablet on which somebody works.
pub struct Tablet {
    /// The page. Before the browser, because it speaks through it.
    page: Page,
    browser: Browser,
    url: String,
    throttle: u32,
}

/// How long something took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lap {
    /// From the event until it was painted.
    pub ms: f64,
    /// Processor time of the page meanwhile, with what the browser adds to make it slower, if known.
    pub page_cpu_ms: Option<f64>,
    /// Processor time of the worker meanwhile.
    pub worker_cpu_ms: f64,
}

impl Lap {
    /// This one and another one that followed.
    pub fn and(self, other: Self) -> Self {
        Self {
            ms: self.ms + other.ms,
            page_cpu_ms: self
                .page_cpu_ms
                .zip(other.page_cpu_ms)
                .map(|(one, two)| one + two),
            worker_cpu_ms: self.worker_cpu_ms + other.worker_cpu_ms,
        }
    }
}

/// Processor time that was used until a moment, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    page: f64,
    worker: f64,
}

impl Cpu {
    /// The lap that began here and has ended now, after so many milliseconds.
    fn lap(self, now: Self, ms: f64) -> Lap {
        Lap {
            ms,
            page_cpu_ms: Some(now.page - self.page),
            worker_cpu_ms: now.worker - self.worker,
        }
    }
}

impl Tablet {
    /// Enrols a new browser by a one-time code and signs somebody in, at the machine's full speed.
    /// Waits until everything is on the tablet and the app opens by itself.
    ///
    /// # Errors
    /// If that takes too long.
    pub fn enrol(
        profile: &Path,
        url: &str,
        code: &Secret,
        name: &str,
        password: &str,
    ) -> Result<Self> {
        let browser = Browser::launch(profile);
        let page = browser.page(&format!("{url}/enrol#{}", code.expose()));
        page.eval::<bool>("(localStorage.setItem('floorbook-language', 'en'), true)");
        page.reload();
        page.click("button", "Enrol");
        page.click("button", "Sign in");
        page.wait_for(&role("heading", "Sign in"));
        page.fill("Your name", name);
        page.fill("Password", password);
        page.click("button", "Sign in");
        page.wait_for(&role("heading", "Choose a PIN"));
        for _ in 0..2 {
            page.wait_for(&css(".pin-pad[aria-busy=false] [data-digits='0']"));
            for digit in PIN.chars() {
                page.press(&digit.to_string());
            }
            page.wait_for(&css(&format!("[data-digits='{}']", PIN.len())));
            page.press("Enter");
        }
        let tablet = Self {
            page,
            browser,
            url: url.to_owned(),
            throttle: 1,
        };
        tablet.wait_in_sync(FIRST_SYNC_LIMIT)?;
        tablet.page.wait_for_service_worker();
        let at_the_start = json!({ "source": WATCH });
        tablet
            .page
            .call("Page.addScriptToEvaluateOnNewDocument", at_the_start)?;
        Ok(tablet)
    }

    /// Waits until tablet and store hold the same.
    ///
    /// # Errors
    /// If that takes too long.
    pub fn wait_in_sync(&self, limit: Duration) -> Result<()> {
        let is_in_sync = "document.querySelector('[data-standing=in-sync]') !== null";
        wait::within(limit, "tablet and store in sync", || {
            Ok(self.page.try_eval::<bool>(is_in_sync)?.then_some(()))
        })
    }

    /// Makes the page's processor so many times slower.
    pub fn slow_down(&mut self, times: u32) {
        self.page.slow_down(times);
        self.throttle = times;
    }

    /// Asks the browser to slow the worker as well, and says whether it does.
    pub fn slow_down_worker(&self) -> bool {
        let rate = json!({ "rate": self.throttle });
        let answer = self
            .page
            .call_worker("Emulation.setCPUThrottlingRate", rate);
        answer.is_ok()
    }

    /// Opens the app anew; the lap lasts from the start of the navigation until people are shown.
    ///
    /// # Errors
    /// If they are not shown.
    pub fn start(&self) -> Result<Lap> {
        // Away first, so that the worker has ended and its thread is not counted.
        self.page.goto("about:blank");
        self.page.goto(&format!("{}/", self.url));
        Ok(Lap {
            ms: self.page.try_eval("floorbookBench.started")?,
            // The page may have come into another process, with a past of its own.
            page_cpu_ms: None,
            // The whole life of the worker lies within the lap.
            worker_cpu_ms: self.cpu()?.worker,
        })
    }

    /// Taps the digits of the PIN on the pad.
    ///
    /// # Errors
    /// If there is no pad.
    pub fn type_pin(&self) -> Result<()> {
        for digit in PIN.bytes() {
            // One to nine, delete, zero, done.
            let place = match digit {
                b'0' => 11,
                other => usize::from(other - b'0'),
            };
            self.tap(&format!(".pin-key:nth-child({place})"))?;
        }
        self.wait_for(&format!("[data-digits='{}']", PIN.len()))
    }

    /// Waits until the work of the day does not change any more; from the last measured tap on.
    ///
    /// # Errors
    /// If it does not come.
    pub fn today_settled(&self, lap: Lap, before: Cpu) -> Result<Lap> {
        self.wait_in_sync(wait::DEADLINE)?;
        let settled: Option<f64> = self.page.try_eval("floorbookBench.todaySettled")?;
        // Counts that stood there in the first frame never changed again.
        let ms = settled.unwrap_or(lap.ms).max(lap.ms);
        Ok(before.lap(self.cpu()?, ms))
    }

    /// Evaluates an expression in the page.
    ///
    /// # Errors
    /// If it throws.
    pub fn eval<T: serde::de::DeserializeOwned>(&self, expression: &str) -> Result<T> {
        self.page.try_eval(expression)
    }

    /// Evaluates an expression in the worker.
    ///
    /// # Errors
    /// If there is no worker.
    pub fn eval_in_worker(&self, expression: &str) -> Result<Value> {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let answer = self.page.call_worker("Runtime.evaluate", parameters)?;
        Ok(answer["result"]["value"].clone())
    }

    /// Waits until a selector finds something.
    ///
    /// # Errors
    /// If it does not come.
    pub fn wait_for(&self, selector: &str) -> Result<()> {
        let script = format!("floorbookBench.shows({})", json!(selector));
        wait::until(selector, || {
            Ok(self.page.try_eval::<bool>(&script)?.then_some(()))
        })
    }

    /// Taps what a selector finds, once it stands still and is not covered.
    ///
    /// # Errors
    /// If it does not come to that.
    pub fn tap(&self, selector: &str) -> Result<()> {
        let place = self.place(selector)?;
        self.touch(&place)
    }

    /// Taps what a selector finds; the lap lasts until the first painted frame in which a condition
    /// is true.
    ///
    /// # Errors
    /// If it does not become true.
    pub fn time_tap(&self, selector: &str, is_done: &str) -> Result<Lap> {
        let place = self.place(selector)?;
        self.arm(&TAP, is_done)?;
        self.lap(|| self.touch(&place))
    }

    /// Writes a character into the field with the focus; the lap lasts as that of a tap.
    ///
    /// # Errors
    /// If the condition does not become true.
    pub fn time_key(&self, writes: char, is_done: &str) -> Result<Lap> {
        self.arm(&KEY, is_done)?;
        self.lap(|| self.write(writes))
    }

    /// Writes a character into the field with the focus: by its key, or as a method of input does.
    ///
    /// # Errors
    /// If the browser refuses.
    pub fn write(&self, writes: char) -> Result<()> {
        if writes.is_ascii() {
            self.page.press(&writes.to_string());
        } else {
            let text = json!({ "text": writes });
            self.page.call("Input.insertText", text)?;
        }
        Ok(())
    }

    /// Presses a key.
    pub fn press(&self, key: &str) {
        self.page.press(key);
    }

    /// Begins to note where page and worker spend their time.
    ///
    /// # Errors
    /// If the browser refuses.
    pub fn begin_profile(&self) -> Result<()> {
        for method in ["Profiler.enable", "Profiler.start"] {
            self.page.call(method, json!({}))?;
            self.page.call_worker(method, json!({}))?;
        }
        Ok(())
    }

    /// Writes what was noted since then into a folder, as developer tools open it.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn end_profile(&self, folder: &Path, name: &str) -> Result<()> {
        fs::create_dir_all(folder)?;
        let page = self.page.call("Profiler.stop", json!({}))?;
        let worker = self.page.call_worker("Profiler.stop", json!({}))?;
        for (program, answer) in [("page", page), ("worker", worker)] {
            let file = folder.join(format!("{name}-{program}.cpuprofile"));
            fs::write(file, answer["profile"].to_string())?;
        }
        Ok(())
    }

    /// Megabytes that the page and its worker hold: what lives on the heaps of JavaScript, and the
    /// memories of WebAssembly, which never shrink.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub fn memory_mb(&self) -> Result<Memory> {
        let page = |method: &str, parameters| self.page.call(method, parameters);
        let worker = |method: &str, parameters| self.page.call_worker(method, parameters);
        Ok(Memory {
            page: heaps(&page)?,
            worker: heaps(&worker)?,
        })
    }

    /// Processor time of page and worker since they began.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn cpu(&self) -> Result<Cpu> {
        let mut cpu = Cpu {
            page: 0.0,
            worker: 0.0,
        };
        for process in self.browser.renderers() {
            let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
                continue;
            };
            for thread in threads.flatten() {
                // A thread may end between two looks.
                let name = fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
                // Pages run on the first thread of a process, which has its number.
                let is_page = thread.file_name().to_str() == Some(process.to_string().as_str());
                let used_by = match name.trim() {
                    WORKER_THREAD => &mut cpu.worker,
                    _ if is_page => &mut cpu.page,
                    _ => continue,
                };
                if let Ok(stat) = fs::read_to_string(thread.path().join("schedstat")) {
                    let used = stat
                        .split_whitespace()
                        .next()
                        .context("an unknown format")?;
                    *used_by += used.parse::<f64>()? / NANOS_PER_MILLI;
                }
            }
        }
        Ok(cpu)
    }

    fn place(&self, selector: &str) -> Result<Value> {
        let script = format!("floorbookBench.place({})", json!(selector));
        let mut before = Value::Null;
        wait::until(selector, || {
            let place: Value = self.page.try_eval(&script)?;
            let stands_still = !place.is_null() && place == before;
            before = place;
            Ok(stands_still.then(|| before.clone()))
        })
    }

    fn touch(&self, place: &Value) -> Result<()> {
        let down = json!({ "type": "touchStart", "touchPoints": [place] });
        self.page.call("Input.dispatchTouchEvent", down)?;
        let up = json!({ "type": "touchEnd", "touchPoints": [] });
        self.page.call("Input.dispatchTouchEvent", up)?;
        Ok(())
    }

    fn arm(&self, types: &[&str], is_done: &str) -> Result<()> {
        let script = format!("floorbookBench.arm({}, () => {is_done})", json!(types));
        self.page.try_eval::<Value>(&script)?;
        Ok(())
    }

    fn lap(&self, act: impl FnOnce() -> Result<()>) -> Result<Lap> {
        let before = self.cpu()?;
        act()?;
        let ms = self.page.try_eval("floorbookBench.lap")?;
        Ok(before.lap(self.cpu()?, ms))
    }
}

/// Megabytes of a program.
#[derive(Clone, Copy, Debug)]
pub struct Heaps {
    /// What lives on the heap of JavaScript.
    pub script: f64,
    /// The memories of WebAssembly.
    pub wasm: f64,
}

/// Megabytes of both programs.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// The screen.
    pub page: Heaps,
    /// The worker.
    pub worker: Heaps,
}

impl Memory {
    /// All of them.
    pub fn sum(self) -> f64 {
        self.page.script + self.page.wasm + self.worker.script + self.worker.wasm
    }
}

fn heaps(call: &dyn Fn(&str, Value) -> Result<Value>) -> Result<Heaps> {
    const MEGABYTE: f64 = 1_000_000.0;
    call("HeapProfiler.collectGarbage", json!({}))?;
    let usage = call("Runtime.getHeapUsage", json!({}))?;
    let prototype = json!({ "expression": "WebAssembly.Memory.prototype" });
    let prototype = call("Runtime.evaluate", prototype)?;
    let memories = json!({ "prototypeObjectId": prototype["result"]["objectId"] });
    let memories = call("Runtime.queryObjects", memories)?;
    let sum = json!({
        "objectId": memories["objects"]["objectId"],
        "functionDeclaration":
            "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }",
        "returnByValue": true,
    });
    let wasm = call("Runtime.callFunctionOn", sum)?;
    Ok(Heaps {
        script: usage["usedSize"].as_f64().context("the heap's size")? / MEGABYTE,
        wasm: wasm["result"]["value"]
            .as_f64()
            .context("the memories' size")?
            / MEGABYTE,
    })
}
