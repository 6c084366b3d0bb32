//! Filters that combine, and how many customers each of their values would show.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::record::customer::{Class, CustomerKind};
use crate::rules::dealings::{Grade, LifeCycle, Weight};
use crate::view::listing::{Basis, Listed, Mark};

/// A filter. Within a group any of the chosen values passes, and every group has to be passed; of
/// the marks all must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Classes; `None` for cards that nobody has classed.
    pub classes: BTreeSet<Option<Class>>,
    /// Responsible consultants.
    pub owners: BTreeSet<PersonId>,
    /// Where customers came from; empty for cards that do not say.
    pub sources: BTreeSet<String>,
    /// City and district; empty for cards that do not say.
    pub areas: BTreeSet<String>,
    /// What must be so of a card.
    pub marks: BTreeSet<Mark>,
    /// Kinds; a card that does not say is of an individual.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<CustomerKind>,
    /// Where customers stand in their life with the store.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub life_cycles: BTreeSet<LifeCycle>,
    /// How much customers weigh.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub weights: BTreeSet<Weight>,
    /// Grades.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub grades: BTreeSet<Grade>,
    /// Tags; of several any is enough.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// Regions of the round; empty for cards that do not say.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub regions: BTreeSet<String>,
}

/// A group of values of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Class,
    Owner,
    Source,
    Area,
    Mark,
    Kind,
    LifeCycle,
    Weight,
    Grade,
    Tag,
    Region,
}

impl Group {
    const ALL: [Self; 11] = [
        Self::Class,
        Self::Owner,
        Self::Source,
        Self::Area,
        Self::Kind,
        Self::LifeCycle,
        Self::Weight,
        Self::Grade,
        Self::Tag,
        Self::Region,
        // Last, because they cost most.
        Self::Mark,
    ];
}

impl Filter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Number of values that are chosen.
    pub fn len(&self) -> usize {
        self.classes.len()
            + self.owners.len()
            + self.sources.len()
            + self.areas.len()
            + self.marks.len()
            + self.kinds.len()
            + self.life_cycles.len()
            + self.weights.len()
            + self.grades.len()
            + self.tags.len()
            + self.regions.len()
    }

    /// Whether a customer passes.
    pub fn passes(&self, listed: &Listed<'_>, basis: &Basis) -> bool {
        let mut groups = Group::ALL.into_iter();
        groups.all(|group| self.admits(group, listed, basis))
    }

    /// Whether a customer passes a single group.
    fn admits(&self, group: Group, listed: &Listed<'_>, basis: &Basis) -> bool {
        let row = listed.row;
        match group {
            Group::Class => self.classes.is_empty() || self.classes.contains(&row.class),
            Group::Owner => {
                let is_chosen = |owner| self.owners.contains(&owner);
                self.owners.is_empty() || listed.owner.is_some_and(is_chosen)
            }
            Group::Source => self.sources.is_empty() || self.sources.contains(&row.source),
            Group::Area => self.areas.is_empty() || self.areas.contains(&row.area),
            Group::Region => self.regions.is_empty() || self.regions.contains(&row.region),
            Group::Kind => self.kinds.is_empty() || self.kinds.contains(&listed.kind()),
            Group::LifeCycle => {
                self.life_cycles.is_empty() || self.life_cycles.contains(&listed.life_cycle(basis))
            }
            Group::Weight => {
                self.weights.is_empty() || self.weights.contains(&listed.weight(basis))
            }
            Group::Grade => self.grades.is_empty() || self.grades.contains(&listed.grade(basis)),
            Group::Tag => {
                self.tags.is_empty() || row.tags.iter().any(|tag| self.tags.contains(tag))
            }
            Group::Mark => self.marks.iter().all(|mark| mark.is_of(listed, basis)),
        }
    }

    /// How many customers each value would show beside what the other groups choose. What no
    /// customer has is not in it. A mark counts beside the other marks that are chosen.
    pub fn count<'a>(&self, all: impl Iterator<Item = Listed<'a>>, basis: &Basis) -> Counts {
        let mut counts = Counts::default();
        for listed in all {
            let mut missed = Group::ALL
                .into_iter()
                .filter(|group| !self.admits(*group, &listed, basis));
            match (missed.next(), missed.next()) {
                (None, _) => {
                    for group in Group::ALL {
                        counts.add(group, &listed, basis);
                    }
                }
                // Whatever is chosen in that group instead would show it.
                (Some(group), None) if group != Group::Mark => counts.add(group, &listed, basis),
                (Some(_), _) => {}
            }
        }
        counts
    }
}

/// How many customers each value of a filter would show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By class.
    pub classes: BTreeMap<Option<Class>, usize>,
    /// By responsible consultant.
    pub owners: BTreeMap<PersonId, usize>,
    /// By source.
    pub sources: BTreeMap<String, usize>,
    /// By city and district.
    pub areas: BTreeMap<String, usize>,
    /// By mark.
    pub marks: BTreeMap<Mark, usize>,
    /// By kind.
    pub kinds: BTreeMap<CustomerKind, usize>,
    /// By life-cycle.
    pub life_cycles: BTreeMap<LifeCycle, usize>,
    /// By weight.
    pub weights: BTreeMap<Weight, usize>,
    /// By grade.
    pub grades: BTreeMap<Grade, usize>,
    /// By tag.
    pub tags: BTreeMap<String, usize>,
    /// By region.
    pub regions: BTreeMap<String, usize>,
}

impl Counts {
    fn add(&mut self, group: Group, listed: &Listed<'_>, basis: &Basis) {
        let row = listed.row;
        match group {
            Group::Class => one_more(&mut self.classes, row.class),
            Group::Owner => {
                if let Some(owner) = listed.owner {
                    one_more(&mut self.owners, owner);
                }
            }
            Group::Source => one_more_of(&mut self.sources, &row.source),
            Group::Area => one_more_of(&mut self.areas, &row.area),
            Group::Region => one_more_of(&mut self.regions, &row.region),
            Group::Kind => one_more(&mut self.kinds, listed.kind()),
            Group::LifeCycle => one_more(&mut self.life_cycles, listed.life_cycle(basis)),
            Group::Weight => one_more(&mut self.weights, listed.weight(basis)),
            Group::Grade => one_more(&mut self.grades, listed.grade(basis)),
            Group::Tag => {
                // Twice the same tag is one customer all the same.
                let mut seen: Vec<&String> = Vec::with_capacity(row.tags.len());
                for tag in &row.tags {
                    if !seen.contains(&tag) {
                        one_more_of(&mut self.tags, tag);
                        seen.push(tag);
                    }
                }
            }
            Group::Mark => {
                let all = Mark::ALL.into_iter();
                for mark in all.filter(|mark| mark.is_of(listed, basis)) {
                    one_more(&mut self.marks, mark);
                }
            }
        }
    }
}

fn one_more<T: Ord>(counts: &mut BTreeMap<T, usize>, value: T) {
    *counts.entry(value).or_default() += 1;
}

/// The same without a copy of words that are known.
fn one_more_of(counts: &mut BTreeMap<String, usize>, words: &str) {
    match counts.get_mut(words) {
        Some(count) => *count += 1,
        None => {
            counts.insert(words.to_owned(), 1);
        }
    }
}
