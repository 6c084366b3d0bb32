//! Values whose rare characters an older system could not write.

/// Whether `copy` is `original` with `?` in place of characters that its encoding lacked.
///
/// Each `?` stands for one character that is not ASCII; some exports write `??` for characters
/// outside the basic plane (two units of UTF-16), all of them alike. Equal values are no copies.
pub fn is_damaged_copy(copy: &str, original: &str) -> bool {
    copy != original
        && copy.contains('?')
        && [1, 2]
            .into_iter()
            .any(|marks| matches_with(copy, original, marks))
}

/// Whether the two match if a character outside the basic plane became `marks_per_rare` marks.
fn matches_with(copy: &str, original: &str, marks_per_rare: usize) -> bool {
    let mut rest = copy.chars();
    for expected in original.chars() {
        let Some(found) = rest.next() else {
            return false;
        };
        if found == expected {
            continue;
        }
        if found != '?' || expected.is_ascii() {
            return false;
        }
        let marks = if u32::from(expected) > 0xffff {
            marks_per_rare
        } else {
            1
        };
        for _ in 1..marks {
            if rest.next() != Some('?') {
                return false;
            }
        }
    }
    rest.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_damaged_copy;

    #[test]
    fn a_mark_stands_for_one_rare_character() {
        for (copy, original, expected) in [
            ("魏?", "魏𠮷", true),
            ("魏??", "魏𠮷", true),
            ("魏???", "魏𠮷", false),
            ("王?", "王喆", true),
            ("王??", "王喆", false),
            ("??", "𠮷喆", true),
            ("???", "𠮷喆", true),
            ("买买提?巴合提", "买买提•巴合提", true),
            ("李?", "魏𠮷", false),
            ("魏𠮷", "魏𠮷", false),
            ("魏?", "魏?", false),
            ("几点来?", "几点来", false),
            ("几点来?", "几点来!", false),
            ("几点来?", "几点来\u{2014}", true),
            ("", "𠮷", false),
            ("魏𠮷", "魏?", false),
        ] {
            assert_eq!(
                is_damaged_copy(copy, original),
                expected,
                "{copy} {original}"
            );
        }
    }

    proptest! {
        #[test]
        fn comparing_never_panics(copy in "[?魏𠮷a]{0,12}", original in "\\PC{0,12}") {
            is_damaged_copy(&copy, &original);
        }
    }
}
