//! The stores of the chain.

use floorbook_shared::access::{Action, Store};
use floorbook_shared::id::StoreId;
use yew::prelude::*;
use yew_router::prelude::*;

use super::new_store::NewStoreForm;
use super::store::StoreDetail;
use super::{Chosen, LoadTrouble, NotForYou, waiting};
use crate::screen::components::{Empty, Icon, ListDetail, Picture};
use crate::screen::hooks::{Loaded, use_app, use_loaded, use_text};
use crate::screen::http;
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
    let stores = use_loaded(http::stores);
    use_effect_with(text.get("stores"), |title| platform::set_title(title));
    if !app.may_change_a_store() {
        return html! { <NotForYou /> };
    }
    let detail = match (props.chosen, &stores.value) {
        (Chosen::Nothing, _) | (Chosen::One(_), None) => None,
        (Chosen::New, _) => Some(html! { <NewStoreForm on_changed={stores.reload.clone()} /> }),
        (Chosen::One(id), Some(list)) => Some(match list.iter().find(|store| store.id == id) {
            Some(store) => html! {
                <StoreDetail key={id.to_string()} store={store.clone()} on_changed={stores.reload.clone()} />
            },
            None => html! { <Empty title={text.get("error-no_such_store")} /> },
        }),
    };
    let list = match &stores.value {
        None => html! { <><div class="list-head"><BackToMore /></div>{ waiting(&stores, text.get("please-wait")) }</> },
        Some(_) => html! { <StoreList stores={stores.clone()} chosen={props.chosen} /> },
    };
    html! {
        <ListDetail label={text.get("stores")} {list} detail_label={text.get("person-store")} {detail} back={Route::Stores}
            empty={html! { <Empty title={text.get("stores-choose")} /> }} />
    }
}

#[derive(PartialEq, Properties)]
struct StoreListProps {
    stores: Loaded<Vec<Store>>,
    chosen: Chosen<StoreId>,
}

#[component]
fn StoreList(props: &StoreListProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let all = props.stores.value.clone().unwrap_or_default();
    let shown: Vec<&Store> = all
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
                <LoadTrouble problem={props.stores.problem.clone()} reload={props.stores.reload.clone()} />
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
