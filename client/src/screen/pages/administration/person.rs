//! A staff member: name, posts, one-time link, customers, leaving and coming back.

use floorbook_shared::api::Member;
use yew::prelude::*;

use super::new_person::Invitation;
use super::people::{posts_in_words, state_tag};
use super::person_forms::{Leaving, NameForm, PostsForm};
use super::Problem;
use crate::screen::components::Avatar;
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;

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
