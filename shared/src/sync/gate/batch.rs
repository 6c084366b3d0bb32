//! Many changes of one document, judged with few proofs.
//!
//! A proof saves and loads the whole document, so it must not be had for every change: what can be
//! told from sizes alone is told without one, and whoever sends changes that need one each gets
//! only so many in a batch.

use super::draft::Draft;
use super::{Candidate, GateError, Passed};
use crate::document::Document;
use crate::document::author::ChangeAuthor;
use crate::faults;
use crate::sync::message::DOCUMENT_MAX_BYTES;

/// Proofs of a batch that are made because only they tell whether there is room for a change. When
/// they are used up, a card with so little room is full.
pub(super) const CLOSE_CALLS_MAX: usize = 16;
/// Halvings of a batch in search of who spoils it, and proofs of what else they sent. When they are
/// used up, what was not proven is refused.
pub(super) const SEARCHES_MAX: usize = 32;

/// Says how many bytes a document takes when it is saved, if it survives that.
pub(super) type Prove<'p> = &'p dyn Fn(&Document) -> Result<usize, GateError>;

/// What became of the candidates of a batch.
#[derive(Debug)]
pub struct Judged {
    /// The document with what passed.
    pub document: Document,
    /// The size of the document when it is saved, in bytes.
    pub bytes: usize,
    /// What became of each candidate.
    pub verdicts: Vec<Verdict>,
}

type Verdict = Result<Passed, GateError>;

/// Judges candidates on a document that is proven.
pub(super) fn judge(
    document: &Document,
    bytes: usize,
    candidates: &[Candidate<'_>],
    prove: Prove<'_>,
) -> Judged {
    let mut batch = Batch {
        candidates,
        judged: Judged {
            document: document.clone(),
            bytes,
            // What is not even looked at was not proven.
            verdicts: vec![Err(GateError::Unloadable); candidates.len()],
        },
        close_calls: 0,
        searches: 0,
        suspects: Vec::new(),
        suspected: Vec::new(),
        is_late: false,
        prove,
    };
    let all: Vec<usize> = (0..candidates.len()).collect();
    batch.settle(&all);
    batch.is_late = true;
    let suspected = std::mem::take(&mut batch.suspected);
    batch.settle(&suspected);
    batch.judged
}

struct Batch<'b> {
    candidates: &'b [Candidate<'b>],
    /// The document as far as it is proven, and the verdicts that stand.
    judged: Judged,
    close_calls: usize,
    searches: usize,
    /// Whose changes spoiled the document. An honest tablet's never do; what else they sent is
    /// judged when all others have what they need. Nothing of others can build on it: they would
    /// have it from the server.
    suspects: Vec<ChangeAuthor>,
    /// The places of what the suspects sent, in their order.
    suspected: Vec<usize>,
    /// Whether the turn of the suspects has come.
    is_late: bool,
    prove: Prove<'b>,
}

/// Candidates that are proven together: what they make of the document, and for each, by its place,
/// a verdict, which stands if the proof succeeds.
struct Group {
    document: Document,
    round: Vec<(usize, Verdict)>,
}

