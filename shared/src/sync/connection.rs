//! The tablet's side of a connection: when to try, what to send, when to give up.
//!
//! Holds no documents: the engine tells it what waits in the outbox and where the cursors stand.

use std::collections::BTreeSet;

use crate::device::message::Connection as ConnectionStatus;
use crate::device::record::StoredOutbox;
use crate::faults;
use crate::id::Randomness;
use crate::sync::message::{Bye, ClientMessage, PUSH_BYTES, PUSH_MAX_ITEMS, Push};
use crate::time::Timestamp;

/// First pause between two tries, in milliseconds; doubles with each further one.
const BACKOFF_FIRST_MILLIS: i64 = 1_000;
/// Longest pause between two tries, in milliseconds.
const BACKOFF_LONGEST_MILLIS: i64 = 30_000;
/// The longest pause with the random part on top, in milliseconds.
const PAUSE_LONGEST_MILLIS: i64 = BACKOFF_LONGEST_MILLIS + BACKOFF_LONGEST_MILLIS / 2;
/// A try that has no answer after this time has failed, in milliseconds.
const CONNECT_TIMEOUT_MILLIS: i64 = 15_000;
/// After this silence the tablet asks whether the server is there, in milliseconds.
const PING_AFTER_MILLIS: i64 = 20_000;
/// A question that has no answer after this time was asked of a dead connection, in milliseconds.
const ANSWER_TIMEOUT_MILLIS: i64 = 20_000;
/// A connection that held for this time begins the back-off anew, in milliseconds.
const STABLE_AFTER_MILLIS: i64 = 60_000;

/// What the host does with the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketAction {
    /// Opens a new one (closing an old one).
    Open,
    /// Closes it.
    Close,
}

#[derive(Debug, PartialEq)]
enum State {
    Idle,
    Opening {
        since: Timestamp,
    },
    Greeting {
        last_heard: Timestamp,
    },
    Online {
        since: Timestamp,
        last_heard: Timestamp,
        is_caught_up: bool,
    },
    Waiting {
        until: Timestamp,
    },
    SignInNeeded,
    UpdateNeeded,
}

/// The state of the connection.
#[derive(Debug)]
pub struct Connection {
    state: State,
    failures: u32,
    offline_since: Option<Timestamp>,
    /// What went out on this connection, settled or not.
    sent: BTreeSet<u64>,
    /// What went out and has no answer yet.
    in_flight: BTreeSet<u64>,
    /// When the question went out that nothing has answered yet.
    asked_at: Option<Timestamp>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            state: State::Idle,
            failures: 0,
            offline_since: None,
            sent: BTreeSet::new(),
            in_flight: BTreeSet::new(),
            asked_at: None,
        }
    }
}

impl Connection {
    /// What the status says of it.
    pub fn status(&self) -> ConnectionStatus {
        match self.state {
            State::Idle => ConnectionStatus::Idle,
            State::Opening { .. } | State::Greeting { .. } => ConnectionStatus::Connecting {
                offline_since: self.offline_since,
            },
            State::Online { is_caught_up, .. } => ConnectionStatus::Online {
                caught_up: is_caught_up,
            },
            State::Waiting { until } => ConnectionStatus::Offline {
                since: self.offline_since.unwrap_or(until),
                next_try: until,
            },
            State::SignInNeeded => ConnectionStatus::SignInNeeded,
            State::UpdateNeeded => ConnectionStatus::UpdateNeeded,
        }
    }

