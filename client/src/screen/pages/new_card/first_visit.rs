//! When the customer was first in the store, and whether that is logged as a contact: not yet while
//! they are still there.

use floorbook_shared::record::contact::NOTE_MAX_CHARS;
use floorbook_shared::record::customer::CustomerField;
use yew::prelude::*;

use super::draft::CardDraft;
use crate::screen::components::{Chips, Choice, Field};
use crate::screen::hooks::{Draft, use_day, use_text};

/// Properties of [`FirstVisit`].
#[derive(PartialEq, Properties)]
pub(super) struct FirstVisitProps {
    /// The half-typed card.
    pub draft: Draft<CardDraft>,
}

/// Now, today, another day, or not yet; what was said.
#[component]
pub(super) fn FirstVisit(props: &FirstVisitProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let draft = &props.draft;
    let content = draft.content();
    let is_picking = use_state(|| false);
    let visited = content.visited();
    let is_here = content.is_here(day.today);
    let chosen = match visited {
        Some(_) if is_here && !*is_picking => "now",
        Some(visited) if visited == day.today && !*is_picking => "today",
        None if !*is_picking => "none",
        Some(_) | None => "other",
    };
    let choices = vec![
        Choice::new("now", text.get("visit-now")),
        Choice::new("today", text.get("date-today")),
        Choice::new("other", text.get("date-other")),
        Choice::new("none", text.get("visit-none")),
    ];
    let choose = {
        let (draft, is_picking, today) = (draft.clone(), is_picking.clone(), day.today);
        Callback::from(move |choice: AttrValue| {
            is_picking.set(choice == "other");
            draft.change(|content| {
                content.is_here = choice == "now";
                match choice.as_str() {
                    "now" | "today" => {
                        let today = today.to_string();
                        content.fields.insert(CustomerField::FirstVisit, today);
                    }
                    "none" => {
                        content.fields.remove(&CustomerField::FirstVisit);
                    }
                    _ => {}
                }
            });
        })
    };
    let toggle = draft.setter(|content: &mut CardDraft, _: Event| {
        content.logs_visit = !content.logs_visit;
    });
    html! {
        <>
            <Chips name="new-visit" label={text.coded("field", CustomerField::FirstVisit.key())} {choices}
                chosen={AttrValue::from(chosen)} on_choose={choose} />
            if chosen == "other" {
                <Field id="new-first_visit" label={text.get("date-pick")} kind="date"
                    value={content.fields.get(&CustomerField::FirstVisit).cloned().unwrap_or_default()}
                    on_input={draft.setter(|content: &mut CardDraft, day: String| {
                        content.fields.insert(CustomerField::FirstVisit, day);
                    })} />
            }
            if chosen == "now" {
                <p class="quiet">{ text.get("visit-later") }</p>
            } else if visited.is_some() {
                <label class="check">
                    <input type="checkbox" checked={content.logs_visit} onchange={toggle} />
                    <span>{ text.get("visit-log") }</span>
                </label>
                if content.logs_visit {
                    <Field id="new-note" label={text.get("contact-note")} value={content.note.clone()} lines=2
                        most={Some(NOTE_MAX_CHARS)}
                        on_input={draft.setter(|content: &mut CardDraft, note| content.note = note)} />
                }
            }
        </>
    }
}
