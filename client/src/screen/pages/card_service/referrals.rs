//! Referrals 转介绍: who introduced this customer and whom they brought.

use std::collections::BTreeMap;

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::contact::Purpose;
use floorbook_shared::record::customer::{Customer, CustomerField, FIELD_MAX_CHARS};
use floorbook_shared::view::search::Query;
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

use super::CardServiceProps;
use crate::screen::components::{ClassBadge, EditForm, Field, Icon, Message, Picture, Tone};
use crate::screen::hooks::{Draft, use_app, use_day, use_draft, use_link, use_text};
use crate::screen::pages::conflict::{ConflictBox, of_field};
use crate::screen::pages::today::card_route;
use crate::screen::referrals::Chain;
use crate::screen::route::Route;
use crate::screen::state::AppState;
use crate::screen::text::Text;
use crate::screen::when;

/// Cards that a search offers.
const FOUND_MAX: usize = 6;
/// Cards that are listed as brought by the customer.
const BROUGHT_MAX: usize = 50;

/// Who introduced whom.
#[component]
pub fn Referrals(props: &CardServiceProps) -> Html {
    let (text, app, day, link) = (use_text(), use_app(), use_day(), use_link());
    let (document, customer) = (props.document, &props.card.customer);
    let is_editing = use_state_eq(|| link.draft(&draft_key(document)).is_some());
    let edit = {
        let is_editing = is_editing.clone();
        Callback::from(move |_: MouseEvent| is_editing.set(true))
    };
    let on_close = {
        let is_editing = is_editing.clone();
        Callback::from(move |()| is_editing.set(false))
    };
    let referrer = card_of(customer);
    let chain = Chain::of(document, referrer, |card| {
        app.rows.get(card).and_then(|row| row.entry.row.referrer)
    });
    let brought = use_memo((app.rows.clone(), document), |(rows, document)| {
        let brought = rows
            .iter()
            .filter(|row| row.entry.row.referrer == Some(*document));
        brought.map(|row| row.entry.document).collect::<Vec<_>>()
    });
    let contacts = customer.contacts.iter();
    let asked = contacts.filter(|contact| contact.purpose == Some(Purpose::Referral));
    let asked: Vec<String> = asked
        .map(|contact| when::near_day(contact.date, day.today, &text))
        .collect();
    let words = customer.field(CustomerField::Referrer);
    let conflicts = [CustomerField::Referrer, CustomerField::ReferrerCard]
        .into_iter()
        .filter_map(|field| of_field(&props.card.conflicts, field));
    html! {
        <section class="file-section" aria-labelledby="section-referrals" data-section="referrals">
            <header>
                <h2 id="section-referrals">{ text.get("referrals") }</h2>
                if !*is_editing {
                    <button type="button" class="button quiet-button" onclick={edit}
                        aria-label={text.get_with("edit-section", [("section", text.get("referrals").into())])}>
                        <Icon picture={Picture::Write} />{ text.get("edit") }
                    </button>
                }
            </header>
            if *is_editing {
                <ReferrerForm {document} words={words.to_owned()} card={referrer} {on_close} />
            }
            <dl class="facts">
                <dt>{ text.coded("field", CustomerField::Referrer.key()) }</dt>
                <dd data-field="referrer">
                    if words.is_empty() && referrer.is_none() { <span class="quiet">{ "—" }</span> }
                    if !words.is_empty() { <span>{ words }</span> }
                    if !chain.above.is_empty() {
                        <ol class="chain" aria-label={text.get("referral-chain")}>
                            { for chain.above.iter().rev().map(|card| html! { <li key={card.to_string()}>{ card_link(*card, &app, &text) }</li> }) }
                            <li>{ text.get("referral-this") }</li>
                        </ol>
                    }
                    { for conflicts.map(|conflict| html! { <ConflictBox {document} conflict={conflict.clone()} /> }) }
                </dd>
                <dt>{ text.get("referral-brought") }</dt>
                <dd data-field="brought">
                    if brought.is_empty() { <span class="quiet">{ "—" }</span> }
                    else {
                        <ul class="card-links">
                            { for brought.iter().take(BROUGHT_MAX).map(|card| html! { <li key={card.to_string()}>{ card_link(*card, &app, &text) }</li> }) }
                        </ul>
                    }
                </dd>
                <dt>{ text.get("referral-asked") }</dt>
                <dd>{ if asked.is_empty() { text.get("referral-not-asked") } else { asked.join(" · ") } }</dd>
            </dl>
            if chain.is_circle { <Message tone={Tone::Warning}><p>{ text.get("referral-circle") }</p></Message> }
        </section>
    }
}

