//! Whose work is shown: one's own or everyone's, the same on every page that asks.

use yew::prelude::*;

use crate::screen::hooks::{use_app, use_text};
use crate::screen::state::Action;

/// The choice between one's own work and everyone's.
#[component]
pub fn WhoseWork() -> Html {
    let (text, app) = (use_text(), use_app());
    let is_of_all = app.is_today_of_all;
    let choose = |is_of_all: bool| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| app.dispatch(Action::TodayOfAll(is_of_all)))
    };
    html! {
        <div class="segments" role="group" aria-label={text.get("whose-work")}>
            <button type="button" aria-pressed={(!is_of_all).to_string()} onclick={choose(false)}>{ text.get("only-mine") }</button>
            <button type="button" aria-pressed={is_of_all.to_string()} onclick={choose(true)}>{ text.get("everyone") }</button>
        </div>
    }
}
