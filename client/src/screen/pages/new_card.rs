//! A new card: a name and one way to reach them is enough; what else is asked at a first visit is
//! tapped as the conversation goes, and the visit becomes the first contact.

mod draft;
mod first_visit;
mod guide;
mod phones;
mod referrer;

use floorbook_shared::document::command::Command;
use floorbook_shared::record::customer::{
    Class, CustomerField, CustomerKind, FIELD_MAX_CHARS, REMARKS_MAX_CHARS,
};
use yew::prelude::*;
use yew_router::prelude::*;

use self::draft::{CardDraft, Opening};
use self::first_visit::FirstVisit;
use self::guide::Guide;
use self::phones::Phones;
use crate::screen::components::{Chips, Choice, Field, Message, NextStepEditor, Saving, Tone};
use crate::screen::hooks::{use_app, use_day, use_draft, use_run, use_text};
use crate::screen::pages::card::BackToList;
use crate::screen::pages::today::card_route;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::Action;

/// Where the half-typed new card is kept.
const DRAFT: &str = "card/new";

/// Properties of [`NewCard`].
#[derive(PartialEq, Properties)]
pub struct NewCardProps {
    /// Whether it is that of somebody who has just walked in, and is in the store.
    pub is_walk_in: bool,
}

/// The form of a new card.
#[component]
pub fn NewCard(props: &NewCardProps) -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let navigator = use_navigator();
    let draft = {
        let (today, is_here) = (day.today, props.is_walk_in);
        use_draft(DRAFT.to_owned(), move || CardDraft::new(today, is_here))
    };
    use_effect_with(text.get("new-card"), |title| platform::set_title(title));
    let content = draft.content();
    let document = content.document;
    let opening = content.opening(platform::now(), day.today, &text);
    let go = {
        let draft = draft.clone();
        Callback::from(move |route: Route| {
            draft.forget();
            if let Some(navigator) = &navigator {
                navigator.replace(&route);
            }
        })
    };
    let save = {
        let (run, go, draft, opening) = (run.clone(), go.clone(), draft.clone(), opening.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(Opening { card, visit }) = opening.clone() else {
                return;
            };
            let log_visit = {
                let (run, go) = (run.clone(), go.clone());
                Callback::from(move |()| {
                    let go = go.clone();
                    match visit.clone() {
                        Some(visit) => {
                            let on_saved = Callback::from(move |_| go.emit(card_route(document)));
                            run.run(document, Command::LogContact(visit), on_saved);
                        }
                        None => go.emit(card_route(document)),
                    }
                })
            };
            if draft.latest().is_opened {
                log_visit.emit(());
                return;
            }
            let command = move |number: String| {
                let mut card = card.clone();
                if !number.is_empty() {
                    card.fields.insert(CustomerField::Number, number);
                }
                Command::OpenCard(card)
            };
            // The card is there from now on. Should the visit not be saved, it alone is tried again.
            let (draft, app) = (draft.clone(), app.clone());
            let on_opened = Callback::from(move |_| {
                app.dispatch(Action::CardOpened(document));
                draft.change(|content| content.is_opened = true);
                log_visit.emit(());
            });
            run.run_with_number(document, command, on_opened);
        })
    };
    let discard = {
        let (go, is_opened) = (go.clone(), content.is_opened);
        Callback::from(move |_: MouseEvent| {
            go.emit(if is_opened {
                card_route(document)
            } else {
                Route::Customers
            });
        })
    };
    let field = |field: CustomerField, is_first: bool| {
        let on_input = draft.setter(move |content: &mut CardDraft, value: String| {
            content.fields.insert(field, value);
        });
        html! {
            <Field id={format!("new-{}", field.key())} label={text.coded("field", field.key())} {on_input} {is_first}
                value={content.fields.get(&field).cloned().unwrap_or_default()} most={Some(FIELD_MAX_CHARS)}
                is_required={field == CustomerField::Name} />
        }
    };
    let chips = |field: CustomerField, choices: Vec<Choice>, usual: &'static str| {
        let chosen = match content.field(field) {
            "" => usual.to_owned(),
            chosen => chosen.to_owned(),
        };
        let on_choose = draft.setter(move |content: &mut CardDraft, key: AttrValue| {
            content.fields.insert(field, key.to_string());
        });
        html! {
            <Chips name={format!("new-{}", field.key())} label={text.coded("field", field.key())} {choices}
                chosen={AttrValue::from(chosen)} {on_choose} />
        }
    };
    let classes = Class::ALL
        .map(|class| Choice::new(class.letter(), text.coded("class", class.letter())))
        .to_vec();
    let kinds = CustomerKind::ALL
        .map(|kind| Choice::new(kind.key(), text.coded("kind", kind.key())))
        .to_vec();
    html! {
        <article class="card new-card-form" aria-labelledby="new-title">
            <BackToList />
            <header class="card-head"><h1 id="new-title">{ text.get("new-card") }</h1></header>
            <p class="quiet">{ text.get("new-card-explained") }</p>
            <form class="form" onsubmit={save}>
                if content.is_opened {
                    <Message tone={Tone::Warning}><p>{ text.get("new-card-visit-left") }</p></Message>
                } else {
                    { field(CustomerField::Name, true) }
                    <Phones draft={draft.clone()} />
                    <Guide draft={draft.clone()} />
                    { chips(CustomerField::Class, classes, "") }
                }
                <section class="next-part" aria-labelledby="new-next">
                    <h2 id="new-next">{ text.get("visit-and-next-step") }</h2>
                    <FirstVisit draft={draft.clone()} />
                    if content.asks_next_step(day.today) {
                        <NextStepEditor id="new-next-step" step={content.next.clone()}
                            on_change={draft.setter(|content: &mut CardDraft, next| content.next = next)} />
                    }
                </section>
                if !content.is_opened {
                    <details class="more-fields">
                        <summary>{ text.get("more-fields") }</summary>
                        <div class="form">
                            { chips(CustomerField::Kind, kinds, CustomerKind::Individual.key()) }
                            <div class="field-pair">{ field(CustomerField::Compound, false) }{ field(CustomerField::Email, false) }</div>
                            <div class="field-pair">{ field(CustomerField::City, false) }{ field(CustomerField::District, false) }</div>
                            { field(CustomerField::Street, false) }
                            <Field id="new-remarks" label={text.get("remarks")} value={content.remarks.clone()} lines=4 most={Some(REMARKS_MAX_CHARS)}
                                on_input={draft.setter(|content: &mut CardDraft, remarks| content.remarks = remarks)} />
                        </div>
                    </details>
                }
                <div class="form-foot">
                    <Saving problem={run.problem()} />
                    <div class="save-line">
                        if let Err(missing) = &opening { <p id="new-missing" class="save-reason" aria-live="polite">{ missing }</p> }
                        <button type="button" class="button quiet-button" onclick={discard} disabled={run.is_saving()}>{ text.get("discard-draft") }</button>
                        <button type="submit" class="button primary" aria-describedby="new-missing" disabled={opening.is_err() || run.is_saving()}>
                            { if run.is_saving() { text.get("saving") } else { text.get("save-card") } }
                        </button>
                    </div>
                </div>
            </form>
        </article>
    }
}
