//! The questions worth asking at the first meeting: tapped as the conversation goes, in any order.

use floorbook_shared::record::catalogue::{self, CatalogueField, Choice};
use floorbook_shared::record::customer::{CustomerField, FIELD_MAX_CHARS};
use floorbook_shared::record::source::{SOURCES, source_of};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::draft::CardDraft;
use super::referrer::Referrer;
use crate::screen::components::{Field, Icon, Picture};
use crate::screen::hooks::{Draft, use_text};
use crate::screen::platform;
use crate::screen::text::Text;

/// A question of the first visit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// Of the catalogue, by its key.
    Fact(&'static str),
    /// How they heard of us: the source, who introduced them, and in their own words.
    Source,
}

/// The fact that holds how they heard of us in their own words.
const HEARD_OF_US: &str = "heard_of_us";

/// In the order in which a conversation comes to them. Name and phone stand above.
const QUESTIONS: [Question; 8] = [
    Question::Fact("occupation"),
    Question::Fact("living_now"),
    Question::Fact("furniture_now"),
    Question::Fact("decider"),
    Question::Fact("budget"),
    Question::Fact("when_needed"),
    Question::Fact("purpose"),
    Question::Source,
];

impl Question {
    const fn key(self) -> &'static str {
        match self {
            Self::Fact(key) => key,
            Self::Source => "source",
        }
    }

    fn field(self) -> Option<&'static CatalogueField> {
        match self {
            Self::Fact(key) => catalogue::by_key(key),
            Self::Source => None,
        }
    }

    fn label(self, text: &Text) -> String {
        match self.field() {
            Some(field) => text.either(field.chinese, field.english).to_owned(),
            None => text.get("guide-source"),
        }
    }

    /// What can be tapped.
    fn choices(self) -> Vec<Choice> {
        match self.field() {
            Some(field) => field.input.choices().to_vec(),
            None => SOURCES.iter().map(|source| source.words).collect(),
        }
    }

    /// What was answered, as it is stored.
    fn answer(self, draft: &CardDraft) -> &str {
        match self {
            Self::Fact(key) => draft.answer(key),
            Self::Source => match draft.field(CustomerField::Source) {
                "" => draft.answer(HEARD_OF_US),
                source => source,
            },
        }
    }

    fn set(self, draft: &mut CardDraft, answer: String) {
        match self {
            Self::Fact(key) => {
                draft.answers.insert(key.to_owned(), answer);
            }
            Self::Source => {
                draft.fields.insert(CustomerField::Source, answer);
            }
        }
    }

    /// The next question that has no answer yet, going around.
    fn next(self, draft: &CardDraft) -> Option<Self> {
        let here = QUESTIONS.iter().position(|question| *question == self)?;
        let after = QUESTIONS.iter().cycle().skip(here + 1);
        let mut others = after.take(QUESTIONS.len() - 1).copied();
        others.find(|question| question.answer(draft).is_empty())
    }
}

/// What is open, and where the focus goes with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Focus {
    /// Into the field: somebody asked for it.
    Field,
    /// To the question: it opened by itself, and no keyboard is to cover the screen.
    Question,
}

/// Properties of [`Guide`].
#[derive(PartialEq, Properties)]
pub(super) struct GuideProps {
    /// The half-typed card.
    pub draft: Draft<CardDraft>,
}

/// The questions in a row; the open one with its answers below.
#[component]
pub(super) fn Guide(props: &GuideProps) -> Html {
    let text = use_text();
    let open = use_state(|| None::<(Question, Focus)>);
    use_effect_with(*open, |open| {
        if let Some((question, Focus::Question)) = open {
            let window = web_sys::window().and_then(|window| window.document());
            let id = format!("guide-{}", question.key());
            let element = window.and_then(|document| document.get_element_by_id(&id));
            if let Some(element) =
                element.and_then(|element| element.dyn_into::<HtmlElement>().ok())
            {
                platform::focus(&element);
            }
        }
    });
    let draft = &props.draft;
    let content = draft.content();
    let answered = QUESTIONS
        .iter()
        .filter(|one| !one.answer(&content).is_empty());
    let answered = answered.count();
    html! {
        <section class="guide" aria-labelledby="guide-title">
            <header>
                <h2 id="guide-title">{ text.get("guide") }</h2>
                <span class="quiet">{ text.get_with("guide-count", [("count", answered.into()), ("all", QUESTIONS.len().into())]) }</span>
            </header>
            <div class="guide-questions" role="group" aria-labelledby="guide-title">
                { for QUESTIONS.into_iter().map(|question| {
                    let answer = question.answer(&content);
                    let is_open = open.is_some_and(|(one, _)| one == question);
                    let onclick = {
                        let open = open.clone();
                        Callback::from(move |_: MouseEvent| open.set((!is_open).then_some((question, Focus::Field))))
                    };
                    html! {
                        <button key={question.key()} type="button" id={format!("guide-{}", question.key())} {onclick}
                            class={classes!("guide-question", (!answer.is_empty()).then_some("is-answered"))}
                            aria-expanded={is_open.to_string()} data-question={question.key()}>
                            if answer.is_empty() {
                                { question.label(&text) }
                            } else {
                                <span class="guide-label">{ question.label(&text) }</span>
                                <span class="guide-answer">{ in_words(question, answer, &text) }</span>
                                <Icon picture={Picture::Done} />
                            }
                        </button>
                    }
                }) }
            </div>
            if let Some((question, focus)) = *open {
                <Answer key={question.key()} {question} is_asked={focus == Focus::Field} draft={draft.clone()}
                    on_done={{
                        let (open, draft) = (open.clone(), draft.clone());
                        Callback::from(move |focus: Focus| {
                            let next = question.next(&draft.latest());
                            open.set(next.map(|next| (next, focus)));
                        })
                    }} />
            }
        </section>
    }
}

