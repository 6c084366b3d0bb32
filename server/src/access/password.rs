//! Passwords: what is accepted, and Argon2id off the async threads.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use floorbook_shared::api::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};
use tokio::sync::Semaphore;

use super::accounts::{AccountError, InvalidInput};
use super::secret::PasswordHash;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 46 * 1024;

/// Passes over that memory.
const PASSES: u32 = 1;

/// Random bytes beside each password.
pub const SALT_BYTES: usize = 16;

/// How long a sign-in waits for its turn before it is told to come back.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Common passwords that are long enough to be accepted otherwise, in lower case.
const COMMON: [&str; 30] = [
    "0123456789",
    "0987654321",
    "1111111111",
    "11223344556",
    "1122334455",
    "1234512345",
    "1234567890",
    "12345678900",
    "12345678910",
    "123456789a",
    "123456789abc",
    "123456789q",
    "123456abcdef",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "5201314520",
    "a123456789",
    "aa123456789",
    "abc1234567",
    "abcd123456",
    "administrator",
    "floorbook1",
    "floorbook123",
    "iloveyou123",
    "password12",
    "password123",
    "qq123456789",
    "qwertyuiop",
    "woaini1314",
];

/// Checks a new password; `name` is whose it shall be.
pub fn check_new(password: &str, name: &str) -> Result<(), InvalidInput> {
    let chars = password.chars().count();
    if chars < PASSWORD_MIN_CHARS {
        return Err(InvalidInput::PasswordTooShort);
    }
    if chars > PASSWORD_MAX_CHARS {
        return Err(InvalidInput::PasswordTooLong);
    }
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    let is_one_char = lower.chars().all(|char| Some(char) == first);
    if is_one_char || COMMON.contains(&lower.as_str()) || lower == name.to_lowercase() {
        return Err(InvalidInput::PasswordTooCommon);
    }
    Ok(())
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

    #[test]
    fn short_long_and_common_passwords_are_refused() {
        assert_eq!(
            check_new("nine char", "Li"),
            Err(InvalidInput::PasswordTooShort)
        );
        assert_eq!(
            check_new(&"ab".repeat(101), "Li"),
            Err(InvalidInput::PasswordTooLong)
        );
        for common in ["Password123", "zzzzzzzzzzz", "Wang Xiaoming"] {
            assert_eq!(
                check_new(common, "wang xiaoming"),
                Err(InvalidInput::PasswordTooCommon),
                "{common}"
            );
        }
        assert_eq!(check_new("青山不改绿水长流后会有期", "Li"), Ok(()));
    }
}
