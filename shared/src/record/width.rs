//! Full-width spellings of ASCII characters, as Chinese input methods leave them behind.

/// The ASCII character that a full-width one stands for; any other character unchanged.
pub const fn fold_char(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(character as u32 - 0xfee0) {
            Some(folded) => folded,
            None => character,
        },
        _ => character,
    }
}

/// The text with its full-width ASCII characters folded, for comparing; never for storing.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// The text without white space and invisible marks at both ends.
///
/// Numbers that were copied out of other programs carry zero-width marks, which would otherwise
/// make two equal values differ.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace()
            || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
    })
}

#[cfg(test)]
mod tests {
    use super::{fold, trim};

    #[test]
    fn full_width_characters_fold_to_ascii() {
        assert_eq!(fold("１３(A类)、　x"), "13(A类)、 x");
        assert_eq!(fold("𠮷"), "𠮷");
    }

    #[test]
    fn invisible_marks_are_trimmed() {
        assert_eq!(trim("\u{202d}13800000000\u{202c}　\n"), "13800000000");
    }
}
