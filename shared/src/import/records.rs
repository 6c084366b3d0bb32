//! Text as rows of cells, where damage costs the damaged rows only.
//!
//! A CSV library reads on to the end of the file after one quotation mark that is never closed.
//! People's files have such marks, and a customer must not vanish into the remarks of another one:
//! this scanner gives up the damaged row and goes on at the next line that is a whole row.

use crate::import::problem::ProblemCode;
use crate::record::customer::REMARKS_MAX_CHARS;
use crate::rules::FACTS_MAX;

/// Longest cell that is read, in characters.
pub const CELL_MAX_CHARS: usize = REMARKS_MAX_CHARS;
/// Most columns of a file: each may become a fact of the card.
pub const COLUMNS_MAX: usize = 100;
// All columns fit on a card as facts.
const _: () = assert!(COLUMNS_MAX <= FACTS_MAX);
/// Most rows of a file, damaged ones included.
pub const ROWS_MAX: usize = 50_000;
/// Longest row that is read, in characters.
const ROW_MAX_CHARS: usize = 10 * CELL_MAX_CHARS;
/// Most lines behind a damaged row that are tried as the next whole row.
const RESUME_LINES_MAX: usize = 50;
/// How often the whole file may be read again in search of whole rows behind damaged ones.
const RESUME_EFFORT: usize = 16;

/// The separators that files are written with.
pub const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// A row of the file, or what is left of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A row with its cells as written, without quotation marks.
    Row {
        /// Line on which it begins, from 1.
        line: u32,
        /// Its cells.
        cells: Vec<String>,
    },
    /// Lines that are no whole row.
    Damaged {
        /// Line on which it begins, from 1.
        line: u32,
        /// What is wrong.
        code: ProblemCode,
        /// The lines as they stand.
        text: String,
    },
}

/// Reads rows from a text whose lines end with `\n`. Blank rows are passed over.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    text: &'a str,
    position: usize,
    line: u32,
    delimiter: char,
    columns: Option<usize>,
    effort_left: usize,
}

impl<'a> Records<'a> {
    /// Starts at the first line; rows may have any number of cells until
    /// [`expect_columns`](Self::expect_columns).
    pub const fn new(text: &'a str, delimiter: char) -> Self {
        Self {
            text,
            position: 0,
            line: 1,
            delimiter,
            columns: None,
            effort_left: text.len().saturating_mul(RESUME_EFFORT),
        }
    }

    /// From here on a row with another number of cells is damaged (blank ones at its end aside).
    pub const fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// Moves behind `end`, counting lines; returns the text passed.
    fn advance(&mut self, end: usize) -> &'a str {
        let passed = &self.text[self.position..end];
        let lines = passed.matches('\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.position = end;
        passed
    }

    /// What is wrong with a scanned row, if anything.
    fn judge(&self, scanned: &mut Scanned) -> Option<ProblemCode> {
        if scanned.damage.is_some() {
            return scanned.damage;
        }
        let columns = self.columns?;
        while scanned.cells.len() > columns
            && scanned
                .cells
                .last()
                .is_some_and(|cell| cell.trim().is_empty())
        {
            scanned.cells.pop();
        }
        (scanned.cells.len() != columns).then_some(ProblemCode::ColumnCount)
    }

