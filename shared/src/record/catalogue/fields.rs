//! How the fields of the catalogue are written down.

use super::{CatalogueField, Category, Choice, FilePart, Input, Topic};

pub(super) const fn choice(chinese: &'static str, english: &'static str) -> Choice {
    Choice { chinese, english }
}

pub(super) const fn field(
    key: &'static str,
    (chinese, english): (&'static str, &'static str),
    category: Category,
    input: Input,
    file: FilePart,
) -> CatalogueField {
    CatalogueField {
        key,
        chinese,
        english,
        other_names: &[],
        category,
        input,
        file,
        is_sensitive: false,
    }
}

impl CatalogueField {
    pub(super) const fn also(mut self, names: &'static [&'static str]) -> Self {
        self.other_names = names;
        self
    }

    pub(super) const fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self
    }
}

pub(super) const HARD: FilePart = FilePart::Hard;
pub(super) const EXTRA: FilePart = FilePart::Extra;

pub(super) const fn soft(topic: Topic) -> FilePart {
    FilePart::Soft(topic)
}
