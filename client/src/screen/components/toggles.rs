//! A choice between few values that may stay open: a tap chooses, a second one takes it back.

use yew::prelude::*;

use crate::screen::components::Choice;

/// Properties of [`Toggles`].
#[derive(PartialEq, Properties)]
pub struct TogglesProps {
    /// What is chosen here.
    pub label: AttrValue,
    /// Whether the label is for readers alone.
    #[prop_or_default]
    pub is_label_hidden: bool,
    /// The values.
    pub choices: Vec<Choice>,
    /// The chosen value.
    pub chosen: Option<AttrValue>,
    /// Called with the value that is tapped; without one if it was chosen already.
    pub on_choose: Callback<Option<AttrValue>>,
}

/// The values as buttons that stay down.
#[component]
pub fn Toggles(props: &TogglesProps) -> Html {
    html! {
        <fieldset class="chips">
            <legend class={classes!("field-label", props.is_label_hidden.then_some("for-readers"))}>{ &props.label }</legend>
            <div class="chips-row">
                { for props.choices.iter().map(|choice| {
                    let is_chosen = props.chosen.as_ref() == Some(&choice.value);
                    let value = (!is_chosen).then(|| choice.value.clone());
                    let onclick = props.on_choose.reform(move |_: MouseEvent| value.clone());
                    html! {
                        <button key={choice.value.to_string()} type="button" class="chip-button" aria-pressed={is_chosen.to_string()} {onclick}>{ &choice.label }</button>
                    }
                }) }
            </div>
        </fieldset>
    }
}
