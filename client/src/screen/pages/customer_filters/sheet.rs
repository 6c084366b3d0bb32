//! All filters in a sheet, each value with how many customers it would show; saving a view.

mod groups;
mod views;

use std::rc::Rc;

use floorbook_shared::record::catalogue;
use floorbook_shared::record::customer::Class;
use floorbook_shared::view::listing::{Filter, Mark, SavedView};
use yew::prelude::*;

use self::groups::Groups;
use self::views::Views;
use super::{searched, toggle};
use crate::screen::components::Dialog;
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::card_file::{source_words, value_of};
use crate::screen::state::{ListView, Owners};
use crate::screen::text::Text;

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
            app.basis(day.today),
        ),
        |(rows, scope, view, basis)| {
            let owners = Owners::of(scope);
            let rows = searched(rows, &view.query);
            view.filter
                .count(rows.iter().map(|row| owners.listed(row)), basis)
        },
    );
    let filter = &props.view.filter;
    let change = {
        let (on_change, view) = (props.on_change.clone(), props.view.clone());
        Callback::from(move |change: Box<dyn Fn(&mut Filter)>| {
            let mut view = view.question();
            change(&mut view.filter);
            on_change.emit(view);
        })
    };
    let groups = Groups::new(change, &text);
    let classes: Vec<_> = Class::ALL.into_iter().map(Some).chain([None]).collect();
    let class_name = |class: Option<Class>| {
        let none = || text.get("class-none");
        class.map_or_else(none, |class| text.coded("class", class.letter()))
    };
    let mark_name = |mark: Mark| text.coded("mark-filter", mark.key());
    let (of_work, of_customer): (Vec<Mark>, Vec<Mark>) =
        Mark::ALL.into_iter().partition(|mark| mark.is_of_work());
    let person_name = |owner| {
        let person = app.scope.person(owner);
        person.map(|person| person.name.clone()).unwrap_or_default()
    };
    let owners: Vec<_> = counts
        .owners
        .keys()
        .chain(&filter.owners)
        .copied()
        .collect();
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
            { groups.all(text.get("filter-class"), &classes, &counts.classes, &filter.classes, class_name,
                |filter, class| toggle(&mut filter.classes, class)) }
            { groups.all(text.get("filter-mark"), &of_work, &counts.marks, &filter.marks, mark_name,
                |filter, mark| toggle(&mut filter.marks, mark)) }
            { groups.all(text.get("filter-customer"), &of_customer, &counts.marks, &filter.marks, mark_name,
                |filter, mark| toggle(&mut filter.marks, mark)) }
            { groups.telling(text.get("filter-life-cycle"), &counts.life_cycles, &filter.life_cycles,
                |life_cycle| text.coded("life-cycle", life_cycle.key()),
                |filter, life_cycle| toggle(&mut filter.life_cycles, life_cycle)) }
            { groups.telling(text.get("filter-weight"), &counts.weights, &filter.weights,
                |weight| text.coded("weight", weight.key()), |filter, weight| toggle(&mut filter.weights, weight)) }
            { groups.telling(text.get("filter-grade"), &counts.grades, &filter.grades,
                |grade| text.coded("grade", grade.key()), |filter, grade| toggle(&mut filter.grades, grade)) }
            { groups.telling(text.get("filter-kind"), &counts.kinds, &filter.kinds,
                |kind| text.coded("kind", kind.key()), |filter, kind| toggle(&mut filter.kinds, kind)) }
            if owners.len() > 1 || !filter.owners.is_empty() {
                { groups.telling(text.get("filter-owner"), &counts.owners, &filter.owners, person_name,
                    |filter, owner| toggle(&mut filter.owners, owner)) }
            }
            { groups.words(text.get("filter-tag"), &counts.tags, &filter.tags, |tag| tag_words(tag, &text),
                |filter, tag| toggle(&mut filter.tags, tag)) }
            { groups.words(text.get("filter-source"), &counts.sources, &filter.sources, |words| source_words(words, &text),
                |filter, source| toggle(&mut filter.sources, source)) }
            { groups.words(text.get("filter-area"), &counts.areas, &filter.areas, str::to_owned,
                |filter, area| toggle(&mut filter.areas, area)) }
            { groups.words(text.get("filter-region"), &counts.regions, &filter.regions, str::to_owned,
                |filter, region| toggle(&mut filter.regions, region)) }
            <Views view={props.view.clone()} views={props.views.clone()} on_views={props.on_views.clone()} />
        </Dialog>
    }
}

/// A tag in the language of the words, where it is one of those that are offered.
fn tag_words(tag: &str, text: &Text) -> String {
    let field = catalogue::by_key("tags");
    field.map_or_else(|| tag.to_owned(), |field| value_of(field, tag, text))
}
