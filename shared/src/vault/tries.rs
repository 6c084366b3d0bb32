//! Wrong PINs: counted on disk before each try, so that pulling the plug gains none.

use serde::{Deserialize, Serialize};

/// This many wrong ones delete what the PIN opens; only an online sign-in brings it back.
pub const TRIES_MAX: u32 = 10;

/// Tries since the PIN was right last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tries(u32);

impl Tries {
    /// The count with one try more, to be written before the PIN is looked at; `None` if there
    /// is none left.
    pub const fn counted(self) -> Option<Self> {
        if self.0 < TRIES_MAX {
            Some(Self(self.0 + 1))
        } else {
            None
        }
    }

    /// How many are left.
    pub const fn left(self) -> u32 {
        TRIES_MAX.saturating_sub(self.0)
    }

    /// Whether none is left: what the PIN opens has to go.
    pub const fn are_used_up(self) -> bool {
        self.left() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_are_counted_and_no_more() {
        let mut tries = Tries::default();
        for number in 1..=TRIES_MAX {
            assert!(!tries.are_used_up());
            tries = tries.counted().unwrap();
            assert_eq!(tries.left(), TRIES_MAX - number);
        }
        assert!(tries.are_used_up());
        assert_eq!(tries.counted(), None);
    }
}
