//! 今日: what the day asks for, in the order in which to do it.

mod best_time;
mod group;
mod item;
mod put_off;
mod reach;
mod standards;
mod why;

use std::collections::BTreeSet;
use std::rc::Rc;

use floorbook_shared::id::{DocumentId, PersonId};
use floorbook_shared::rules::agenda::{Agenda, Group as Part, Tally, WorkItem};
use floorbook_shared::rules::review;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;
use yew_router::prelude::*;

pub use why::kept_words;

use self::group::{Done, Group};
use self::put_off::PutOff;
use self::standards::Standards;
use crate::screen::components::{Empty, Icon, Picture, WhoseWork};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::contact_sheet::{Begun, ContactSheet};
use crate::screen::pages::known_cards::KnownCards;
use crate::screen::pages::step_dialogs::MoveStep;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::AppState;
use crate::screen::when;

/// What is open over the page.
#[derive(Clone, PartialEq)]
enum Open {
    Contact(WorkItem),
    Later(WorkItem),
}

/// Whose work is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Mine,
    Everyone,
    Of(PersonId),
}

/// Everything that the page shows, computed from the rows at once.
#[derive(Default)]
struct Work {
    agenda: Agenda,
    tally: Tally,
    /// Cards that are to be looked through.
    reviews: usize,
}

impl Work {
    fn of(app: &AppState, whose: Whose, today: floorbook_shared::time::Date) -> Self {
        let settings = app.settings();
        let me = app.identity.as_ref().map(|identity| identity.person);
        let person = match whose {
            Whose::Mine => me,
            Whose::Everyone => None,
            Whose::Of(person) => Some(person),
        };
        let feeds: BTreeSet<_> = app
            .scope
            .feeds
            .iter()
            .filter(|feed| whose == Whose::Everyone || (person.is_some() && feed.owner == person))
            .map(|feed| feed.id)
            .collect();
        let is_shown = |feed| feeds.contains(&feed);
        let people = if whose == Whose::Everyone {
            u32::try_from(owners(app).len()).unwrap_or(1).max(1)
        } else {
            1
        };
        let shown = || {
            let shown = app.rows.iter().filter(|row| is_shown(row.entry.feed));
            shown.map(|row| (row.entry.document, &row.entry.row))
        };
        let agenda = Agenda::of(shown(), today, &settings);
        let reviews = review::waiting(shown(), &agenda, today, &settings.cadence);
        let all = app.rows.iter();
        let counted = all.map(|row| (&row.entry.row, is_shown(row.entry.feed)));
        let counts = |by| whose == Whose::Everyone || Some(by) == person;
        Self {
            reviews: reviews.len(),
            agenda,
            tally: Tally::of(counted, counts, people, today, &settings.standards),
        }
    }
}

/// Whose books this tablet holds, by name.
fn owners(app: &AppState) -> Vec<(PersonId, String)> {
    let held: BTreeSet<_> = app.rows.iter().map(|row| row.entry.feed).collect();
    let feeds = app
        .scope
        .feeds
        .iter()
        .filter(|feed| held.contains(&feed.id));
    let people: BTreeSet<PersonId> = feeds.filter_map(|feed| feed.owner).collect();
    let mut people: Vec<(PersonId, String)> = people
        .into_iter()
        .filter_map(|person| Some((person, app.scope.person(person)?.name.clone())))
        .collect();
    people.sort_by(|one, other| one.1.cmp(&other.1));
    people
}

