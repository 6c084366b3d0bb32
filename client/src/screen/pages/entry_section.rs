//! A section of entries of one kind: a form for a new one, and what every entry has.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::entry::EntryKind;
use yew::prelude::*;

use crate::screen::components::{Icon, Picture, Saving};
use crate::screen::hooks::{use_link, use_run, use_text};
use crate::screen::pages::entry_form::{EntryForm, Part, draft_key};

/// Properties of [`EntrySection`].
#[derive(PartialEq, Properties)]
pub struct EntrySectionProps {
    /// The card.
    pub document: DocumentId,
    /// What the entries are about.
    pub kind: EntryKind,
    /// What a new entry is asked for at once.
    pub part: Part,
    /// The heading.
    pub title: AttrValue,
    /// The words of the button that adds one.
    pub add: AttrValue,
    /// What is said if there are none; nothing is said if there are some.
    #[prop_or_default]
    pub empty: Option<AttrValue>,
    /// The entries.
    pub children: Children,
}

/// A section with its heading, its form and its entries.
#[component]
pub fn EntrySection(props: &EntrySectionProps) -> Html {
    let link = use_link();
    let (document, kind, part) = (props.document, props.kind, props.part);
    // A half-typed entry comes back with the card.
    let is_adding = use_state_eq(|| {
        let key = draft_key(document, kind, None, part);
        link.draft(&key).is_some()
    });
    let heading = format!("section-{}", kind.key());
    let add = {
        let is_adding = is_adding.clone();
        Callback::from(move |_: MouseEvent| is_adding.set(true))
    };
    let on_close = {
        let is_adding = is_adding.clone();
        Callback::from(move |()| is_adding.set(false))
    };
    html! {
        <section class="file-section" aria-labelledby={heading.clone()} data-section={kind.key()}>
            <header>
                <h2 id={heading}>{ &props.title }</h2>
                if !*is_adding {
                    <button type="button" class="button quiet-button" onclick={add}><Icon picture={Picture::Add} />{ &props.add }</button>
                }
            </header>
            if *is_adding { <EntryForm {document} {kind} {part} {on_close} /> }
            if let Some(empty) = &props.empty {
                if !*is_adding { <p class="quiet">{ empty }</p> }
            }
            { props.children.clone() }
        </section>
    }
}

/// Properties of [`EntryTools`].
#[derive(PartialEq, Properties)]
pub struct EntryToolsProps {
    /// The card.
    pub document: DocumentId,
    /// What the entry is about.
    pub kind: EntryKind,
    /// The entry.
    pub entry: EntryId,
    /// What it is called.
    pub name: AttrValue,
    /// Called when it is to be edited.
    pub on_edit: Callback<()>,
}

/// Edits an entry or takes it off the card; what is taken off can be brought back for a moment, and
/// from the history ever after.
#[component]
pub fn EntryTools(props: &EntryToolsProps) -> Html {
    let (text, run) = (use_text(), use_run());
    let remove = {
        let (run, document, kind, entry) = (run.clone(), props.document, props.kind, props.entry);
        Callback::from(move |_: MouseEvent| {
            let edits = vec![Edit::SetEntry {
                kind,
                entry,
                field: kind.head(),
                value: String::new(),
            }];
            run.run(document, Command::EditCard { edits }, Callback::noop());
        })
    };
    let name = || [("name", props.name.as_str().into())];
    html! {
        <>
            <div class="entry-tools">
                <button type="button" class="icon-button" onclick={props.on_edit.reform(|_: MouseEvent| ())}
                    aria-label={text.get_with("entry-edit", name())}><Icon picture={Picture::Write} /></button>
                <button type="button" class="icon-button" onclick={remove} disabled={run.is_saving()}
                    aria-label={text.get_with("entry-remove", name())}><Icon picture={Picture::Close} /></button>
            </div>
            <Saving problem={run.problem()} />
        </>
    }
}
