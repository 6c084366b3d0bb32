//! Who does what where: role chips for each store.

use floorbook_shared::access::{Post, Role, Store};
use floorbook_shared::id::StoreId;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::screen::components::{Chips, Choice};
use crate::screen::hooks::use_text;
use crate::screen::posts;

/// Up to so many stores are all shown; of more, those with a post, and others can be added.
const ALL_SHOWN_MAX: usize = 3;

/// The roles that belong to a store, in the order in which they are offered.
const STORE_ROLES: [Role; 4] = [Role::Consultant, Role::Manager, Role::Office, Role::Display];

/// Properties of [`PostsEditor`].
#[derive(PartialEq, Properties)]
pub struct PostsEditorProps {
    /// Names the form in the page.
    pub id: AttrValue,
    /// All stores.
    pub stores: Vec<Store>,
    /// What was chosen.
    pub posts: Vec<Post>,
    /// Called with what is chosen then.
    pub on_change: Callback<Vec<Post>>,
}

/// Role chips for each store, the whole chain's administrator, and which store is home.
#[component]
pub fn PostsEditor(props: &PostsEditorProps) -> Html {
    let text = use_text();
    let added = use_state(Vec::<StoreId>::new);
    let chosen = posts::stores(&props.posts);
    let is_shown = |store: &&Store| {
        props.stores.len() <= ALL_SHOWN_MAX
            || chosen.contains(&store.id)
            || added.contains(&store.id)
    };
    let (shown, hidden): (Vec<&Store>, Vec<&Store>) = props.stores.iter().partition(is_shown);
    let name_of = |id: StoreId| {
        let store = props.stores.iter().find(|store| store.id == id);
        store.map(|store| store.name.clone()).unwrap_or_default()
    };
    let add = {
        let added = added.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Ok(store) = select.value().parse() {
                let mut more = (*added).clone();
                more.push(store);
                added.set(more);
            }
            select.set_value("");
        })
    };
    let home_choices: Vec<Choice> = chosen
        .iter()
        .map(|store| Choice::new(store.to_string(), name_of(*store)))
        .collect();
    let on_home = {
        let (before, on_change) = (props.posts.clone(), props.on_change.clone());
        Callback::from(move |id: AttrValue| {
            if let Ok(home) = id.parse() {
                on_change.emit(posts::with_home(&before, home));
            }
        })
    };
    let first_store = props.stores.first().map(|store| store.id);
    let on_admin = {
        let (before, on_change) = (props.posts.clone(), props.on_change.clone());
        Callback::from(move |_: Event| {
            if let Some(store) = first_store {
                on_change.emit(posts::toggled_admin(&before, store));
            }
        })
    };
    html! {
        <div class="posts">
            { for shown.into_iter().map(|store| html! {
                <fieldset key={store.id.to_string()} class="chips">
                    <legend class="field-label">{ &store.name }</legend>
                    <div class="chips-row">
                        { for STORE_ROLES.into_iter().map(|role| role_chip(props, store.id, role, &text.coded("role", role.word()))) }
                    </div>
                </fieldset>
            }) }
            if !hidden.is_empty() {
                <label class="field">
                    <span class="field-label">{ text.get("posts-add-store") }</span>
                    <select onchange={add}>
                        <option value="" selected=true>{ text.get("posts-choose-store") }</option>
                        { for hidden.into_iter().map(|store| html! {
                            <option key={store.id.to_string()} value={store.id.to_string()}>{ &store.name }</option>
                        }) }
                    </select>
                </label>
            }
            if chosen.len() > 1 {
                <Chips name={format!("{}-home", props.id)} label={text.get("posts-home")} choices={home_choices}
                    chosen={chosen.first().map(|home| AttrValue::from(home.to_string()))} on_choose={on_home} />
            }
            <label class="check">
                <input type="checkbox" checked={posts::is_admin(&props.posts)} onchange={on_admin} />
                <span>{ text.get("posts-admin") }</span>
            </label>
        </div>
    }
}

fn role_chip(props: &PostsEditorProps, store: StoreId, role: Role, words: &str) -> Html {
    let is_on = props.posts.contains(&Post::new(store, role));
    let next = posts::toggled(&props.posts, store, role);
    let onchange = props.on_change.reform(move |_: Event| next.clone());
    html! {
        <label key={role.word()} class="chip">
            <input type="checkbox" checked={is_on} {onchange} />
            <span>{ words.to_owned() }</span>
        </label>
    }
}
