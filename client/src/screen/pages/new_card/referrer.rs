//! Who introduced a customer: in words, or a card that is found while typing.

use floorbook_shared::record::customer::{CustomerField, FIELD_MAX_CHARS};
use floorbook_shared::record::source::{Introducer, is_introduction, source_of};
use floorbook_shared::view::search::Query;
use yew::prelude::*;

use super::draft::CardDraft;
use crate::screen::components::{Field, Icon, Picture};
use crate::screen::hooks::{Draft, use_app, use_text};

/// Cards that are offered at once.
const OFFERED: usize = 5;

/// Properties of [`Referrer`].
#[derive(PartialEq, Properties)]
pub(super) struct ReferrerProps {
    /// The half-typed card.
    pub draft: Draft<CardDraft>,
}

/// Asks who introduced the customer, if the source says that somebody did.
#[component]
pub(super) fn Referrer(props: &ReferrerProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let draft = &props.draft;
    let content = draft.content();
    let source = content.field(CustomerField::Source);
    let words = content.fields.get(&CustomerField::Referrer);
    let words = words.cloned().unwrap_or_default();
    if !is_introduction(source) && words.is_empty() {
        return html! {};
    }
    let by_designer =
        source_of(source).and_then(|source| source.introducer) == Some(Introducer::Designer);
    let chosen = content.field(CustomerField::ReferrerCard).parse().ok();
    let chosen = chosen.and_then(|document| app.rows.get(document));
    if let Some(row) = chosen {
        let forget = draft.setter(|content: &mut CardDraft, _: MouseEvent| {
            content.fields.remove(&CustomerField::ReferrerCard);
            content.fields.remove(&CustomerField::Referrer);
        });
        let name = row.entry.row.name.clone();
        return html! {
            <p class="referrer-chosen">
                <span>{ text.get_with("referrer-is", [("name", name.as_str().into())]) }
                    <span class="quiet">{ " " }{ &row.entry.row.number }</span></span>
                <button type="button" class="icon-button" onclick={forget} aria-label={text.get_with("referrer-forget", [("name", name.into())])}>
                    <Icon picture={Picture::Close} />
                </button>
            </p>
        };
    }
    let query = Query::read(&words);
    let found: Vec<_> = if query.is_empty() || by_designer {
        Vec::new()
    } else {
        let rows = app.rows.iter();
        rows.filter(|row| row.entry.document != content.document && query.matches(&row.key))
            .take(OFFERED)
            .cloned()
            .collect()
    };
    let label = if by_designer {
        text.get("referrer-designer")
    } else {
        text.get("referrer-who")
    };
    html! {
        <div class="suggested">
            <Field id="new-referrer" {label} value={words} most={Some(FIELD_MAX_CHARS)}
                hint={(!by_designer).then(|| AttrValue::from(text.get("referrer-hint")))}
                on_input={draft.setter(|content: &mut CardDraft, words: String| {
                    content.fields.insert(CustomerField::Referrer, words);
                })} />
            if !found.is_empty() {
                <div class="chips-row" role="group" aria-label={text.get("referrer-cards")}>
                    { for found.into_iter().map(|row| {
                        let (document, name) = (row.entry.document, row.entry.row.name.clone());
                        let shown = format!("{name} {}", row.entry.row.compound);
                        let choose = draft.setter(move |content: &mut CardDraft, _: MouseEvent| {
                            content.fields.insert(CustomerField::ReferrerCard, document.to_string());
                            content.fields.insert(CustomerField::Referrer, name.clone());
                        });
                        html! {
                            <button key={document.to_string()} type="button" class="chip-button" onclick={choose}>{ shown }</button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}
