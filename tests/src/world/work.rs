//! What people do on the tablets of a world.

use std::collections::BTreeMap;

use floorbook_shared::device::engine::Input;
use floorbook_shared::device::message::{Request, RowEntry};
use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::consent::{Consent, ConsentTopic};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource};
use floorbook_shared::record::entry::{EntryField, EntryKind};
use floorbook_shared::time::Date;

use super::World;

/// Cards after which people mostly work on those that exist.
const CARDS_ENOUGH: usize = 5;
/// Characters of a long note, three bytes each.
const LONG_NOTE_CHARS: usize = 3_500;

/// A command, and the text in it that must not be lost.
type Deed = (Command, Option<String>);

impl World {
    /// A person does something on a tablet. Most entries have a text of their own, so that it can
    /// be looked for later.
    pub(super) fn work(&mut self, number: usize) {
        if !self.tablets[number].is_usable() {
            return;
        }
        let cards: Vec<DocumentId> = self.tablets[number].rows.keys().copied().collect();
        let opens = cards.is_empty() || (cards.len() < CARDS_ENOUGH && self.dice.chance(30));
        if !opens && self.dice.chance(15) {
            let document = cards[self.dice.below(cards.len())];
            return self.look(number, document);
        }
        if self.dice.chance(30) && self.settle_refused(number) {
            return;
        }
        let text = format!("〔{number}·{}〕", EntryId::new(self.now, &mut self.dice));
        let (document, (command, text)) = if opens {
            let document = DocumentId::new(self.now, &mut self.dice);
            (document, (self.open_card(&text), Some(text)))
        } else {
            let document = cards[self.dice.below(cards.len())];
            let row = self.tablets[number].rows[&document].clone();
            (document, self.change_card(&row, text))
        };
        // Now and then someone presses twice.
        let presses = if self.dice.chance(5) { 2 } else { 1 };
        for _ in 0..presses {
            let tablet = &mut self.tablets[number];
            tablet.last_request += 1;
            let id = tablet.last_request;
            tablet.asked.insert(id, (document, text.clone()));
            let command = command.clone();
            self.input(
                number,
                Input::Request(Request::Run {
                    id,
                    document,
                    command,
                }),
            );
        }
    }

    fn look(&mut self, number: usize, document: DocumentId) {
        let shows = self.dice.chance(60);
        let request = if shows {
            Request::ShowCard { document }
        } else {
            Request::HideCard { document }
        };
        self.input(number, Input::Request(request));
    }

    /// Someone reads what was refused and tries again or lets it go.
    fn settle_refused(&mut self, number: usize) -> bool {
        let Some(entry) = self.tablets[number].refused.first().cloned() else {
            return false;
        };
        let group = entry.group;
        let request = if self.dice.chance(50) {
            // Whatever was broken is mended.
            self.server.cursed.remove(&group);
            Request::RetryRefused { group }
        } else {
            self.promises.release(number, &entry);
            Request::DiscardRefused { group }
        };
        self.input(number, Input::Request(request));
        true
    }

    fn open_card(&mut self, text: &str) -> Command {
        let phone = EntryId::new(self.now, &mut self.dice);
        Command::OpenCard(NewCard {
            fields: BTreeMap::from([(CustomerField::Name, text.to_owned())]),
            phones: vec![NewPhone {
                id: phone,
                number: "13800000000".to_owned(),
                label: String::new(),
            }],
            remarks: "常来".to_owned(),
            ..NewCard::default()
        })
    }

