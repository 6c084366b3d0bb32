use std::io::Read;

use floorbook_shared::id::PersonId;

use super::*;
use crate::access::secret::SecretHash;

#[derive(Clone, Default)]
struct Memory(std::sync::Arc<Mutex<Vec<u8>>>);

impl LedgerStorage for Memory {
    fn reader(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::Cursor::new(self.0.lock().unwrap().clone())))
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut all = self.0.lock().unwrap();
        all.truncate(usize::try_from(offset).unwrap());
        all.extend_from_slice(bytes);
        Ok(())
    }
}

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn ended(byte: u8) -> Event {
    Event::SessionsEnded {
        person: PersonId::from_bytes([byte; 16]),
    }
}

fn began() -> Event {
    Event::Began {
        nonce: SecretHash::of("test", b"nonce"),
    }
}

fn open(memory: &Memory) -> (Ledger, Vec<Entry>, Reading) {
    let mut entries = Vec::new();
    let reading = read(memory, &mut |entry| entries.push(entry)).unwrap();
    let ledger = Ledger::open(Box::new(memory.clone()), &reading);
    (ledger, entries, reading)
}

fn filled() -> Memory {
    let memory = Memory::default();
    let (ledger, _, _) = open(&memory);
    ledger.append(0, &[began(), ended(1)], NOW).unwrap();
    ledger.append(2, &[ended(2)], NOW).unwrap();
    memory
}

#[test]
fn what_was_appended_is_read_again() {
    let memory = filled();
    let (ledger, entries, reading) = open(&memory);
    assert_eq!(reading.problem, None);
    assert_eq!(reading.end, ledger.end());
    let groups: Vec<(u64, u64)> = entries
        .iter()
        .map(|entry| (entry.number, entry.group))
        .collect();
    assert_eq!(groups, [(1, 1), (2, 1), (3, 3)]);
    assert_eq!(entries[2].event, ended(2));
}

#[test]
fn a_torn_last_line_is_passed_over_and_cut_off_by_the_next() {
    let memory = filled();
    let whole = memory.0.lock().unwrap().len();
    for torn in ["{", "{\"chain\":\"00", "rubbish\n", "\0\0\0"] {
        memory.0.lock().unwrap().truncate(whole);
        memory.0.lock().unwrap().extend_from_slice(torn.as_bytes());
        let (_, entries, reading) = open(&memory);
        assert_eq!(reading.problem, Some(LedgerProblem::Torn), "{torn:?}");
        assert_eq!(entries.len(), 3);
    }
    let (ledger, _, _) = open(&memory);
    ledger.append(3, &[ended(3)], NOW).unwrap();
    let (_, entries, reading) = open(&memory);
    assert_eq!((entries.len(), reading.problem), (4, None));
}

#[test]
fn a_line_that_was_changed_or_taken_out_breaks_the_chain() {
    let memory = filled();
    let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    let changed = text.replacen("1800000000000", "1800000000001", 1);
    let without: String = text
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect();
    for forged in [changed, without] {
        *memory.0.lock().unwrap() = forged.into_bytes();
        let (_, entries, reading) = open(&memory);
        assert_eq!(reading.problem, Some(LedgerProblem::Broken));
        assert!(entries.is_empty());
    }
}

#[test]
fn lines_that_the_database_does_not_follow_are_taken_back() {
    let memory = filled();
    let (ledger, _, _) = open(&memory);
    // The database follows line 2: the transaction of line 3 was never committed.
    let place = ledger.append(2, &[ended(4)], NOW).unwrap();
    assert_eq!(place.number, 5);
    let (_, entries, _) = open(&memory);
    assert_eq!(entries[3].event, Event::Voided { after: 2 });
    assert_eq!((entries[3].group, entries[4].group), (4, 4));
}

#[test]
fn a_kind_of_a_newer_program_is_told_from_damage() {
    let memory = filled();
    let (ledger, _, reading) = open(&memory);
    let body = br#""number":4,"group":4,"at":0,"event":{"kind":"of_tomorrow"}}"#;
    let chain = ledger.end().chain.extend(body);
    let line = [
        event::CHAIN_BEFORE.as_bytes(),
        chain.hex().as_bytes(),
        event::CHAIN_BEHIND.as_bytes(),
        body,
        b"\n",
    ]
    .concat();
    memory.write_at(reading.bytes, &line).unwrap();
    assert_eq!(open(&memory).2.problem, Some(LedgerProblem::Newer));
}
