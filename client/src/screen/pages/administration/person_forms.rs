//! What is changed about a staff member: name, posts, whether they work here.

use floorbook_shared::access::Post;
use floorbook_shared::api::{Member, PersonChange};
use yew::prelude::*;

use super::person::PersonDetailProps;
use super::{Problem, save_button};
use crate::screen::components::{Confirm, Field, Message, PostsEditor, Tone};
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;

/// What somebody does where.
#[component]
pub fn PostsForm(props: &PersonDetailProps) -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let member = &props.member;
    let posts = use_state(|| member.posts.clone());
    let onsubmit = {
        let (posts, sending) = (posts.clone(), sending.clone());
        let (person, on_changed) = (member.id, props.on_changed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let change = PersonChange {
                posts: Some((*posts).clone()),
                ..PersonChange::default()
            };
            let on_changed = on_changed.clone();
            sending.send(http::change_person(person, change), move |()| {
                on_changed.emit(());
            });
        })
    };
    let on_change = {
        let posts = posts.clone();
        Callback::from(move |next: Vec<Post>| posts.set(next))
    };
    let is_changed = *posts != member.posts;
    let loses_some = member.posts.iter().any(|post| !posts.contains(post));
    html! {
        <form class="panel form" {onsubmit} aria-labelledby="posts-title">
            <h2 id="posts-title">{ text.get("posts") }</h2>
            <PostsEditor id="posts" stores={app.scope.stores.clone()} posts={(*posts).clone()} {on_change} />
            if is_changed && loses_some { <Message tone={Tone::Calm}><p>{ text.get("posts-lost") }</p></Message> }
            <Problem code={sending.problem()} />
            <div class="save-line">
                if posts.is_empty() { <p class="save-reason">{ text.get("error-no_post") }</p> }
                { save_button(&sending, text.get("save"), text.get("saving"), is_changed && !posts.is_empty()) }
            </div>
        </form>
    }
}

/// The name, which is also what they sign in with.
#[component]
pub fn NameForm(props: &PersonDetailProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let member = &props.member;
    let name = use_state(|| member.name.clone());
    let onsubmit = {
        let (name, sending) = (name.clone(), sending.clone());
        let (person, on_changed) = (member.id, props.on_changed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let change = PersonChange {
                name: Some(name.trim().to_owned()),
                ..PersonChange::default()
            };
            let on_changed = on_changed.clone();
            sending.send(http::change_person(person, change), move |()| {
                on_changed.emit(());
            });
        })
    };
    let on_input = {
        let name = name.clone();
        Callback::from(move |value: String| name.set(value))
    };
    let is_ready = !name.trim().is_empty() && name.trim() != member.name;
    html! {
        <form class="panel form" {onsubmit}>
            <Field id="member-name" label={text.get("person-name")} value={(*name).clone()} {on_input}
                hint={text.get("person-name-hint")} is_required=true />
            <Problem code={sending.problem()} />
            <div class="save-line">{ save_button(&sending, text.get("save"), text.get("saving"), is_ready) }</div>
        </form>
    }
}

/// Whether they work here: what leaving means is said before.
#[component]
pub fn Leaving(props: &PersonDetailProps) -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let is_asking = use_state_eq(|| false);
    let member = &props.member;
    let is_me = app
        .identity
        .as_ref()
        .is_some_and(|identity| identity.person == member.id);
    let send = {
        let (sending, is_asking) = (sending.clone(), is_asking.clone());
        let (person, on_changed) = (member.id, props.on_changed.clone());
        Callback::from(move |is_active: bool| {
            let change = PersonChange {
                is_active: Some(is_active),
                ..PersonChange::default()
            };
            let (is_asking, on_changed) = (is_asking.clone(), on_changed.clone());
            sending.send(http::change_person(person, change), move |()| {
                is_asking.set(false);
                on_changed.emit(());
            });
        })
    };
    let ask = |is_open: bool| {
        let (is_asking, sending) = (is_asking.clone(), sending.clone());
        Callback::from(move |()| {
            sending.forget_problem();
            is_asking.set(is_open);
        })
    };
    if !member.is_active {
        return html! {
            <section class="panel">
                <p>{ text.get("person-left-explained") }</p>
                <Problem code={sending.problem()} />
                <button type="button" class="button" disabled={sending.is_busy()} onclick={send.reform(|_: MouseEvent| true)}>{ text.get("person-back") }</button>
            </section>
        };
    }
    let cards = cards_of(member, &app);
    html! {
        <section class="panel">
            <h2>{ text.get("person-leaving") }</h2>
            <p class="quiet">{ if is_me { text.get("person-is-me") } else { text.get("person-leaving-explained") } }</p>
            if !is_me {
                <button type="button" class="button danger" onclick={ask(true).reform(|_: MouseEvent| ())}>{ text.get("person-disable") }</button>
            }
            if *is_asking {
                <Confirm id="disable" title={text.get_with("person-disable-title", [("name", member.name.as_str().into())])}
                    action={text.get("person-disable")} is_busy={sending.is_busy()} problem={sending.problem()}
                    on_confirm={send.reform(|()| false)} on_close={ask(false)}>
                    <ul class="bullets">
                        <li>{ text.get("person-disable-sessions") }</li>
                        <li>{ text.get("person-disable-work") }</li>
                        if cards > 0 {
                            <li>{ text.get_with("person-disable-cards", [("count", cards.into())]) }</li>
                        }
                        <li>{ text.get("person-disable-history") }</li>
                    </ul>
                </Confirm>
            }
        </section>
    }
}

/// Cards of theirs that who looks at this may see.
fn cards_of(member: &Member, app: &crate::screen::state::AppState) -> usize {
    let is_theirs = |feed| app.owner(feed).is_some_and(|owner| owner.id == member.id);
    let rows = app.rows.iter();
    rows.filter(|row| is_theirs(row.entry.feed)).count()
}
