//! Values of entries and consents in words.

use floorbook_shared::record::consent::Consent;
use floorbook_shared::record::entry::{EntryField, EntryKind, FieldSort};

use crate::screen::choices::{ENDINGS, OCCASIONS, Offered, RELATIONS};
pub use crate::screen::money::money_words;
use crate::screen::text::Text;

/// A value of an entry as people read it.
pub fn entry_value(field: EntryField, value: &str, text: &Text) -> String {
    match field.sort() {
        FieldSort::Line => offered_to(field).map_or_else(
            || value.to_owned(),
            |offered| offered_words(offered, value, text),
        ),
        FieldSort::Words | FieldSort::Day => value.to_owned(),
        FieldSort::Cents => value.parse().map_or_else(|_| value.to_owned(), money_words),
        FieldSort::YesNo => text.coded("answer", value),
        FieldSort::Satisfaction => text.coded("satisfaction", value),
        FieldSort::Material => text.coded("material", value),
    }
}

/// What can be tapped for a field.
pub fn offered_to(field: EntryField) -> Option<&'static Offered> {
    let offered = [
        (EntryField::Relation, &RELATIONS),
        (EntryField::Occasion, &OCCASIONS),
        (EntryField::Ended, &ENDINGS),
    ];
    let mut offered = offered.into_iter();
    offered
        .find(|(of, _)| *of == field)
        .map(|(_, offered)| offered)
}

/// A stored word in the language of the words, if it is one of those that are offered.
pub fn offered_words(offered: &Offered, word: &str, text: &Text) -> String {
    offered
        .code_of(word)
        .map_or_else(|| word.to_owned(), |code| text.coded(offered.kind, code))
}

/// What a field of an entry is called; a day means something else in each kind.
pub fn entry_label(kind: EntryKind, field: EntryField, text: &Text) -> String {
    if field == EntryField::Day {
        text.coded("entry-day", kind.key())
    } else {
        text.coded("entry", field.key())
    }
}

/// What a customer said to a topic.
pub fn consent_words(consent: Option<Consent>, text: &Text) -> String {
    match consent {
        Some(Consent { is_given: true, on }) => {
            text.get_with("consent-given", [("day", on.to_string().into())])
        }
        Some(Consent {
            is_given: false,
            on,
        }) => text.get_with("consent-refused", [("day", on.to_string().into())]),
        None => text.get("consent-not-asked"),
    }
}
