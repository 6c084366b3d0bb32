//! The benchmark of the screen: the real server process, and the app in a real browser as on a slow
//! tablet, with everything of one consultant on it. `cargo xtask bench screen` runs it.
//!
//! - [`queries`]: what is searched for, and how much has to be found.
//! - [`tablet`]: the browser, measured from an event until what came of it was painted.
//! - [`figure`]: what came out.

pub mod figure;
pub mod queries;
pub mod tablet;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::measure::percentile;
use super::server::BenchServer;
use super::store::{self, Shape};
use figure::{Circumstances, Figure};
use queries::Customers;
use tablet::{Lap, Tablet};

/// Keeps the longest pause between two turns of the worker, and begins anew when it is read.
const WATCH_WORKER: &str = "(() => {
    let last = performance.now();
    globalThis.benchPause = 0;
    setInterval(() => {
        const now = performance.now();
        benchPause = Math.max(benchPause, now - last - 10);
        last = now;
    }, 10);
})()";

/// What is measured where.
#[derive(Clone, Debug)]
pub struct Place {
    /// The server program.
    pub program: PathBuf,
    /// The folder of the web app.
    pub web: PathBuf,
    /// Where data folders go; on a real disk.
    pub folder: PathBuf,
    /// Cards, all in the book of one consultant.
    pub cards: usize,
    /// Changes of a card.
    pub changes: usize,
    /// How many times slower the processor is made.
    pub throttle: u32,
    /// Tiny numbers, only to see that everything works.
    pub is_smoke: bool,
    /// Where profiles of both programs go, if they are wanted; they make everything slower.
    pub profiles: Option<PathBuf>,
}

impl Place {
    const fn count(&self, usual: usize, tiny: usize) -> usize {
        if self.is_smoke { tiny } else { usual }
    }
}

/// Runs the benchmark; `tell` gets each figure at once.
///
/// # Errors
/// If something does not come to its end.
pub fn run(place: &Place, tell: &mut dyn FnMut(Figure) -> Result<()>) -> Result<()> {
    let shape = Shape {
        cards: place.cards,
        changes: place.changes,
        consultants: 1,
    };
    let (store, _) = store::prepare(&place.folder, shape)?;
    let data = place.folder.join("run-screen");
    let profile = place.folder.join("run-screen-browser");
    for folder in [&data, &profile] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    store::copy(&store, &data)?;
    let customers = Customers::read(&data)?;
    let server = BenchServer::start(&place.program, &data, Some(&place.web))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let code = runtime.block_on(server.enrolment_code())?;
    let name = store::name(0);
    let tablet = Tablet::enrol(&profile, &server.url(), &code, &name, store::PASSWORD)?;
    let mut walk = Walk {
        place,
        customers,
        tablet,
        circumstances: Circumstances {
            cards: place.cards,
            throttle: place.throttle,
            is_worker_slowed: false,
        },
        tell,
    };
    walk.run()?;
    drop(walk);
    drop(server);
    fs::remove_dir_all(&data)?;
    fs::remove_dir_all(&profile)?;
    Ok(())
}

