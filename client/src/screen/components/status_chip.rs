//! The one status chip: the truth about saving and sending, in words.

use yew::prelude::*;

use crate::screen::components::{Dialog, StatusPanel};
use crate::screen::hooks::{Day, use_app, use_day, use_text};
use crate::screen::standing::Standing;
use crate::screen::text::Text;

/// The status chip; a tap opens the status sheet.
#[component]
pub fn StatusChip() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let is_open = use_state(|| false);
    let standing = match app.identity {
        Some(_) => Standing::of(&app.status),
        None => Standing::of_locked(&app.status),
    };
    let open = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    html! {
        <>
            <button type="button" class={format!("status-chip standing-{}", standing.name())}
                data-standing={standing.name()} onclick={open} aria-haspopup="dialog">
                <span class="status-sign" aria-hidden="true">{ sign(standing) }</span>
                <span aria-live="polite">{ words(standing, &text, &day) }</span>
            </button>
            if *is_open {
                <Dialog id="status" title={text.get("status-title")} on_close={close}>
                    <StatusPanel />
                </Dialog>
            }
        </>
    }
}

const fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::NeedsAttention { .. } => "!",
        Standing::Offline { .. } | Standing::SignedOut | Standing::Locked => "○",
        Standing::Receiving { .. }
        | Standing::Waiting { .. }
        | Standing::Checking
        | Standing::Differing { .. } => "◐",
        Standing::InSync { .. } => "●",
    }
}

/// The words of the chip.
pub fn words(standing: Standing, text: &Text, day: &Day) -> String {
    match standing {
        Standing::NeedsAttention { count } => {
            text.get_with("standing-attention", [("count", count.into())])
        }
        Standing::Offline {
            since: Some(since),
            unsent,
        } => text.get_with(
            "standing-offline-since",
            [
                ("since", day.moment(since, text).into()),
                ("count", unsent.into()),
            ],
        ),
        Standing::Offline {
            since: None,
            unsent,
        } => text.get_with("standing-offline", [("count", unsent.into())]),
        Standing::Receiving { done, total } => text.get_with(
            "standing-receiving",
            [("done", done.into()), ("total", total.into())],
        ),
        Standing::Waiting { unsent } => {
            text.get_with("standing-waiting", [("count", unsent.into())])
        }
        Standing::Checking => text.get("standing-checking"),
        Standing::Differing { count } => {
            text.get_with("standing-differing", [("count", count.into())])
        }
        Standing::InSync { at } => {
            text.get_with("standing-in-sync", [("at", day.moment(at, text).into())])
        }
        Standing::SignedOut => text.get("standing-signed-out"),
        Standing::Locked => text.get("standing-locked"),
    }
}
