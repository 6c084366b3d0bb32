//! A card: who it is, what comes next, and everything known about them.

use std::rc::Rc;

use floorbook_shared::api::HandedCustomers;
use floorbook_shared::device::message::Request;
use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::{NextStep, NextStepDecision};
use floorbook_shared::record::customer::{Class, CustomerField};
use floorbook_shared::record::entry::EntryKind;
use floorbook_shared::rules::class::ClassEvidence;
use floorbook_shared::time::{Date, TimeOfDay, days_between};
use floorbook_shared::view::card::{CardView, ConflictPlace};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{
    Chips, Choice, Dialog, Empty, HandoverSheet, Icon, Message, Picture, Saving, Tab as Labelled,
    Tabs, Tone,
};
use crate::screen::hooks::{use_app, use_day, use_link, use_run, use_text};
use crate::screen::pages::card_file::CardFile;
use crate::screen::pages::card_head::CardHead;
use crate::screen::pages::card_history::CardHistory;
use crate::screen::pages::card_intentions::CardIntentions;
use crate::screen::pages::card_service::CardService;
use crate::screen::pages::card_timeline::CardTimeline;
use crate::screen::pages::class_proposal::{ClassProposal, reasons_in_words};
use crate::screen::pages::contact_sheet::{Begun, ContactSheet, draft_key};
use crate::screen::pages::known_cards::KnownCards;
use crate::screen::pages::reception::UnderWay;
use crate::screen::pages::replaced::ReplacedValues;
use crate::screen::pages::step_dialogs::{DropStep, MoveStep};
use crate::screen::pages::talking_points::TalkingPoints;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::{Action, AppState, CardState};
use crate::screen::text::Text;
use crate::screen::when;

/// Properties of [`Card`].
#[derive(PartialEq, Properties)]
pub struct CardProps {
    /// The card.
    pub document: DocumentId,
}

/// What is open over the card.
#[derive(Clone, PartialEq)]
enum Open {
    Contact(Begun),
    Class,
    Move {
        step: EntryId,
        what: String,
        due: Date,
        time: Option<TimeOfDay>,
    },
    Drop {
        step: EntryId,
        what: String,
    },
    Handover,
}

/// A part of the card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Timeline,
    File,
    Intentions,
    Service,
    History,
}

impl Tab {
    const ALL: [Self; 5] = [
        Self::Timeline,
        Self::File,
        Self::Intentions,
        Self::Service,
        Self::History,
    ];

    /// The id of its tab in the page.
    const fn id(self) -> &'static str {
        match self {
            Self::Timeline => "tab-timeline",
            Self::File => "tab-file",
            Self::Intentions => "tab-intentions",
            Self::Service => "tab-service",
            Self::History => "tab-history",
        }
    }

    fn label(self, text: &Text) -> String {
        match self {
            Self::Timeline => text.get("timeline"),
            Self::File => text.get("file"),
            Self::Intentions => text.get("intentions"),
            Self::Service => text.get("service"),
            Self::History => text.get("history"),
        }
    }

    /// Where a place of the card is shown.
    fn of(place: &ConflictPlace) -> Self {
        match place {
            ConflictPlace::Field(CustomerField::Referrer | CustomerField::ReferrerCard) => {
                Self::Service
            }
            ConflictPlace::Entry { kind, .. } => match kind {
                EntryKind::Family => Self::File,
                EntryKind::Intention => Self::Intentions,
                EntryKind::Issue | EntryKind::Gift | EntryKind::Purchase => Self::Service,
            },
            ConflictPlace::Field(_)
            | ConflictPlace::Phone(_)
            | ConflictPlace::Fact(_)
            | ConflictPlace::Consent(_) => Self::File,
        }
    }
}

