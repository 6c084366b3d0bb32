//! The stores of the chain, as the scope of who is here tells them.

use floorbook_shared::access::{Action, Store};
use floorbook_shared::id::StoreId;
use yew::prelude::*;
use yew_router::prelude::*;

use super::new_store::NewStoreForm;
use super::store::StoreDetail;
use super::{Chosen, NotForYou};
use crate::screen::components::{Empty, Icon, ListDetail, Picture};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;
use crate::screen::route::Route;

/// Properties of [`Stores`].
#[derive(PartialEq, Properties)]
pub struct StoresProps {
    /// What is shown beside the list.
    pub chosen: Chosen<StoreId>,
}

/// The page: administrators see all stores, a manager those that are theirs.
#[component]
pub fn Stores(props: &StoresProps) -> Html {
    let (text, app) = (use_text(), use_app());
    use_effect_with(text.get("stores"), |title| platform::set_title(title));
    if !app.may_change_a_store() {
        return html! { <NotForYou /> };
    }
    let detail = match props.chosen {
        Chosen::Nothing => None,
        Chosen::New => Some(html! { <NewStoreForm /> }),
        Chosen::One(id) => Some(match app.scope.store(id) {
            Some(store) => html! { <StoreDetail key={id.to_string()} store={store.clone()} /> },
            // One that was added a moment ago comes with the next word from the store.
            None => html! { <p class="quiet slow" role="status">{ text.get("please-wait") }</p> },
        }),
    };
    html! {
        <ListDetail label={text.get("stores")} list={html! { <StoreList chosen={props.chosen} /> }} detail_label={text.get("store")} {detail} back={Route::Stores}
            empty={html! { <Empty title={text.get("stores-choose")} /> }} />
    }
}

#[derive(PartialEq, Properties)]
struct StoreListProps {
    chosen: Chosen<StoreId>,
}

#[component]
fn StoreList(props: &StoreListProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let shown: Vec<&Store> = app
        .scope
        .stores
        .iter()
        .filter(|store| app.may(Action::ManageStores) || app.may(Action::ChangeSettings(store.id)))
        .collect();
    html! {
        <>
            <header class="list-head">
                <div class="list-title">
                    <BackToMore />
                    if app.may(Action::ManageStores) {
                        <Link<Route> to={Route::NewStore} classes="button primary"><Icon picture={Picture::Add} />{ text.get("stores-add") }</Link<Route>>
                    }
                </div>
                <h1>{ text.get("stores") }</h1>
                <p class="list-count" role="status">{ text.get_with("stores-count", [("count", shown.len().into())]) }</p>
            </header>
            <ul class="plain-rows">
                { for shown.into_iter().map(|store| {
                    let is_chosen = props.chosen == Chosen::One(store.id);
                    html! {
                        <li key={store.id.to_string()}>
                            <Link<Route> to={Route::Store { id: store.id.to_string() }} classes={classes!("plain-row", is_chosen.then_some("is-chosen"))}>
                                <span class="code-badge">{ &store.code }</span>
                                <span class="plain-words">
                                    <span class="plain-name">{ &store.name }</span>
                                    <span class="plain-sub">{ &store.time_zone }</span>
                                </span>
                            </Link<Route>>
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}
