//! A person as a large tile: who may use this tablet.

use yew::prelude::*;

use crate::screen::components::{Icon, Picture};

/// Properties of [`Avatar`].
#[derive(PartialEq, Properties)]
pub struct AvatarProps {
    /// The person's name.
    pub name: AttrValue,
    /// Whether it stands in a line of words.
    #[prop_or_default]
    pub is_small: bool,
}

/// The initials of a person in a colour that follows from the name. They are drawn by the styles:
/// the name itself always stands beside them.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    html! {
        <span class={classes!("avatar", format!("hue-{}", hue(&props.name)), props.is_small.then_some("is-small"))}
            aria-hidden="true" data-initials={initials(&props.name)}></span>
    }
}

/// Properties of [`PersonTile`].
#[derive(PartialEq, Properties)]
pub struct PersonTileProps {
    /// The person's name.
    pub name: AttrValue,
    /// What is worth knowing, one line each: waiting work, what ends soon.
    #[prop_or_default]
    pub notes: Vec<TileNote>,
    /// Called when the tile is tapped.
    pub on_tap: Callback<()>,
}

/// A line of a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct TileNote {
    /// The words.
    pub words: AttrValue,
    /// Whether somebody has to do something about it.
    pub is_warning: bool,
}

/// A person to be tapped.
#[component]
pub fn PersonTile(props: &PersonTileProps) -> Html {
    let onclick = props.on_tap.reform(|_: MouseEvent| ());
    html! {
        <button type="button" class="person-tile" data-person={props.name.clone()} {onclick}>
            <Avatar name={props.name.clone()} />
            <span class="person-words">
                <span class="person-name">{ &props.name }</span>
                { for props.notes.iter().map(|note| html! {
                    <span class={classes!("person-note", note.is_warning.then_some("is-warning"))}>
                        if note.is_warning { <Icon picture={Picture::Warning} /> }
                        { &note.words }
                    </span>
                }) }
            </span>
        </button>
    }
}

/// Colours that tiles have.
const HUES: u32 = 6;

fn hue(name: &str) -> u32 {
    let sum = name.chars().map(u32::from).fold(0_u32, u32::wrapping_add);
    sum % HUES
}

/// The given name of a Chinese name, else the first letters of the first two words.
fn initials(name: &str) -> String {
    let signs: Vec<char> = name.chars().filter(|sign| !sign.is_whitespace()).collect();
    let is_latin = signs.first().is_some_and(char::is_ascii);
    if is_latin {
        let words = name.split_whitespace().take(2);
        let letters = words.filter_map(|word| word.chars().next());
        return letters.flat_map(char::to_uppercase).collect();
    }
    // Two signs are the whole name, three or four have a family name in front.
    let start = signs.len().saturating_sub(2);
    signs.get(start..).unwrap_or_default().iter().collect()
}
