//! The phones of one spreadsheet cell, with the words beside them.

use crate::record::phone::{PHONE_MIN_DIGITS, PhoneKind, digits_of, is_separator, normalise};
use crate::record::width::{fold, fold_char, trim};

/// Longest piece that is searched for numbers separated by nothing but blanks, in bytes.
const BLANK_SPLIT_MAX_BYTES: usize = 200;

/// The phones of one cell, each as typed.
///
/// Splits at `/`, `、`, commas and the like, but leaves together what is no number by itself: an
/// area code before a slash, a second extension, words in brackets. Every character of the cell
/// but separators and blanks is in one of the pieces.
pub fn split_cell(cell: &str) -> Vec<&str> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for (index, character) in cell.char_indices() {
        if is_separator(character) {
            pieces.push((start, index));
            start = index + character.len_utf8();
        }
    }
    pieces.push((start, cell.len()));

    // Pieces too short to be a number join a neighbour, separators included.
    let mut joined: Vec<(usize, usize)> = Vec::new();
    let mut waits_for_next = false;
    for (start, end) in pieces {
        let piece = &cell[start..end];
        if trim(piece).is_empty() {
            continue;
        }
        let digits = digits_of(&fold(piece));
        let is_number = digits.len() >= PHONE_MIN_DIGITS;
        match joined.last_mut() {
            Some(last) if waits_for_next || !is_number => {
                last.1 = end;
                waits_for_next = waits_for_next && !is_number;
            }
            Some(_) => joined.push((start, end)),
            None => {
                joined.push((start, end));
                waits_for_next = !is_number;
            }
        }
    }
    joined
        .into_iter()
        .flat_map(|(start, end)| split_at_blanks(trim(&cell[start..end])))
        .collect()
}

/// The number and the words beside it: `13800000000(太太)` is a number with the label `太太`.
///
/// The words are empty if there are none. Keeps everything in the number when the words can't be
/// told from it.
pub fn split_label(piece: &str) -> (&str, String) {
    let piece = trim(piece);
    let is_digit = |character: char| fold_char(character).is_ascii_digit();
    let Some(first) = piece.find(is_digit) else {
        return (piece, String::new());
    };
    let mut start = first;
    while let Some(before) = piece[..start].chars().next_back() {
        if !matches!(fold_char(before), '+' | '(') {
            break;
        }
        start -= before.len_utf8();
    }
    let last = piece
        .char_indices()
        .rev()
        .find(|(_, character)| is_digit(*character));
    let mut end = last.map_or(piece.len(), |(index, character)| {
        index + character.len_utf8()
    });
    let balance = |text: &str| {
        text.chars()
            .fold(0_i32, |open, character| match fold_char(character) {
                '(' => open + 1,
                ')' => open - 1,
                _ => open,
            })
    };
    if balance(&piece[start..end]) > 0
        && let Some(after) = piece[end..].chars().next()
        && fold_char(after) == ')'
    {
        end += after.len_utf8();
    }
    // Words with digits of their own in brackets: `13800000000(2号楼)`.
    let bracket = piece[first..end]
        .char_indices()
        .find(|(_, character)| fold_char(*character) == '(');
    if let Some((index, _)) = bracket {
        let head = trim(&piece[start..first + index]);
        if normalise(head).is_complete() && !normalise(&piece[start..end]).is_complete() {
            let label = [&piece[..start], &piece[first + index..]].map(bare_words);
            return (head, label.join(" ").trim().to_owned());
        }
    }
    let label = [&piece[..start], &piece[end..]].map(bare_words);
    (trim(&piece[start..end]), label.join(" ").trim().to_owned())
}

/// Words without the brackets and colons around them.
fn bare_words(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || "()[]【】:;,、-'\"".contains(fold_char(character))
    })
}

/// Splits numbers that stand side by side with nothing but blanks between them.
fn split_at_blanks(piece: &str) -> Vec<&str> {
    if piece.len() > BLANK_SPLIT_MAX_BYTES || normalise(piece).kind != PhoneKind::Unknown {
        return vec![piece];
    }
    let blanks = piece
        .char_indices()
        .filter(|(_, character)| character.is_whitespace());
    for (index, _) in blanks {
        let (head, tail) = (trim(&piece[..index]), trim(&piece[index..]));
        if normalise(head).is_complete() {
            let rest = split_at_blanks(tail);
            if rest.iter().all(|number| normalise(number).is_complete()) {
                return std::iter::once(head).chain(rest).collect();
            }
        }
    }
    vec![piece]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_is_split_into_its_phones() {
        for (cell, expected) in [
            ("", vec![]),
            ("　", vec![]),
            ("无", vec!["无"]),
            (
                "13924381304/19208530672",
                vec!["13924381304", "19208530672"],
            ),
            (
                "15140498215、16300092405",
                vec!["15140498215", "16300092405"],
            ),
            (
                "(+86)18817421540 , 16100503105",
                vec!["(+86)18817421540", "16100503105"],
            ),
            (
                "13924381304，19208530672；",
                vec!["13924381304", "19208530672"],
            ),
            (
                "13924381304 19208530672",
                vec!["13924381304", "19208530672"],
            ),
            (
                "139 2438 1304 192 0853 0672",
                vec!["139 2438 1304", "192 0853 0672"],
            ),
            ("151 4930 3891", vec!["151 4930 3891"]),
            ("0512-77767705转882", vec!["0512-77767705转882"]),
            ("0512-77767705转882/883", vec!["0512-77767705转882/883"]),
            ("0512/77767705", vec!["0512/77767705"]),
            (
                "0512-77767705/13924381304",
                vec!["0512-77767705", "13924381304"],
            ),
            ("0512 7776 7705", vec!["0512 7776 7705"]),
            (
                "13924381304(太太,周末)/19208530672(先生)",
                vec!["13924381304(太太,周末)", "19208530672(先生)"],
            ),
            ("太太,13924381304", vec!["太太,13924381304"]),
            (
                "13924381304\n19208530672",
                vec!["13924381304", "19208530672"],
            ),
        ] {
            assert_eq!(split_cell(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn words_beside_a_number_are_its_label() {
        for (piece, number, label) in [
            ("13924381304", "13924381304", ""),
            ("13924381304(太太)", "13924381304", "太太"),
            ("（太太）13924381304", "13924381304", "太太"),
            ("太太:13924381304", "13924381304", "太太"),
            ("13924381304 太太", "13924381304", "太太"),
            ("(0512)50872011", "(0512)50872011", ""),
            ("(+86)18817421540", "(+86)18817421540", ""),
            ("办公室（0512）50872011转8", "（0512）50872011转8", "办公室"),
            ("13924381304(2号楼 王)", "13924381304", "2号楼 王"),
            ("'13924381304", "13924381304", ""),
            ("(13924381304)", "(13924381304)", ""),
        ] {
            assert_eq!(split_label(piece), (number, label.to_owned()), "{piece:?}");
        }
    }

    proptest! {
        #[test]
        fn splitting_loses_no_digit(cell in "[-+() /、,转0-9太]{0,60}") {
            let pieces: String = split_cell(&cell).concat();
            prop_assert_eq!(digits_of(&pieces), digits_of(&cell));
            for piece in split_cell(&cell) {
                let (number, label) = split_label(piece);
                prop_assert_eq!(digits_of(number) .len()+ digits_of(&label).len(), digits_of(piece).len());
            }
        }
    }
}
