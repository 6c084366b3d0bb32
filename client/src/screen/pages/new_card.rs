//! A new card: a name and one way to reach them is enough; the rest comes later.

use std::collections::BTreeMap;

use floorbook_shared::document::command::{Command, NewCard as Content, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::customer::{
    Class, CustomerField, FIELD_MAX_CHARS, REMARKS_MAX_CHARS,
};
use floorbook_shared::time::Date;
use floorbook_shared::view::search::Query;
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{
    Chips, Choice, Field, KnownElsewhere, Message, NextStepDraft, NextStepEditor, Saving, Tone,
};
use crate::screen::hooks::{use_app, use_day, use_draft, use_run, use_text};
use crate::screen::pages::card::BackToList;
use crate::screen::pages::today::card_route;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::text::Text;

/// Where the half-typed new card is kept.
const DRAFT: &str = "card/new";
/// Digits that a phone needs before the same one is looked for on other cards.
const PHONE_DIGITS: usize = 7;

/// The half-typed new card; its ids are made once, so that two taps make one card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CardDraft {
    document: DocumentId,
    phone_entry: EntryId,
    phone: String,
    fields: BTreeMap<CustomerField, String>,
    remarks: String,
    next: NextStepDraft,
}

impl CardDraft {
    fn new() -> Self {
        Self {
            document: platform::new_document(),
            phone_entry: platform::new_entry(),
            phone: String::new(),
            fields: BTreeMap::new(),
            remarks: String::new(),
            next: NextStepDraft::new(platform::new_entry()),
        }
    }

    fn field(&self, field: CustomerField) -> &str {
        self.fields.get(&field).map_or("", |value| value.trim())
    }