/// The page of a card; asks the worker for it and lets it go when it leaves the screen.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let document = props.document;
    {
        let link = link.clone();
        use_effect_with(app.openings, move |_| {
            link.ask(Request::ShowCard { document });
            // After the card, so that the card does not wait for it.
            link.ask(Request::ShowHistory { document });
        });
    }
    {
        let (state, link) = (app.dispatcher(), link.clone());
        use_effect_with((), move |()| {
            move || {
                link.ask(Request::HideCard { document });
                state.dispatch(Action::CardHidden(document));
            }
        });
    }
    let try_again = {
        let state = app.dispatcher();
        Callback::from(move |_: MouseEvent| {
            // Until the answer comes, it is being opened.
            state.dispatch(Action::CardHidden(document));
            link.ask(Request::TryAgain { document });
        })
    };
    let name = app.rows.get(document).map(|row| row.entry.row.name.clone());
    // The title of the page names no customer: other apps and the history can read it.
    use_effect_with(text.get("card"), |title| platform::set_title(title));
    match app.cards.get(&document) {
        Some(CardState::Shown(card)) => html! { <CardShown {document} card={card.clone()} /> },
        Some(CardState::Unreadable) => html! {
            <div class="card">
                <BackToList />
                if let Some(name) = name { <header class="card-head"><h1>{ name }</h1></header> }
                if app.status.set_aside.contains(&document) {
                    <Message tone={Tone::Problem}>
                        <p><strong>{ text.get("card-aside") }</strong></p>
                        <p>{ text.get("card-aside-kept") }</p>
                        <p>{ text.get("card-aside-advice") }</p>
                        <button type="button" class="button" onclick={try_again}>{ text.get("try-again") }</button>
                    </Message>
                } else {
                    <Message tone={Tone::Problem}>
                        <p><strong>{ text.get("card-unreadable") }</strong></p>
                        <p>{ text.get("card-unreadable-advice") }</p>
                    </Message>
                }
            </div>
        },
        Some(CardState::Gone) => missing(&text),
        None if name.is_none() && app.rows.len() > 0 && app.status.receiving.is_none() => {
            missing(&text)
        }
        None => html! {
            <div class="card" aria-busy="true">
                <BackToList />
                <header class="card-head"><h1>{ name.unwrap_or_default() }</h1></header>
                <p class="quiet slow" role="status">{ text.get("card-opening") }</p>
            </div>
        },
    }
}

fn missing(text: &Text) -> Html {
    html! {
        <div class="card">
            <BackToList />
            <Empty title={text.get("card-missing")} advice={text.get("card-missing-advice")} />
        </div>
    }
}

/// Leads back to the list where the card covers it.
#[component]
pub fn BackToList() -> Html {
    let text = use_text();
    html! {
        <Link<Route> to={Route::Customers} classes="back">
            <Icon picture={Picture::Back} />{ text.get("back-to-list") }
        </Link<Route>>
    }
}

#[derive(PartialEq, Properties)]
struct CardShownProps {
    document: DocumentId,
    card: Rc<CardView>,
}