/// What a consultant does, one thing after the other.
struct Walk<'a> {
    place: &'a Place,
    customers: Customers,
    tablet: Tablet,
    circumstances: Circumstances,
    tell: &'a mut dyn FnMut(Figure) -> Result<()>,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<()> {
        let first = self.tablet.memory_mb()?;
        self.tell(
            "heaps after the first synchronisation",
            "MB",
            vec![first.sum()],
            None,
        )?;
        self.tablet.slow_down(self.place.throttle);
        self.starts()?;
        self.tablet.eval_in_worker(WATCH_WORKER)?;
        let began: f64 = self.tablet.eval("performance.now()")?;
        self.tablet.tap("a[href='/customers']")?;
        self.profiled("search", Self::searches)?;
        self.profiled("cards", Self::cards)?;
        self.pauses(began)?;
        self.memory()
    }

    /// Does a part with a profile of it, if profiles are wanted.
    fn profiled(&mut self, name: &str, part: fn(&mut Self) -> Result<()>) -> Result<()> {
        let Some(folder) = &self.place.profiles else {
            return part(self);
        };
        self.tablet.begin_profile()?;
        part(self)?;
        self.tablet.end_profile(folder, name)
    }

    fn tell(
        &mut self,
        figure: &'static str,
        unit: &'static str,
        values: Vec<f64>,
        target: Option<f64>,
    ) -> Result<()> {
        ensure!(!values.is_empty(), "nothing was measured: {figure}");
        (self.tell)(Figure::of(figure, unit, values, target, self.circumstances))
    }

    /// Tells times. What the browser could not slow down counts as often as everything else.
    fn tell_laps(&mut self, figure: &'static str, laps: &[Lap], target: f64) -> Result<()> {
        let more = if self.circumstances.is_worker_slowed {
            0.0
        } else {
            f64::from(self.circumstances.throttle) - 1.0
        };
        let times = laps.iter().map(|lap| lap.ms + more * lap.worker_cpu_ms);
        let mut figure = Figure::of(
            figure,
            "ms",
            times.collect(),
            Some(target),
            self.circumstances,
        );
        let middle = |part: fn(&Lap) -> Option<f64>| {
            let mut values: Vec<f64> = laps.iter().filter_map(part).collect();
            values.sort_by(f64::total_cmp);
            percentile(&values, 50)
        };
        figure.page_cpu_p50 = middle(|lap| lap.page_cpu_ms);
        figure.worker_cpu_p50 = middle(|lap| Some(lap.worker_cpu_ms));
        (self.tell)(figure)
    }

    /// Opens the app anew, opens the tablet, and waits for the work of the day.
    fn starts(&mut self) -> Result<()> {
        let (mut pads, mut first_items, mut settled) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=self.place.count(5, 1) {
            let people = self.tablet.start()?;
            self.circumstances.is_worker_slowed = self.tablet.slow_down_worker();
            let tile = self
                .tablet
                .time_tap(".person-tile", "floorbookBench.shows('.pin-pad .pin-key')")?;
            self.tablet.type_pin()?;
            self.tablet.eval::<()>("floorbookBench.followToday()")?;
            let before = self.tablet.cpu()?;
            if self.place.profiles.is_some() {
                self.tablet.begin_profile()?;
            }
            let items = self
                .tablet
                .time_tap(".pin-key.is-done", "floorbookBench.shows('.today .work')")?;
            let all = self.tablet.today_settled(items, before)?;
            if let Some(folder) = &self.place.profiles {
                self.tablet.end_profile(folder, "today")?;
            }
            // The first start fills the browser's caches of compiled code.
            if round > 0 {
                pads.push(people.and(tile));
                first_items.push(items);
                settled.push(all);
            }
        }
        self.tell_laps("PIN pad after a start", &pads, 2_000.0)?;
        self.tell_laps("first items of Today after the PIN", &first_items, 3_000.0)?;
        self.tell_laps("all items of Today after the PIN", &settled, 3_000.0)
    }

    /// Searches by name, pinyin and phone.
    fn searches(&mut self) -> Result<()> {
        let all = self.customers.len();
        let mut laps = Vec::new();
        for search in self.customers.searches(self.place.count(5, 1))? {
            self.wait_for_count(all)?;
            self.tablet.tap("#search")?;
            for keystroke in search {
                if keystroke.is_told {
                    let is_done = format!("floorbookBench.count() === {}", keystroke.finds);
                    laps.push(self.tablet.time_key(keystroke.writes, &is_done)?);
                } else {
                    self.tablet.write(keystroke.writes)?;
                }
            }
            self.tablet
                .eval::<()>("document.querySelector('#search').select()")?;
            self.tablet.press("Delete");
        }
        self.wait_for_count(all)?;
        self.tell_laps("keystroke in search to its result", &laps, 100.0)
    }

    fn wait_for_count(&self, count: usize) -> Result<()> {
        let script = format!("floorbookBench.count() === {count}");
        crate::wait::until("the list of all customers", || {
            Ok(self.tablet.eval::<bool>(&script)?.then_some(()))
        })
    }

    /// Opens cards all over the list and logs a contact on each.
    fn cards(&mut self) -> Result<()> {
        let (mut opened, mut saved) = (Vec::new(), Vec::new());
        let count = self.place.count(20, 2);
        for number in 0..count {
            let index = number * self.customers.len() / count;
            let row = self.scroll_to(index)?;
            let href: String = self.tablet.eval(&format!(
                "document.querySelector(\"{row}\").getAttribute('href')"
            ))?;
            let id = href.rsplit('/').next().context("a card's address")?;
            let shown = format!("floorbookBench.shows(\"article.card[data-document='{id}']\")");
            opened.push(self.tablet.time_tap(&row, &shown)?);
            self.fill_in_contact()?;
            let is_saved =
                "!floorbookBench.shows('dialog#contact') && floorbookBench.shows('.saved-word')";
            let save = "dialog#contact .dialog-foot .primary";
            saved.push(self.tablet.time_tap(save, is_saved)?);
        }
        self.tell_laps("tap on a customer to the card", &opened, 200.0)?;
        self.tell_laps("tap on save to \"saved on this tablet\"", &saved, 150.0)
    }

    /// Scrolls the list to a row and names it.
    fn scroll_to(&self, index: usize) -> Result<String> {
        let scroll = format!(
            "(() => {{ const rows = document.querySelector('[data-list=customers]'); \
             rows.scrollTop = rows.scrollHeight * {index} / {}; return true; }})()",
            self.customers.len()
        );
        self.tablet.eval::<bool>(&scroll)?;
        let row = format!("[data-list=customers] a.row[data-index='{index}']");
        self.tablet.wait_for(&row)?;
        Ok(row)
    }

    /// Fills in that somebody was called, and what comes next.
    fn fill_in_contact(&self) -> Result<()> {
        self.tablet.tap(".log-contact")?;
        for choice in [
            "label:has([name=contact-channel][value=call])",
            "label:has([name=contact-outcome][value=progress])",
            "label:has([name=contact-next-day])",
            ".suggestion",
        ] {
            self.tablet.tap(&format!("dialog#contact {choice}"))?;
        }
        self.tablet
            .wait_for("dialog#contact .dialog-foot .primary:enabled")
    }

    /// How long page and worker did nothing else at most, since the work of the day was there.
    fn pauses(&mut self, began: f64) -> Result<()> {
        let longest = format!(
            "Math.max(0, ...floorbookBench.longTasks.filter(({{ startTime }}) => startTime > {began}) \
             .map(({{ duration }}) => duration))"
        );
        let longest: f64 = self.tablet.eval(&longest)?;
        self.tell(
            "longest task of the page after the start",
            "ms",
            vec![longest],
            Some(200.0),
        )?;
        let pause = self.tablet.eval_in_worker("benchPause")?;
        let mut pause = pause.as_f64().context("the worker's pause")?;
        if !self.circumstances.is_worker_slowed {
            pause *= f64::from(self.circumstances.throttle);
        }
        self.tell(
            "longest pause of the worker after the start",
            "ms",
            vec![pause],
            Some(200.0),
        )
    }

    fn memory(&mut self) -> Result<()> {
        let memory = self.tablet.memory_mb()?;
        for (part, megabytes) in [
            ("page: heap of JavaScript", memory.page.script),
            ("page: memory of WebAssembly", memory.page.wasm),
            ("worker: heap of JavaScript", memory.worker.script),
            ("worker: memory of WebAssembly", memory.worker.wasm),
        ] {
            self.tell(part, "MB", vec![megabytes], None)?;
        }
        self.tell(
            "heaps of both programs",
            "MB",
            vec![memory.sum()],
            Some(200.0),
        )
    }
}
