//! Throttling of sign-ins: token buckets in memory.
//!
//! Whoever signs in does so on an enrolled tablet, so guessing is slowed per account and tablet:
//! nobody can use up the tries that somebody else has on another tablet. What comes from one
//! address is slowed as well, beyond what one tablet may do. Codes have buckets of their own, which
//! strangers may drain without keeping anyone from signing in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use floorbook_shared::id::{DeviceId, PersonId};
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

/// One account on one tablet.
const ACCOUNT_ON_TABLET: Rate = Rate {
    burst: 10,
    refill_millis: 30_000,
};
/// Everything on one tablet.
const TABLET: Rate = Rate {
    burst: 30,
    refill_millis: 5_000,
};
/// Sign-ins from one address; a whole store may share one.
const ADDRESS: Rate = Rate {
    burst: 120,
    refill_millis: 1_000,
};
/// Codes from one address.
const CODES_OF_ADDRESS: Rate = Rate {
    burst: 60,
    refill_millis: 2_000,
};

/// Questions of one person whether somebody is a customer: as many as a busy day brings walk-ins, and
/// far too few to try a list of numbers.
const LOOK_UPS: Rate = Rate {
    burst: 20,
    refill_millis: 30_000,
};

/// Who tries.
#[derive(Clone, Debug)]
pub enum Attempt<'a> {
    /// A sign-in on an enrolled tablet.
    SignIn {
        /// The folded name that was typed, of an account or not.
        account: &'a str,
        /// The tablet.
        device: DeviceId,
        /// From where.
        address: IpAddr,
    },
    /// A one-time code that is typed on an enrolled tablet.
    TabletCode {
        /// The tablet.
        device: DeviceId,
    },
    /// A question whether somebody is a customer; each counts, whatever the answer is.
    LookUp {
        /// Who asks.
        person: PersonId,
    },
    /// A one-time code of a stranger.
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
        Attempt::SignIn {
            account,
            device,
            address,
        } => {
            let parts: [&[u8]; 2] = [account.as_bytes(), device.as_bytes()];
            vec![
                (key("account on tablet", &parts), ACCOUNT_ON_TABLET),
                (key("tablet", &[device.as_bytes()]), TABLET),
                (key("address", &[&network(*address)]), ADDRESS),
            ]
        }
        Attempt::TabletCode { device } => {
            vec![(key("codes of tablet", &[device.as_bytes()]), TABLET)]
        }
        Attempt::LookUp { person } => {
            vec![(key("look-ups", &[person.as_bytes()]), LOOK_UPS)]
        }
        Attempt::Code { address } => {
            vec![(
                key("codes of address", &[&network(*address)]),
                CODES_OF_ADDRESS,
            )]
        }
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

    fn sign_in(account: &str, tablet: u8) -> Attempt<'_> {
        Attempt::SignIn {
            account,
            device: DeviceId::from_bytes([tablet; 16]),
            address: IpAddr::from([10, 0, 0, 1]),
        }
    }

    #[test]
    fn guessing_is_stopped_and_allowed_again_later() {
        let limiter = Limiter::default();
        let start = Timestamp::from_millis(1_000_000);
        for _ in 0..ACCOUNT_ON_TABLET.burst {
            limiter.take(&sign_in("li", 1), start).unwrap();
        }
        let wait = limiter.take(&sign_in("li", 1), start).unwrap_err();
        assert!((30..=31).contains(&wait), "{wait}");
        limiter.take(&sign_in("wang", 1), start).unwrap();
        limiter
            .take(&sign_in("li", 1), start.plus_millis(30_000))
            .unwrap();
    }

    #[test]
    fn whoever_hammers_an_account_on_one_tablet_locks_nobody_out_on_another() {
        let limiter = Limiter::default();
        let mut now = Timestamp::from_millis(0);
        for number in 0..2_000 {
            let name = format!("guess {}", number % 7);
            let _ = limiter.take(&sign_in(&name, 1), now);
            let _ = limiter.take(&sign_in("li", 1), now);
            now = now.plus_millis(50);
        }
        while limiter.take(&sign_in("li", 1), now).is_ok() {}
        limiter.take(&sign_in("li", 2), now).unwrap();
    }

    #[test]
    fn strangers_with_codes_keep_nobody_from_signing_in() {
        let limiter = Limiter::default();
        let (now, address) = (Timestamp::from_millis(0), IpAddr::from([10, 0, 0, 1]));
        while limiter.take(&Attempt::Code { address }, now).is_ok() {}
        limiter.take(&sign_in("li", 1), now).unwrap();
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
            limiter.take(&sign_in("li", 1), now).unwrap();
            limiter.give_back(&sign_in("li", 1));
        }
    }
}