    fn change_card(&mut self, entry: &RowEntry, text: String) -> Deed {
        const FIELDS: [CustomerField; 3] = [
            CustomerField::Name,
            CustomerField::Compound,
            CustomerField::Wechat,
        ];
        let step = entry.row.open_steps.first().map(|step| step.id);
        match (self.dice.below(100), step) {
            // The same edit on several tablets; and settling a conflict with what is shown.
            (0..8, _) => {
                let class = ["A", "B"][self.dice.below(2)];
                (set(CustomerField::Class, class.to_owned()), None)
            }
            (8..18, _) => (as_shown(entry), None),
            (18..50, _) if entry.row.conflicts > 0 => (as_shown(entry), None),
            (18..26, _) => {
                let length = self.dice.below(30);
                let text = "常来，喜欢𠮷祥图案，"
                    .chars()
                    .cycle()
                    .take(length)
                    .collect();
                let edits = vec![Edit::SetRemarks { text }];
                (Command::EditCard { edits }, None)
            }
            (26..34, Some(step)) => {
                let due = self.day();
                (
                    Command::MoveNextStep {
                        step,
                        due,
                        time: None,
                    },
                    None,
                )
            }
            (34..40, Some(step)) => {
                let reason = text.clone();
                (Command::DropNextStep { step, reason }, None)
            }
            (40..56, _) => (self.note_apart(&text), Some(text)),
            (56..70, _) => {
                let field = FIELDS[self.dice.below(FIELDS.len())];
                (set(field, text.clone()), Some(text))
            }
            (_, step) => self.log_contact(step, text),
        }
    }

    /// Something that is kept beside the fields: a fact, an entry, a consent. All tablets mean the
    /// same few places, so that they write the same ones without knowing of one another.
    fn note_apart(&mut self, text: &str) -> Command {
        let value = text.to_owned();
        let entry = EntryId::from_bytes([1 + self.dice.below(2) as u8; 16]);
        let set = |kind, field, value| Edit::SetEntry {
            kind,
            entry,
            field,
            value,
        };
        let edits = match self.dice.below(4) {
            0 => vec![Edit::SetFact {
                name: "style".to_owned(),
                fact: Fact {
                    value,
                    source: FactSource::Consultant,
                    at: self.now,
                },
            }],
            1 => vec![
                set(EntryKind::Issue, EntryField::Issue, "沙发异响".to_owned()),
                set(EntryKind::Issue, EntryField::Promise, value),
            ],
            2 => vec![set(EntryKind::Family, EntryField::Name, value)],
            _ => {
                let is_given = self.dice.chance(50);
                let consent = Some(Consent {
                    is_given,
                    on: self.day(),
                });
                let topic = ConsentTopic::Call;
                vec![
                    set(EntryKind::Intention, EntryField::Wish, value),
                    Edit::SetConsent { topic, consent },
                ]
            }
        };
        Command::EditCard { edits }
    }

    fn log_contact(&mut self, step: Option<EntryId>, text: String) -> Deed {
        let mut note = text.clone();
        if self.weather.long_texts {
            note.extend("很满意".chars().cycle().take(LONG_NOTE_CHARS));
        }
        let next = if self.dice.chance(60) {
            NextStepDecision::planned("回电", self.day(), Channel::Call)
        } else {
            NextStepDecision::None {
                reason: "已定".to_owned(),
            }
        };
        let completes = step.into_iter().filter(|_| self.dice.chance(50)).collect();
        let command = Command::LogContact(NewContact {
            note,
            completes,
            ..NewContact::new(
                (
                    EntryId::new(self.now, &mut self.dice),
                    EntryId::new(self.now, &mut self.dice),
                ),
                self.day(),
                Channel::Call,
                Outcome::Progress,
                next,
            )
        });
        (command, Some(text))
    }

    fn day(&mut self) -> Date {
        let day = 1 + self.dice.below(28) as i8;
        Date::new(2026, 11, day).expect("a date")
    }
}

/// Sets everything to what is shown: changes nothing but what two tablets set differently.
fn as_shown(entry: &RowEntry) -> Command {
    let row = &entry.row;
    let shown = [
        (CustomerField::Name, &row.name),
        (CustomerField::Compound, &row.compound),
        (CustomerField::Wechat, &row.wechat),
    ];
    let edits = shown.map(|(field, value)| Edit::SetField {
        field,
        value: value.clone(),
    });
    Command::EditCard {
        edits: edits.to_vec(),
    }
}

fn set(field: CustomerField, value: String) -> Command {
    Command::EditCard {
        edits: vec![Edit::SetField { field, value }],
    }
}
