//! How many messages a tablet may send: then its socket is not read for a moment, and the network
//! makes it wait. An honest tablet never notices.

use std::time::Duration;

use tokio::time::Instant;

/// One message each, in the long run: 200 a second.
const MESSAGE_INTERVAL: Duration = Duration::from_millis(5);
/// Messages that may come at once after a silence.
const MESSAGE_BURST: u32 = 400;

/// A token bucket. It holds no counter but the moment when it will be full again, so nothing has
/// to fill it.
#[derive(Debug)]
pub(super) struct MessageRate {
    full_at: Instant,
}

impl MessageRate {
    /// A full bucket.
    pub(super) const fn new(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// When the next message may be read; a moment that has passed if one may be read at once.
    pub(super) fn ready_at(&self, now: Instant) -> Instant {
        let ahead = MESSAGE_INTERVAL * (MESSAGE_BURST - 1);
        // What would be before the machine's clock began has passed.
        self.full_at.checked_sub(ahead).unwrap_or(now)
    }

    /// Takes tokens for a message that was read: as many as it weighs.
    pub(super) fn take(&mut self, weight: u32, now: Instant) {
        self.full_at = self.full_at.max(now) + MESSAGE_INTERVAL * weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads as many messages as may be read until then; answers how many.
    fn read_until(rate: &mut MessageRate, now: &mut Instant, end: Instant) -> u32 {
        let mut count = 0;
        loop {
            let ready = rate.ready_at(*now).max(*now);
            if ready >= end {
                *now = end;
                return count;
            }
            *now = ready;
            rate.take(1, *now);
            count += 1;
        }
    }

    #[test]
    fn a_flood_is_slowed_down_to_the_rate_after_a_burst() {
        let mut now = Instant::now() + Duration::from_secs(60);
        let mut rate = MessageRate::new(now);
        let mut until = |seconds| {
            let end = now + Duration::from_secs(seconds);
            read_until(&mut rate, &mut now, end)
        };
        assert_eq!(until(1), MESSAGE_BURST - 1 + 200);
        assert_eq!(until(10), 2_000);
    }

    #[test]
    fn after_a_silence_a_burst_may_come_again_but_no_larger_one() {
        let mut now = Instant::now() + Duration::from_secs(60);
        let mut rate = MessageRate::new(now);
        let at_once = |rate: &mut MessageRate, now: Instant| {
            let mut count = 0;
            while rate.ready_at(now) <= now {
                rate.take(1, now);
                count += 1;
            }
            count
        };
        assert_eq!(at_once(&mut rate, now), MESSAGE_BURST);
        now += Duration::from_secs(1);
        assert_eq!(at_once(&mut rate, now), 200);
        now += Duration::from_secs(3_600);
        assert_eq!(at_once(&mut rate, now), MESSAGE_BURST);
    }

    #[test]
    fn a_tablet_at_an_honest_pace_never_waits() {
        let mut now = Instant::now() + Duration::from_secs(60);
        let mut rate = MessageRate::new(now);
        for _ in 0..10_000 {
            now += Duration::from_millis(6);
            assert!(rate.ready_at(now) <= now);
            rate.take(1, now);
        }
    }
}
