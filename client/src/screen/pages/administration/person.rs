//! A staff member: name, posts, one-time link, customers, leaving and coming back.

use floorbook_shared::access::{Action, Post, Role, Store};
use floorbook_shared::api::{HandedCustomers, Member};
use floorbook_shared::id::StoreId;
use yew::prelude::*;

use super::Problem;
use super::handovers::HandoverList;
use super::new_person::Invitation;
use super::people::{posts_in_words, state_tag};
use super::person_forms::{Leaving, NameForm, PostsForm};
use crate::screen::components::{Avatar, HandoverSheet, Icon, Picture};
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;
use crate::screen::state::AppState;

/// Properties of [`PersonDetail`].
#[derive(PartialEq, Properties)]
pub struct PersonDetailProps {
    /// The person.
    pub member: Member,
    /// Called when something changed.
    pub on_changed: Callback<()>,
}

/// The detail; the page gives it another Yew key for another person.
#[component]
pub fn PersonDetail(props: &PersonDetailProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let member = &props.member;
    html! {
        <>
            <header class="detail-head">
                <Avatar name={member.name.clone()} />
                <div>
                    <h1>{ &member.name }{ state_tag(member, &text) }</h1>
                    <p class="quiet">{ posts_in_words(member, &app, &text) }</p>
                </div>
            </header>
            if member.is_active {
                <Link member={member.clone()} on_changed={props.on_changed.clone()} />
                <PostsForm member={member.clone()} on_changed={props.on_changed.clone()} />
            }
            <Customers member={member.clone()} on_changed={props.on_changed.clone()} />
            <NameForm member={member.clone()} on_changed={props.on_changed.clone()} />
            <Leaving member={member.clone()} on_changed={props.on_changed.clone()} />
        </>
    }
}

/// A new one-time link: for the first password, or for one that was forgotten.
#[component]
fn Link(props: &PersonDetailProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let code = use_state(|| None);
    let member = &props.member;
    let onclick = {
        let (sending, code, person) = (sending.clone(), code.clone(), member.id);
        Callback::from(move |_: MouseEvent| {
            let code = code.clone();
            sending.send(http::invite(person), move |made| code.set(Some(made)));
        })
    };
    if let Some(code) = &*code {
        return html! { <Invitation name={member.name.clone()} code={code.clone()} /> };
    }
    html! {
        <section class="panel" aria-labelledby="link-title">
            <h2 id="link-title">{ text.get("person-access") }</h2>
            <p>{ if member.has_password { text.get("person-has-password") } else { text.get("person-needs-link") } }</p>
            <Problem code={sending.problem()} />
            <button type="button" class={if member.has_password { "button" } else { "button primary" }} {onclick} disabled={sending.is_busy()}>
                { if member.has_password { text.get("invite-again") } else { text.get("invite") } }
            </button>
        </section>
    }
}

/// Their customers: handing all of them over, and what is under way.
#[component]
fn Customers(props: &PersonDetailProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let open = use_state_eq(|| None::<StoreId>);
    let member = &props.member;
    let stores: Vec<Store> = app
        .scope
        .stores
        .iter()
        .filter(|store| app.may(Action::HandOver(store.id)))
        .filter(|store| {
            let has_post = member
                .posts
                .contains(&Post::new(store.id, Role::Consultant));
            has_post || count(member, store.id, &app).is_some_and(|cards| cards > 0)
        })
        .cloned()
        .collect();
    if stores.is_empty() {
        return html! {};
    }
    let on_close = {
        let open = open.clone();
        Callback::from(move |_: bool| open.set(None))
    };
    html! {
        <section class="panel" aria-labelledby="customers-title">
            <h2 id="customers-title">{ text.get("person-customers") }</h2>
            { for stores.iter().map(|store| {
                let (open, id) = (open.clone(), store.id);
                let onclick = Callback::from(move |_: MouseEvent| open.set(Some(id)));
                let words = match count(member, id, &app) {
                    Some(cards) => text.get_with("person-cards", [("count", cards.into())]),
                    None => text.get("person-cards-unknown"),
                };
                html! {
                    <div key={id.to_string()} class="message-line">
                        <span>{ if stores.len() > 1 { format!("{}: {words}", store.name) } else { words } }</span>
                        <button type="button" class="button" {onclick}><Icon picture={Picture::HandOver} />{ text.get("person-hand-over-all") }</button>
                    </div>
                }
            }) }
            <HandoverList of={Some(member.id)} />
            if let Some(store) = *open {
                <HandoverSheet {store} from={member.id} customers={HandedCustomers::All}
                    count={count(member, store, &app).unwrap_or(0)} {on_close} />
            }
        </section>
    }
}

/// How many cards are in their book, if who looks at this sees it.
fn count(member: &Member, store: StoreId, app: &AppState) -> Option<usize> {
    let feed = app.scope.cards_feed(store, member.id)?.id;
    let rows = app.rows.iter();
    Some(rows.filter(|row| row.entry.feed == feed).count())
}
