//! A question before something that can't be taken back; a code may have to be typed.

use web_sys::SubmitEvent;
use yew::prelude::*;

use crate::screen::components::{Dialog, Field, Message, Tone};
use crate::screen::hooks::use_text;

/// Properties of [`Confirm`].
#[derive(PartialEq, Properties)]
pub struct ConfirmProps {
    /// Names the question in the page.
    pub id: AttrValue,
    /// The question.
    pub title: AttrValue,
    /// What happens then.
    pub children: Children,
    /// The words of the button that does it.
    pub action: AttrValue,
    /// What has to be typed first, if anything.
    #[prop_or_default]
    pub typed: Option<AttrValue>,
    /// Whether it is being done.
    #[prop_or_default]
    pub is_busy: bool,
    /// The code of why it was not done, if it was not.
    #[prop_or_default]
    pub problem: Option<String>,
    /// Called when it is to be done.
    pub on_confirm: Callback<()>,
    /// Called when it is not.
    pub on_close: Callback<()>,
}

/// The question.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let text = use_text();
    let typed = use_state(String::new);
    let is_ready = props
        .typed
        .as_ref()
        .is_none_or(|wanted| typed.trim().eq_ignore_ascii_case(wanted));
    let form = format!("{}-form", props.id);
    let onsubmit = {
        let (on_confirm, is_busy) = (props.on_confirm.clone(), props.is_busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if is_ready && !is_busy {
                on_confirm.emit(());
            }
        })
    };
    let on_input = {
        let typed = typed.clone();
        Callback::from(move |value: String| typed.set(value))
    };
    let footer = html! {
        <>
            if let Some(code) = &props.problem {
                <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
            }
            <div class="save-line">
                <button type="button" class="button" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ text.get("cancel") }</button>
                <button type="submit" class="button danger-fill" form={form.clone()} disabled={!is_ready || props.is_busy}>
                    { if props.is_busy { text.get("please-wait") } else { props.action.to_string() } }
                </button>
            </div>
        </>
    };
    html! {
        <Dialog id={props.id.clone()} title={props.title.clone()} on_close={props.on_close.clone()} {footer}>
            { props.children.clone() }
            <form id={form} class="form" {onsubmit}>
                if let Some(wanted) = &props.typed {
                    <Field id={format!("{}-typed", props.id)} label={text.get_with("confirm-type", [("code", wanted.to_string().into())])}
                        value={(*typed).clone()} {on_input} is_first=true is_required=true />
                }
            </form>
        </Dialog>
    }
}
