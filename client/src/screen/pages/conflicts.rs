//! 冲突: all cards on which two values wait for someone to choose.

use std::rc::Rc;

use yew::prelude::*;

use crate::screen::components::Empty;
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::customer_row::{Row, Shared};
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;

/// The page. A tap leads to the card, where both values stand.
#[component]
pub fn Conflicts() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    use_effect_with(text.get("conflicts"), |title| platform::set_title(title));
    let rows = use_memo(app.rows.clone(), |rows| {
        let open = rows.iter().filter(|row| row.entry.row.conflicts > 0);
        let mut open: Vec<Shared> = open.map(|row| Shared(Rc::clone(row))).collect();
        open.sort_by(|one, other| one.0.key.name_order().cmp(other.0.key.name_order()));
        open
    });
    let places: usize = rows
        .iter()
        .map(|row| usize::from(row.0.entry.row.conflicts))
        .sum();
    html! {
        <div class="page">
            <BackToMore />
            <header class="page-head"><h1>{ text.get("conflicts") }</h1></header>
            if rows.is_empty() {
                <Empty title={text.get("conflicts-none")} advice={text.get("conflicts-none-advice")} />
            } else {
                <p class="quiet" role="status">{ text.get_with("conflicts-count", [("cards", rows.len().into()), ("places", places.into())]) }</p>
                <ul class="panel plain-list" data-list="conflicts">
                    { for rows.iter().enumerate().map(|(index, row)| html! {
                        <li key={row.0.entry.document.to_string()}>
                            <Row row={row.clone()} {index} today={day.today} is_selected=false />
                        </li>
                    }) }
                </ul>
            }
        </div>
    }
}
