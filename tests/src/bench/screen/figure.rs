//! What the benchmark of the screen measured, beside what it is meant to be.

use serde::Serialize;

use crate::bench::measure::percentile;

/// A figure with its target.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub figure: &'static str,
    /// `ms` or `MB`.
    pub unit: &'static str,
    /// How often.
    pub count: usize,
    /// Half of the values are not larger.
    pub p50: f64,
    /// 95 of 100 values are not larger.
    pub p95: f64,
    /// The largest value.
    pub max: f64,
    /// What `p95` has to be below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Whether it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_met: Option<bool>,
    /// Processor time of the page half of the times, with what the browser adds to make it slower: it
    /// compares versions on a busy machine, best at full speed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_cpu_p50: Option<f64>,
    /// Processor time of the worker half of the times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_cpu_p50: Option<f64>,
    /// Cards on the tablet.
    pub cards: usize,
    /// How many times slower the page's processor was.
    pub throttle: u32,
    /// Whether the browser slowed the worker too; if not, the worker's processor time was added.
    pub is_worker_slowed: bool,
    /// The machine's load while it was measured.
    pub machine_load: f64,
}

/// What is the same for the figures of one run.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// Cards on the tablet.
    pub cards: usize,
    /// How many times slower the page's processor is.
    pub throttle: u32,
    /// Whether the browser slows the worker too.
    pub is_worker_slowed: bool,
}

impl Figure {
    /// A figure of some values, of which there is at least one.
    pub fn of(
        figure: &'static str,
        unit: &'static str,
        mut values: Vec<f64>,
        target: Option<f64>,
        circumstances: Circumstances,
    ) -> Self {
        values.sort_by(f64::total_cmp);
        let p95 = percentile(&values, 95).unwrap_or(f64::NAN);
        Self {
            figure,
            unit,
            count: values.len(),
            p50: percentile(&values, 50).unwrap_or(f64::NAN),
            p95,
            max: values.last().copied().unwrap_or(f64::NAN),
            target,
            is_met: target.map(|target| p95 < target),
            page_cpu_p50: None,
            worker_cpu_p50: None,
            cards: circumstances.cards,
            throttle: circumstances.throttle,
            is_worker_slowed: circumstances.is_worker_slowed,
            machine_load: crate::bench::server::machine_load(),
        }
    }

    /// The head of the table.
    pub fn head() -> String {
        format!(
            "{:<44} {:>5} {:>9} {:>9} {:>9} {:>9} {:>14}",
            "", "count", "p50", "p95", "longest", "target", "processor p50"
        )
    }

    /// A line of the table.
    pub fn line(&self) -> String {
        let unit = self.unit;
        let value = |value: f64| format!("{value:.0} {unit}");
        let target = match self.target {
            Some(target) => format!("< {target:.0} {unit}"),
            None => String::new(),
        };
        let verdict = match self.is_met {
            Some(false) => "  MISSED",
            Some(true) | None => "",
        };
        let (p50, p95, max) = (value(self.p50), value(self.p95), value(self.max));
        let (figure, count) = (self.figure, self.count);
        let processor = match (self.page_cpu_p50, self.worker_cpu_p50) {
            (Some(page), Some(worker)) => format!("{page:.0} + {worker:.0} ms"),
            (None, _) | (_, None) => String::new(),
        };
        format!(
            "{figure:<44} {count:>5} {p50:>9} {p95:>9} {max:>9} {target:>9} {processor:>14}{verdict}"
        )
    }
}
