//! Leaving this tablet for good, or giving it up: not while anything waits, because it would be
//! lost. What can't be sent any more goes into a file first.

use floorbook_shared::device::message::Request;
use yew::prelude::*;

use crate::screen::components::{Dialog, Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::platform;
use crate::screen::state::{Action, App, LeavingRefusal};
use crate::screen::text::Text;

/// Who leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The person who works here.
    SignOut,
    /// Everybody: the tablet is emptied and is none any more.
    Reset,
}

impl Leaving {
    /// What the keys of its words begin with.
    const fn key(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::Reset => "reset",
        }
    }

    /// What waits, as far as the screen knows.
    fn waiting(self, app: &App) -> LeavingRefusal {
        let noted = app.people.iter().map(|here| here.refused).sum::<usize>();
        let own = app.identity.as_ref();
        let own = own.and_then(|identity| app.person_here(identity.person));
        let to_settle = app.status.refused.len();
        let (unsent, refused) = match (self, own) {
            (Self::SignOut, Some(own)) => (own.waiting, to_settle),
            (Self::SignOut, None) => (app.status.unsent, to_settle),
            (Self::Reset, _) => (app.status.unsent, to_settle + noted),
        };
        LeavingRefusal { unsent, refused }
    }
}

/// Properties of [`Leave`].
#[derive(PartialEq, Properties)]
pub struct LeaveProps {
    /// Who leaves.
    pub what: Leaving,
    /// Called when it is to be closed.
    pub on_close: Callback<()>,
}

/// The dialog: what goes and what stays, or why not now.
#[component]
pub fn Leave(props: &LeaveProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let what = props.what;
    let word = |rest: &str| format!("{}-{rest}", what.key());
    // The file that was saved here, and what is in it.
    let file = use_state(|| None::<(String, usize)>);
    let mut waiting = app.leaving_refused.unwrap_or_else(|| what.waiting(&app));
    if app.leaving_refused.is_none() && file.is_some() {
        waiting.unsent = 0;
    }
    let is_refused = waiting.unsent + waiting.refused > 0;
    {
        // The refusal is read once this was closed.
        let state = app.dispatcher();
        use_effect_with((), move |()| {
            move || state.dispatch(Action::LeavingRefusalRead)
        });
    }
    {
        let (state, file) = (app.dispatcher(), file.clone());
        use_effect_with(app.rescue.clone(), move |rescue| {
            if let Some(rescue) = rescue {
                platform::save_file(&rescue.name, &rescue.bytes);
                file.set(Some((rescue.name.clone(), rescue.changes)));
                state.dispatch(Action::RescueTaken);
                state.dispatch(Action::LeavingRefusalRead);
            }
        });
    }
    let rescue = {
        let link = link.clone();
        Callback::from(move |_: MouseEvent| link.ask(Request::Rescue))
    };
    let leave = Callback::from(move |_: MouseEvent| match what {
        Leaving::SignOut => link.sign_out(),
        Leaving::Reset => link.ask(Request::Reset),
    });
    let close = props.on_close.reform(|_: MouseEvent| ());
    let footer = html! {
        <div class="save-line">
            <button type="button" class="button" onclick={close}>{ text.get("cancel") }</button>
            <button type="button" class="button danger-fill" disabled={is_refused} onclick={leave}>{ text.get(&word("do")) }</button>
        </div>
    };
    html! {
        <Dialog id={what.key()} title={text.get(&word("tablet"))} on_close={props.on_close.clone()} {footer}>
            if let Some(problem) = &app.status.storage_problem {
                <Message tone={Tone::Problem}>
                    <p><strong>{ text.get("status-storage-problem") }</strong></p>
                    <p>{ text.coded("storage", problem) }</p>
                </Message>
            }
            if is_refused {
                <Message tone={Tone::Warning}>
                    if waiting.unsent > 0 { <p>{ text.get_with(&word("unsent"), [("count", waiting.unsent.into())]) }</p> }
                    if waiting.refused > 0 { <p>{ text.get_with(&word("refused"), [("count", waiting.refused.into())]) }</p> }
                </Message>
            } else {
                <p>{ text.get(&word("explained")) }</p>
                if what == Leaving::Reset { { others(&app, &text) } }
            }
            if let Some((name, changes)) = &*file {
                <Message tone={Tone::Good}>
                    <p>{ text.get_with("rescue-saved", [("name", name.as_str().into()), ("count", (*changes).into())]) }</p>
                </Message>
            }
            if waiting.unsent > 0 {
                <p>{ text.get("rescue-file-explained") }</p>
                <button type="button" class="button" onclick={rescue}>{ text.get("rescue-save") }</button>
            }
        </Dialog>
    }
}

/// Who else works on this tablet and can't any more then.
fn others(app: &App, text: &Text) -> Html {
    let own = app.identity.as_ref().map(|identity| identity.person);
    let others = app.people.iter().filter(|here| Some(here.person) != own);
    let names: Vec<&str> = others.map(|here| here.name.as_str()).collect();
    if names.is_empty() {
        return html! {};
    }
    let names = names.join(&text.get("list-and"));
    html! {
        <Message tone={Tone::Warning}><p>{ text.get_with("reset-others", [("names", names.into())]) }</p></Message>
    }
}
