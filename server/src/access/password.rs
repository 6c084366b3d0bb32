//! Passwords: what is accepted, and Argon2id off the async threads.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use floorbook_shared::api::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};
use tokio::sync::Semaphore;

use super::accounts::{AccountError, InvalidInput};
use super::common_passwords::COMMON;
use super::secret::PasswordHash;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 46 * 1024;

/// Passes over that memory.
const PASSES: u32 = 1;

/// Random bytes beside each password.
pub const SALT_BYTES: usize = 16;

/// How long a sign-in waits for its turn before it is told to come back.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Longest piece whose repeating makes no password, in characters.
const REPEATED_MAX_CHARS: usize = 4;

/// Runs that fingers find by themselves; read in both directions.
const RUNS: [&str; 6] = [
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// Whom a new password shall belong to.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// Name of the person.
    pub name: &'a str,
    /// Name of their home store.
    pub store: &'a str,
}

/// Checks a new password.
pub fn check_new(password: &str, whose: Whose<'_>) -> Result<(), InvalidInput> {
    let chars = password.chars().count();
    if chars < PASSWORD_MIN_CHARS {
        return Err(InvalidInput::PasswordTooShort);
    }
    if chars > PASSWORD_MAX_CHARS {
        return Err(InvalidInput::PasswordTooLong);
    }
    let lower = password.to_lowercase();
    let is_common = COMMON.binary_search(&lower.as_str()).is_ok()
        || is_digits(&lower)
        || is_repeated(&lower)
        || is_run(&lower)
        || is_name(&lower, whose.name)
        || is_name(&lower, whose.store);
    if is_common {
        return Err(InvalidInput::PasswordTooCommon);
    }
    Ok(())
}

/// Digits alone, however they are grouped: a phone number, a birthday.
fn is_digits(lower: &str) -> bool {
    lower
        .chars()
        .all(|char| char.is_numeric() || !char.is_alphanumeric())
}

/// A short piece said again and again.
fn is_repeated(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    (1..=REPEATED_MAX_CHARS).any(|length| {
        chars
            .iter()
            .zip(chars.iter().skip(length))
            .all(|(left, right)| left == right)
    })
}

fn is_run(lower: &str) -> bool {
    let backwards: String = lower.chars().rev().collect();
    RUNS.iter()
        .any(|run| run.contains(lower) || run.contains(&backwards))
}

/// A name with nothing but digits and signs around it.
fn is_name(lower: &str, name: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|char| char.is_alphabetic());
        letters.flat_map(char::to_lowercase).collect()
    };
    let name = plain(name);
    !name.is_empty() && plain(lower).replace(&name, "").is_empty()
}

/// What a hash costs; less than [`PasswordCost::STANDARD`] is for tests only.
#[derive(Clone, Copy, Debug)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl PasswordCost {
    /// What every server uses.
    pub const STANDARD: Self = Self {
        memory_kib: MEMORY_KIB,
        passes: PASSES,
    };
}

/// Hashes and verifies passwords, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    params: Params,
    turns: Semaphore,
    /// Verified against when there is no account, so that both answers take the same time.
    decoy: PasswordHash,
}

impl Passwords {
    /// Makes it, with one turn per processor.
    pub fn new(cost: PasswordCost, salt: [u8; SALT_BYTES]) -> Result<Self, AccountError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| AccountError::internal("argon2 parameters", &error))?;
        let turns = std::thread::available_parallelism().map_or(1, usize::from);
        let decoy = hash(&params, "decoy", &salt)?;
        Ok(Self {
            params,
            turns: Semaphore::new(turns),
            decoy,
        })
    }

    /// Hashes a password.
    pub async fn hash(
        &self,
        password: String,
        salt: [u8; SALT_BYTES],
    ) -> Result<PasswordHash, AccountError> {
        let params = self.params.clone();
        self.in_turn(move || hash(&params, &password, &salt)).await
    }

    /// Whether this is the password; without a hash it takes as long and says no.
    pub async fn verify(
        &self,
        password: String,
        expected: Option<PasswordHash>,
    ) -> Result<bool, AccountError> {
        let exists = expected.is_some();
        let expected = expected.unwrap_or_else(|| self.decoy.clone());
        let matches = self
            .in_turn(move || {
                let parsed = Phc::new(expected.as_phc())
                    .map_err(|error| AccountError::internal("stored password hash", &error))?;
                Ok(Argon2::default()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok())
            })
            .await?;
        Ok(exists && matches)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, AccountError> {
        let _turn = tokio::time::timeout(MAX_WAIT, self.turns.acquire())
            .await
            .map_err(|_| AccountError::Busy)?
            .map_err(|error| AccountError::internal("password turns", &error))?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| AccountError::internal("password task", &error))?
    }
}

fn hash(
    params: &Params,
    password: &str,
    salt: &[u8; SALT_BYTES],
) -> Result<PasswordHash, AccountError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash: Phc = argon2
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| AccountError::internal("password hash", &error))?;
    Ok(PasswordHash::from_phc(hash.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LI: Whose<'_> = Whose {
        name: "Li Na",
        store: "杭州店 Hangzhou",
    };

    #[test]
    fn short_long_and_common_passwords_are_refused() {
        assert_eq!(
            check_new("nine char", LI),
            Err(InvalidInput::PasswordTooShort)
        );
        assert_eq!(
            check_new(&"ab".repeat(101), LI),
            Err(InvalidInput::PasswordTooLong)
        );
        for common in [
            "Password123",
            "woaini1314520",
            "zzzzzzzzzzz",
            "abcabcabcabc",
            "13800001234",
            "1990-01-02-03",
            "mnbvcxzlkjh",
            "Li Na 12345678",
            "lina!lina!2026",
            "杭州店Hangzhou2026",
        ] {
            assert_eq!(
                check_new(common, LI),
                Err(InvalidInput::PasswordTooCommon),
                "{common}"
            );
        }
        for good in [
            "青山不改绿水长流后会有期",
            "four plain old words",
            "Li Na likes 3 teapots",
        ] {
            assert_eq!(check_new(good, LI), Ok(()), "{good}");
        }
    }

    #[test]
    fn the_common_ones_are_sorted_in_lower_case_and_long_enough_to_matter() {
        assert!(COMMON.is_sorted() && COMMON.len() > 500);
        for common in COMMON {
            assert!(common.chars().count() >= PASSWORD_MIN_CHARS, "{common}");
            assert_eq!(*common, common.to_lowercase());
        }
    }
}
