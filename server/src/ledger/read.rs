//! Reading and checking a ledger.

use std::io::{self, BufRead, BufReader};

use super::event::{CHAIN_BEFORE, CHAIN_BEHIND};
use super::{Entry, LedgerChain, LedgerPlace, LedgerStorage};

/// Longest line, in bytes: an account or a tablet that everyone of a large chain used.
const LINE_MAX_BYTES: u64 = 1024 * 1024;

/// How far a ledger could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The last line that is whole.
    pub end: LedgerPlace,
    /// Bytes up to there.
    pub bytes: u64,
    /// What stands behind, if it is not the end of the file.
    pub problem: Option<LedgerProblem>,
}

/// Why a ledger could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerProblem {
    /// The last line is torn, as a crash leaves it.
    Torn,
    /// A line in the middle is damaged, missing or forged.
    Broken,
    /// A line is whole but of a kind that this program does not know.
    Newer,
}

/// Reads the lines from the start and shows each whole one, also those that were taken back.
///
/// # Errors
/// If the storage can't be read.
pub fn read(storage: &dyn LedgerStorage, visit: &mut dyn FnMut(Entry)) -> io::Result<Reading> {
    read_places(storage, &mut |entry, _| visit(entry))
}

/// The place of a line, if there is one of this number; 0 is the place before the first.
///
/// # Errors
/// If the storage can't be read.
pub fn place_of(storage: &dyn LedgerStorage, number: u64) -> io::Result<Option<LedgerPlace>> {
    let mut found = (number == 0).then(LedgerPlace::default);
    read_places(storage, &mut |entry, place| {
        if entry.number == number {
            found = Some(place);
        }
    })?;
    Ok(found)
}

fn read_places(
    storage: &dyn LedgerStorage,
    visit: &mut dyn FnMut(Entry, LedgerPlace),
) -> io::Result<Reading> {
    let mut lines = BufReader::new(storage.reader()?);
    let mut reading = Reading {
        end: LedgerPlace::default(),
        bytes: 0,
        problem: None,
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        let limited = &mut io::Read::take(&mut lines, LINE_MAX_BYTES);
        limited.read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(reading);
        }
        let Some((body, chain)) = check(&line, reading.end.chain) else {
            let is_last = lines.fill_buf()?.is_empty();
            reading.problem = Some(if is_last {
                LedgerProblem::Torn
            } else {
                LedgerProblem::Broken
            });
            return Ok(reading);
        };
        let entry = match serde_json::from_slice::<Entry>(&body) {
            Ok(entry) if entry.number == reading.end.number + 1 => entry,
            Ok(_) => {
                reading.problem = Some(LedgerProblem::Broken);
                return Ok(reading);
            }
            // The chain proves the bytes: another program wrote them on purpose.
            Err(_) => {
                reading.problem = Some(LedgerProblem::Newer);
                return Ok(reading);
            }
        };
        reading.end.number += 1;
        reading.end.chain = chain;
        if reading.end.number == 1 {
            reading.end.ledger = chain;
        }
        reading.bytes += line.len() as u64;
        visit(entry, reading.end);
    }
}

/// The line's body as an object of its own and the chain behind it, if the line continues `before`.
fn check(line: &[u8], before: LedgerChain) -> Option<(Vec<u8>, LedgerChain)> {
    let line = line.strip_suffix(b"\n")?;
    let rest = line.strip_prefix(CHAIN_BEFORE.as_bytes())?;
    let (stated, rest) = rest.split_at_checked(32)?;
    let body = rest.strip_prefix(CHAIN_BEHIND.as_bytes())?;
    let chain = before.extend(body);
    (stated == chain.hex().as_bytes()).then(|| ([b"{", body].concat(), chain))
}
