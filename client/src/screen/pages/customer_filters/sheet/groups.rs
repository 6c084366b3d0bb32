//! Groups of values, each with how many customers it would show.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use floorbook_shared::view::listing::Filter;
use yew::prelude::*;

use crate::screen::text::Text;

/// Most values of a group of words that are offered at once: those that most customers have.
const WORDS_MAX: usize = 24;

/// A change of the filter.
pub(super) type Change = Box<dyn Fn(&mut Filter)>;

/// Draws groups of values.
pub(super) struct Groups<'a> {
    on_change: Callback<Change>,
    text: &'a Text,
}

impl<'a> Groups<'a> {
    /// Groups whose values change the filter by `on_change` when they are tapped.
    pub(super) const fn new(on_change: Callback<Change>, text: &'a Text) -> Self {
        Self { on_change, text }
    }

    /// A group in which all values are offered, also those that no customer has.
    pub(super) fn all<T: Copy + Ord + 'static>(
        &self,
        name: String,
        all: &[T],
        counts: &BTreeMap<T, usize>,
        chosen: &BTreeSet<T>,
        words: impl Fn(T) -> String,
        set: fn(&mut Filter, T),
    ) -> Html {
        let values = all.iter().map(|one| {
            let count = counts.get(one).copied().unwrap_or(0);
            self.value(words(*one), count, chosen.contains(one), *one, set)
        });
        group(name, values.collect())
    }

    /// A group of values that customers have; none if it would not part them.
    pub(super) fn telling<T: Copy + Ord + 'static>(
        &self,
        name: String,
        counts: &BTreeMap<T, usize>,
        chosen: &BTreeSet<T>,
        words: impl Fn(T) -> String,
        set: fn(&mut Filter, T),
    ) -> Html {
        if counts.len() < 2 && chosen.is_empty() {
            return html! {};
        }
        let offered: BTreeSet<T> = counts.keys().chain(chosen).copied().collect();
        let offered: Vec<T> = offered.into_iter().collect();
        self.all(name, &offered, counts, chosen, words, set)
    }

    /// A group of words that people wrote; none if no card says anything.
    pub(super) fn words(
        &self,
        name: String,
        counts: &BTreeMap<String, usize>,
        chosen: &BTreeSet<String>,
        words: impl Fn(&str) -> String,
        set: fn(&mut Filter, String),
    ) -> Html {
        if chosen.is_empty() && counts.keys().all(String::is_empty) {
            return html! {};
        }
        let values = offered(counts, chosen).into_iter().map(|(value, count)| {
            let label = if value.is_empty() {
                self.text.get("filter-not-told")
            } else {
                words(&value)
            };
            let is_on = chosen.contains(&value);
            self.value(label, count, is_on, value, set)
        });
        group(name, values.collect())
    }

    fn value<T: Clone + 'static>(
        &self,
        name: String,
        count: usize,
        is_on: bool,
        value: T,
        set: fn(&mut Filter, T),
    ) -> Html {
        let onchange = self.on_change.reform(move |_: Event| {
            let value = value.clone();
            Box::new(move |filter: &mut Filter| set(filter, value.clone())) as Change
        });
        html! {
            <label key={name.clone()} class={classes!("chip", (count == 0 && !is_on).then_some("is-empty"))}>
                <input type="checkbox" checked={is_on} {onchange} />
                <span>{ name }<b class="chip-count">{ count }</b></span>
            </label>
        }
    }
}

/// The words that most customers have, and those that are chosen.
fn offered(counts: &BTreeMap<String, usize>, chosen: &BTreeSet<String>) -> Vec<(String, usize)> {
    let missing = chosen.iter().filter(|words| !counts.contains_key(*words));
    let mut kept: Vec<_> = missing.map(|words| (words.clone(), 0)).collect();
    let mut there: Vec<(&String, usize)> =
        counts.iter().map(|(one, count)| (one, *count)).collect();
    there.sort_by_key(|(words, count)| (words.is_empty(), Reverse(*count)));
    for (place, (words, count)) in there.into_iter().enumerate() {
        if place < WORDS_MAX || words.is_empty() || chosen.contains(words) {
            kept.push((words.clone(), count));
        }
    }
    kept
}

fn group(name: String, values: Vec<Html>) -> Html {
    html! {
        <fieldset class="chips">
            <legend class="field-label">{ name }</legend>
            <div class="chips-row">{ for values }</div>
        </fieldset>
    }
}
