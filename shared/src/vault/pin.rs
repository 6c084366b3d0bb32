//! What a PIN or a passphrase must be.
//!
//! A PIN guards against a curious colleague and a thief in a hurry; `SECURITY.md` says with
//! numbers what it does not guard against.

use crate::secret::Secret;

/// Fewest digits of a PIN.
pub const PIN_MIN_DIGITS: usize = 6;
/// Fewest characters of a passphrase.
pub const PASSPHRASE_MIN_CHARS: usize = 8;
/// Most characters of either.
pub const SECRET_MAX_CHARS: usize = 200;
/// Fewest different characters of a passphrase.
const PASSPHRASE_MIN_DIFFERENT: usize = 4;

/// PINs that are tried first: keys of a row or a column, and numbers that sound like words.
const COMMON_PINS: [&str; 14] = [
    "112233", "123321", "142536", "147258", "147369", "159357", "159753", "258369", "258456",
    "369258", "520131", "5201314", "789456", "987456",
];

/// What a passphrase must not be, whatever stands around it in digits.
const COMMON_WORDS: [&str; 8] = [
    "password",
    "passwort",
    "qwertyui",
    "qwertyuiop",
    "asdfghjk",
    "iloveyou",
    "floorbook",
    "woaini",
];

/// Why a PIN or passphrase is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakSecret {
    /// Digits, but not enough.
    #[error("a PIN needs at least {PIN_MIN_DIGITS} digits")]
    PinShort,
    /// Digits that are tried first.
    #[error("this PIN is one of the first that anyone tries")]
    PinTrivial,
    /// Not enough characters.
    #[error("a passphrase needs at least {PASSPHRASE_MIN_CHARS} characters")]
    PassphraseShort,
    /// Words that are tried first.
    #[error("this passphrase is one of the first that anyone tries")]
    PassphraseTrivial,
    /// Too many characters.
    #[error("a passphrase has at most {SECRET_MAX_CHARS} characters")]
    TooLong,
}

impl WeakSecret {
    /// Stable code; the screen's key is `problem-` and the code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PinShort => "pin_short",
            Self::PinTrivial => "pin_trivial",
            Self::PassphraseShort => "passphrase_short",
            Self::PassphraseTrivial => "passphrase_trivial",
            Self::TooLong => "passphrase_long",
        }
    }
}

/// Whether a PIN or passphrase may be chosen. Nothing but digits is a PIN.
pub fn check(secret: &Secret) -> Result<(), WeakSecret> {
    let text = secret.expose();
    let chars = text.chars().count();
    if chars > SECRET_MAX_CHARS {
        return Err(WeakSecret::TooLong);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return check_pin(text);
    }
    if chars < PASSPHRASE_MIN_CHARS {
        return Err(WeakSecret::PassphraseShort);
    }
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    let letters: String = text.to_lowercase();
    let letters = letters.trim_matches(|letter: char| !letter.is_alphabetic());
    if different.len() < PASSPHRASE_MIN_DIFFERENT || COMMON_WORDS.contains(&letters) {
        return Err(WeakSecret::PassphraseTrivial);
    }
    Ok(())
}

fn check_pin(digits: &str) -> Result<(), WeakSecret> {
    if digits.len() < PIN_MIN_DIGITS {
        return Err(WeakSecret::PinShort);
    }
    let bytes = digits.as_bytes();
    // A group of up to three digits again and again: 111111, 121212, 123123.
    let is_repeated = (1..=3).any(|length| {
        let first = bytes.get(..length).unwrap_or_default();
        bytes
            .chunks(length)
            .all(|group| first.starts_with(group) || group == first)
    });
    // Each digit the same step from the one before, around from 9 to 0: 123456, 654321, 135791.
    let steps: Vec<u8> = bytes
        .windows(2)
        .filter_map(|pair| match pair {
            [first, second] => Some((10 + second - first) % 10),
            _ => None,
        })
        .collect();
    let is_ladder = steps.windows(2).all(|pair| pair.first() == pair.last());
    if is_repeated || is_ladder || COMMON_PINS.contains(&digits) {
        return Err(WeakSecret::PinTrivial);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_trivial_pins_are_refused() {
        let cases = [
            ("", Err(WeakSecret::PinShort)),
            ("28471", Err(WeakSecret::PinShort)),
            ("111111", Err(WeakSecret::PinTrivial)),
            ("00000000", Err(WeakSecret::PinTrivial)),
            ("123456", Err(WeakSecret::PinTrivial)),
            ("234567", Err(WeakSecret::PinTrivial)),
            ("789012", Err(WeakSecret::PinTrivial)),
            ("654321", Err(WeakSecret::PinTrivial)),
            ("135791", Err(WeakSecret::PinTrivial)),
            ("121212", Err(WeakSecret::PinTrivial)),
            ("123123", Err(WeakSecret::PinTrivial)),
            ("1231231", Err(WeakSecret::PinTrivial)),
            ("5201314", Err(WeakSecret::PinTrivial)),
            ("147258", Err(WeakSecret::PinTrivial)),
            ("284719", Ok(())),
            ("0928374650", Ok(())),
        ];
        for (pin, expected) in cases {
            assert_eq!(check(&Secret::from(pin)), expected, "{pin}");
        }
    }

    #[test]
    fn short_and_trivial_passphrases_are_refused() {
        let cases = [
            ("tisch", Err(WeakSecret::PassphraseShort)),
            ("28471a", Err(WeakSecret::PassphraseShort)),
            ("aaaaaaaa", Err(WeakSecret::PassphraseTrivial)),
            ("Password2026", Err(WeakSecret::PassphraseTrivial)),
            ("floorbook", Err(WeakSecret::PassphraseTrivial)),
            ("a sofa by the window", Ok(())),
            ("窗边的沙发很舒服呢", Ok(())),
        ];
        for (passphrase, expected) in cases {
            assert_eq!(check(&Secret::from(passphrase)), expected, "{passphrase}");
        }
        let endless = Secret::from("a sofa ".repeat(SECRET_MAX_CHARS));
        assert_eq!(check(&endless), Err(WeakSecret::TooLong));
    }
}