#[component]
fn CardShown(props: &CardShownProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let document = props.document;
    let card = &props.card;
    let customer = &card.customer;
    let open = {
        // A half-typed contact comes back with the card.
        let has_draft = link.draft(&draft_key(document)).is_some();
        use_state(move || has_draft.then_some(Open::Contact(Begun::default())))
    };
    let tab = use_state(|| Tab::Timeline);
    let ask = |what: Open| {
        let open = open.clone();
        Callback::from(move |()| open.set(Some(what.clone())))
    };
    let show = |what: Open| ask(what).reform(|_: MouseEvent| ());
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let choose_tab = {
        let tab = tab.clone();
        Callback::from(move |chosen: Tab| tab.set(chosen))
    };
    let marked: Vec<Tab> = card.conflicts.iter().map(|one| Tab::of(&one.at)).collect();
    let show_conflict = marked.first().copied().map(|part| {
        let choose = choose_tab.reform(move |_: MouseEvent| part);
        (part, choose)
    });
    let tabs = Tab::ALL.map(|part| Labelled {
        part,
        id: part.id(),
        label: part.label(&text).into(),
        mark: marked
            .contains(&part)
            .then(|| AttrValue::from(text.get("mark-conflict"))),
    });
    let show_purchases = choose_tab.reform(|()| Tab::Service);
    let history = app.histories.get(&document).cloned();
    html! {
        <article class="card" aria-labelledby="card-name" data-document={document.to_string()}>
            <BackToList />
            <CardHead {document} card={card.clone()} on_class={ask(Open::Class)} on_hand_over={ask(Open::Handover)}
                on_contact={ask(Open::Contact(Begun::default()))} />
            <UnderWay {document} card={card.clone()} on_visit={ask(Open::Contact(Begun::of_visit()))} />
            <KnownCards on_card={document} />
            if !card.conflicts.is_empty() {
                <Message tone={Tone::Warning}>
                    <div class="message-line">
                        <span>{ text.get_with("card-conflicts", [("count", card.conflicts.len().into())]) }</span>
                        if let Some((_, onclick)) = show_conflict.filter(|(part, _)| *part != *tab) {
                            <button type="button" class="button" {onclick}>{ text.get("card-conflicts-show") }</button>
                        }
                    </div>
                </Message>
            }
            <ClassProposal {document} evidence={ClassEvidence::of(customer)} />
            if let Some(history) = &history {
                <ReplacedValues {document} card={card.clone()} history={history.clone()} />
            }
            <section class="next-steps" aria-label={text.get("next-step")}>
                { for customer.open_steps().map(|step| open_step(step, &open)) }
                if customer.open_steps().next().is_none() {
                    <div class="next-step is-missing">
                        <p>{ text.get("no-next-step-yet") }</p>
                        <button type="button" class="button" onclick={show(Open::Contact(Begun::default()))}>{ text.get("plan-next-step") }</button>
                    </div>
                }
            </section>
            <TalkingPoints card={card.clone()} />
            <Tabs<Tab> label={text.get("card-parts")} panel="tab-panel" tabs={tabs.to_vec()} chosen={*tab} on_choose={choose_tab} />
            <div role="tabpanel" id="tab-panel" aria-labelledby={tab.id()}>
                { match *tab {
                    Tab::Timeline => html! { <CardTimeline card={card.clone()} /> },
                    Tab::File => html! { <CardFile {document} card={card.clone()} on_purchases={show_purchases} /> },
                    Tab::Intentions => html! { <CardIntentions {document} card={card.clone()} /> },
                    Tab::Service => html! { <CardService {document} card={card.clone()} /> },
                    Tab::History => html! { <CardHistory {document} card={card.clone()} history={history.clone()} /> },
                } }
            </div>
            { match &*open {
                None => html! {},
                Some(Open::Contact(begun)) => html! {
                    <ContactSheet {document} begun={begun.clone()} {on_close} />
                },
                Some(Open::Class) => html! { <ChooseClass {document} evidence={ClassEvidence::of(customer)} {on_close} /> },
                Some(Open::Move { step, what, due, time }) => html! {
                    <MoveStep {document} step={*step} what={what.clone()} due={*due} time={*time} {on_close} />
                },
                Some(Open::Handover) => handover(document, card, &app, &on_close),
                Some(Open::Drop { step, what }) => html! {
                    <DropStep {document} step={*step} what={what.clone()} {on_close} />
                },
            } }
        </article>
    }
}

/// The sheet that hands this one card over.
fn handover(
    document: DocumentId,
    card: &CardView,
    app: &AppState,
    on_close: &Callback<()>,
) -> Html {
    let feed = app.scope.feed(card.feed);
    let Some((store, from)) = feed.and_then(|feed| Some((feed.store, feed.owner?))) else {
        return html! {};
    };
    html! {
        <HandoverSheet {store} {from} customers={HandedCustomers::Some(vec![document])} count=1
            on_close={on_close.reform(|_: bool| ())} />
    }
}

