//! A choice between few values, all in sight: radio buttons that look like chips.

use yew::prelude::*;

/// One of the values.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value.
    pub value: AttrValue,
    /// Its words.
    pub label: AttrValue,
}

impl Choice {
    /// A value with its words.
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// Properties of [`Chips`].
#[derive(PartialEq, Properties)]
pub struct ChipsProps {
    /// Names the group in the page.
    pub name: AttrValue,
    /// What is chosen here.
    pub label: AttrValue,
    /// Whether the label is for readers alone.
    #[prop_or_default]
    pub is_label_hidden: bool,
    /// The values.
    pub choices: Vec<Choice>,
    /// The chosen value.
    pub chosen: Option<AttrValue>,
    /// Called with the value that is tapped.
    pub on_choose: Callback<AttrValue>,
}

/// A choice between few values.
#[component]
pub fn Chips(props: &ChipsProps) -> Html {
    html! {
        <fieldset class="chips">
            <legend class={classes!("field-label", props.is_label_hidden.then_some("for-readers"))}>
                { &props.label }
            </legend>
            <div class="chips-row">
                { for props.choices.iter().map(|choice| {
                    let on_choose = props.on_choose.clone();
                    let value = choice.value.clone();
                    html! {
                        <label key={choice.value.to_string()} class="chip">
                            <input type="radio" name={props.name.clone()} value={choice.value.clone()}
                                checked={props.chosen.as_ref() == Some(&choice.value)}
                                onchange={move |_| on_choose.emit(value.clone())} />
                            <span>{ &choice.label }</span>
                        </label>
                    }
                }) }
            </div>
        </fieldset>
    }
}
