//! Who works here: locking, switching, another PIN, leaving this tablet.

use yew::prelude::*;

use crate::screen::components::{Avatar, ChangeSecret, Menu, MenuItem, Picture, SignOut};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::state::Action;

/// What is open over the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    ChangeSecret,
    SignOut,
}

/// The name at the top right, with its menu.
#[component]
pub fn WhoMenu() -> Html {
    let (text, app) = (use_text(), use_app());
    let open = use_state_eq(|| None::<Open>);
    let Some(identity) = app.identity.clone() else {
        return html! {};
    };
    let lock = {
        let state = app.dispatcher();
        Callback::from(move |()| state.dispatch(Action::Lock))
    };
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |()| open.set(Some(what)))
    };
    let item = |picture: Picture, label: String, on_choose: Callback<()>| MenuItem {
        picture,
        label: label.into(),
        on_choose,
    };
    let items = vec![
        item(Picture::Lock, text.get("lock-now"), lock.clone()),
        // The people of this tablet stand on the lock screen.
        item(Picture::Switch, text.get("switch-person"), lock),
        item(
            Picture::Key,
            text.get("change-pin"),
            show(Open::ChangeSecret),
        ),
        item(
            Picture::Leave,
            text.get("sign-out-tablet"),
            show(Open::SignOut),
        ),
    ];
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let label = text.get_with("who-menu", [("name", identity.name.as_str().into())]);
    html! {
        <>
            <Menu id="who-menu" {label} {items}>
                <Avatar name={identity.name.clone()} is_small=true />{ &identity.name }
            </Menu>
            { match *open {
                None => html! {},
                Some(Open::ChangeSecret) => html! { <ChangeSecret {on_close} /> },
                Some(Open::SignOut) => html! { <SignOut {on_close} /> },
            } }
        </>
    }
}
