//! "Your value was replaced": keep what a colleague wrote, or take the own value back.

use std::collections::BTreeSet;
use std::rc::Rc;

use floorbook_shared::document::command::Command;
use floorbook_shared::id::DocumentId;
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::CardView;
use floorbook_shared::view::history::{HistoryView, Replaced};
use yew::prelude::*;

use crate::screen::components::{Message, Saving, Tone};
use crate::screen::hooks::{use_app, use_day, use_link, use_run, use_text};
use crate::screen::pages::conflict::{bring_back, place_words, value_words, who};
use crate::screen::platform;

/// For so long a replaced value is told; later nobody remembers what they wrote.
const TOLD_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Properties of [`ReplacedValues`].
#[derive(PartialEq, Properties)]
pub struct ReplacedValuesProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
    /// Its history.
    pub history: Rc<HistoryView>,
}

/// The values of the person who works here that somebody else replaced, until they have decided.
#[component]
pub fn ReplacedValues(props: &ReplacedValuesProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let (link, run) = (use_link(), use_run());
    let key = format!("replaced/{}", props.document);
    let kept = use_state(|| {
        let seen = link.draft(&key);
        let seen = seen.and_then(|seen| serde_json::from_str::<BTreeSet<String>>(&seen).ok());
        seen.unwrap_or_default()
    });
    let now = platform::now();
    let told: Vec<&Replaced> = props
        .history
        .replaced
        .iter()
        .filter(|replaced| !kept.contains(&id_of(replaced)) && is_recent(replaced.at, now))
        .collect();
    if told.is_empty() {
        return html! {};
    }
    let all: BTreeSet<String> = props.history.replaced.iter().map(id_of).collect();
    html! {
        <Message tone={Tone::Calm}>
            <ul class="replaced-list">
                { for told.into_iter().map(|replaced| {
                    let place = &replaced.place;
                    let mine = value_words(place, &replaced.mine, props.document, &app, &text);
                    let keep = {
                        let (kept, link, key) = (kept.clone(), link.clone(), key.clone());
                        // What is not told any more need not be remembered.
                        let mut seen: BTreeSet<String> = kept.intersection(&all).cloned().collect();
                        seen.insert(id_of(replaced));
                        Callback::from(move |_: MouseEvent| {
                            link.keep_draft(&key, serde_json::to_string(&seen).unwrap_or_default());
                            kept.set(seen.clone());
                        })
                    };
                    let take_back = {
                        let (run, document) = (run.clone(), props.document);
                        let edit = bring_back(place, &replaced.mine, &props.card.customer);
                        Callback::from(move |_: MouseEvent| {
                            let edits = vec![edit.clone()];
                            run.run(document, Command::EditCard { edits }, Callback::noop());
                        })
                    };
                    html! {
                        <li key={id_of(replaced)} class="replaced">
                            <div>
                                <p><strong>{ text.get_with("replaced-value", [
                                    ("place", place_words(place, &props.card.customer, &text).into()),
                                    ("mine", mine.as_str().into()),
                                    ("value", value_words(place, &replaced.value, props.document, &app, &text).into()),
                                ]) }</strong></p>
                                <p class="quiet">{ who(replaced.by, &app, &text) }{ " · " }{ day.moment(replaced.at, &text) }</p>
                            </div>
                            <div class="actions">
                                <button type="button" class="button" onclick={keep}>{ text.get("replaced-keep") }</button>
                                <button type="button" class="button" onclick={take_back} disabled={run.is_saving()}
                                    aria-label={text.get_with("replaced-take-back-value", [("value", mine.as_str().into())])}>
                                    { text.get("replaced-take-back") }
                                </button>
                            </div>
                        </li>
                    }
                }) }
            </ul>
            <Saving problem={run.problem()} />
        </Message>
    }
}

/// Names what was decided about: another replacement is told again.
fn id_of(replaced: &Replaced) -> String {
    serde_json::to_string(&(&replaced.place, replaced.change)).unwrap_or_default()
}

/// A clock that is wrong by a day or two shows it all the same.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now < at.plus_millis(TOLD_MILLIS)
}
