//! One-time codes and session tokens.

use floorbook_shared::id::Randomness;

use super::secret::SecretHash;

/// Letters and digits that nobody takes for one another: Crockford's base32.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Characters of a one-time code, five bits each.
const CODE_CHARS: usize = 24;

/// Characters between two dashes.
const GROUP_CHARS: usize = 4;

/// How long an invitation works.
pub const INVITATION_HOURS: i64 = 72;

/// Days after which a session ends, however much it is used.
pub const SESSION_DAYS: i64 = 90;

/// Days after which a session ends that is not used.
pub const IDLE_DAYS: i64 = 30;

/// Milliseconds of a day.
pub const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// Random bytes of a token.
pub const TOKEN_BYTES: usize = 32;

/// Draws a one-time code, such as `7K2M-…`.
pub fn new_code(randomness: &mut dyn Randomness) -> String {
    let mut random = [0; CODE_CHARS];
    randomness.fill(&mut random);
    let mut code = String::with_capacity(CODE_CHARS + CODE_CHARS / GROUP_CHARS);
    for (index, byte) in random.iter().enumerate() {
        if index > 0 && index % GROUP_CHARS == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32, so every letter is equally likely.
        code.push(ALPHABET[usize::from(byte % 32)]);
    }
    code
}

/// Hash of a one-time code as someone typed it: dashes, spaces and case do not matter, nor does
/// O for 0 or I and L for 1.
pub fn code_hash(typed: &str) -> SecretHash {
    let plain: String = typed
        .chars()
        .filter(|char| char.is_ascii_alphanumeric())
        .map(|char| match char.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    SecretHash::of("floorbook one-time code", plain.as_bytes())
}

/// Draws the token of a session or of a tablet; it is kept nowhere else than at the tablet.
pub fn new_token(randomness: &mut dyn Randomness) -> [u8; TOKEN_BYTES] {
    let mut token = [0; TOKEN_BYTES];
    randomness.fill(&mut token);
    token
}

/// Hash of a session's token.
pub fn session_hash(token: &[u8; TOKEN_BYTES]) -> SecretHash {
    SecretHash::of("floorbook session", token)
}

/// Hash of a tablet's token.
pub fn tablet_hash(token: &[u8; TOKEN_BYTES]) -> SecretHash {
    SecretHash::of("floorbook tablet", token)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(u8);

    impl Randomness for Counting {
        fn fill(&mut self, target: &mut [u8]) {
            for byte in target {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
        }
    }

    #[test]
    fn a_code_reads_the_same_however_it_is_typed() {
        let code = new_code(&mut Counting(0));
        assert_eq!(code.chars().filter(|char| *char != '-').count(), CODE_CHARS);
        assert_eq!(
            code_hash(&code),
            code_hash(&code.to_lowercase().replace('-', " "))
        );
        assert_eq!(code_hash("O1-L"), code_hash("0i1"));
        assert_ne!(code_hash(&code), code_hash(&new_code(&mut Counting(1))));
    }
}