fn open_step(step: &NextStep, open: &UseStateHandle<Option<Open>>) -> Html {
    let NextStepDecision::Planned {
        what,
        due,
        how,
        time,
        ..
    } = &step.decision
    else {
        return html! {};
    };
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |()| open.set(Some(what.clone())))
    };
    let (id, due, time) = (step.id, *due, *time);
    html! {
        <OpenStep key={id.to_string()} what={what.clone()} {due} {time} how={how.key()}
            on_done={show(Open::Contact(Begun::of_step(id)))}
            on_move={show(Open::Move { step: id, what: what.clone(), due, time })}
            on_drop={show(Open::Drop { step: id, what: what.clone() })} />
    }
}

#[derive(PartialEq, Properties)]
struct OpenStepProps {
    what: String,
    due: Date,
    time: Option<TimeOfDay>,
    how: &'static str,
    on_done: Callback<()>,
    on_move: Callback<()>,
    on_drop: Callback<()>,
}

/// What comes next, as the most visible thing of the card.
#[component]
fn OpenStep(props: &OpenStepProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let late = days_between(props.due, day.today);
    html! {
        <div class={classes!("next-step", (late > 0).then_some("is-late"), (late == 0).then_some("is-today"))}>
            <div class="next-step-words">
                <p class="next-step-when">
                    { when::appointed(props.due, props.time, day.today, &text) }
                    { " · " }{ text.coded("channel", props.how) }
                    if late > 0 { <span class="late">{ text.get_with("late-days", [("count", late.into())]) }</span> }
                </p>
                <p class="next-step-what">{ &props.what }</p>
            </div>
            <div class="actions">
                <button type="button" class="button" onclick={props.on_done.reform(|_| ())}><Icon picture={Picture::Done} />{ text.get("step-done") }</button>
                <button type="button" class="button" onclick={props.on_move.reform(|_| ())}>{ text.get("move-step") }</button>
                <button type="button" class="button quiet-button" onclick={props.on_drop.reform(|_| ())}>{ text.get("drop-step") }</button>
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ChooseClassProps {
    document: DocumentId,
    evidence: ClassEvidence,
    on_close: Callback<()>,
}

/// Changes the class: one tap saves.
#[component]
fn ChooseClass(props: &ChooseClassProps) -> Html {
    let (text, day, run, app) = (use_text(), use_day(), use_run(), use_app());
    let judgement = props.evidence.judge(day.today, app.settings().classes);
    let class = props.evidence.class;
    let why = reasons_in_words(&judgement, day.today, &text);
    let choices = Class::ALL
        .into_iter()
        .map(|class| Choice::new(class.letter(), text.coded("class", class.letter())))
        .collect::<Vec<_>>();
    let choose = {
        let (run, document, on_close) = (run.clone(), props.document, props.on_close.clone());
        Callback::from(move |letter: AttrValue| {
            let edit = Edit::SetField {
                field: CustomerField::Class,
                value: letter.to_string(),
            };
            run.run(
                document,
                Command::EditCard { edits: vec![edit] },
                on_close.reform(|_| ()),
            );
        })
    };
    html! {
        <Dialog id="class" title={text.get("class-title")} on_close={props.on_close.clone()} footer={html! { <Saving problem={run.problem()} /> }}>
            <div class="class-choices">
                <Chips name="class" label={text.get("class-title")} is_label_hidden=true {choices}
                    chosen={class.map(|class| AttrValue::from(class.letter()))} on_choose={choose} />
            </div>
            if !why.is_empty() {
                <p>{ text.get_with("class-speaks-for", [("class", judgement.class.letter().into())]) }{ " " }{ why }</p>
            }
            <p class="quiet">{ text.get("class-explained") }</p>
        </Dialog>
    }
}