/// The page.
#[component]
pub fn Today() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let open = use_state(|| None::<Open>);
    let of_person = use_state(|| None::<PersonId>);
    use_effect_with(text.get("place-today"), |title| platform::set_title(title));
    let is_of_all = app.is_today_of_all;
    let whose = match (is_of_all, *of_person) {
        (false, _) => Whose::Mine,
        (true, None) => Whose::Everyone,
        (true, Some(person)) => Whose::Of(person),
    };
    let person = app.identity.as_ref().map(|identity| identity.person);
    let known = (
        app.rows.clone(),
        app.scope.clone(),
        whose,
        day.today,
        person,
    );
    let work = {
        let app = app.clone();
        use_memo(known, move |(_, _, whose, today, _)| {
            Work::of(&app, *whose, *today)
        })
    };
    let owners = use_memo((app.rows.clone(), app.scope.clone()), {
        let app = app.clone();
        move |_| owners(&app)
    });
    let choose_person = {
        let of_person = of_person.clone();
        Callback::from(move |event: Event| {
            let target = event.target().and_then(|target| target.dyn_into().ok());
            if let Some(select) = target.map(|select: HtmlSelectElement| select.value()) {
                of_person.set(select.parse().ok());
            }
        })
    };
    let on_contact = {
        let open = open.clone();
        use_callback((), move |item: WorkItem, ()| {
            open.set(Some(Open::Contact(item)))
        })
    };
    let on_later = {
        let open = open.clone();
        use_callback((), move |item: WorkItem, ()| {
            open.set(Some(Open::Later(item)))
        })
    };
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let is_store_empty = app.rows.len() == 0;
    html! {
        <div class="page today">
            <header class="page-head">
                <h1>{ text.get("place-today") }<span class="today-date">{ when::day(day.today, day.today, &text) }</span></h1>
                <div class="today-head-actions">
                    if is_of_all && owners.len() > 1 {
                        <select class="today-person" aria-label={text.get("consultant")} onchange={choose_person}>
                            <option value="" selected={of_person.is_none()}>{ text.get("all-consultants") }</option>
                            { for owners.iter().map(|(person, name)| html! {
                                <option key={person.to_string()} value={person.to_string()} selected={*of_person == Some(*person)}>{ name }</option>
                            }) }
                        </select>
                    }
                    <WhoseWork />
                </div>
            </header>
            <nav class="today-ways" aria-label={text.get("today-ways")}>
                <Link<Route> to={Route::WalkIn} classes="button primary"><Icon picture={Picture::Add} />{ text.get("new-walk-in") }</Link<Route>>
                <Link<Route> to={Route::Week} classes="button"><Icon picture={Picture::Calendar} />{ text.get("week-title") }</Link<Route>>
                <Link<Route> to={Route::Review} classes="button"><Icon picture={Picture::Look} />{
                    match (whose, work.reviews) {
                        // The page is about one's own cards or everyone's.
                        (Whose::Of(_), _) | (_, 0) => text.get("review"),
                        (Whose::Mine | Whose::Everyone, count) => text.get_with("review-open", [("count", count.into())]),
                    }
                }</Link<Route>>
            </nav>
            <KnownCards />
            if app.are_rows_coming {
                <p class="quiet slow" role="status">{ text.get("rows-coming") }</p>
            } else {
                <Standards tally={work.tally} />
                if is_store_empty {
                    <Empty title={text.get("today-no-customers")} advice={text.get("customers-empty-advice")} />
                } else if work.agenda.items.is_empty() {
                    <Empty title={text.get("today-nothing-due")} advice={text.get("today-nothing-due-advice")} />
                } else {
                    { for Part::ALL.into_iter().map(|part| html! {
                        <Group key={part.key()} {part} items={Rc::<[WorkItem]>::from(work.agenda.group(part))}
                            on_contact={on_contact.clone()} on_later={on_later.clone()} />
                    }) }
                }
            }
            <Done done={Rc::<[_]>::from(work.agenda.done.as_slice())} />
            { match &*open {
                None => html! {},
                Some(Open::Contact(item)) => html! {
                    <ContactSheet document={item.document} begun={Begun::of_item(item)} {on_close} />
                },
                Some(Open::Later(item)) => match (item.step(), item.rule()) {
                    (Some(step), _) => html! {
                        <MoveStep document={item.document} step={step.id} what={step.what.clone()} due={step.due} time={step.time} {on_close} />
                    },
                    (None, Some(rule)) => html! { <PutOff document={item.document} {rule} why={why::why_words(item, &day, &text)} {on_close} /> },
                    (None, None) => html! {},
                },
            } }
        </div>
    }
}

/// Where a card is.
pub fn card_route(document: DocumentId) -> Route {
    Route::Card {
        id: document.to_string(),
    }
}
