//! Throttling of sign-ins: token buckets in memory.
//!
//! Guessing is slowed per account and address together, so that a stranger who hammers an account
//! does not lock its owner out; a device on which the person signed in before has a bucket of its
//! own, which a stranger can't drain.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use floorbook_shared::id::DeviceId;
use floorbook_shared::time::Timestamp;

/// Most buckets that are kept; a full one says nothing and goes first.
const MAX_BUCKETS: usize = 20_000;

/// How fast a bucket empties and fills.
#[derive(Clone, Copy, Debug)]
struct Rate {
    /// Tries at once.
    burst: u32,
    /// Milliseconds until one more try.
    refill_millis: u32,
}

/// One account from one address.
const ACCOUNT_AT_ADDRESS: Rate = Rate {
    burst: 5,
    refill_millis: 30_000,
};
/// One account from anywhere but its known devices.
const ACCOUNT: Rate = Rate {
    burst: 100,
    refill_millis: 30_000,
};
/// One account on a device where its person signed in before.
const KNOWN_DEVICE: Rate = Rate {
    burst: 10,
    refill_millis: 30_000,
};
/// Everything from one address; a whole store may share one.
const ADDRESS: Rate = Rate {
    burst: 60,
    refill_millis: 2_000,
};

/// Who tries.
#[derive(Clone, Debug)]
pub enum Attempt<'a> {
    /// A sign-in from a device that the account does not know.
    Stranger {
        /// The folded name that was typed, of an account or not.
        account: &'a str,
        /// From where.
        address: IpAddr,
    },
    /// A sign-in on a device where the person signed in before.
    KnownDevice {
        /// The folded name.
        account: &'a str,
        /// The device.
        device: DeviceId,
    },
    /// A one-time code.
    Code {
        /// From where.
        address: IpAddr,
    },
}

type Key = [u8; 32];

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When the bucket is or was full; each try moves it on by one refill.
    full_at: i64,
}

/// All buckets.
#[derive(Debug, Default)]
pub struct Limiter {
    buckets: Mutex<HashMap<Key, Bucket>>,
}

impl Limiter {
    /// Takes one try out of every bucket of the attempt, or says in how many seconds to try again.
    pub fn take(&self, attempt: &Attempt<'_>, now: Timestamp) -> Result<(), u32> {
        let now = now.as_millis();
        let keys = keys(attempt);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait_millis = 0;
        for (key, rate) in &keys {
            let full_at = buckets
                .get(key)
                .map_or(now, |bucket| bucket.full_at.max(now));
            let refill = i64::from(rate.refill_millis);
            let latest = now + (i64::from(rate.burst) - 1) * refill;
            wait_millis = wait_millis.max(full_at - latest);
        }
        if wait_millis > 0 {
            return Err(u32::try_from(wait_millis.div_euclid(1000) + 1).unwrap_or(u32::MAX));
        }
        make_room(&mut buckets, keys.len(), now);
        for (key, rate) in keys {
            let bucket = buckets.entry(key).or_insert(Bucket { full_at: now });
            bucket.full_at = bucket.full_at.max(now) + i64::from(rate.refill_millis);
        }
        Ok(())
    }

    /// Puts the try back after a success: only failures count.
    pub fn give_back(&self, attempt: &Attempt<'_>) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, rate) in keys(attempt) {
            if let Some(bucket) = buckets.get_mut(&key) {
                bucket.full_at -= i64::from(rate.refill_millis);
            }
        }
    }
}

/// Drops full buckets, and if that is not enough the ones that are soonest full.
fn make_room(buckets: &mut HashMap<Key, Bucket>, wanted: usize, now: i64) {
    if buckets.len() + wanted <= MAX_BUCKETS {
        return;
    }
    buckets.retain(|_, bucket| bucket.full_at > now);
    if buckets.len() + wanted <= MAX_BUCKETS {
        return;
    }
    let mut ends: Vec<i64> = buckets.values().map(|bucket| bucket.full_at).collect();
    ends.sort_unstable();
    let middle = ends.get(ends.len() / 2).copied().unwrap_or(now);
    buckets.retain(|_, bucket| bucket.full_at > middle);
}

fn keys(attempt: &Attempt<'_>) -> Vec<(Key, Rate)> {
    match attempt {
        Attempt::Stranger { account, address } => {
            let place = network(*address);
            vec![
                (
                    key("account at address", &[account.as_bytes(), &place]),
                    ACCOUNT_AT_ADDRESS,
                ),
                (key("account", &[account.as_bytes()]), ACCOUNT),
                (key("address", &[&place]), ADDRESS),
            ]
        }
        Attempt::KnownDevice { account, device } => {
            vec![(
                key("device", &[account.as_bytes(), device.as_bytes()]),
                KNOWN_DEVICE,
            )]
        }
        Attempt::Code { address } => vec![(key("address", &[&network(*address)]), ADDRESS)],
    }
}

fn key(kind: &str, parts: &[&[u8]]) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(kind.as_bytes());
    for part in parts {
        hasher.update(&[0]);
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// An IPv4 address, or the /64 of an IPv6 one, within which a single machine moves freely.
fn network(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(account: &str, last: u8) -> Attempt<'_> {
        Attempt::Stranger {
            account,
            address: IpAddr::from([10, 0, 0, last]),
        }
    }

    #[test]
    fn guessing_is_stopped_and_allowed_again_later() {
        let limiter = Limiter::default();
        let start = Timestamp::from_millis(1_000_000);
        for _ in 0..5 {
            limiter.take(&stranger("li", 1), start).unwrap();
        }
        let wait = limiter.take(&stranger("li", 1), start).unwrap_err();
        assert!((30..=31).contains(&wait), "{wait}");
        limiter.take(&stranger("li", 2), start).unwrap();
        limiter
            .take(&stranger("li", 1), start.plus_millis(30_000))
            .unwrap();
    }

    #[test]
    fn the_known_device_of_a_hammered_account_still_signs_in() {
        let limiter = Limiter::default();
        let now = Timestamp::from_millis(0);
        for last in 0..40 {
            for _ in 0..5 {
                let _ = limiter.take(&stranger("li", last), now);
            }
        }
        limiter.take(&stranger("li", 200), now).unwrap_err();
        let device = DeviceId::from_bytes([7; 16]);
        limiter
            .take(
                &Attempt::KnownDevice {
                    account: "li",
                    device,
                },
                now,
            )
            .unwrap();
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let limiter = Limiter::default();
        for number in 0..30_000_u32 {
            let address = IpAddr::from(number.to_be_bytes());
            let _ = limiter.take(&Attempt::Code { address }, Timestamp::from_millis(0));
        }
        assert!(limiter.buckets.lock().unwrap().len() <= MAX_BUCKETS);
    }

    #[test]
    fn successes_do_not_count() {
        let limiter = Limiter::default();
        let now = Timestamp::from_millis(0);
        for _ in 0..500 {
            limiter.take(&stranger("li", 1), now).unwrap();
            limiter.give_back(&stranger("li", 1));
        }
    }
}
