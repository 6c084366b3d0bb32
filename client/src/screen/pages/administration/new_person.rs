//! Adding somebody: a name, what they do where, then their one-time link.

use floorbook_shared::access::{Post, Role};
use floorbook_shared::api::{InvitationCode, NewPerson};
use yew::prelude::*;

use super::{Problem, save_button};
use crate::screen::components::{Field, OneTimeLink, PostsEditor};
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;

/// Properties of [`NewPersonForm`].
#[derive(PartialEq, Properties)]
pub struct NewPersonFormProps {
    /// Called when somebody was added.
    pub on_changed: Callback<()>,
}

/// The form.
#[component]
pub fn NewPersonForm(props: &NewPersonFormProps) -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let name = use_state(String::new);
    let posts = use_state(|| {
        let store = app.identity.as_ref().map(|identity| identity.store);
        let post = store.map(|store| Post::new(store, Role::Consultant));
        post.into_iter().collect::<Vec<Post>>()
    });
    let added = use_state(|| None::<(String, InvitationCode)>);
    let onsubmit = {
        let (name, posts, added) = (name.clone(), posts.clone(), added.clone());
        let (sending, on_changed) = (sending.clone(), props.on_changed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let person = NewPerson {
                name: name.trim().to_owned(),
                posts: (*posts).clone(),
            };
            let (name, added, on_changed) = (name.clone(), added.clone(), on_changed.clone());
            let called = person.name.clone();
            sending.send(http::add_person(person), move |code| {
                name.set(String::new());
                added.set(Some((called, code)));
                on_changed.emit(());
            });
        })
    };
    let on_name = {
        let name = name.clone();
        Callback::from(move |value: String| name.set(value))
    };
    let on_posts = {
        let posts = posts.clone();
        Callback::from(move |next: Vec<Post>| posts.set(next))
    };
    let is_ready = !name.trim().is_empty() && !posts.is_empty();
    html! {
        <>
            <h1>{ text.get("people-add") }</h1>
            if let Some((name, code)) = &*added {
                <Invitation name={name.clone()} code={code.clone()} />
            }
            <form class="panel form" {onsubmit}>
                <Field id="person-name" label={text.get("person-name")} value={(*name).clone()} on_input={on_name}
                    is_required=true is_first=true hint={text.get("person-name-hint")} />
                <PostsEditor id="new-posts" stores={app.scope.stores.clone()} posts={(*posts).clone()} on_change={on_posts} />
                <Problem code={sending.problem()} />
                <div class="save-line">
                    if posts.is_empty() { <p class="save-reason">{ text.get("error-no_post") }</p> }
                    { save_button(&sending, text.get("people-add-do"), text.get("please-wait"), is_ready) }
                </div>
            </form>
        </>
    }
}

/// Properties of [`Invitation`].
#[derive(PartialEq, Properties)]
pub struct InvitationProps {
    /// Whose link it is.
    pub name: String,
    /// The code.
    pub code: InvitationCode,
}

/// The one-time link, to be handed over; shown only now.
#[component]
pub fn Invitation(props: &InvitationProps) -> Html {
    let text = use_text();
    html! {
        <section class="panel invitation" aria-labelledby="invitation-title">
            <h2 id="invitation-title">{ text.get_with("invitation-for", [("name", props.name.as_str().into())]) }</h2>
            <p>{ text.get("invitation-explained") }</p>
            <OneTimeLink path="/join" code={props.code.code.clone()} expires={props.code.expires} label={text.get("invitation-link")} />
        </section>
    }
}
