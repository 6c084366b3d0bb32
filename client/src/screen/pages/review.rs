//! 过目: the cards of class A and B that nobody has looked at for as long as their class asks, each
//! with what is planned and one tap.

use std::rc::Rc;

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::record::customer::Class;
use floorbook_shared::rules::agenda::Agenda;
use floorbook_shared::rules::review::{self, REVIEWED_FACT};
use floorbook_shared::time::Date;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Empty, Icon, Picture, Saving, WhoseWork};
use crate::screen::hooks::{use_app, use_day, use_run, use_text};
use crate::screen::pages::customer_row::{Row, Shared};
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::{AppState, ListedRow};
use crate::screen::text::Text;
use crate::screen::when;

/// Cards that are drawn at once; the next ones follow when these were looked at.
const SHOWN: usize = 40;

/// The cards of a class that wait, those without a next step first: class A always has one.
fn waiting(app: &AppState, today: Date) -> [(Class, Vec<Rc<ListedRow>>); 2] {
    let settings = app.settings();
    let rows = || {
        let rows = app.rows.iter();
        let rows = rows.filter(|row| app.is_today_of_all || app.is_mine(row.entry.feed));
        rows.map(|row| (row.entry.document, &row.entry.row))
    };
    let agenda = Agenda::of(rows(), today, &settings);
    let found = review::waiting(rows(), &agenda, today, &settings.cadence);
    let found = found.into_iter().filter_map(|id| app.rows.get(id));
    let mut found: Vec<Rc<ListedRow>> = found.cloned().collect();
    let next_step = |row: &ListedRow| row.entry.row.open_steps.first().map(|step| step.due);
    found.sort_by_key(|row| (next_step(row), row.entry.row.last_contact));
    [Class::A, Class::B].map(|class| {
        let of_class = found
            .iter()
            .filter(|row| row.entry.row.class == Some(class));
        (class, of_class.cloned().collect())
    })
}

/// The page.
#[component]
pub fn Review() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    use_effect_with(text.get("review"), |title| platform::set_title(title));
    let known = (
        app.rows.clone(),
        app.scope.clone(),
        day.today,
        app.is_today_of_all,
    );
    let classes = use_memo(known, |(_, _, today, _)| waiting(&app, *today));
    let all: usize = classes.iter().map(|(_, rows)| rows.len()).sum();
    let cadence = app.settings().cadence;
    let days = [("a", cadence.a_days.into()), ("b", cadence.b_days.into())];
    let mut room = SHOWN;
    html! {
        <div class="page review">
            <Link<Route> to={Route::Today} classes="back always"><Icon picture={Picture::Back} />{ text.get("place-today") }</Link<Route>>
            <header class="page-head">
                <h1>{ text.get("review") }</h1>
                <WhoseWork />
                <p class="quiet" role="status">{ text.get_with("review-count", [("count", all.into())]) }</p>
            </header>
            if all == 0 {
                <Empty title={text.get("review-empty")} advice={text.get_with("review-empty-advice", days)} />
            }
            { for classes.iter().map(|(class, rows)| {
                let shown = &rows[..rows.len().min(room)];
                room -= shown.len();
                if shown.is_empty() { return html! {}; }
                let title = text.get_with("review-class", [("class", class.letter().into()), ("count", rows.len().into())]);
                html! {
                    <section class="panel" key={class.letter()} aria-label={title.clone()}>
                        <h2>{ title.clone() }</h2>
                        <ul class="review-list">
                            { for shown.iter().map(|row| html! {
                                <Waiting key={row.entry.document.to_string()} row={Shared(row.clone())} today={day.today} />
                            }) }
                        </ul>
                    </section>
                }
            }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct WaitingProps {
    row: Shared,
    today: Date,
}

/// A card that waits: what is planned, what was last, and the tap that says it was looked at.
#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let (text, run) = (use_text(), use_run());
    let row = &props.row.0.entry.row;
    let looked_at = {
        let (run, document, today) = (run.clone(), props.row.0.entry.document, props.today);
        Callback::from(move |_: MouseEvent| {
            run.run(document, looked_at(today), Callback::noop());
        })
    };
    let name = if row.name.is_empty() {
        text.get("card-without-name")
    } else {
        row.name.clone()
    };
    html! {
        <li>
            <div class="review-card">
                <Row row={props.row.clone()} index={0} today={props.today} is_selected={false} />
                <p class="review-last quiet">{ last_words(&props.row, props.today, &text) }</p>
            </div>
            <button type="button" class="button" onclick={looked_at} disabled={run.is_saving()}
                aria-label={text.get_with("review-looked-at-of", [("name", name.into())])}>
                <Icon picture={Picture::Done} />{ text.get("review-looked-at") }
            </button>
            <Saving problem={run.problem()} />
        </li>
    }
}

/// The command that sets the mark.
fn looked_at(today: Date) -> Command {
    let name = REVIEWED_FACT.to_owned();
    let fact = review::mark(today, platform::now());
    Command::EditCard {
        edits: vec![Edit::SetFact { name, fact }],
    }
}

/// When somebody was in touch last, and what was noted then.
fn last_words(row: &Shared, today: Date, text: &Text) -> String {
    let row = &row.0.entry.row;
    let Some(day) = row.last_contact else {
        return text.get("review-no-contact");
    };
    let day = when::near_day(day, today, text);
    if row.last_note.is_empty() {
        text.get_with("review-last", [("day", day.into())])
    } else {
        let note = row.last_note.as_str().into();
        text.get_with("review-last-note", [("day", day.into()), ("note", note)])
    }
}