impl Batch<'_> {
    fn settle(&mut self, places: &[usize]) {
        let mut rest = places;
        while !rest.is_empty() {
            if self.is_late && self.searches >= SEARCHES_MAX {
                // The suspects have had what there is for them.
                return self.give_up(rest);
            }
            let (group, behind) = self.gather(rest);
            rest = behind;
            self.conclude(group);
        }
    }

    /// Adds candidates to a copy of the document up to where only a proof tells whether there is
    /// room; returns the places behind. Takes at least one.
    fn gather<'p>(&mut self, places: &'p [usize]) -> (Group, &'p [usize]) {
        let base = &self.judged.document;
        let nothing = |error| Group {
            document: base.clone(),
            round: places.iter().map(|place| (*place, Err(error))).collect(),
        };
        let mut draft = match Draft::begin(base) {
            Ok(draft) => draft,
            Err(error) => return (nothing(error), &[]),
        };
        let mut round: Vec<(usize, Verdict)> = Vec::with_capacity(places.len());
        let mut passed: Vec<&Candidate<'_>> = Vec::new();
        let mut bytes = self.judged.bytes;
        let mut is_careful = false;
        let mut rest = places;
        while let Some((place, behind)) = rest.split_first() {
            let (place, before) = (*place, rest);
            rest = behind;
            let Some(candidate) = self.candidates.get(place) else {
                continue;
            };
            if !self.is_late && self.suspects.contains(&candidate.author) {
                self.suspected.push(place);
                continue;
            }
            if draft.knows(candidate.change) && !faults::is_planted("no_duplicate_check") {
                round.push((place, Ok(Passed::Known)));
                continue;
            }
            let change = candidate.change;
            // Values are saved as they are; the rest of a change mostly gets smaller.
            let is_beyond = self.judged.bytes + change.value_bytes() > DOCUMENT_MAX_BYTES;
            let is_close = bytes + change.bytes.len() > DOCUMENT_MAX_BYTES;
            let is_closed = faults::is_planted("full_card_closed_to_all")
                && round
                    .last()
                    .is_some_and(|last| last.1 == Err(GateError::DocumentFull));
            if is_beyond || is_closed || (is_close && self.close_calls >= CLOSE_CALLS_MAX) {
                round.push((place, Err(GateError::DocumentFull)));
                continue;
            }
            if is_close && !passed.is_empty() {
                // With those before it proven, their size is known, and not only estimated.
                self.close_calls += 1;
                rest = before;
                break;
            }
            if let Err(error) = draft.check(candidate) {
                round.push((place, Err(error)));
                continue;
            }
            let unharmed = is_careful.then(|| draft.clone());
            let added = draft.add(candidate);
            round.push((place, added.map(|()| Passed::New)));
            if added.is_ok() {
                passed.push(candidate);
                bytes += change.bytes.len();
                if is_close {
                    self.close_calls += 1;
                    break;
                }
                continue;
            }
            // What the library was doing when it gave up is no document any more.
            is_careful = true;
            draft = match unharmed {
                Some(unharmed) => unharmed,
                None => match Draft::again(base, passed.iter().copied()) {
                    Ok(draft) => draft,
                    Err(error) => return (nothing(error), &[]),
                },
            };
        }
        let document = draft.into_document();
        (Group { document, round }, rest)
    }

    /// Proves a group. If that fails its halves are judged apart, so that a bad change is refused
    /// alone, and one among many costs few proofs.
    fn conclude(&mut self, group: Group) {
        let is_new = |(_, verdict): &&(usize, Verdict)| *verdict == Ok(Passed::New);
        let Some((first, _)) = group.round.iter().find(is_new).copied() else {
            return self.stands(group.round);
        };
        let is_last = group.round.last().is_some_and(|(last, _)| *last == first);
        let is_alone = is_last && group.round.iter().filter(is_new).count() == 1;
        self.searches += usize::from(self.is_late);
        match (self.prove)(&group.document) {
            Ok(bytes) => {
                self.judged.document = group.document;
                self.judged.bytes = bytes;
                self.stands(group.round);
            }
            Err(error) if is_alone || self.searches >= SEARCHES_MAX => {
                let suspect = self.candidates.get(first).map(|first| first.author);
                if is_alone && error == GateError::Unloadable {
                    self.suspects.extend(suspect);
                }
                let refused = group
                    .round
                    .into_iter()
                    .map(|(place, verdict)| match verdict {
                        Ok(Passed::New) => (place, Err(error)),
                        Ok(Passed::Known) | Err(_) => (place, verdict),
                    });
                self.stands(refused);
            }
            Err(_) => {
                self.searches += 1;
                let places: Vec<usize> = group.round.iter().map(|(place, _)| *place).collect();
                let (first, second) = places.split_at(places.len() / 2);
                self.settle(first);
                self.settle(second);
            }
        }
    }

    /// Refuses what is not in the document already.
    fn give_up(&mut self, places: &[usize]) {
        let document = &self.judged.document;
        let verdicts = places.iter().filter_map(|place| {
            let candidate = self.candidates.get(*place)?;
            let is_known = document.contains(&candidate.change.hash);
            let refused = Err(GateError::Unloadable);
            let verdict = if is_known { Ok(Passed::Known) } else { refused };
            Some((*place, verdict))
        });
        let verdicts: Vec<_> = verdicts.collect();
        self.stands(verdicts);
    }

    fn stands(&mut self, round: impl IntoIterator<Item = (usize, Verdict)>) {
        for (place, verdict) in round {
            if let Some(said) = self.judged.verdicts.get_mut(place) {
                *said = verdict;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::document::command::{Command, Edit, NewCard};
    use crate::document::read::read;
    use crate::document::write::{self, Writer};
    use crate::id::{DeviceId, PersonId};
    use crate::record::customer::{CustomerField, Fact, FactSource};
    use crate::sync::gate::{parse, prove};
    use crate::time::Timestamp;

    const AUTHOR: ChangeAuthor = ChangeAuthor {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
    };

    const OTHER: ChangeAuthor = ChangeAuthor {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([3; 16]),
    };

    /// A card on which nothing is noted.
    fn opened() -> Document {
        let mut new = NewCard::default();
        let name = "满满".to_owned();
        new.fields.insert(CustomerField::Name, name);
        let writer = Writer {
            author: AUTHOR,
            actor: [1; 16],
        };
        let mut card = Document::found();
        let at = Timestamp::from_millis(1_795_305_600_000);
        write::run(&mut card, &Command::OpenCard(new), &writer, at).unwrap();
        card
    }

    /// A change of an actor of its own that notes so many characters of three bytes.
    fn note(card: &Document, number: u16, characters: usize) -> Vec<u8> {
        note_of(AUTHOR, card, number, characters)
    }

    fn note_of(author: ChangeAuthor, card: &Document, number: u16, characters: usize) -> Vec<u8> {
        let mut actor = [9; 16];
        [actor[0], actor[1]] = number.to_be_bytes();
        let writer = Writer { author, actor };
        let at = Timestamp::from_millis(1_795_305_600_000);
        let fact = Fact {
            value: "满".repeat(characters),
            source: FactSource::Consultant,
            at,
        };
        let name = format!("备注{number}");
        let command = Command::EditCard {
            edits: vec![Edit::SetFact { name, fact }],
        };
        let mut copy = card.clone();
        let change = write::run(&mut copy, &command, &writer, at);
        change.unwrap().expect("a note changes the card")
    }

    /// A card that lacks so many bytes of being full, or a few more.
    fn nearly_full(lacking: usize) -> Document {
        let mut card = opened();
        for number in 0_u16.. {
            let room = (DOCUMENT_MAX_BYTES - lacking).saturating_sub(card.snapshot().len());
            if room < 500 {
                break;
            }
            let characters = ((room - 300) / 3).clamp(1, 4_900);
            let change = note(&card, number, characters);
            card.absorb([change.as_slice()]).unwrap();
        }
        card
    }

    /// The verdicts on these changes, and how many proofs they took.
    fn judged(
        card: &Document,
        changes: &[Vec<u8>],
        prove: Prove<'_>,
    ) -> (Vec<Result<Passed, GateError>>, usize, Judged) {
        let scans: Vec<_> = changes
            .iter()
            .map(|change| parse(change).unwrap())
            .collect();
        let candidates: Vec<_> = scans
            .iter()
            .map(|change| Candidate {
                change,
                author: if change.author == Some(OTHER.to_author().as_bytes()) {
                    OTHER
                } else {
                    AUTHOR
                },
                bound: None,
            })
            .collect();
        let proofs = Cell::new(0);
        let counting = |document: &Document| {
            proofs.set(proofs.get() + 1);
            prove(document)
        };
        let judged = judge(card, card.snapshot().len(), &candidates, &counting);
        (judged.verdicts.clone(), proofs.get(), judged)
    }

    #[test]
    fn what_is_clearly_too_much_is_refused_without_a_proof() {
        let card = nearly_full(5_000);
        let mut changes: Vec<_> = (0..60).map(|n| note(&card, 5_000 + n, 4_900)).collect();
        changes.push(note(&card, 6_000, 5));
        let (verdicts, proofs, judged) = judged(&card, &changes, &prove);
        let (last, large) = verdicts.split_last().unwrap();
        assert!(
            large
                .iter()
                .all(|said| *said == Err(GateError::DocumentFull))
        );
        assert_eq!((*last, proofs), (Ok(Passed::New), 1));
        assert_eq!(judged.bytes, judged.document.snapshot().len());
        assert!(
            read(&judged.document)
                .customer
                .facts
                .contains_key("备注6000")
        );
    }

    #[test]
    fn changes_that_only_just_do_not_fit_cost_few_proofs() {
        let card = nearly_full(600);
        // Their values would fit, but not what stands around them.
        let room = DOCUMENT_MAX_BYTES - card.snapshot().len();
        let characters = (room - 100) / 3;
        let changes: Vec<_> = (0..120)
            .map(|n| note(&card, 5_000 + n, characters))
            .collect();
        let (verdicts, proofs, judged) = judged(&card, &changes, &prove);
        let passed = verdicts.iter().filter(|said| said.is_ok()).count();
        assert!(passed <= 1, "{passed} passed");
        assert!(proofs <= CLOSE_CALLS_MAX, "{proofs} proofs");
        assert!(judged.document.snapshot().len() <= DOCUMENT_MAX_BYTES);
    }

    #[test]
    fn what_fits_is_taken_up_to_the_last_bytes() {
        let card = nearly_full(9_000);
        let changes: Vec<_> = (0..100).map(|n| note(&card, 5_000 + n, 30)).collect();
        let (verdicts, proofs, judged) = judged(&card, &changes, &prove);
        let passed = verdicts.iter().filter(|said| said.is_ok()).count();
        assert!((20..100).contains(&passed), "{passed} passed");
        assert!(proofs <= CLOSE_CALLS_MAX + 1, "{proofs} proofs");
        assert!(judged.document.snapshot().len() > DOCUMENT_MAX_BYTES - 400);
    }

    #[test]
    fn a_change_that_spoils_the_document_is_found_and_refused_alone() {
        let card = opened();
        let changes: Vec<_> = (0..100).map(|n| note(&card, n, 5)).collect();
        let spoils = |document: &Document| {
            let facts = read(document).customer.facts;
            if facts.contains_key("备注41") || facts.contains_key("备注42") {
                Err(GateError::Unloadable)
            } else {
                prove(document)
            }
        };
        let (verdicts, _, judged) = judged(&card, &changes, &spoils);
        for (number, verdict) in verdicts.iter().enumerate() {
            let is_bad = [41, 42].contains(&number);
            assert_eq!(verdict.is_err(), is_bad, "change {number}: {verdict:?}");
        }
        assert_eq!(judged.document.heads().len(), 98);
    }

    #[test]
    fn whoever_sends_bad_changes_takes_nothing_of_others_along() {
        let card = opened();
        let is_bad = |number: u16| !number.is_multiple_of(3);
        let changes: Vec<_> = (0..240)
            .map(|n| note_of(if is_bad(n) { OTHER } else { AUTHOR }, &card, n, 5))
            .collect();
        let spoils = |document: &Document| {
            let facts = read(document).customer.facts;
            let number = |name: &String| name.trim_start_matches("备注").parse::<u16>();
            if facts.keys().any(|name| is_bad(number(name).unwrap())) {
                Err(GateError::Unloadable)
            } else {
                prove(document)
            }
        };
        let (verdicts, proofs, _) = judged(&card, &changes, &spoils);
        for (number, verdict) in (0..).zip(&verdicts) {
            assert_eq!(verdict.is_err(), is_bad(number), "change {number}");
        }
        assert!(proofs <= 3 * SEARCHES_MAX, "{proofs} proofs");
    }

    #[test]
    fn a_batch_of_nothing_but_bad_changes_costs_few_proofs() {
        let card = opened();
        let changes: Vec<_> = (0..200).map(|n| note(&card, n, 5)).collect();
        let spoils = |_: &Document| Err(GateError::Unloadable);
        let (verdicts, proofs, judged) = judged(&card, &changes, &spoils);
        assert!(
            verdicts
                .iter()
                .all(|said| *said == Err(GateError::Unloadable))
        );
        assert!(proofs <= 2 * SEARCHES_MAX + 1, "{proofs} proofs");
        assert_eq!(judged.document.heads(), card.heads());
    }
}
