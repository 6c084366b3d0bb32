//! The staff: who works here, adding someone, one-time links.

use floorbook_shared::access::{Post, Role};
use floorbook_shared::api::{InvitationCode, Member, NewPerson};
use floorbook_shared::id::PersonId;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use crate::screen::components::{Chips, Choice, Empty, Field, Message, Tone};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::http::{self, Answer};
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;
use crate::screen::text::Text;

/// The page.
#[component]
pub fn People() -> Html {
    let (text, app) = (use_text(), use_app());
    let members = use_state(|| None::<Vec<Member>>);
    let problem = use_state(|| None::<String>);
    let invitation = use_state(|| None::<(String, InvitationCode)>);
    use_effect_with(text.get("people"), |title| platform::set_title(title));
    let load = {
        let (members, problem) = (members.clone(), problem.clone());
        use_callback((), move |(), ()| {
            let (members, problem) = (members.clone(), problem.clone());
            spawn_local(async move {
                match http::people().await {
                    Ok(mut found) => {
                        found.retain(|member| member.is_active);
                        members.set(Some(found));
                        problem.set(None);
                    }
                    // What was read last stays on the screen.
                    Err(found) => problem.set(Some(found.code)),
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    let on_invited = {
        let (invitation, problem, load) = (invitation.clone(), problem.clone(), load.clone());
        Callback::from(
            move |(name, answer): (String, Answer<InvitationCode>)| match answer {
                Ok(code) => {
                    invitation.set(Some((name, code)));
                    load.emit(());
                }
                Err(found) => problem.set(Some(found.code)),
            },
        )
    };
    let invite = |person: PersonId, name: String| {
        let on_invited = on_invited.clone();
        Callback::from(move |_: MouseEvent| {
            let (on_invited, name) = (on_invited.clone(), name.clone());
            spawn_local(async move { on_invited.emit((name, http::invite(person).await)) });
        })
    };
    html! {
        <div class="page people">
            <BackToMore />
            <header class="page-head"><h1>{ text.get("people") }</h1></header>
            if let Some(code) = &*problem {
                <Message tone={Tone::Problem}>
                    <p>{ text.coded("error", code) }</p>
                    <button type="button" class="button" onclick={load.reform(|_: MouseEvent| ())}>{ text.get("try-again") }</button>
                </Message>
            }
            if let Some((name, code)) = &*invitation {
                <InvitationLink name={name.clone()} invitation={code.clone()} />
            }
            <AddPerson on_invited={on_invited.clone()} />
            <section class="panel" aria-labelledby="people-list">
                <h2 id="people-list">{ text.get("people-list") }
                    if let Some(members) = &*members { <span class="group-count">{ members.len() }</span> }
                </h2>
                { match &*members {
                    None if problem.is_some() => html! {},
                    None => html! { <p class="quiet slow" role="status">{ text.get("please-wait") }</p> },
                    Some(members) if members.is_empty() => html! { <Empty title={text.get("people-empty")} /> },
                    Some(members) => html! {
                        <ul class="people-list">
                            { for members.iter().map(|member| html! {
                                <li key={member.id.to_string()}>
                                    <div>
                                        <strong>{ &member.name }</strong>
                                        if member.posts.iter().any(|post| post.role == Role::Admin) { <span class="tag">{ text.get("administrator") }</span> }
                                        if !member.has_password { <span class="tag is-warning">{ text.get("no-password-yet") }</span> }
                                        <p class="quiet">{ stores(member, &app) }</p>
                                    </div>
                                    <button type="button" class="button" onclick={invite(member.id, member.name.clone())}
                                        aria-label={text.get_with("invite-name", [
                                            ("action", invite_word(member, &text).into()),
                                            ("name", member.name.as_str().into()),
                                        ])}>
                                        { invite_word(member, &text) }
                                    </button>
                                </li>
                            }) }
                        </ul>
                    },
                } }
            </section>
        </div>
    }
}

fn invite_word(member: &Member, text: &Text) -> String {
    if member.has_password {
        text.get("invite-again")
    } else {
        text.get("invite")
    }
}

fn stores(member: &Member, app: &crate::screen::state::AppState) -> String {
    let mut names: Vec<&str> = member
        .posts
        .iter()
        .filter_map(|post| app.scope.store(post.store))
        .map(|store| store.name.as_str())
        .collect();
    names.dedup();
    names.join(" · ")
}

#[derive(PartialEq, Properties)]
struct AddPersonProps {
    on_invited: Callback<(String, Answer<InvitationCode>)>,
}

/// Adds a person to a store.
#[component]
fn AddPerson(props: &AddPersonProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let name = use_state(String::new);
    let store = use_state(|| app.identity.as_ref().map(|identity| identity.store));
    let is_administrator = use_state(|| false);
    let is_busy = use_state(|| false);
    let onsubmit = {
        let (name, store, is_administrator) =
            (name.clone(), store.clone(), is_administrator.clone());
        let (is_busy, on_invited) = (is_busy.clone(), props.on_invited.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(store) = store.filter(|_| !*is_busy) else {
                return;
            };
            let person = NewPerson {
                name: name.trim().to_owned(),
                posts: [Role::Consultant]
                    .into_iter()
                    .chain(is_administrator.then_some(Role::Admin))
                    .map(|role| Post::new(store, role))
                    .collect(),
            };
            let (name, is_busy, on_invited) = (name.clone(), is_busy.clone(), on_invited.clone());
            is_busy.set(true);
            spawn_local(async move {
                let called = person.name.clone();
                let answer = http::add_person(person).await;
                if answer.is_ok() {
                    name.set(String::new());
                }
                is_busy.set(false);
                on_invited.emit((called, answer));
            });
        })
    };
    let set_name = {
        let name = name.clone();
        Callback::from(move |value| name.set(value))
    };
    let toggle = {
        let is_administrator = is_administrator.clone();
        Callback::from(move |_: Event| is_administrator.set(!*is_administrator))
    };
    let stores = app
        .scope
        .stores
        .iter()
        .map(|store| Choice::new(store.id.to_string(), store.name.clone()))
        .collect::<Vec<_>>();
    let choose_store = {
        let store = store.clone();
        Callback::from(move |id: AttrValue| store.set(id.parse().ok()))
    };
    html! {
        <section class="panel" aria-labelledby="people-add">
            <h2 id="people-add">{ text.get("people-add") }</h2>
            <form class="form" {onsubmit}>
                <Field id="person-name" label={text.get("person-name")} value={(*name).clone()} on_input={set_name} is_required=true />
                if stores.len() > 1 {
                    <Chips name="person-store" label={text.get("person-store")} choices={stores}
                        chosen={store.map(|store| AttrValue::from(store.to_string()))} on_choose={choose_store} />
                }
                <label class="check">
                    <input type="checkbox" checked={*is_administrator} onchange={toggle} />
                    <span>{ text.get("person-is-administrator") }</span>
                </label>
                <div class="save-line">
                    <button type="submit" class="button primary" disabled={name.trim().is_empty() || store.is_none() || *is_busy}>
                        { text.get("people-add-do") }
                    </button>
                </div>
            </form>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct InvitationLinkProps {
    name: String,
    invitation: InvitationCode,
}

/// The one-time link, to be handed over; shown only now.
#[component]
fn InvitationLink(props: &InvitationLinkProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let copied = use_state(|| None::<bool>);
    let address = format!(
        "{}/join#{}",
        platform::origin(),
        props.invitation.code.expose()
    );
    let copy = {
        let (address, copied) = (address.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (address, copied) = (address.clone(), copied.clone());
            spawn_local(async move { copied.set(Some(copy_text(&address).await)) });
        })
    };
    html! {
        <section class="panel invitation" aria-labelledby="invitation-title">
            <h2 id="invitation-title">{ text.get_with("invitation-for", [("name", props.name.as_str().into())]) }</h2>
            <p>{ text.get_with("invitation-explained", [("until", day.moment(props.invitation.expires, &text).into())]) }</p>
            <div class="copy-line">
                <input type="text" readonly=true value={address} aria-label={text.get("invitation-link")} class="invitation-address" />
                <button type="button" class="button primary" onclick={copy}>{ text.get("copy") }</button>
            </div>
            <p role="status" class="quiet">
                { match *copied {
                    None => String::new(),
                    Some(true) => text.get("copied"),
                    Some(false) => text.get("copy-failed"),
                } }
            </p>
        </section>
    }
}

/// Without a secure context there is no clipboard: the link can still be marked by hand.
async fn copy_text(words: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(words))
        .await
        .is_ok()
}
