//! What people do on the tablets of a world.

use std::collections::BTreeMap;

use floorbook_shared::device::engine::Input;
use floorbook_shared::device::message::Request;
use floorbook_shared::document::command::{Command, Edit, NewCard, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::CustomerField;

use super::World;

/// Cards after which people mostly work on those that exist.
const CARDS_ENOUGH: usize = 5;

impl World {
    /// A person does something on a tablet. Every entry has a text of its own, so that it can be
    /// looked for later.
    pub(super) fn work(&mut self, number: usize) {
        if !self.tablets[number].is_usable() {
            return;
        }
        let cards: Vec<DocumentId> = self.tablets[number].rows.keys().copied().collect();
        let opens = cards.is_empty() || (cards.len() < CARDS_ENOUGH && self.dice.chance(30));
        if !opens && self.dice.chance(15) {
            let document = cards[self.dice.below(cards.len())];
            let shows = self.dice.chance(60);
            let request = if shows {
                Request::ShowCard { document }
            } else {
                Request::HideCard { document }
            };
            self.input(number, Input::Request(request));
            return;
        }
        let tablet = &mut self.tablets[number];
        tablet.last_request += 1;
        let id = tablet.last_request;
        let text = format!("〔{number}·{}〕", EntryId::new(self.now, &mut self.dice));
        let (document, command) = if opens {
            (
                DocumentId::new(self.now, &mut self.dice),
                self.open_card(&text),
            )
        } else {
            let document = cards[self.dice.below(cards.len())];
            (document, self.change_card(&text))
        };
        self.tablets[number].asked.insert(id, (document, text));
        self.input(
            number,
            Input::Request(Request::Run {
                id,
                document,
                command,
            }),
        );
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

    fn change_card(&mut self, text: &str) -> Command {
        const FIELDS: [CustomerField; 3] = [
            CustomerField::Name,
            CustomerField::Compound,
            CustomerField::Wechat,
        ];
        if self.dice.chance(60) {
            let field = FIELDS[self.dice.below(FIELDS.len())];
            let edit = Edit::SetField {
                field,
                value: text.to_owned(),
            };
            return Command::EditCard { edits: vec![edit] };
        }
        Command::LogContact {
            contact: EntryId::new(self.now, &mut self.dice),
            date: "2026-11-22".parse().expect("a date"),
            channel: Channel::Call,
            outcome: Outcome::Progress,
            note: text.to_owned(),
            completes: Vec::new(),
            step: EntryId::new(self.now, &mut self.dice),
            next: NextStepDecision::None {
                reason: "已定".to_owned(),
            },
        }
    }
}
