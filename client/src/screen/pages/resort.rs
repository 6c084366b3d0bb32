//! 重新归类: exactly the cards whose class looks wrong, each with why and one tap.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::record::customer::Class;
use floorbook_shared::rules::class::{ClassEvidence, Judgement};
use floorbook_shared::time::Date;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{ClassBadge, Empty, WhoseWork};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::class_proposal::ClassProposal;
use crate::screen::pages::more::BackToMore;
use crate::screen::pages::today::card_route;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::{AppState, ListedRow};

/// Cards that are drawn at once; the next ones follow when these are decided.
const SHOWN: usize = 40;

/// The cards whose class looks wrong, with what speaks for another one: those of who is signed in,
/// as in Today, or of everyone.
fn looking_wrong(
    app: &AppState,
    today: Date,
    is_of_all: bool,
) -> impl Iterator<Item = (Rc<ListedRow>, ClassEvidence, Judgement)> {
    let rules = app.settings().classes;
    let rows = app.rows.iter();
    let rows = rows.filter(move |row| is_of_all || app.is_mine(row.entry.feed));
    rows.filter_map(move |row| {
        let evidence = row.entry.row.class_evidence();
        let judgement = evidence.propose(today, rules)?;
        Some((row.clone(), evidence, judgement))
    })
}

/// How many cards look wrong to who is signed in.
pub fn count_looking_wrong(app: &AppState, today: Date) -> usize {
    looking_wrong(app, today, app.is_today_of_all).count()
}

/// The page.
#[component]
pub fn Resort() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    use_effect_with(text.get("resort"), |title| platform::set_title(title));
    let is_of_all = app.is_today_of_all;
    let known = (
        app.rows.clone(),
        app.scope.clone(),
        day.today,
        is_of_all,
        app.settings().classes,
    );
    let groups = use_memo(known, |(_, _, today, is_of_all, _)| {
        let mut groups: BTreeMap<(Option<Class>, Class), Vec<_>> = BTreeMap::new();
        for (row, evidence, judgement) in looking_wrong(&app, *today, *is_of_all) {
            let group = (evidence.class, judgement.class);
            groups.entry(group).or_default().push((row, evidence));
        }
        groups
    });
    let all: usize = groups.values().map(Vec::len).sum();
    let mut room = SHOWN;
    html! {
        <div class="page resort">
            <BackToMore />
            <header class="page-head">
                <h1>{ text.get("resort") }</h1>
                <WhoseWork />
                <p class="quiet" role="status">{ text.get_with("resort-count", [("count", all.into())]) }</p>
            </header>
            if all == 0 {
                <Empty title={text.get("resort-empty")} advice={text.get("resort-empty-advice")} />
            }
            { for groups.iter().map(|((from, to), rows)| {
                let shown = &rows[..rows.len().min(room)];
                room -= shown.len();
                if shown.is_empty() { return html! {}; }
                let from_words = from.map_or_else(|| text.get("class-none"), |class| class.letter().to_owned());
                let title = text.get_with("resort-group", [("from", from_words.into()), ("to", to.letter().into()), ("count", rows.len().into())]);
                html! {
                    <section class="panel" key={title.clone()} aria-label={title.clone()}>
                        <h2>{ title.clone() }</h2>
                        <ul class="resort-list">
                            { for shown.iter().map(|(row, evidence)| {
                                let entry = &row.entry;
                                let name = if entry.row.name.is_empty() { text.get("card-without-name") } else { entry.row.name.clone() };
                                html! {
                                    <li key={entry.document.to_string()}>
                                        <Link<Route> to={card_route(entry.document)} classes="resort-who">
                                            <ClassBadge class={entry.row.class} />
                                            <span class="row-name">{ name }</span>
                                            <span class="quiet">{ &entry.row.compound }</span>
                                        </Link<Route>>
                                        <ClassProposal document={entry.document} evidence={evidence.clone()} />
                                    </li>
                                }
                            }) }
                        </ul>
                    </section>
                }
            }) }
        </div>
    }
}
