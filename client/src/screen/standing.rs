//! What the one status chip says: the most important truth about saving and sending.

use floorbook_shared::device::message::{Connection, Status};
use floorbook_shared::time::Timestamp;

/// What the status chip says, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something needs a person: refused entries, unreadable cards, storage, sign-in, update.
    NeedsAttention {
        /// How many things.
        count: usize,
    },
    /// Not connected.
    Offline {
        /// Since when, if known.
        since: Option<Timestamp>,
        /// Changes on this tablet alone.
        unsent: usize,
    },
    /// A first sync runs.
    Receiving {
        /// Cards here.
        done: u32,
        /// Cards in all.
        total: u32,
    },
    /// Connected, with changes on their way.
    Waiting {
        /// How many.
        unsent: usize,
    },
    /// Connected or connecting, not yet compared with the store.
    Checking,
    /// This tablet and the store were compared and hold the same; nothing waits.
    InSync {
        /// Since when that is known.
        at: Timestamp,
    },
    /// Compared, and some cards differ until another tablet brings what the store has lost.
    Differing {
        /// How many cards.
        count: usize,
    },
    /// Nobody is signed in.
    SignedOut,
    /// The tablet is locked and nothing waits on it.
    Locked,
}

impl Standing {
    /// The standing that a status amounts to.
    pub fn of(status: &Status) -> Self {
        let count = attention_count(status);
        if count > 0 {
            return Self::NeedsAttention { count };
        }
        let unsent = status.unsent;
        match &status.connection {
            Connection::Offline { since, .. } => Self::Offline {
                since: Some(*since),
                unsent,
            },
            Connection::Connecting {
                offline_since: Some(since),
            } => Self::Offline {
                since: Some(*since),
                unsent,
            },
            Connection::Connecting {
                offline_since: None,
            } if unsent == 0 => Self::Checking,
            Connection::Idle if unsent == 0 => Self::SignedOut,
            Connection::Online { caught_up } => match (status.receiving, status.verified) {
                _ if unsent > 0 => Self::Waiting { unsent },
                (Some(progress), _) => Self::Receiving {
                    done: progress.done,
                    total: progress.total,
                },
                (None, Some(at)) if *caught_up && status.is_verified => Self::InSync { at },
                (None, _) if *caught_up && status.differing > 0 => Self::Differing {
                    count: status.differing,
                },
                (None, Some(_) | None) => Self::Checking,
            },
            Connection::Connecting {
                offline_since: None,
            }
            | Connection::Idle
            | Connection::SignInNeeded
            | Connection::UpdateNeeded => Self::Waiting { unsent },
        }
    }

    /// The standing of a locked tablet: nobody's cards are open, but what waits is delivered.
    pub fn of_locked(status: &Status) -> Self {
        let is_offline = matches!(
            status.connection,
            Connection::Offline { .. }
                | Connection::Connecting {
                    offline_since: Some(_)
                }
        );
        match status.unsent {
            0 => Self::Locked,
            _ if is_offline => Self::of(status),
            unsent => Self::Waiting { unsent },
        }
    }

    /// The name of the standing, for styles and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeedsAttention { .. } => "attention",
            Self::Offline { .. } => "offline",
            Self::Receiving { .. } => "receiving",
            Self::Waiting { .. } => "waiting",
            Self::Checking => "checking",
            Self::InSync { .. } => "in-sync",
            Self::Differing { .. } => "differing",
            Self::SignedOut => "signed-out",
            Self::Locked => "locked",
        }
    }
}

/// How many things need a person.
pub fn attention_count(status: &Status) -> usize {
    status.refused.len()
        + usize::from(status.unreadable > 0)
        + usize::from(status.storage_problem.is_some())
        + usize::from(matches!(
            status.connection,
            Connection::SignInNeeded | Connection::UpdateNeeded
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn online(unsent: usize) -> Status {
        Status {
            unsent,
            connection: Connection::Online { caught_up: true },
            verified: Some(NOON),
            is_verified: true,
            ..Status::default()
        }
    }

    #[test]
    fn in_sync_is_said_only_when_nothing_waits_and_it_was_compared() {
        assert_eq!(Standing::of(&online(0)), Standing::InSync { at: NOON });
        assert_eq!(Standing::of(&online(1)), Standing::Waiting { unsent: 1 });
        let mut status = online(0);
        status.is_verified = false;
        assert_eq!(Standing::of(&status), Standing::Checking);
        status.differing = 2;
        assert_eq!(Standing::of(&status), Standing::Differing { count: 2 });
        let mut status = online(0);
        status.connection = Connection::Online { caught_up: false };
        assert_eq!(Standing::of(&status), Standing::Checking);
        status.connection = Connection::Connecting {
            offline_since: None,
        };
        assert_eq!(Standing::of(&status), Standing::Checking);
    }

    #[test]
    fn a_try_after_a_failed_one_still_counts_as_offline() {
        let mut status = online(12);
        status.connection = Connection::Connecting {
            offline_since: Some(NOON),
        };
        let offline = Standing::Offline {
            since: Some(NOON),
            unsent: 12,
        };
        assert_eq!(Standing::of(&status), offline);
        status.connection = Connection::Offline {
            since: NOON,
            next_try: NOON,
        };
        assert_eq!(Standing::of(&status), offline);
    }

    #[test]
    fn a_locked_tablet_says_what_waits_and_nothing_else() {
        assert_eq!(Standing::of_locked(&online(0)), Standing::Locked);
        let waiting = Standing::Waiting { unsent: 2 };
        assert_eq!(Standing::of_locked(&online(2)), waiting);
        let mut status = online(2);
        status.connection = Connection::SignInNeeded;
        assert_eq!(Standing::of_locked(&status), waiting);
        status.connection = Connection::Offline {
            since: NOON,
            next_try: NOON,
        };
        let offline = Standing::Offline {
            since: Some(NOON),
            unsent: 2,
        };
        assert_eq!(Standing::of_locked(&status), offline);
        status.unsent = 0;
        assert_eq!(Standing::of_locked(&status), Standing::Locked);
    }

    #[test]
    fn what_needs_a_person_comes_before_everything_else() {
        let mut status = online(3);
        status.connection = Connection::SignInNeeded;
        status.unreadable = 5;
        status.storage_problem = Some("full".into());
        assert_eq!(Standing::of(&status), Standing::NeedsAttention { count: 3 });
    }
}