    /// Where to go on behind a damaged row: the next line in it that is a whole row, else its end.
    fn resume(&mut self, scanned: &Scanned) -> usize {
        let first_line_end = line_end(self.text, self.position);
        let is_open = scanned.damage == Some(ProblemCode::UnbalancedQuotes);
        if self.columns.is_some() {
            let mut start = first_line_end;
            for _ in 0..RESUME_LINES_MAX {
                if start >= scanned.end || start >= self.text.len() || self.effort_left == 0 {
                    break;
                }
                let mut candidate = scan(self.text, start, self.delimiter);
                let effort = candidate.end.saturating_sub(start);
                self.effort_left = self.effort_left.saturating_sub(effort.max(1));
                if self.judge(&mut candidate).is_none() {
                    return start;
                }
                start = line_end(self.text, start);
            }
        }
        if is_open {
            first_line_end
        } else if self.text[..scanned.end].ends_with('\n') {
            scanned.end
        } else {
            line_end(self.text, scanned.end)
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while self.position < self.text.len() {
            let line = self.line;
            let mut scanned = scan(self.text, self.position, self.delimiter);
            let is_blank =
                scanned.damage.is_none() && scanned.cells.iter().all(|cell| cell.trim().is_empty());
            if is_blank {
                self.advance(scanned.end);
                continue;
            }
            let Some(code) = self.judge(&mut scanned) else {
                self.advance(scanned.end);
                let cells = scanned.cells;
                return Some(Record::Row { line, cells });
            };
            let end = self.resume(&scanned);
            let text = self.advance(end).to_owned();
            return Some(Record::Damaged { line, code, text });
        }
        None
    }
}

/// One row as scanned, perhaps up to where it turned out to be damaged.
struct Scanned {
    cells: Vec<String>,
    /// Behind the row, or where scanning stopped.
    end: usize,
    damage: Option<ProblemCode>,
}

/// Behind the line that `position` is in.
fn line_end(text: &str, position: usize) -> usize {
    text.get(position..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |index| position + index + 1)
}

/// Scans one row from `start`.
fn scan(text: &str, start: usize, delimiter: char) -> Scanned {
    let mut cells = Vec::new();
    let mut position = start;
    loop {
        let rest = &text[position..];
        let cell = match rest.strip_prefix('"') {
            Some(quoted) => scan_quoted(quoted, delimiter).map(|(cell, used)| (cell, used + 1)),
            None => scan_plain(rest, delimiter),
        };
        match cell {
            Ok((cell, used)) => {
                cells.push(cell);
                position += used;
            }
            Err((damage, used)) => {
                return Scanned {
                    cells,
                    end: (position + used).min(text.len()),
                    damage: Some(damage),
                };
            }
        }
        let stop = |damage, end| Scanned {
            cells: Vec::new(),
            end,
            damage: Some(damage),
        };
        if cells.len() > COLUMNS_MAX {
            return stop(ProblemCode::ColumnCount, position);
        }
        if position - start > ROW_MAX_CHARS * 4 {
            return stop(ProblemCode::CellTooLong, position);
        }
        match text[position..].chars().next() {
            Some(character) if character == delimiter => position += character.len_utf8(),
            Some(newline) => {
                return Scanned {
                    cells,
                    end: position + newline.len_utf8(),
                    damage: None,
                };
            }
            None => {
                return Scanned {
                    cells,
                    end: position,
                    damage: None,
                };
            }
        }
    }
}

/// A cell with the bytes it takes, or what is wrong with the bytes scanned so far.
type Cell = Result<(String, usize), (ProblemCode, usize)>;

/// Scans a cell without quotation marks up to its separator or line end.
fn scan_plain(rest: &str, delimiter: char) -> Cell {
    let used = rest.find([delimiter, '\n']).unwrap_or(rest.len());
    let cell = &rest[..used];
    if cell.len() > CELL_MAX_CHARS && cell.chars().count() > CELL_MAX_CHARS {
        return Err((ProblemCode::CellTooLong, used));
    }
    Ok((cell.to_owned(), used))
}

/// Scans a cell behind its opening quotation mark.
fn scan_quoted(quoted: &str, delimiter: char) -> Cell {
    let mut cell = String::new();
    let mut characters = quoted.char_indices().peekable();
    let mut count = 0_usize;
    while let Some((index, character)) = characters.next() {
        if character != '"' {
            cell.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            cell.push('"');
        } else {
            // Blanks between the closing mark and the separator mean nothing.
            let behind = &quoted[index + 1..];
            let blank = behind
                .find(|next: char| next == delimiter || !matches!(next, ' ' | '\t' | '\r'))
                .unwrap_or(behind.len());
            let is_closed = behind[blank..]
                .chars()
                .next()
                .is_none_or(|next| next == delimiter || next == '\n');
            return if is_closed {
                Ok((cell, index + 1 + blank))
            } else {
                Err((ProblemCode::UnbalancedQuotes, index + 2))
            };
        }
        count += 1;
        if count > CELL_MAX_CHARS {
            break;
        }
    }
    let used = quoted
        .char_indices()
        .nth(count)
        .map_or(quoted.len(), |(index, _)| index);
    Err((ProblemCode::UnbalancedQuotes, used + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, columns: usize) -> Vec<(u32, Result<Vec<String>, &'static str>)> {
        let mut records = Records::new(text, ',');
        records.expect_columns(columns);
        records
            .map(|record| match record {
                Record::Row { line, cells } => (line, Ok(cells)),
                Record::Damaged { line, code, .. } => (line, Err(code.code())),
            })
            .collect()
    }

    fn row(cells: &[&str]) -> Result<Vec<String>, &'static str> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_line_breaks_and_blank_rows_are_understood() {
        assert_eq!(
            rows(
                "a,\"b \"\"x\"\"\",c\n\n,,\n\"d\ne\",f \"g\",\"\" \nh,i,j,,",
                3
            ),
            [
                (1, row(&["a", "b \"x\"", "c"])),
                (4, row(&["d\ne", "f \"g\"", ""])),
                (6, row(&["h", "i", "j"])),
            ]
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_row() {
        assert_eq!(
            rows("a,b\n\"c,d\ne,f\ng,h\n", 2),
            [
                (1, row(&["a", "b"])),
                (2, Err("unbalanced_quotes")),
                (3, row(&["e", "f"])),
                (4, row(&["g", "h"])),
            ]
        );
    }

    #[test]
    fn a_quote_that_a_later_row_happens_to_close_costs_one_row() {
        assert_eq!(
            rows("a,\"b\nc,d\ne,\"f\"\ng,h\n", 2),
            [
                (1, Err("unbalanced_quotes")),
                (2, row(&["c", "d"])),
                (3, row(&["e", "f"])),
                (4, row(&["g", "h"])),
            ]
        );
    }

    #[test]
    fn rows_with_too_many_or_too_few_cells_are_damaged() {
        assert_eq!(
            rows("a\na,b\na,b,c\n\"a\nb\"\nc,d", 2),
            [
                (1, Err("column_count")),
                (2, row(&["a", "b"])),
                (3, Err("column_count")),
                (4, Err("column_count")),
                (6, row(&["c", "d"])),
            ]
        );
    }

    #[test]
    fn a_cell_beyond_the_limit_is_reported() {
        let long = "长".repeat(CELL_MAX_CHARS + 1);
        assert_eq!(
            rows(&format!("a,{long}\nb,c\n"), 2),
            [(1, Err("cell_too_long")), (2, row(&["b", "c"]))]
        );
        let quoted = format!("a,\"{long}\"\nb,c\n");
        assert_eq!(rows(&quoted, 2)[1], (2, row(&["b", "c"])));
    }

    #[test]
    fn hostile_nesting_is_read_in_reasonable_time() {
        let cell = format!("\"{}\n\",", "x".repeat(400));
        let text = cell.repeat(5_000);
        assert!(!rows(&text, 3).is_empty());
        assert!(!rows(&"\"a\n".repeat(50_000), 3).is_empty());
        assert!(!rows(&"a,\"b".repeat(50_000), 3).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_every_line_is_somewhere(text in "[a\",\n 长]{0,80}") {
            for delimiter in DELIMITERS {
                for record in Records::new(&text, delimiter) {
                    drop(record);
                }
            }
            for columns in 1..4 {
                let _ = rows(&text, columns);
            }
        }

        #[test]
        fn what_a_csv_library_writes_is_read_back(
            table in proptest::collection::vec(
                proptest::collection::vec("[a\",\n;长 ]{0,6}x", 3), 1..6),
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for cells in &table {
                writer.write_record(cells).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<_> = rows(&text, 3).into_iter().map(|(_, row)| row.unwrap()).collect();
            prop_assert_eq!(read, table);
        }
    }
}