/// An answer in the language of the words, where it is one of those that are offered.
fn in_words(question: Question, answer: &str, text: &Text) -> String {
    let choices = question.choices().into_iter();
    let mut known = choices.filter(|choice| choice.chinese == answer);
    let known = known.next();
    known
        .map_or(answer, |known| text.either(known.chinese, known.english))
        .to_owned()
}

#[derive(PartialEq, Properties)]
struct AnswerProps {
    question: Question,
    /// Whether somebody asked for it just now: then the focus goes there.
    is_asked: bool,
    draft: Draft<CardDraft>,
    /// Called when it is answered: where the focus goes with the next question.
    on_done: Callback<Focus>,
}

/// What can be tapped or typed as an answer.
#[component]
fn Answer(props: &AnswerProps) -> Html {
    let text = use_text();
    let (question, draft) = (props.question, &props.draft);
    let content = draft.content();
    let stored = match question {
        Question::Fact(key) => content.answer(key).to_owned(),
        Question::Source => content.field(CustomerField::Source).to_owned(),
    };
    let choices = question.choices();
    // What is being typed stays in the field, also while it happens to be one of the choices.
    let is_typing = use_state_eq(|| false);
    let tap = |choice: &'static str| {
        let (draft, on_done, is_chosen) = (draft.clone(), props.on_done.clone(), stored == choice);
        let is_typing = is_typing.clone();
        Callback::from(move |_: MouseEvent| {
            is_typing.set(false);
            let answer = if is_chosen { "" } else { choice };
            draft.change(|content| question.set(content, answer.to_owned()));
            let is_introduced = source_of(answer).is_some_and(|source| source.introducer.is_some());
            let asks_more = question == Question::Source && is_introduced;
            if !is_chosen && !asks_more {
                on_done.emit(Focus::Question);
            }
        })
    };
    // What was typed is in the field; of a choice the chip says it.
    let is_known = choices.iter().any(|choice| choice.chinese == stored);
    let typed = if is_known && !*is_typing {
        String::new()
    } else {
        stored.clone()
    };
    let onkeydown = {
        let on_done = props.on_done.clone();
        Callback::from(move |event: KeyboardEvent| {
            // The key that ends a Chinese word is no end of the answer.
            if event.key() == "Enter" && !event.is_composing() && is_of_field(&event) {
                event.prevent_default();
                on_done.emit(Focus::Field);
            }
        })
    };
    let set = {
        let (draft, is_typing) = (draft.clone(), is_typing.clone());
        Callback::from(move |answer: String| {
            is_typing.set(true);
            draft.change(|content| question.set(content, answer));
        })
    };
    let label = if choices.is_empty() {
        question.label(&text)
    } else {
        text.get("guide-other-words")
    };
    html! {
        <div class="guide-panel" role="group" aria-label={question.label(&text)} {onkeydown}>
            if !choices.is_empty() {
                <div class="chips-row">
                    { for choices.iter().map(|choice| {
                        let is_chosen = (stored == choice.chinese).to_string();
                        html! {
                            <button key={choice.chinese} type="button" class="chip-button" aria-pressed={is_chosen}
                                onclick={tap(choice.chinese)}>{ text.either(choice.chinese, choice.english) }</button>
                        }
                    }) }
                </div>
            }
            if question == Question::Source {
                <Referrer draft={draft.clone()} />
            }
            <Field id={format!("guide-{}-words", question.key())} {label} value={typed} on_input={set}
                most={Some(FIELD_MAX_CHARS)} is_first={props.is_asked && choices.is_empty()} />
            if question == Question::Source {
                <Field id="guide-heard" label={text.get("guide-heard")} value={content.answer(HEARD_OF_US).to_owned()}
                    most={Some(FIELD_MAX_CHARS)}
                    on_input={draft.setter(|content: &mut CardDraft, words: String| {
                        content.answers.insert(HEARD_OF_US.to_owned(), words);
                    })} />
            }
        </div>
    }
}

/// Whether a key was pressed in a field, where Enter would send the whole form.
fn is_of_field(event: &KeyboardEvent) -> bool {
    let target = event.target();
    target.is_some_and(|target| target.dyn_into::<web_sys::HtmlInputElement>().is_ok())
}
