//! A labelled field for text, with its problem in words beside it.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

/// Properties of [`Field`].
#[derive(PartialEq, Properties)]
pub struct FieldProps {
    /// Names the field in the page.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// Its value.
    pub value: AttrValue,
    /// Called with every change of the value.
    pub on_input: Callback<String>,
    /// Type of the input.
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// Which keyboard a tablet shows.
    #[prop_or_default]
    pub input_mode: Option<AttrValue>,
    /// What the browser may fill in; off for customers' data.
    #[prop_or(AttrValue::Static("off"))]
    pub autofill: AttrValue,
    /// Lines of a long text; 1 is an input.
    #[prop_or(1)]
    pub lines: u32,
    /// Most characters.
    #[prop_or_default]
    pub most: Option<usize>,
    /// A hint below the field.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong, in words.
    #[prop_or_default]
    pub problem: Option<AttrValue>,
    /// Whether the form can't be saved without it.
    #[prop_or_default]
    pub is_required: bool,
    /// Whether it takes the focus when it appears.
    #[prop_or_default]
    pub is_first: bool,
}

/// A labelled field.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.is_first, move |is_first| {
            if *is_first && let Some(element) = node.cast::<web_sys::HtmlElement>() {
                crate::screen::platform::focus(&element);
            }
        });
    }
    let oninput = {
        let on_input = props.on_input.clone();
        Callback::from(move |event: InputEvent| {
            let Some(target) = event.target() else { return };
            let value = match target.dyn_into::<HtmlInputElement>() {
                Ok(input) => input.value(),
                Err(target) => target.unchecked_into::<HtmlTextAreaElement>().value(),
            };
            on_input.emit(value);
        })
    };
    let hint_id = format!("{}-hint", props.id);
    let has_hint = props.hint.is_some() || props.problem.is_some();
    let described = has_hint.then(|| hint_id.clone());
    let most = props.most.map(|most| most.to_string());
    let invalid = props.problem.is_some().then_some("true");
    let required = props.is_required.then_some("true");
    let control = if props.lines > 1 {
        html! {
            <textarea ref={node} id={props.id.clone()} rows={props.lines.to_string()} value={props.value.clone()}
                {oninput} maxlength={most} autocomplete={props.autofill.clone()} aria-describedby={described}
                aria-invalid={invalid} aria-required={required} />
        }
    } else {
        html! {
            <input ref={node} id={props.id.clone()} type={props.kind.clone()} value={props.value.clone()}
                {oninput} maxlength={most} inputmode={props.input_mode.clone()} autocomplete={props.autofill.clone()}
                autocapitalize="off" spellcheck="false" data-first={props.is_first.then_some("true")} aria-describedby={described}
                aria-invalid={invalid} aria-required={required} />
        }
    };
    html! {
        <div class={classes!("field", props.problem.is_some().then_some("has-problem"))}>
            <label class="field-label" for={props.id.clone()}>{ &props.label }</label>
            { control }
            if let Some(problem) = &props.problem {
                <p id={hint_id} class="field-problem" role="alert">{ problem }</p>
            } else if let Some(hint) = &props.hint {
                <p id={hint_id} class="field-hint">{ hint }</p>
            }
        </div>
    }
}
