//! What the list of customers shows: quick chips, all filters in a sheet, and saved views.

mod sheet;

use std::rc::Rc;

use floorbook_shared::record::customer::Class;
use floorbook_shared::view::listing::{Filter, Mark, SavedView};
use yew::prelude::*;

use crate::screen::components::{ClassBadge, Icon, Picture};
use crate::screen::hooks::{use_app, use_day, use_link, use_text};
use crate::screen::pages::customer_filters::sheet::FilterSheet;
use crate::screen::state::{Action, ListView, Owners, Rows};
use crate::screen::worker_link::Link;

/// Under which key the views of a person are kept on the tablet, sealed like their drafts.
const VIEWS_KEY: &str = "views/customers";

/// Marks with a chip of their own as long as a customer has them: they ask for something.
const QUICK_MARKS: [Mark; 4] = [Mark::Overdue, Mark::OpenIssue, Mark::Conflict, Mark::Unsent];

/// Properties of [`Filters`].
#[derive(PartialEq, Properties)]
pub struct FiltersProps {
    /// What is shown.
    pub view: ListView,
    /// How many customers that are.
    pub shown: usize,
}

/// The chips above the list.
#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let (text, app, day, link) = (use_text(), use_app(), use_day(), use_link());
    let is_open = use_state(|| false);
    let views = use_state(|| Rc::new(saved_views(&link)));
    let marks = use_memo(
        (app.rows.clone(), app.scope.clone(), app.basis(day.today)),
        |(rows, scope, basis)| {
            let owners = Owners::of(scope);
            let mut are_there = QUICK_MARKS.map(|_| false);
            for row in rows.iter() {
                let listed = owners.listed(row);
                for (is_there, mark) in are_there.iter_mut().zip(QUICK_MARKS) {
                    *is_there = *is_there || mark.is_of(&listed, basis);
                }
            }
            are_there
        },
    );
    let show = {
        let app = app.clone();
        Callback::from(move |view: ListView| app.dispatch(Action::List(view)))
    };
    let choose = |change: fn(&mut Filter, Option<Class>, Option<Mark>), class, mark| {
        let (show, view) = (show.clone(), props.view.clone());
        Callback::from(move |_: MouseEvent| {
            let mut view = view.question();
            change(&mut view.filter, class, mark);
            show.emit(view);
        })
    };
    let chip = |is_on: bool, label: Html, name: Option<String>, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="filter" aria-pressed={is_on.to_string()} aria-label={name} {onclick}>{ label }</button>
        }
    };
    let filter = &props.view.filter;
    let toggle_class: fn(&mut Filter, Option<Class>, Option<Mark>) = |filter, class, _| {
        toggle(&mut filter.classes, class);
    };
    let toggle_mark: fn(&mut Filter, Option<Class>, Option<Mark>) = |filter, _, mark| {
        if let Some(mark) = mark {
            toggle(&mut filter.marks, mark);
        }
    };
    let toggle_sheet = |open: bool| {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(open))
    };
    let chosen = filter.len();
    html! {
        <>
            <div class="filters" role="group" aria-label={text.get("filters")}>
                { chip(filter.is_empty(), html! { { text.get("filter-all") } }, None,
                    choose(|filter, _, _| *filter = Filter::default(), None, None)) }
                { for Class::ALL.into_iter().map(Some).chain([None]).map(|class| {
                    let name = class.map_or_else(|| text.get("class-none"), |class| text.coded("class", class.letter()));
                    chip(filter.classes.contains(&class), html! { <ClassBadge {class} /> }, Some(name), choose(toggle_class, class, None))
                }) }
                { for QUICK_MARKS.into_iter().zip(marks.iter()).map(|(mark, is_there)| {
                    let is_on = filter.marks.contains(&mark);
                    if !is_on && !is_there {
                        return html! {};
                    }
                    chip(is_on, html! { { text.coded("mark-filter", mark.key()) } }, None, choose(toggle_mark, None, Some(mark)))
                }) }
                <button type="button" class={classes!("filter", "all-filters", (chosen > 0).then_some("is-on"))} aria-haspopup="dialog"
                    onclick={toggle_sheet(true).reform(|_: MouseEvent| ())}>
                    <Icon picture={Picture::Filter} />
                    { if chosen > 0 { text.get_with("filter-chosen", [("count", chosen.into())]) } else { text.get("filter-more") } }
                </button>
                { for views.iter().map(|saved| {
                    let is_on = props.view.is(saved);
                    let view = if is_on { ListView::default() } else { ListView::from(saved) };
                    let onclick = show.reform(move |_: MouseEvent| view.clone());
                    html! {
                        <button type="button" class="filter is-view" aria-pressed={is_on.to_string()} {onclick}>{ &saved.name }</button>
                    }
                }) }
            </div>
            if *is_open {
                <FilterSheet view={props.view.clone()} shown={props.shown} views={(*views).clone()}
                    on_change={show} on_close={toggle_sheet(false)}
                    on_views={{
                        let (views, link) = (views.clone(), link.clone());
                        Callback::from(move |list: Vec<SavedView>| {
                            keep_views(&link, &list);
                            views.set(Rc::new(list));
                        })
                    }} />
            }
        </>
    }
}

/// Puts a value in, or takes it out.
fn toggle<T: Ord>(values: &mut std::collections::BTreeSet<T>, value: T) {
    if !values.remove(&value) {
        values.insert(value);
    }
}

/// The views that the person who works here saved on this tablet.
fn saved_views(link: &Link) -> Vec<SavedView> {
    let kept = link.draft(VIEWS_KEY);
    kept.and_then(|kept| serde_json::from_str(&kept).ok())
        .unwrap_or_default()
}

fn keep_views(link: &Link, views: &[SavedView]) {
    let kept = if views.is_empty() {
        String::new()
    } else {
        serde_json::to_string(views).unwrap_or_default()
    };
    link.keep_draft(VIEWS_KEY, kept);
}

/// The rows that a search leaves, for counting what filters would show.
fn searched(rows: &Rows, query: &str) -> Vec<Rc<crate::screen::state::ListedRow>> {
    let query = floorbook_shared::view::search::Query::read(query);
    rows.iter()
        .filter(|row| query.matches(&row.key))
        .cloned()
        .collect()
}
