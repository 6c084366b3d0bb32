//! A QR code as a drawing of its own: no picture is loaded and no style is needed.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode as Code};
use yew::prelude::*;

/// Light places around the code, without which cameras miss it.
const QUIET_ZONE: usize = 4;

/// Properties of [`QrCode`].
#[derive(PartialEq, Properties)]
pub struct QrCodeProps {
    /// What it says.
    pub content: AttrValue,
    /// What it is for, in words.
    pub label: AttrValue,
}

/// A QR code; nothing if the content is too long for one.
#[component]
pub fn QrCode(props: &QrCodeProps) -> Html {
    let drawn = use_memo(props.content.clone(), |content| draw(content));
    let Some((size, path)) = &*drawn else {
        return html! {};
    };
    html! {
        <svg class="qr-code" role="img" aria-label={props.label.clone()} viewBox={format!("0 0 {size} {size}")}
            shape-rendering="crispEdges">
            <rect class="qr-light" width={size.to_string()} height={size.to_string()} />
            <path class="qr-dark" d={path.clone()} />
        </svg>
    }
}

/// Size in places and the dark ones as one path of runs.
fn draw(content: &str) -> Option<(usize, String)> {
    let code = Code::with_error_correction_level(content, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (row, colours) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        while let Some(colour) = colours.get(column) {
            let rest = colours.iter().skip(column);
            let run = rest.take_while(|other| *other == colour).count();
            if *colour == Color::Dark {
                let (x, y) = (column + QUIET_ZONE, row + QUIET_ZONE);
                if write!(path, "M{x} {y}h{run}v1h-{run}z").is_err() {
                    // Writing into memory does not fail.
                }
            }
            column += run;
        }
    }
    Some((width + 2 * QUIET_ZONE, path))
}
