//! All filters in a sheet, each value with how many customers it would show; saving a view.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::record::customer::Class;
use floorbook_shared::view::listing::{
    Filter, Mark, SavedView, VIEW_NAME_MAX_CHARS, VIEWS_MAX, save_view,
};
use yew::prelude::*;

use super::{searched, toggle};
use crate::screen::components::{Dialog, Field, Icon, Picture};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::state::{ListView, Owners};

/// Most values of a group that are offered at once: those that most customers have.
const VALUES_MAX: usize = 24;

/// Properties of [`FilterSheet`].
#[derive(PartialEq, Properties)]
pub(super) struct FilterSheetProps {
    /// What is shown.
    pub view: ListView,
    /// How many customers that are.
    pub shown: usize,
    /// The saved views.
    pub views: Rc<Vec<SavedView>>,
    /// Called with what is to be shown.
    pub on_change: Callback<ListView>,
    /// Called with the saved views when they changed.
    pub on_views: Callback<Vec<SavedView>>,
    /// Called when the sheet is to be closed.
    pub on_close: Callback<()>,
}

/// The sheet. Whatever is tapped shows at once in the list behind it.
#[component]
pub(super) fn FilterSheet(props: &FilterSheetProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let counts = use_memo(
        (
            app.rows.clone(),
            app.scope.clone(),
            props.view.question(),
            day.today,
        ),
        |(rows, scope, view, today)| {
            let owners = Owners::of(scope);
            let rows = searched(rows, &view.query);
            view.filter
                .count(rows.iter().map(|row| owners.listed(row)), *today)
        },
    );
    let filter = &props.view.filter;
    let change = |change: Box<dyn Fn(&mut Filter)>| {
        let (on_change, view) = (props.on_change.clone(), props.view.clone());
        Callback::from(move |_: Event| {
            let mut view = view.question();
            change(&mut view.filter);
            on_change.emit(view);
        })
    };
    let classes = Class::ALL.into_iter().map(Some).chain([None]).map(|class| {
        let name = class.map_or_else(
            || text.get("class-none"),
            |class| text.coded("class", class.letter()),
        );
        let count = counts.classes.get(&class).copied().unwrap_or(0);
        let is_on = filter.classes.contains(&class);
        let on_change = change(Box::new(move |filter| toggle(&mut filter.classes, class)));
        value(&name, count, is_on, on_change)
    });
    let marks = Mark::ALL.into_iter().map(|mark| {
        let count = counts.marks.get(&mark).copied().unwrap_or(0);
        let is_on = filter.marks.contains(&mark);
        let on_change = change(Box::new(move |filter| toggle(&mut filter.marks, mark)));
        value(
            &text.coded("mark-filter", mark.key()),
            count,
            is_on,
            on_change,
        )
    });
    let mut owners: Vec<_> = filter.owners.iter().map(|owner| (*owner, 0)).collect();
    owners.retain(|(owner, _)| !counts.owners.contains_key(owner));
    owners.extend(counts.owners.iter().map(|(owner, count)| (*owner, *count)));
    let owners: Vec<Html> = owners
        .into_iter()
        .map(|(owner, count)| {
            let name = app.scope.person(owner).map(|person| person.name.clone());
            let is_on = filter.owners.contains(&owner);
            let on_change = change(Box::new(move |filter| toggle(&mut filter.owners, owner)));
            value(&name.unwrap_or_default(), count, is_on, on_change)
        })
        .collect();
    let texts = |counted: &BTreeMap<String, usize>,
                 chosen: &std::collections::BTreeSet<String>,
                 set: fn(&mut Filter, String)| {
        offered(counted, chosen)
            .into_iter()
            .map(|(words, count)| {
                let is_on = chosen.contains(&words);
                let name = if words.is_empty() {
                    text.get("filter-not-told")
                } else {
                    words.clone()
                };
                let on_change = change(Box::new(move |filter| set(filter, words.clone())));
                value(&name, count, is_on, on_change)
            })
            .collect::<Vec<Html>>()
    };
    let sources = texts(&counts.sources, &filter.sources, |filter, source| {
        toggle(&mut filter.sources, source);
    });
    let areas = texts(&counts.areas, &filter.areas, |filter, area| {
        toggle(&mut filter.areas, area);
    });
    let reset = {
        let (on_change, order) = (props.on_change.clone(), props.view.order);
        Callback::from(move |_: MouseEvent| {
            on_change.emit(ListView {
                order,
                ..ListView::default()
            });
        })
    };
    let has_question = !filter.is_empty() || !props.view.query.is_empty();
    let footer = html! {
        <div class="save-line">
            <button type="button" class="button quiet-button" onclick={reset} disabled={!has_question}>{ text.get("filter-reset") }</button>
            <button type="button" class="button primary" onclick={props.on_close.reform(|_| ())}>
                { text.get_with("filter-show", [("count", props.shown.into())]) }
            </button>
        </div>
    };
    html! {
        <Dialog id="filters" title={text.get("filters")} is_sheet=true on_close={props.on_close.clone()} {footer}>
            { group(&text.get("filter-class"), classes.collect()) }
            { group(&text.get("filter-mark"), marks.collect()) }
            if owners.len() > 1 || !filter.owners.is_empty() { { group(&text.get("filter-owner"), owners) } }
            if says_something(&counts.sources, &filter.sources) { { group(&text.get("filter-source"), sources) } }
            if says_something(&counts.areas, &filter.areas) { { group(&text.get("filter-area"), areas) } }
            <Views view={props.view.clone()} views={props.views.clone()} on_views={props.on_views.clone()} />
        </Dialog>
    }
}

