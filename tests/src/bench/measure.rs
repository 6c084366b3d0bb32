//! What a work has measured, as a JSON line and as a line of a table.

use serde::Serialize;

/// One measurement; what does not apply to the work is left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measure {
    /// The work: `W1` … `W7`, `W2r`.
    pub work: &'static str,
    /// Cards in the store.
    pub cards: usize,
    /// Changes of a card, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes_per_card: Option<f64>,
    /// How long the work took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<f64>,
    /// Bytes from tablets to the server, behind the opening of the WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_bytes: Option<u64>,
    /// Bytes from the server to tablets, behind the opening of the WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub down_bytes: Option<u64>,
    /// Bytes of the requests that open WebSockets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handshake_up_bytes: Option<u64>,
    /// Bytes of the answers to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handshake_down_bytes: Option<u64>,
    /// How often the server spoke after the tablet had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trips: Option<u64>,
    /// Sum of the documents as the library saves them, each compressed by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_bytes: Option<u64>,
    /// Processor time of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_cpu_ms: Option<f64>,
    /// Processor time of all tablets and the proxy together: they live in one program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablets_cpu_ms: Option<f64>,
    /// Half of the times are not longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    /// 99 of 100 times are not longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// The longest time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_ms: Option<f64>,
    /// What should have arrived and did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<u64>,
    /// Acknowledged edits in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edits_per_s: Option<f64>,
    /// Edits that each tablet has under way at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<usize>,
    /// Whether an acknowledged edit is fsynced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fsynced: Option<bool>,
    /// Open connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<usize>,
    /// Resident memory of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rss_mb: Option<f64>,
    /// The database on disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_mb: Option<f64>,
    /// From the start of the server until it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<f64>,
    /// How often the server was killed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kills: Option<u64>,
    /// Acknowledged edits that were not there after a kill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_acked: Option<u64>,
    /// Documents that did not load after a kill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable_documents: Option<u64>,
    /// The machine's load when the benchmark began.
    pub machine_load: f64,
    /// What came before it, where that matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Measure {
    /// A measurement of a work with so many cards.
    pub fn of(work: &'static str, cards: usize) -> Self {
        Self {
            work,
            cards,
            ..Self::default()
        }
    }

    /// Takes p50, p99 and the longest of some times in milliseconds.
    pub fn take_times(&mut self, mut times: Vec<f64>) {
        times.sort_by(f64::total_cmp);
        self.p50_ms = percentile(&times, 50);
        self.p99_ms = percentile(&times, 99);
        self.max_ms = times.last().copied();
    }

    /// A line of the table: the work and everything that applies.
    pub fn line(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let fields = value.as_object().cloned().unwrap_or_default();
        let mut parts = vec![format!("{:<3} {:>6} cards", self.work, self.cards)];
        for (key, value) in &fields {
            let is_told = ["work", "cards", "machine_load", "changes_per_card"];
            if is_told.contains(&key.as_str()) {
                continue;
            }
            let text = match value.as_f64() {
                Some(number) => readable(key, number),
                None => value.to_string().trim_matches('"').to_owned(),
            };
            parts.push(format!("{} {text}", key.replace('_', " ")));
        }
        parts.join(" | ")
    }
}

fn readable(key: &str, number: f64) -> String {
    if key.ends_with("_bytes") && number >= 100_000.0 {
        format!("{:.0} kB", number / 1_000.0)
    } else if number.fract() == 0.0 || number >= 1_000.0 {
        format!("{number:.0}")
    } else {
        format!("{number:.1}")
    }
}

/// The value that so many of a hundred do not exceed; the list is sorted.
pub fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let times: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!(percentile(&times, 50), Some(100.0));
        assert_eq!(percentile(&times, 99), Some(198.0));
        assert_eq!(percentile(&[7.0], 99), Some(7.0));
        assert_eq!(percentile(&[], 50), None);
    }
}
