//! Many changes of one document, judged with few proofs.
//!
//! A proof saves and loads the whole document, so it must not be had for every change: what can be
//! told from sizes alone is told without one, and whoever sends changes that need one each gets
//! only so many in a batch.

use super::draft::Draft;
use super::{Candidate, GateError, Passed};
use crate::document::Document;
use crate::faults;
use crate::sync::message::DOCUMENT_MAX_BYTES;

/// Proofs of a batch that are made because only they tell whether there is room for a change. When
/// they are used up, a card with so little room is full.
pub(super) const CLOSE_CALLS_MAX: usize = 16;
/// Halvings of a batch in search of what spoils it: enough for three bad changes among 256. When
/// they are used up, what was not proven is refused.
pub(super) const SEARCHES_MAX: usize = 24;

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
    pub verdicts: Vec<Result<Passed, GateError>>,
}

/// Judges candidates on a document that is proven.
pub(super) fn judge(
    document: &Document,
    bytes: usize,
    candidates: &[Candidate<'_>],
    prove: Prove<'_>,
) -> Judged {
    let mut batch = Batch {
        judged: Judged {
            document: document.clone(),
            bytes,
            verdicts: Vec::with_capacity(candidates.len()),
        },
        close_calls: 0,
        searches: 0,
        prove,
    };
    batch.settle(candidates);
    batch.judged
}

struct Batch<'p> {
    /// The document as far as it is proven, and the verdicts that stand.
    judged: Judged,
    close_calls: usize,
    searches: usize,
    prove: Prove<'p>,
}

/// Candidates that are proven together: what they make of the document, and a verdict for each,
/// which stands if the proof succeeds.
struct Group {
    document: Document,
    round: Vec<Result<Passed, GateError>>,
}

impl Batch<'_> {
    fn settle(&mut self, candidates: &[Candidate<'_>]) {
        let mut rest = candidates;
        while !rest.is_empty() {
            let group = self.gather(rest);
            let (gathered, behind) = rest.split_at(group.round.len());
            rest = behind;
            self.conclude(gathered, group);
        }
    }

    /// Adds candidates to a copy of the document up to where only a proof tells whether there is
    /// room. Takes at least one.
    fn gather(&mut self, candidates: &[Candidate<'_>]) -> Group {
        let base = &self.judged.document;
        let nothing = |error| Group {
            document: base.clone(),
            round: vec![Err(error); candidates.len()],
        };
        let mut draft = match Draft::begin(base) {
            Ok(draft) => draft,
            Err(error) => return nothing(error),
        };
        let mut round = Vec::with_capacity(candidates.len());
        let mut bytes = self.judged.bytes;
        let mut is_careful = false;
        for (place, candidate) in candidates.iter().enumerate() {
            if draft.knows(candidate.change) && !faults::is_planted("no_duplicate_check") {
                round.push(Ok(Passed::Known));
                continue;
            }
            let change = candidate.change;
            // Values are saved as they are; the rest of a change mostly gets smaller.
            let is_beyond = self.judged.bytes + change.value_bytes() > DOCUMENT_MAX_BYTES;
            let is_close = bytes + change.bytes.len() > DOCUMENT_MAX_BYTES;
            let is_closed = faults::is_planted("full_card_closed_to_all")
                && round.contains(&Err(GateError::DocumentFull));
            if is_beyond || is_closed || (is_close && self.close_calls == CLOSE_CALLS_MAX) {
                round.push(Err(GateError::DocumentFull));
                continue;
            }
            if is_close && round.contains(&Ok(Passed::New)) {
                // With those before it proven, their size is known, and not only estimated.
                self.close_calls += 1;
                break;
            }
            if let Err(error) = draft.check(candidate) {
                round.push(Err(error));
                continue;
            }
            let before = is_careful.then(|| draft.clone());
            let added = draft.add(candidate);
            round.push(added.map(|()| Passed::New));
            if added.is_err() {
                // What the library was doing when it gave up is no document any more.
                is_careful = true;
                let earlier = candidates.iter().zip(&round).take(place);
                let passed = earlier.filter(|(_, verdict)| **verdict == Ok(Passed::New));
                draft = match before {
                    Some(before) => before,
                    None => match Draft::again(base, passed.map(|(candidate, _)| candidate)) {
                        Ok(draft) => draft,
                        Err(error) => return nothing(error),
                    },
                };
                continue;
            }
            bytes += change.bytes.len();
            if is_close {
                self.close_calls += 1;
                break;
            }
        }
        Group {
            document: draft.into_document(),
            round,
        }
    }

    /// Proves a group. If that fails its halves are judged apart, so that a bad change is refused
    /// alone, and one among many costs few proofs.
    fn conclude(&mut self, candidates: &[Candidate<'_>], group: Group) {
        let Group { document, round } = group;
        let mut fresh = round.iter().filter(|verdict| **verdict == Ok(Passed::New));
        if fresh.next().is_none() {
            return self.judged.verdicts.extend(round);
        }
        let is_alone = fresh.next().is_none() && round.last() == Some(&Ok(Passed::New));
        match (self.prove)(&document) {
            Ok(bytes) => {
                self.judged.document = document;
                self.judged.bytes = bytes;
                self.judged.verdicts.extend(round);
            }
            Err(error) if is_alone || self.searches == SEARCHES_MAX => {
                let refused = round.into_iter().map(|verdict| match verdict {
                    Ok(Passed::New) => Err(error),
                    Ok(Passed::Known) | Err(_) => verdict,
                });
                self.judged.verdicts.extend(refused);
            }
            Err(_) => {
                self.searches += 1;
                let (first, second) = candidates.split_at(candidates.len() / 2);
                self.settle(first);
                self.settle(second);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::document::author::ChangeAuthor;
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
        let mut actor = [9; 16];
        [actor[0], actor[1]] = number.to_be_bytes();
        let writer = Writer {
            author: AUTHOR,
            actor,
        };
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
                author: AUTHOR,
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