/// Whether a group has more to offer than that nothing is told.
fn says_something(
    counted: &BTreeMap<String, usize>,
    chosen: &std::collections::BTreeSet<String>,
) -> bool {
    !chosen.is_empty() || counted.keys().any(|words| !words.is_empty())
}

/// The values of a group that most customers have, and those that are chosen.
fn offered(
    counted: &BTreeMap<String, usize>,
    chosen: &std::collections::BTreeSet<String>,
) -> Vec<(String, usize)> {
    let mut offered: Vec<(String, usize)> = counted
        .iter()
        .map(|(words, count)| (words.clone(), *count))
        .collect();
    offered.sort_by_key(|(words, count)| (words.is_empty(), std::cmp::Reverse(*count)));
    let missing = chosen
        .iter()
        .filter(|words| !counted.contains_key(*words))
        .map(|words| (words.clone(), 0));
    let mut kept: Vec<_> = missing.collect();
    for (place, value) in offered.into_iter().enumerate() {
        if place < VALUES_MAX || value.0.is_empty() || chosen.contains(&value.0) {
            kept.push(value);
        }
    }
    kept
}

fn group(name: &str, values: Vec<Html>) -> Html {
    html! {
        <fieldset class="chips">
            <legend class="field-label">{ name }</legend>
            <div class="chips-row">{ for values }</div>
        </fieldset>
    }
}

fn value(name: &str, count: usize, is_on: bool, onchange: Callback<Event>) -> Html {
    html! {
        <label key={name} class={classes!("chip", (count == 0 && !is_on).then_some("is-empty"))}>
            <input type="checkbox" checked={is_on} {onchange} />
            <span>{ name }<b class="chip-count">{ count }</b></span>
        </label>
    }
}

#[derive(PartialEq, Properties)]
struct ViewsProps {
    view: ListView,
    views: Rc<Vec<SavedView>>,
    on_views: Callback<Vec<SavedView>>,
}

/// Keeps what is shown under a name, and lets saved views go.
#[component]
fn Views(props: &ViewsProps) -> Html {
    let text = use_text();
    let name = use_state(String::new);
    let is_full = props.views.len() >= VIEWS_MAX;
    let save = {
        let (name, view) = (name.clone(), props.view.clone());
        let (views, on_views) = (props.views.clone(), props.on_views.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let mut list = (*views).clone();
            let saved = SavedView {
                name: (*name).clone(),
                query: view.query.clone(),
                filter: view.filter.clone(),
                order: view.order,
            };
            if save_view(&mut list, saved) {
                on_views.emit(list);
                name.set(String::new());
            }
        })
    };
    let on_name = {
        let name = name.clone();
        Callback::from(move |typed: String| name.set(typed))
    };
    html! {
        <section class="saved-views" aria-labelledby="views-title">
            <h3 id="views-title" class={classes!("field-label", props.views.is_empty().then_some("for-readers"))}>{ text.get("views-title") }</h3>
            if !props.views.is_empty() {
                <ul class="views-list">
                    { for props.views.iter().enumerate().map(|(place, saved)| {
                        let (views, on_views) = (props.views.clone(), props.on_views.clone());
                        let forget = Callback::from(move |_: MouseEvent| {
                            let mut list = (*views).clone();
                            list.remove(place);
                            on_views.emit(list);
                        });
                        html! {
                            <li key={saved.name.clone()}>
                                <span>{ &saved.name }</span>
                                <button type="button" class="icon-button" onclick={forget}
                                    aria-label={text.get_with("view-forget", [("name", saved.name.as_str().into())])}>
                                    <Icon picture={Picture::Close} />
                                </button>
                            </li>
                        }
                    }) }
                </ul>
            }
            <form class="view-save" onsubmit={save}>
                <Field id="view-name" label={text.get("view-name")} value={(*name).clone()} on_input={on_name}
                    most={VIEW_NAME_MAX_CHARS} hint={is_full.then(|| AttrValue::from(text.get("views-full")))} />
                <button type="submit" class="button" disabled={name.trim().is_empty()}>{ text.get("view-save") }</button>
            </form>
        </section>
    }
}