fn card_of(customer: &Customer) -> Option<DocumentId> {
    customer.field(CustomerField::ReferrerCard).parse().ok()
}

/// The way to a card, by its name.
fn card_link(card: DocumentId, app: &AppState, text: &Text) -> Html {
    match app.rows.get(card) {
        Some(row) => {
            let row = &row.entry.row;
            html! {
                <Link<Route> to={card_route(card)} classes="card-link"><ClassBadge class={row.class} />{ &row.name }</Link<Route>>
            }
        }
        // Cards of other books are not here.
        None => html! { <span class="quiet">{ text.get("referral-not-here") }</span> },
    }
}

/// The half-typed referrer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ReferrerDraft {
    before: BTreeMap<CustomerField, String>,
    words: String,
    card: Option<DocumentId>,
    search: String,
}

impl ReferrerDraft {
    fn edits(&self) -> Vec<Edit> {
        let card = self.card.map(|card| card.to_string()).unwrap_or_default();
        let now = [
            (CustomerField::Referrer, self.words.trim().to_owned()),
            (CustomerField::ReferrerCard, card),
        ];
        let changed = now
            .into_iter()
            .filter(|(field, value)| self.before.get(field) != Some(value));
        changed
            .map(|(field, value)| Edit::SetField { field, value })
            .collect()
    }
}

fn draft_key(document: DocumentId) -> String {
    format!("referrer/{document}")
}

#[derive(PartialEq, Properties)]
struct ReferrerFormProps {
    document: DocumentId,
    words: String,
    card: Option<DocumentId>,
    on_close: Callback<()>,
}

/// Who introduced the customer: in words, or the card of a customer.
#[component]
fn ReferrerForm(props: &ReferrerFormProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let document = props.document;
    let draft: Draft<ReferrerDraft> = {
        let (words, card) = (props.words.clone(), props.card);
        use_draft(draft_key(document), move || ReferrerDraft {
            before: [
                (CustomerField::Referrer, words.clone()),
                (
                    CustomerField::ReferrerCard,
                    card.map(|card| card.to_string()).unwrap_or_default(),
                ),
            ]
            .into(),
            words,
            card,
            search: String::new(),
        })
    };
    let content = draft.content();
    let found = use_memo(
        (app.rows.clone(), content.search.clone()),
        |(rows, typed)| {
            let query = Query::read(typed);
            if query.is_empty() {
                return Vec::new();
            }
            let found = rows
                .iter()
                .filter(|row| row.entry.document != document && query.matches(&row.key));
            found.take(FOUND_MAX).cloned().collect::<Vec<_>>()
        },
    );
    let take_off = draft.setter(|content: &mut ReferrerDraft, _: MouseEvent| content.card = None);
    html! {
        <EditForm<ReferrerDraft> {document} draft={draft.clone()} edits={Callback::from(|draft: ReferrerDraft| draft.edits())}
            on_close={props.on_close.clone()}>
            <Field id="referrer-words" label={text.coded("field", "referrer")} value={content.words.clone()} is_first=true
                most={Some(FIELD_MAX_CHARS)} on_input={draft.setter(|content, words| content.words = words)} hint={text.get("referral-words-hint")} />
            if let Some(card) = content.card {
                <div class="chosen-card">
                    { card_link(card, &app, &text) }
                    <button type="button" class="icon-button" onclick={take_off} aria-label={text.get("referral-take-off")}><Icon picture={Picture::Close} /></button>
                </div>
            } else {
                <Field id="referrer-search" label={text.get("referral-search")} value={content.search.clone()} kind="search"
                    on_input={draft.setter(|content, search| content.search = search)} hint={text.get("search-hint")} />
                if !content.search.trim().is_empty() {
                    <ul class="found-cards" aria-label={text.get("referral-found")}>
                        { for found.iter().map(|row| {
                            let (card, name) = (row.entry.document, row.entry.row.name.clone());
                            let choose = draft.setter(move |content: &mut ReferrerDraft, _: MouseEvent| {
                                content.card = Some(card);
                                content.search.clear();
                                if content.words.trim().is_empty() { content.words.clone_from(&name); }
                            });
                            html! {
                                <li key={card.to_string()}>
                                    <button type="button" class="found-card" onclick={choose}>
                                        <ClassBadge class={row.entry.row.class} />
                                        <span>{ &row.entry.row.name }</span>
                                        <span class="quiet">{ &row.entry.row.compound }</span>
                                    </button>
                                </li>
                            }
                        }) }
                    </ul>
                    if found.is_empty() { <p class="quiet" role="status">{ text.get("referral-none-found") }</p> }
                }
            }
        </EditForm<ReferrerDraft>>
    }
}