    /// Whether messages may be sent.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Greeting { .. } | State::Online { .. })
    }

    /// Whether the server has answered `Hello`.
    pub const fn is_online(&self) -> bool {
        matches!(self.state, State::Online { .. })
    }

    /// Whether everything from the store is here.
    pub const fn is_caught_up(&self) -> bool {
        matches!(
            self.state,
            State::Online {
                is_caught_up: true,
                ..
            }
        )
    }

    /// Tries now, whatever the back-off says.
    pub fn open_now(&mut self, now: Timestamp) -> Option<SocketAction> {
        if self.is_open() || matches!(self.state, State::Opening { .. } | State::UpdateNeeded) {
            return None;
        }
        self.state = State::Opening { since: now };
        Some(SocketAction::Open)
    }

    /// Stops trying.
    pub fn stop(&mut self) -> SocketAction {
        *self = Self::default();
        SocketAction::Close
    }

    /// The socket is open: `Hello` goes out next.
    pub fn opened(&mut self, now: Timestamp) {
        self.state = State::Greeting { last_heard: now };
        // What is not acknowledged goes out again, whatever an earlier connection made of it.
        if !faults::is_planted("lost_redelivery") {
            self.sent.clear();
        }
        self.in_flight.clear();
        self.asked_at = None;
    }

    /// Something arrived.
    pub fn heard(&mut self, now: Timestamp) {
        self.asked_at = None;
        if let State::Greeting { last_heard } | State::Online { last_heard, .. } = &mut self.state {
            *last_heard = now;
        }
    }

    /// The server answered `Hello`.
    pub fn welcomed(&mut self, now: Timestamp) {
        if matches!(self.state, State::Greeting { .. }) {
            self.state = State::Online {
                since: now,
                last_heard: now,
                is_caught_up: false,
            };
            self.offline_since = None;
        }
    }

    /// Something was stored here or there: the next pause is a short one again. A welcome alone
    /// does not count, or a tablet whose storage is full would fetch the same frame every second.
    pub fn progressed(&mut self) {
        self.failures = 0;
    }

    /// Takes note of the clock. What lies ahead of it was measured before the clock was set back;
    /// nothing may wait for the time that it showed then.
    pub fn notice_clock(&mut self, now: Timestamp) {
        if faults::is_planted("clock_trusted") {
            return;
        }
        match &mut self.state {
            State::Opening { since } => *since = now.min(*since),
            State::Greeting { last_heard } => *last_heard = now.min(*last_heard),
            State::Online {
                since, last_heard, ..
            } => {
                *since = now.min(*since);
                *last_heard = now.min(*last_heard);
            }
            State::Waiting { until } => {
                *until = now.plus_millis(PAUSE_LONGEST_MILLIS).min(*until);
            }
            State::Idle | State::SignInNeeded | State::UpdateNeeded => {}
        }
        self.asked_at = self.asked_at.map(|at| now.min(at));
        self.offline_since = self.offline_since.map(|since| now.min(since));
    }

    /// Whether the last frame left something behind.
    pub fn set_caught_up(&mut self, caught_up: bool) {
        if let State::Online { is_caught_up, .. } = &mut self.state {
            *is_caught_up = caught_up;
        }
    }

    /// The server closed the conversation.
    pub fn dismissed(&mut self, bye: Bye, now: Timestamp, randomness: &mut dyn Randomness) {
        match bye {
            Bye::SignInNeeded => self.state = State::SignInNeeded,
            Bye::UpdateNeeded => self.state = State::UpdateNeeded,
            Bye::BadMessage | Bye::Unavailable => self.lost(now, randomness),
            Bye::Erase => self.state = State::Idle,
        }
    }

    /// The socket is closed, or could not be opened; the next try comes by itself.
    pub fn lost(&mut self, now: Timestamp, randomness: &mut dyn Randomness) {
        let is_stopped = matches!(
            self.state,
            State::Idle | State::SignInNeeded | State::UpdateNeeded
        );
        if is_stopped || matches!(self.state, State::Waiting { .. }) {
            return;
        }
        self.offline_since.get_or_insert(now);
        if let State::Online { since, .. } = self.state
            && now.as_millis().saturating_sub(since.as_millis()) >= STABLE_AFTER_MILLIS
        {
            self.failures = 0;
        }
        let doubled = BACKOFF_FIRST_MILLIS << self.failures.min(6);
        self.failures = self.failures.saturating_add(1);
        let pause = doubled.min(BACKOFF_LONGEST_MILLIS);
        let mut random = [0; 2];
        randomness.fill(&mut random);
        // Up to half of the pause more, so that a store's tablets do not all return at once.
        let jitter = pause * i64::from(u16::from_be_bytes(random)) / (2 * i64::from(u16::MAX));
        self.state = State::Waiting {
            until: now.plus_millis(pause + jitter),
        };
        self.in_flight.clear();
    }

    /// When [`Self::wake`] wants to be called.
    pub fn wake_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Idle | State::SignInNeeded | State::UpdateNeeded => None,
            State::Opening { since } => Some(since.plus_millis(CONNECT_TIMEOUT_MILLIS)),
            State::Waiting { until } => Some(until),
            State::Greeting { last_heard } | State::Online { last_heard, .. } => {
                Some(match self.asked_at {
                    Some(at) => at.plus_millis(ANSWER_TIMEOUT_MILLIS),
                    None => last_heard.plus_millis(PING_AFTER_MILLIS),
                })
            }
        }
    }

    /// Time has passed. Also called when the clock jumped, so every branch checks it again.
    pub fn wake(
        &mut self,
        now: Timestamp,
        randomness: &mut dyn Randomness,
    ) -> (Option<SocketAction>, Option<ClientMessage>) {
        if self.wake_at().is_none_or(|at| now < at) {
            return (None, None);
        }
        match self.state {
            State::Waiting { .. } => {
                self.state = State::Opening { since: now };
                (Some(SocketAction::Open), None)
            }
            State::Opening { .. } => {
                self.lost(now, randomness);
                (Some(SocketAction::Close), None)
            }
            State::Greeting { .. } | State::Online { .. } if self.asked_at.is_some() => {
                self.lost(now, randomness);
                (Some(SocketAction::Close), None)
            }
            State::Greeting { .. } | State::Online { .. } => {
                self.asked_at = Some(now);
                (None, Some(ClientMessage::Ping(0)))
            }
            State::Idle | State::SignInNeeded | State::UpdateNeeded => (None, None),
        }
    }

    /// The next changes to send, in the tablet's order, as far as the window allows.
    pub fn next_push<'a>(
        &mut self,
        outbox: impl Iterator<Item = &'a StoredOutbox>,
    ) -> Option<ClientMessage> {
        if !self.is_open() || !self.in_flight.is_empty() {
            return None;
        }
        let mut items = Vec::new();
        let mut bytes = 0;
        for record in outbox.filter(|record| !self.sent.contains(&record.header.device_seq)) {
            bytes += record.work.len() + PUSH_ITEM_OVERHEAD_BYTES;
            if !items.is_empty() && (bytes > PUSH_BYTES || items.len() >= PUSH_MAX_ITEMS) {
                break;
            }
            items.push(record.item());
        }
        if items.is_empty() {
            return None;
        }
        self.in_flight = items.iter().map(|item| item.device_seq).collect();
        self.sent.extend(&self.in_flight);
        Some(ClientMessage::Push(Push { items }))
    }

    /// These changes are offered once more: what they build on may be at the store by now.
    pub fn send_again(&mut self, device_seqs: impl IntoIterator<Item = u64>) {
        for device_seq in device_seqs {
            if !self.in_flight.contains(&device_seq) {
                self.sent.remove(&device_seq);
            }
        }
    }

    /// Whether everything that went out was answered.
    pub fn is_answered(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// The server settled a pushed change, one way or the other.
    pub fn settled(&mut self, device_seq: u64) {
        self.in_flight.remove(&device_seq);
    }
}

/// What a push item needs beside its change, roughly.
const PUSH_ITEM_OVERHEAD_BYTES: usize = 100;
