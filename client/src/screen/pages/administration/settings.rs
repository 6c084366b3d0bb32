//! What a store sets for the rules: a section for each group of numbers, saved by itself.

mod cadence;
mod classes;
mod dealings;
mod number;
mod occupations;
mod quality;
mod sensitive;

use floorbook_shared::access::{Store, StoreSettings};
use floorbook_shared::api::StoreChange;
use yew::prelude::*;

pub use self::occupations::OccupationsForm;
pub use self::sensitive::SensitiveForm;

use self::number::{Number, Sort};
use super::{Problem, save_button};
use crate::screen::components::Field;
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;
use crate::screen::text::Text;

/// A group of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What follows a purchase, and who has gone quiet.
    Cadence,
    /// When another class is proposed.
    Classes,
    /// From when on a customer is new, old, main, loyal.
    Dealings,
    /// What complete and fresh cards are.
    Quality,
}

impl Section {
    /// All sections, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Cadence, Self::Classes, Self::Dealings, Self::Quality];

    const fn key(self) -> &'static str {
        match self {
            Self::Cadence => "cadence",
            Self::Classes => "classes",
            Self::Dealings => "dealings",
            Self::Quality => "quality",
        }
    }

    const fn numbers(self) -> &'static [Number] {
        match self {
            Self::Cadence => cadence::NUMBERS,
            Self::Classes => classes::NUMBERS,
            Self::Dealings => dealings::NUMBERS,
            Self::Quality => quality::NUMBERS,
        }
    }

    /// The numbers as they are typed.
    fn typed(self, settings: &StoreSettings) -> Vec<String> {
        let numbers = self.numbers().iter();
        numbers.map(|number| number.typed(settings)).collect()
    }

    /// The settings with what was typed; without those that can't be read or are out of bounds.
    fn settings(self, typed: &[String], before: StoreSettings) -> Option<StoreSettings> {
        let mut settings = before;
        for (number, typed) in self.numbers().iter().zip(typed) {
            (number.set)(&mut settings, number.read(typed)?);
        }
        Some(settings)
    }
}

/// Properties of [`SectionForm`].
#[derive(PartialEq, Properties)]
pub struct SectionFormProps {
    /// The store.
    pub store: Store,
    /// The section.
    pub section: Section,
}

/// The form of a section.
#[component]
pub fn SectionForm(props: &SectionFormProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let section = props.section;
    let before = props.store.settings;
    let typed = use_state(|| section.typed(&before));
    let wanted = section.settings(&typed, before);
    let checked = wanted.map(|settings| settings.check().map(|()| settings));
    let onsubmit = {
        let (sending, store) = (sending.clone(), props.store.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(Ok(settings)) = checked else { return };
            let change = StoreChange {
                settings: Some(settings),
                ..StoreChange::default()
            };
            sending.send(http::change_store(store, change), |()| {});
        })
    };
    let usual = section.typed(&StoreSettings::default());
    let reset = {
        let (typed, usual) = (typed.clone(), usual.clone());
        Callback::from(move |_: MouseEvent| typed.set(usual.clone()))
    };
    let number = |(place, number): (usize, &Number)| {
        let value = typed.get(place).cloned().unwrap_or_default();
        let on_input = {
            let typed = typed.clone();
            Callback::from(move |value: String| {
                let mut next = Vec::clone(&typed);
                if let Some(one) = next.get_mut(place) {
                    *one = value;
                }
                typed.set(next);
            })
        };
        let hint = AttrValue::from(hint(number, &text));
        let is_wrong = number.read(&value).is_none();
        html! {
            <Field key={number.key} id={format!("setting-{}", number.key)} label={text.coded("setting", number.key)}
                input_mode={AttrValue::from(if number.sort == Sort::Yuan { "decimal" } else { "numeric" })} {value} {on_input}
                problem={is_wrong.then(|| hint.clone())} {hint} is_required=true />
        }
    };
    let title = text.coded("settings", section.key());
    let explained = text.coded("settings-explained", section.key());
    let problem = match checked {
        None => Some(text.get("setting-out-of-bounds")),
        Some(Err(problem)) => Some(text.coded("error", problem.code())),
        Some(Ok(_)) => None,
    };
    let is_changed = wanted.is_some_and(|settings| settings != before);
    html! {
        <details class="panel settings-section" data-settings={section.key()}>
            <summary><h2>{ &title }</h2></summary>
            <form class="form" {onsubmit} aria-label={title.clone()}>
                <p class="quiet">{ explained }</p>
                <div class="setting-grid">{ for section.numbers().iter().enumerate().map(number) }</div>
                <Problem code={sending.problem()} />
                <div class="save-line">
                    if let Some(problem) = problem.clone() { <p class="save-reason">{ problem }</p> }
                    <button type="button" class="button quiet-button" onclick={reset} disabled={*typed == usual}>{ text.get("setting-usual") }</button>
                    { save_button(&sending, text.get("save"), text.get("saving"), is_changed && problem.is_none()) }
                </div>
            </form>
        </details>
    }
}

/// The default and the bounds in words.
fn hint(number: &Number, text: &Text) -> String {
    let usual = number.typed(&StoreSettings::default());
    let (least, most) = number.bounds;
    let shown = |value: i64| number.words(value);
    match number.sort {
        Sort::Yuan => text.get_with("setting-yuan-hint", [("usual", usual.into())]),
        Sort::Plain => text.get_with(
            "setting-number-hint",
            [
                ("usual", usual.into()),
                ("least", shown(least).into()),
                ("most", shown(most).into()),
            ],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::text::Language;

    #[test]
    fn what_is_shown_reads_back_and_every_number_has_words() {
        let before = StoreSettings::default();
        for section in Section::ALL {
            let typed = section.typed(&before);
            assert_eq!(
                section.settings(&typed, before),
                Some(before),
                "{section:?}"
            );
            for language in Language::ALL {
                let text = Text::new(language);
                for number in section.numbers() {
                    let words = text.coded("setting", number.key);
                    assert_ne!(words, number.key, "{language:?}");
                    let (least, most) = number.bounds;
                    let usual = (number.get)(&before);
                    assert!((least..=most).contains(&usual), "{}", number.key);
                }
                for kind in ["settings", "settings-explained"] {
                    assert_ne!(text.coded(kind, section.key()), section.key());
                }
            }
        }
    }

    #[test]
    fn every_number_sets_what_it_shows() {
        let before = StoreSettings::default();
        for section in Section::ALL {
            for (place, number) in section.numbers().iter().enumerate() {
                let mut typed = section.typed(&before);
                let (least, _) = number.bounds;
                typed[place] = number.words(least);
                let after = section.settings(&typed, before).unwrap();
                assert_eq!((number.get)(&after), least, "{}", number.key);
                let mut back = after;
                (number.set)(&mut back, (number.get)(&before));
                assert_eq!(back, before, "{} sets something else too", number.key);
                typed[place] = "x".to_owned();
                assert_eq!(section.settings(&typed, before), None);
            }
        }
    }
}
