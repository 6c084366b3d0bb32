//! 一周: the coming seven days with what is planned for each.

use floorbook_shared::id::DocumentId;
use floorbook_shared::rules::agenda::{Planned, week};
use floorbook_shared::view::row::OpenStep;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{ClassBadge, Icon, Picture, WhoseWork};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::today::{card_route, kept_words};
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::text::Text;
use crate::screen::when;

/// Entries of a day that are drawn; more are told by their number.
const DAY_ROWS: usize = 60;

/// The page.
#[component]
pub fn Week() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    use_effect_with(text.get("week-title"), |title| platform::set_title(title));
    let is_of_all = app.is_today_of_all;
    let days = {
        let app = app.clone();
        let known = (app.rows.clone(), app.scope.clone(), is_of_all, day.today);
        use_memo(known, move |(rows, _, is_of_all, today)| {
            let shown = rows
                .iter()
                .filter(|row| *is_of_all || app.is_mine(row.entry.feed));
            week(
                shown.map(|row| (row.entry.document, &row.entry.row)),
                *today,
            )
        })
    };
    html! {
        <div class="page week">
            <Link<Route> to={Route::Today} classes="back always"><Icon picture={Picture::Back} />{ text.get("place-today") }</Link<Route>>
            <header class="page-head">
                <h1>{ text.get("week-title") }</h1>
                <WhoseWork />
            </header>
            <div class="week-days">
                { for days.iter().map(|of_day| {
                    let heading = format!("week-{}", of_day.date);
                    let rest = of_day.entries.len().saturating_sub(DAY_ROWS);
                    html! {
                        <section key={of_day.date.to_string()} class="week-day" aria-labelledby={heading.clone()} data-day={of_day.date.to_string()}>
                            <h2 id={heading}>{ when::near_day(of_day.date, day.today, &text) }
                                if !of_day.entries.is_empty() { <span class="group-count">{ of_day.entries.len() }</span> }
                            </h2>
                            if of_day.entries.is_empty() {
                                <p class="quiet">{ text.get("week-nothing") }</p>
                            } else {
                                <ul class="week-list">
                                    { for of_day.entries.iter().take(DAY_ROWS).map(|(document, planned)| entry(&app, *document, planned, &text)) }
                                </ul>
                            }
                            if rest > 0 { <p class="quiet">{ text.get_with("week-rest", [("count", rest.into())]) }</p> }
                        </section>
                    }
                }) }
            </div>
        </div>
    }
}

/// How a step is done, with its hour before it.
fn how_words(step: &OpenStep, text: &Text) -> String {
    let how = text.coded("channel", step.how.key());
    step.time
        .map_or_else(|| how.clone(), |time| format!("{time} {how}"))
}

fn entry(
    app: &crate::screen::state::App,
    document: DocumentId,
    planned: &Planned,
    text: &Text,
) -> Html {
    let Some(row) = app.rows.get(document).map(|row| &row.entry.row) else {
        return html! {};
    };
    let (class, how, what) = match planned {
        Planned::Appointment(step) => ("is-appointment", how_words(step, text), step.what.clone()),
        Planned::Step(step) => ("", how_words(step, text), step.what.clone()),
        Planned::Birthday(kept) => (
            "is-birthday",
            text.get("week-birthday"),
            kept_words(kept.rule, text),
        ),
        Planned::FamilyBirthday(name, kept) => (
            "is-birthday",
            text.get("week-birthday"),
            name.clone() + &kept_words(kept.rule, text),
        ),
    };
    html! {
        <li class={classes!("week-entry", class)}>
            <Link<Route> to={card_route(document)} classes="week-link">
                <ClassBadge class={row.class} />
                <span class="week-words">
                    <span class="work-name">{ row.name.clone() }</span>
                    <span class="week-what"><span class="work-how">{ how }</span>{ " " }{ what }</span>
                </span>
            </Link<Route>>
        </li>
    }
}
