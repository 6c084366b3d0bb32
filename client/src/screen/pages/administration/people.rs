//! The staff by store: who does what, who has no password yet, who left.

use floorbook_shared::access::{Action, Role};
use floorbook_shared::api::Member;
use floorbook_shared::id::{PersonId, StoreId};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::new_person::NewPersonForm;
use super::person::PersonDetail;
use super::{Chosen, LoadTrouble, NotForYou, waiting};
use crate::screen::components::{Avatar, Empty, Icon, ListDetail, Picture};
use crate::screen::hooks::{Loaded, use_app, use_loaded, use_text};
use crate::screen::http;
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;
use crate::screen::posts;
use crate::screen::route::Route;
use crate::screen::state::AppState;
use crate::screen::text::Text;

/// Properties of [`People`].
#[derive(PartialEq, Properties)]
pub struct PeopleProps {
    /// What is shown beside the list.
    pub chosen: Chosen<PersonId>,
}

/// The page.
#[component]
pub fn People(props: &PeopleProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let members = use_loaded(http::people);
    use_effect_with(text.get("people"), |title| platform::set_title(title));
    if !app.may(Action::ManagePeople) {
        return html! { <NotForYou /> };
    }
    let detail = match (props.chosen, &members.value) {
        (Chosen::Nothing, _) | (Chosen::One(_), None) => None,
        (Chosen::New, _) => Some(html! { <NewPersonForm on_changed={members.reload.clone()} /> }),
        (Chosen::One(id), Some(list)) => Some(match list.iter().find(|member| member.id == id) {
            Some(member) => html! {
                <PersonDetail key={id.to_string()} member={member.clone()} on_changed={members.reload.clone()} />
            },
            None => html! { <Empty title={text.get("error-no_such_person")} /> },
        }),
    };
    let list = match &members.value {
        None => {
            html! { <><div class="list-head"><BackToMore /></div>{ waiting(&members, text.get("please-wait")) }</> }
        }
        Some(_) => html! { <PeopleList members={members.clone()} chosen={props.chosen} /> },
    };
    html! {
        <ListDetail label={text.get("people")} {list} detail_label={text.get("person")} {detail} back={Route::People}
            empty={html! { <Empty title={text.get("people-choose")} /> }} />
    }
}

#[derive(PartialEq, Properties)]
struct PeopleListProps {
    members: Loaded<Vec<Member>>,
    chosen: Chosen<PersonId>,
}

#[component]
fn PeopleList(props: &PeopleListProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let query = use_state(String::new);
    let on_search = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            query.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let all = props.members.value.clone().unwrap_or_default();
    let wanted = query.trim().to_lowercase();
    let shown: Vec<&Member> = all
        .iter()
        .filter(|member| member.name.to_lowercase().contains(&wanted))
        .collect();
    let groups = grouped(&shown, &app);
    let has_left = shown.iter().filter(|member| !member.is_active);
    let left: Vec<&&Member> = has_left.collect();
    html! {
        <>
            <header class="list-head">
                <div class="list-title">
                    <BackToMore />
                    <Link<Route> to={Route::NewPerson} classes="button primary"><Icon picture={Picture::Add} />{ text.get("people-add") }</Link<Route>>
                </div>
                <h1>{ text.get("people") }</h1>
                <label class="search">
                    <Icon picture={Picture::Search} />
                    <span class="for-readers">{ text.get("people-search") }</span>
                    <input type="search" value={(*query).clone()} oninput={on_search} autocomplete="off" spellcheck="false"
                        placeholder={text.get("people-search")} />
                </label>
                <p class="list-count" role="status">{ text.get_with("people-count", [("count", (shown.len() - left.len()).into())]) }</p>
                <LoadTrouble problem={props.members.problem.clone()} reload={props.members.reload.clone()} />
            </header>
            <div class="plain-rows">
                { for groups.into_iter().map(|(store, members)| html! {
                    <section key={store.clone()} aria-label={store.clone()}>
                        <h2 class="rows-heading">{ &store }<span class="group-count">{ members.len() }</span></h2>
                        <ul>{ for members.into_iter().map(|member| row(member, props.chosen, &app, &text)) }</ul>
                    </section>
                }) }
                if !left.is_empty() {
                    <section aria-label={text.get("people-left")}>
                        <h2 class="rows-heading">{ text.get("people-left") }<span class="group-count">{ left.len() }</span></h2>
                        <ul>{ for left.into_iter().map(|member| row(member, props.chosen, &app, &text)) }</ul>
                    </section>
                }
                if shown.is_empty() { <Empty title={text.get("customers-none-found")} /> }
            </div>
        </>
    }
}

/// Who works here, under the store that is their home, in the order of the stores.
fn grouped<'a>(members: &[&'a Member], app: &AppState) -> Vec<(String, Vec<&'a Member>)> {
    let home = |member: &Member| posts::stores(&member.posts).first().copied();
    let mut groups = Vec::new();
    let mut put = |name: String, store: Option<StoreId>| {
        let here: Vec<&Member> = members
            .iter()
            .copied()
            .filter(|member| member.is_active && home(member) == store)
            .collect();
        if !here.is_empty() {
            groups.push((name, here));
        }
    };
    for store in &app.scope.stores {
        put(store.name.clone(), Some(store.id));
    }
    put("–".to_owned(), None);
    groups
}

fn row(member: &Member, chosen: Chosen<PersonId>, app: &AppState, text: &Text) -> Html {
    let is_chosen = chosen == Chosen::One(member.id);
    html! {
        <li key={member.id.to_string()}>
            <Link<Route> to={Route::Person { id: member.id.to_string() }} classes={classes!("plain-row", is_chosen.then_some("is-chosen"))}>
                <Avatar name={member.name.clone()} is_small=true />
                <span class="plain-words">
                    <span class="plain-name">{ &member.name }</span>
                    <span class="plain-sub">{ posts_in_words(member, app, text) }</span>
                </span>
                { state_tag(member, text) }
            </Link<Route>>
        </li>
    }
}

/// Whether somebody left or has no password yet.
pub(super) fn state_tag(member: &Member, text: &Text) -> Html {
    if !member.is_active {
        html! { <span class="tag">{ text.get("person-left") }</span> }
    } else if !member.has_password {
        html! { <span class="tag is-warning">{ text.get("no-password-yet") }</span> }
    } else {
        html! {}
    }
}

/// What somebody does where: roles, and stores where there are several.
pub(super) fn posts_in_words(member: &Member, app: &AppState, text: &Text) -> String {
    let stores = posts::stores(&member.posts);
    let mut parts: Vec<String> = Vec::new();
    for store in &stores {
        let roles: Vec<String> = member
            .posts
            .iter()
            .filter(|post| post.store == *store && post.role != Role::Admin)
            .map(|post| text.coded("role", post.role.word()))
            .collect();
        if roles.is_empty() {
            continue;
        }
        let roles = roles.join(&text.get("list-and"));
        let name = app.scope.store(*store).map(|store| store.name.as_str());
        match name {
            Some(name) if stores.len() > 1 => parts.push(format!("{roles} ({name})")),
            Some(_) | None => parts.push(roles),
        }
    }
    if posts::is_admin(&member.posts) {
        parts.push(text.coded("role", Role::Admin.word()));
    }
    parts.join(" · ")
}
