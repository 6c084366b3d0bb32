//! What is done with customers that were selected in the list.

use std::collections::{BTreeMap, BTreeSet};

use floorbook_shared::api::HandedCustomers;
use floorbook_shared::id::{DocumentId, PersonId, StoreId};
use yew::prelude::*;

use crate::screen::components::{HandoverSheet, Icon, Picture};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::state::AppState;

/// Properties of [`SelectBar`].
#[derive(PartialEq, Properties)]
pub struct SelectBarProps {
    /// The customers that the list shows.
    pub shown: Vec<DocumentId>,
    /// Those that were ticked.
    pub ticked: BTreeSet<DocumentId>,
    /// Called with what is ticked then; without anything when selecting ends.
    pub on_change: Callback<Option<BTreeSet<DocumentId>>>,
}

/// The bar below the list.
#[component]
pub fn SelectBar(props: &SelectBarProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let is_open = use_state_eq(|| false);
    // What left the list since, or this tablet, is not handed over unseen.
    let ticked: Vec<DocumentId> = props
        .shown
        .iter()
        .filter(|document| props.ticked.contains(document))
        .copied()
        .collect();
    let owners = by_owner(&ticked, &app);
    let all: BTreeSet<DocumentId> = props.shown.iter().copied().collect();
    let has_all = !all.is_empty() && ticked.len() == all.len();
    let toggle_all = {
        let next = if has_all { BTreeSet::new() } else { all };
        props
            .on_change
            .reform(move |_: MouseEvent| Some(next.clone()))
    };
    let cancel = props.on_change.reform(|_: MouseEvent| None);
    let open = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let on_close = {
        let (is_open, on_change) = (is_open.clone(), props.on_change.clone());
        Callback::from(move |is_done: bool| {
            is_open.set(false);
            if is_done {
                on_change.emit(None);
            }
        })
    };
    let one = match owners.len() {
        1 => owners.first_key_value(),
        _ => None,
    };
    let all_words = if has_all {
        text.get("select-none")
    } else {
        text.get_with("select-all", [("count", props.shown.len().into())])
    };
    html! {
        <div class="select-bar" role="group" aria-label={text.get("select-customers")}>
            <span class="select-count" role="status">{ text.get_with("select-count", [("count", ticked.len().into())]) }</span>
            <button type="button" class="button" onclick={toggle_all}>{ all_words }</button>
            <button type="button" class="button primary" onclick={open} disabled={one.is_none()}>
                <Icon picture={Picture::HandOver} />{ text.get("select-hand-over") }
            </button>
            <button type="button" class="button quiet-button" onclick={cancel}>{ text.get("cancel") }</button>
            if owners.len() > 1 { <p class="save-reason">{ text.get("select-mixed") }</p> }
            if let Some(((store, from), documents)) = one.filter(|_| *is_open) {
                <HandoverSheet store={*store} from={*from} customers={HandedCustomers::Some(documents.clone())}
                    count={documents.len()} {on_close} />
            }
        </div>
    }
}

/// Who is responsible for the selected customers where: one handover takes those of one book.
fn by_owner(
    documents: &[DocumentId],
    app: &AppState,
) -> BTreeMap<(StoreId, PersonId), Vec<DocumentId>> {
    let mut owners: BTreeMap<(StoreId, PersonId), Vec<DocumentId>> = BTreeMap::new();
    for document in documents {
        let row = app.rows.get(*document);
        let feed = row.and_then(|row| app.scope.feed(row.entry.feed));
        if let Some(feed) = feed.filter(|feed| app.may_hand_over_of(feed.id))
            && let Some(owner) = feed.owner
        {
            owners
                .entry((feed.store, owner))
                .or_default()
                .push(*document);
        }
    }
    owners
}
