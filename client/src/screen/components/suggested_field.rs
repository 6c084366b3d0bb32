//! A field for words with those that are often meant as chips below it: tapped instead of typed.

use floorbook_shared::record::catalogue;
use yew::prelude::*;

use crate::screen::components::{Choice, Field};

/// Properties of [`SuggestedField`].
#[derive(PartialEq, Properties)]
pub struct SuggestedFieldProps {
    /// Names the field in the page.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// Its value.
    pub value: AttrValue,
    /// What can be tapped: what is stored, and its words.
    pub choices: Vec<Choice>,
    /// Whether several may be chosen; the order of the taps is kept.
    pub are_several: bool,
    /// Called with every change of the value.
    pub on_input: Callback<String>,
    /// Most characters.
    pub most: Option<usize>,
    /// Whether it takes the focus when it appears.
    #[prop_or_default]
    pub is_first: bool,
}

/// The value with a choice tapped: put in at the end, or taken out.
fn tapped(value: &str, choice: &str, are_several: bool) -> String {
    let is_chosen = catalogue::parts(value).any(|part| part == choice);
    let others = catalogue::parts(value).filter(|part| *part != choice && are_several);
    let mut parts: Vec<&str> = others.collect();
    if !is_chosen {
        parts.push(choice);
    }
    parts.join("、")
}

/// A field with suggestions.
#[component]
pub fn SuggestedField(props: &SuggestedFieldProps) -> Html {
    let chosen: Vec<&str> = catalogue::parts(&props.value).collect();
    html! {
        <div class="suggested">
            <Field id={props.id.clone()} label={props.label.clone()} value={props.value.clone()}
                on_input={props.on_input.clone()} most={props.most} is_first={props.is_first} />
            <div class="chips-row" role="group" aria-label={props.label.clone()}>
                { for props.choices.iter().map(|choice| {
                    let is_chosen = chosen.contains(&choice.value.as_str());
                    let value = tapped(&props.value, &choice.value, props.are_several);
                    let onclick = props.on_input.reform(move |_: MouseEvent| value.clone());
                    html! {
                        <button key={choice.value.to_string()} type="button" class="chip-button" aria-pressed={is_chosen.to_string()} {onclick}>
                            { &choice.label }
                        </button>
                    }
                }) }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::tapped;

    #[test]
    fn a_tap_puts_in_or_takes_out() {
        assert_eq!(tapped("", "价格", true), "价格");
        assert_eq!(tapped("价格, 材质", "交期", true), "价格、材质、交期");
        assert_eq!(tapped("价格、材质", "价格", true), "材质");
        assert_eq!(tapped("已婚", "未婚", false), "未婚");
        assert_eq!(tapped("未婚", "未婚", false), "");
    }
}
