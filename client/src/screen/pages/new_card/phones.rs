//! How a new customer is reached, and whether somebody knows them already.

use floorbook_shared::record::customer::{CustomerField, FIELD_MAX_CHARS};
use floorbook_shared::view::search::Query;
use yew::prelude::*;
use yew_router::prelude::*;

use super::draft::{CardDraft, SecondPhone};
use crate::screen::components::{Field, Icon, KnownElsewhere, Message, Picture, Tone};
use crate::screen::hooks::{Draft, use_app, use_text};
use crate::screen::pages::today::card_route;
use crate::screen::platform;
use crate::screen::route::Route;

/// Digits that a phone needs before the same one is looked for on other cards.
const PHONE_DIGITS: usize = 7;

/// Properties of [`Phones`].
#[derive(PartialEq, Properties)]
pub(super) struct PhonesProps {
    /// The half-typed card.
    pub draft: Draft<CardDraft>,
}

/// Phone and WeChat, another phone if wanted, and the warning about a card that is there already.
#[component]
pub(super) fn Phones(props: &PhonesProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let draft = &props.draft;
    let content = draft.content();
    let same_phone = {
        let digits = content.phone.chars().filter(char::is_ascii_digit).count();
        let query = Query::read(&content.phone);
        let mut rows = app.rows.iter().filter(|_| digits >= PHONE_DIGITS);
        rows.find(|row| row.entry.document != content.document && query.matches(&row.key))
    };
    let add = draft.setter(|content: &mut CardDraft, _: MouseEvent| {
        content.second = Some(SecondPhone {
            entry: platform::new_entry(),
            number: String::new(),
            label: String::new(),
        });
    });
    let change = |set: fn(&mut SecondPhone, String)| {
        draft.setter(move |content: &mut CardDraft, value: String| {
            if let Some(second) = &mut content.second {
                set(second, value);
            }
        })
    };
    html! {
        <>
            <div class="field-pair">
                <Field id="new-phone" label={text.get("phone")} kind="tel" input_mode={AttrValue::from("tel")}
                    value={content.phone.clone()} most={Some(FIELD_MAX_CHARS)}
                    on_input={draft.setter(|content: &mut CardDraft, phone| content.phone = phone)} />
                <Field id="new-wechat" label={text.coded("field", CustomerField::Wechat.key())}
                    value={content.fields.get(&CustomerField::Wechat).cloned().unwrap_or_default()} most={Some(FIELD_MAX_CHARS)}
                    on_input={draft.setter(|content: &mut CardDraft, wechat: String| {
                        content.fields.insert(CustomerField::Wechat, wechat);
                    })} />
            </div>
            if let Some(second) = &content.second {
                <div class="field-pair">
                    <Field id="new-second-phone" label={text.get("phone-second")} kind="tel" input_mode={AttrValue::from("tel")}
                        value={second.number.clone()} most={Some(FIELD_MAX_CHARS)} is_first={second.number.is_empty()}
                        on_input={change(|second, number| second.number = number)} />
                    <Field id="new-second-label" label={text.get("phone-label")} value={second.label.clone()}
                        most={Some(FIELD_MAX_CHARS)} on_input={change(|second, label| second.label = label)} />
                </div>
            } else {
                <button type="button" class="button quiet-button add-phone" onclick={add}>
                    <Icon picture={Picture::Add} />{ text.get("phone-add") }
                </button>
            }
            if let Some(row) = same_phone {
                <Message tone={Tone::Warning}>
                    <p>{ text.get("same-phone") }{ " " }
                        <Link<Route> to={card_route(row.entry.document)}>
                            { format!("{} {}", row.entry.row.name, row.entry.row.number) }
                        </Link<Route>>
                    </p>
                </Message>
            } else {
                <KnownElsewhere phone={content.phone.clone()}
                    wechat={content.field(CustomerField::Wechat).to_owned()} />
            }
        </>
    }
}
