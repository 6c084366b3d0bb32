//! Run-length columns, walked without expanding what they claim.
//!
//! Automerge writes each column in one way only. A change that is written in another way would get
//! another hash when the library writes it again, so every other way is refused here.

use super::ScanError;
use super::bytes::Reader;
use crate::faults;

/// Some equal values in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run<T> {
    pub(super) count: u64,
    pub(super) value: T,
}

/// The runs of one column. There are never more of them than the column has bytes.
#[derive(Clone, Debug)]
pub(super) struct Runs<T> {
    runs: Vec<Run<T>>,
    length: u64,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            length: 0,
        }
    }
}

impl<T: Copy> Runs<T> {
    /// How many values there are.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// All values one by one. Only for columns whose length was checked.
    pub(super) fn values(&self) -> impl Iterator<Item = T> + '_ {
        let expand = |run: &Run<T>| {
            let value = run.value;
            (0..run.count).map(move |_| value)
        };
        self.runs.iter().flat_map(expand)
    }

    /// The runs themselves.
    pub(super) fn runs(&self) -> impl Iterator<Item = Run<T>> + '_ {
        self.runs.iter().copied()
    }

    fn push(&mut self, count: u64, value: T, max: u64) -> Result<(), ScanError> {
        let length = self.length.checked_add(count);
        self.length = length
            .filter(|length| is_within(*length, max))
            .ok_or(ScanError::TooMany("operations"))?;
        self.runs.push(Run { count, value });
        Ok(())
    }
}

fn is_within(count: u64, max: u64) -> bool {
    count <= max || faults::is_planted("scanner_believes_claims")
}

/// What the run before was, to tell one way of writing from all others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    Nothing,
    Repeated,
    Literal,
}

/// Reads a column of values or nothings, of which there may be `max`.
pub(super) fn values<'a, T: Copy + PartialEq>(
    bytes: &'a [u8],
    max: u64,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, ScanError>,
) -> Result<Runs<Option<T>>, ScanError> {
    let mut reader = Reader::new(bytes);
    let mut runs = Runs::default();
    let mut before = Before::Start;
    let mut last = None;
    while !reader.is_done() {
        let header = reader.signed()?;
        match header {
            0 => {
                let count = reader.unsigned()?;
                if count == 0 || before == Before::Nothing {
                    return Err(ScanError::BadColumn("nothings"));
                }
                runs.push(count, None, max)?;
                (before, last) = (Before::Nothing, None);
            }
            1.. => {
                let value = Some(read(&mut reader)?);
                if header == 1 || last == value {
                    return Err(ScanError::BadColumn("repeated values"));
                }
                runs.push(header.unsigned_abs(), value, max)?;
                (before, last) = (Before::Repeated, value);
            }
            _ => {
                let count = header.unsigned_abs();
                if before == Before::Literal {
                    return Err(ScanError::BadColumn("single values"));
                }
                // Refused before the values are read, of which there need not be so many.
                if !is_within(count, max) {
                    return Err(ScanError::TooMany("operations"));
                }
                for _ in 0..count {
                    let value = Some(read(&mut reader)?);
                    if last == value {
                        return Err(ScanError::BadColumn("single values"));
                    }
                    runs.push(1, value, max)?;
                    last = value;
                }
                before = Before::Literal;
            }
        }
    }
    if !bytes.is_empty() && runs.runs.iter().all(|run| run.value.is_none()) {
        return Err(ScanError::BadColumn("nothing but nothings"));
    }
    Ok(runs)
}

/// Reads a column of yes and no, of which there may be `max`.
pub(super) fn booleans(bytes: &[u8], max: u64) -> Result<Runs<bool>, ScanError> {
    let mut reader = Reader::new(bytes);
    let mut runs = Runs::default();
    let mut value = false;
    while !reader.is_done() {
        let count = reader.unsigned()?;
        // The column begins with how often no stands; that alone may be never.
        if count > 0 {
            runs.push(count, value, max)?;
        } else if value || !runs.runs.is_empty() || reader.is_done() {
            return Err(ScanError::BadColumn("yes and no"));
        }
        value = !value;
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bytes: &[u8]) -> Result<Vec<Option<u64>>, ScanError> {
        values(bytes, 100, Reader::unsigned).map(|runs| runs.values().collect())
    }

    #[test]
    fn runs_are_read_in_the_one_way_in_which_they_are_written() {
        assert_eq!(numbers(&[3, 7]), Ok(vec![Some(7); 3]));
        assert_eq!(numbers(&[0x7e, 1, 2]), Ok(vec![Some(1), Some(2)]));
        assert_eq!(numbers(&[0, 2, 0x7f, 5]), Ok(vec![None, None, Some(5)]));
        let others: [&[u8]; 7] = [
            &[1, 7],
            &[2, 7, 2, 7],
            &[0x7e, 1, 1],
            &[0x7f, 1, 0x7f, 2],
            &[0, 1, 0, 1, 0x7f, 1],
            &[0, 0],
            &[0, 5],
        ];
        for bytes in others {
            assert!(
                matches!(numbers(bytes), Err(ScanError::BadColumn(_))),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_run_that_claims_more_than_there_may_be_is_refused_without_expanding() {
        let claims: [&[u8]; 3] = [
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 7],
            &[0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 7],
        ];
        for bytes in claims {
            assert_eq!(numbers(bytes), Err(ScanError::TooMany("operations")));
        }
        let booleans = booleans(&[0xff, 0xff, 0xff, 0xff, 0x0f], 100);
        assert_eq!(
            booleans.map(|runs| runs.length()),
            Err(ScanError::TooMany("operations"))
        );
    }

    #[test]
    fn yes_and_no_alternate() {
        let read = |bytes: &[u8]| booleans(bytes, 100).map(|runs| runs.values().collect());
        assert_eq!(read(&[2, 1]), Ok(vec![false, false, true]));
        assert_eq!(read(&[0, 1]), Ok(vec![true]));
        let others: [&[u8]; 3] = [&[0], &[1, 0, 1], &[0, 0, 1]];
        for bytes in others {
            assert_eq!(read(bytes), Err(ScanError::BadColumn("yes and no")));
        }
    }
}