    /// The card but for its number, or what is still missing for it, in words.
    fn content(&self, today: Date, text: &Text) -> Result<Content, String> {
        if self.field(CustomerField::Name).is_empty() {
            return Err(text.get("missing-name"));
        }
        let phone = self.phone.trim();
        let ways = [
            phone,
            self.field(CustomerField::Wechat),
            self.field(CustomerField::Email),
        ];
        if ways.iter().all(|way| way.is_empty()) {
            return Err(text.get("missing-reach"));
        }
        let next_step = match self.next.plan {
            None => None,
            Some(_) => Some((self.next.step, self.next.decision(text)?)),
        };
        let mut fields: BTreeMap<CustomerField, String> = self
            .fields
            .iter()
            .map(|(field, value)| (*field, value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        fields.insert(CustomerField::OpenedOn, today.to_string());
        let phones = if phone.is_empty() {
            Vec::new()
        } else {
            let number = phone.to_owned();
            vec![NewPhone {
                id: self.phone_entry,
                number,
                label: String::new(),
            }]
        };
        let remarks = self.remarks.trim().to_owned();
        Ok(Content {
            fields,
            phones,
            remarks,
            facts: BTreeMap::new(),
            next_step,
        })
    }
}

/// The form of a new card.
#[component]
pub fn NewCard() -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let navigator = use_navigator();
    let draft = {
        let today = day.today;
        use_draft(DRAFT.to_owned(), move || {
            let mut fresh = CardDraft::new();
            fresh
                .fields
                .insert(CustomerField::FirstVisit, today.to_string());
            fresh
                .fields
                .insert(CustomerField::Class, Class::A.letter().to_owned());
            fresh
        })
    };
    use_effect_with(text.get("new-card"), |title| platform::set_title(title));
    let content = draft.content();
    let card = content.content(day.today, &text);
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
        let (run, go, card, document) = (run.clone(), go.clone(), card.clone(), content.document);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(card) = card.clone() else { return };
            let go = go.clone();
            let command = move |number: String| {
                let mut card = card.clone();
                if !number.is_empty() {
                    card.fields.insert(CustomerField::Number, number);
                }
                Command::OpenCard(card)
            };
            let on_saved = Callback::from(move |_| go.emit(card_route(document)));
            run.run_with_number(document, command, on_saved);
        })
    };
    let discard = go.reform(|_: MouseEvent| Route::Customers);
    let same_phone = {
        let digits = content
            .phone
            .chars()
            .filter(|sign| sign.is_ascii_digit())
            .count();
        let query = Query::read(&content.phone);
        (digits >= PHONE_DIGITS)
            .then(|| {
                app.rows
                    .iter()
                    .find(|row| row.entry.document != content.document && query.matches(&row.key))
                    .cloned()
            })
            .flatten()
    };
    let field = |field: CustomerField, is_first: bool| {
        let on_input = draft.setter(move |content: &mut CardDraft, value: String| {
            content.fields.insert(field, value);
        });
        html! {
            <Field id={format!("new-{}", field.key())} label={text.coded("field", field.key())} {on_input} {is_first}
                value={content.fields.get(&field).cloned().unwrap_or_default()} most={Some(FIELD_MAX_CHARS)}
                kind={if field == CustomerField::FirstVisit { "date" } else { "text" }}
                is_required={field == CustomerField::Name} />
        }
    };
    let classes = Class::ALL
        .into_iter()
        .map(|class| Choice::new(class.letter(), text.coded("class", class.letter())))
        .collect::<Vec<_>>();
    html! {
        <article class="card new-card-form" aria-labelledby="new-title">
            <BackToList />
            <header class="card-head"><h1 id="new-title">{ text.get("new-card") }</h1></header>
            <p class="quiet">{ text.get("new-card-explained") }</p>
            <form class="form" onsubmit={save}>
                { field(CustomerField::Name, true) }
                <div class="field-pair">
                    <Field id="new-phone" label={text.get("phone")} kind="tel" input_mode={AttrValue::from("tel")}
                        value={content.phone.clone()} most={Some(FIELD_MAX_CHARS)}
                        on_input={draft.setter(|content: &mut CardDraft, phone| content.phone = phone)} />
                    { field(CustomerField::Wechat, false) }
                </div>
                if let Some(row) = same_phone {
                    <Message tone={Tone::Warning}>
                        <p>{ text.get("same-phone") }{ " " }
                            <Link<Route> to={card_route(row.entry.document)}>
                                { format!("{} {}", row.entry.row.name, row.entry.row.number) }
                            </Link<Route>>
                        </p>
                    </Message>
                } else {
                    <KnownElsewhere phone={content.phone.clone()} is_new=true
                        wechat={content.field(CustomerField::Wechat).to_owned()} />
                }
                <Chips name="new-class" label={text.coded("field", CustomerField::Class.key())} choices={classes}
                    chosen={Some(AttrValue::from(content.field(CustomerField::Class).to_owned()))}
                    on_choose={draft.setter(|content: &mut CardDraft, letter: AttrValue| {
                        content.fields.insert(CustomerField::Class, letter.to_string());
                    })} />
                <section class="next-part" aria-labelledby="new-next">
                    <h2 id="new-next">{ text.get("next-step") }</h2>
                    <NextStepEditor id="new-next-step" step={content.next.clone()}
                        on_change={draft.setter(|content: &mut CardDraft, next| content.next = next)} />
                </section>
                <details class="more-fields">
                    <summary>{ text.get("more-fields") }</summary>
                    <div class="form">
                        <div class="field-pair">{ field(CustomerField::Compound, false) }{ field(CustomerField::Source, false) }</div>
                        <div class="field-pair">{ field(CustomerField::City, false) }{ field(CustomerField::District, false) }</div>
                        { field(CustomerField::Street, false) }
                        <div class="field-pair">{ field(CustomerField::Email, false) }{ field(CustomerField::FirstVisit, false) }</div>
                        <Field id="new-remarks" label={text.get("remarks")} value={content.remarks.clone()} lines=4 most={Some(REMARKS_MAX_CHARS)}
                            on_input={draft.setter(|content: &mut CardDraft, remarks| content.remarks = remarks)} />
                    </div>
                </details>
                <div class="form-foot">
                    <Saving problem={run.problem()} />
                    <div class="save-line">
                        if let Err(missing) = &card { <p id="new-missing" class="save-reason" aria-live="polite">{ missing }</p> }
                        <button type="button" class="button quiet-button" onclick={discard} disabled={run.is_saving()}>{ text.get("discard-draft") }</button>
                        <button type="submit" class="button primary" aria-describedby="new-missing" disabled={card.is_err() || run.is_saving()}>
                            { if run.is_saving() { text.get("saving") } else { text.get("save-card") } }
                        </button>
                    </div>
                </div>
            </form>
        </article>
    }
}
