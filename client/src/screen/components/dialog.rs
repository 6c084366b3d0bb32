//! A dialog over the page: a sheet from below or a window in the middle.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlDialogElement, HtmlElement, MouseEvent};
use yew::prelude::*;

use crate::screen::components::{Icon, Picture};
use crate::screen::hooks::use_text;
use crate::screen::platform;

/// Properties of [`Dialog`].
#[derive(PartialEq, Properties)]
pub struct DialogProps {
    /// Names the dialog in the page.
    pub id: AttrValue,
    /// Its heading.
    pub title: AttrValue,
    /// Whether it comes from below.
    #[prop_or_default]
    pub is_sheet: bool,
    /// Called when it is to be closed: Escape, the cross, a tap outside.
    pub on_close: Callback<()>,
    /// What it shows.
    pub children: Children,
    /// The actions at its foot, always in sight.
    #[prop_or_default]
    pub footer: Html,
}

/// A dialog; the focus goes in when it opens and back when it closes.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let text = use_text();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let before: Option<HtmlElement> = platform::focused();
            let element = dialog.cast::<HtmlDialogElement>();
            if let Some(element) = &element
                && element.show_modal().is_err()
            {
                // It is open already.
            }
            // Opening moves the focus to the first button; a field that is to be filled in has it.
            let first = element
                .as_ref()
                .and_then(|element| element.query_selector("[data-first]").ok().flatten())
                .and_then(|first| first.dyn_into::<HtmlElement>().ok());
            if let Some(first) = first {
                platform::focus(&first);
            }
            move || {
                // It closes by leaving the page, right after this; before that nothing else can have
                // the focus. To close it first would mean to look at the whole page once more.
                if let Some(before) = before {
                    spawn_local(async move { platform::focus(&before) });
                }
            }
        });
    }
    let heading = format!("{}-title", props.id);
    let oncancel = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            // The page closes it by not drawing it, so that state and screen agree.
            event.prevent_default();
            on_close.emit(());
        })
    };
    let onclick = {
        let (on_close, dialog) = (props.on_close.clone(), dialog.clone());
        Callback::from(move |event: MouseEvent| {
            // The backdrop belongs to the dialog element itself.
            if event.target().is_some_and(|target| {
                Some(target.into()) == dialog.get().map(Into::<wasm_bindgen::JsValue>::into)
            }) {
                on_close.emit(());
            }
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={dialog} id={props.id.clone()} aria-labelledby={heading.clone()}
            class={if props.is_sheet { "dialog sheet" } else { "dialog" }} {oncancel} {onclick}>
            <div class="dialog-frame" tabindex="-1">
                <div class="dialog-head">
                    <h2 id={heading}>{ &props.title }</h2>
                    <button type="button" class="icon-button" aria-label={text.get("close")} onclick={close}>
                        <Icon picture={Picture::Close} />
                    </button>
                </div>
                <div class="dialog-body">{ props.children.clone() }</div>
                <div class="dialog-foot">{ props.footer.clone() }</div>
            </div>
        </dialog>
    }
}
