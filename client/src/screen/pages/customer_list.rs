//! The list of customers: search, filters, and windowed rows.

use std::collections::BTreeSet;

use floorbook_shared::id::DocumentId;
use floorbook_shared::view::listing::Order;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Empty, Icon, Picture};
use crate::screen::hooks::{use_app, use_day, use_row_walk, use_text, use_window};
use crate::screen::pages::customer_filters::Filters;
use crate::screen::pages::customer_row::{Row, Shared};
use crate::screen::pages::select_bar::SelectBar;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::{Action, ListView, Owners};

/// Height of a row in times of the text's size, 76 pixels at the usual one; the styles say the same.
const ROW_REM: f64 = 4.75;

/// Properties of [`CustomerList`].
#[derive(PartialEq, Properties)]
pub struct CustomerListProps {
    /// The open card.
    pub selected: Option<DocumentId>,
}

/// The list.
#[component]
pub fn CustomerList(props: &CustomerListProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let view = app.list.clone();
    use_effect_with(text.get("place-customers"), |title| {
        platform::set_title(title)
    });
    let sorted = use_memo(
        (
            app.rows.clone(),
            view.order,
            app.scope.clone(),
            app.basis(day.today),
        ),
        |(rows, order, scope, basis)| rows.sorted(*order, &Owners::of(scope), basis),
    );
    let shown = use_memo(
        (
            app.rows.clone(),
            view.question(),
            app.scope.clone(),
            app.basis(day.today),
        ),
        |(_, view, scope, basis)| {
            let shown = view.choose(&sorted, &Owners::of(scope), basis);
            shown.into_iter().map(Shared).collect::<Vec<_>>()
        },
    );
    let on_leave = {
        // The newest state is only known to the handle of the newest rendering.
        let latest = use_mut_ref(|| app.clone());
        *latest.borrow_mut() = app.clone();
        use_callback((), move |scroll: i32, ()| {
            let app = latest.borrow().clone();
            app.dispatch(Action::List(ListView {
                scroll,
                ..app.list.clone()
            }));
        })
    };
    let window = use_window(shown.len(), ROW_REM, view.scroll, on_leave);
    let walk = use_row_walk(&window, shown.len());
    {
        // A new question starts at the top; coming back does not.
        let (scroller, last) = (window.scroller.clone(), use_mut_ref(|| view.clone()));
        use_effect_with(view.question(), move |view| {
            let is_new = last.borrow().question() != *view;
            if is_new && let Some(element) = scroller.cast::<HtmlElement>() {
                element.set_scroll_top(0);
            }
            *last.borrow_mut() = view.clone();
        });
    }
    let change = |set: fn(&mut ListView, String)| {
        let app = app.clone();
        Callback::from(move |value: String| {
            let mut view = app.list.clone();
            set(&mut view, value);
            app.dispatch(Action::List(view));
        })
    };
    let on_search = change(|view, query| view.query = query)
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let on_clear = change(|view, _| view.query.clear()).reform(|_: MouseEvent| String::new());
    let on_order = change(|view, order| view.order = Order::from_key(&order))
        .reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let selecting = use_state(|| None::<BTreeSet<DocumentId>>);
    let on_tick = {
        let selecting = selecting.clone();
        Callback::from(move |document: DocumentId| {
            let mut ticked = (*selecting).clone().unwrap_or_default();
            if !ticked.remove(&document) {
                ticked.insert(document);
            }
            selecting.set(Some(ticked));
        })
    };
    let begin = {
        let selecting = selecting.clone();
        Callback::from(move |_: MouseEvent| selecting.set(Some(BTreeSet::new())))
    };
    let total = shown.len().to_string();
    html! {
        <>
            <header class="list-head">
                <h1 class="for-readers">{ text.get("place-customers") }</h1>
                <div class="search-line">
                    <label class="search">
                        <Icon picture={Picture::Search} />
                        <span class="for-readers">{ text.get("search") }</span>
                        <input type="search" id="search" value={view.query.clone()} oninput={on_search} autocomplete="off"
                            placeholder={text.get("search-hint")} enterkeyhint="search" spellcheck="false" />
                    </label>
                    if !view.query.is_empty() {
                        <button type="button" class="icon-button" onclick={on_clear} aria-label={text.get("search-clear")}>
                            <Icon picture={Picture::Close} />
                        </button>
                    }
                </div>
                <Filters {view} shown={shown.len()} />
                <div class="list-line">
                    <p class="list-count" role="status">{ text.get_with("customers-count", [("count", shown.len().into())]) }</p>
                    if app.may_hand_over() && selecting.is_none() {
                        <button type="button" class="button quiet-button select-begin" onclick={begin}>{ text.get("select-customers") }</button>
                    }
                    <label class="order"><span class="for-readers">{ text.get("order") }</span>
                        <select onchange={on_order}>
                            { for Order::ALL.into_iter().map(|order| html! {
                                <option value={order.key()} selected={app.list.order == order}>{ text.coded("order", order.key()) }</option>
                            }) }
                        </select>
                    </label>
                </div>
            </header>
            if shown.is_empty() { <NoRows /> }
            <div class="rows" ref={window.scroller} data-list="customers" tabindex="-1" onkeydown={walk.onkeydown}>
                <div ref={window.spacer}>
                    <ul class="rows-slice" ref={window.slice}>
                        { for shown.get(window.range.clone()).unwrap_or_default().iter().zip(window.range.clone()).map(|(row, index)| html! {
                            <li key={row.0.entry.document.to_string()} aria-posinset={(index + 1).to_string()} aria-setsize={total.clone()}>
                                <Row row={row.clone()} {index} today={day.today} is_selected={props.selected == Some(row.0.entry.document)} is_stop={index == walk.stop}
                                    is_ticked={selecting.as_ref().map(|ticked| ticked.contains(&row.0.entry.document))} on_tick={on_tick.clone()} />
                            </li>
                        }) }
                    </ul>
                </div>
            </div>
            if let Some(ticked) = &*selecting {
                <SelectBar shown={shown.iter().map(|row| row.0.entry.document).collect::<Vec<_>>()} ticked={ticked.clone()}
                    on_change={{
                        let selecting = selecting.clone();
                        Callback::from(move |next: Option<BTreeSet<DocumentId>>| selecting.set(next))
                    }} />
            } else {
                <Link<Route> to={Route::NewCard} classes="button primary new-card">
                    <Icon picture={Picture::Add} />{ text.get("new-card") }
                </Link<Route>>
            }
        </>
    }
}

/// Why the list is empty, and what to do.
#[component]
fn NoRows() -> Html {
    let (text, app) = (use_text(), use_app());
    let reset = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            let order = app.list.order;
            app.dispatch(Action::List(ListView {
                order,
                ..ListView::default()
            }));
        })
    };
    if app.are_rows_coming {
        html! { <Empty title={text.get("rows-coming")} /> }
    } else if app.rows.len() > 0 {
        html! {
            <Empty title={text.get("customers-none-found")} advice={text.get("customers-none-found-advice")}>
                <button type="button" class="button" onclick={reset}>{ text.get("show-all-customers") }</button>
            </Empty>
        }
    } else if app.status.receiving.is_some() {
        html! { <Empty title={text.get("customers-arriving")} /> }
    } else {
        html! { <Empty title={text.get("customers-empty")} advice={text.get("customers-empty-advice")} /> }
    }
}
