//! Customers from a file: choose it, look at what would happen, then do it.

use floorbook_shared::access::Action;
use floorbook_shared::api::{IMPORT_MAX_BYTES, ImportRequest};
use floorbook_shared::import::{Creation, ImportReport, Problem};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::screen::components::{Empty, Message, Tone};
use crate::screen::files::{self, ReadFile};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::http;
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;
use crate::screen::text::Text;

/// How many problems are listed; the count tells of the rest.
const PROBLEMS_SHOWN: usize = 200;

/// The page.
#[component]
pub fn Import() -> Html {
    let (text, app) = (use_text(), use_app());
    let file = use_state(|| None::<ReadFile>);
    let report = use_state(|| None::<ImportReport>);
    let chosen = use_state(Vec::<Creation>::new);
    let problem = use_state(|| None::<String>);
    let is_busy = use_state(|| false);
    use_effect_with(text.get("import-title"), |title| platform::set_title(title));
    let send = {
        let (report, problem, is_busy) = (report.clone(), problem.clone(), is_busy.clone());
        move |file: ReadFile, create: Vec<Creation>, apply: bool| {
            let (report, problem, is_busy) = (report.clone(), problem.clone(), is_busy.clone());
            is_busy.set(true);
            problem.set(None);
            spawn_local(async move {
                let request = ImportRequest {
                    file_name: file.name,
                    content: file.content,
                    create,
                    apply,
                };
                match http::import(request).await {
                    Ok(found) => report.set(Some(found)),
                    Err(found) => problem.set(Some(found.code)),
                }
                is_busy.set(false);
            });
        }
    };
    let on_file = {
        let (file, report, chosen, problem) = (
            file.clone(),
            report.clone(),
            chosen.clone(),
            problem.clone(),
        );
        let send = send.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(picked) = input.files().and_then(|files| files.get(0)) else {
                return;
            };
            // The same file may be picked again after it was corrected.
            input.set_value("");
            report.set(None);
            chosen.set(Vec::new());
            let (file, problem, send) = (file.clone(), problem.clone(), send.clone());
            spawn_local(async move {
                match files::read(&picked, IMPORT_MAX_BYTES).await {
                    Ok(read) => {
                        file.set(Some(read.clone()));
                        send(read, Vec::new(), false);
                    }
                    Err(code) => problem.set(Some(code.to_owned())),
                }
            });
        })
    };
    let choose = {
        let (chosen, file, send) = (chosen.clone(), file.clone(), send.clone());
        Callback::from(move |next: Vec<Creation>| {
            chosen.set(next.clone());
            // What would happen changes with it.
            if let Some(file) = (*file).clone() {
                send(file, next, false);
            }
        })
    };
    let apply = {
        let (file, chosen, send, is_busy) =
            (file.clone(), chosen.clone(), send.clone(), is_busy.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(file) = (*file).clone().filter(|_| !*is_busy) {
                send(file, (*chosen).clone(), true);
            }
        })
    };
    if !app.may(Action::Import) {
        return html! { <div class="page"><BackToMore /><Empty title={text.get("not-for-your-role")} /></div> };
    }
    html! {
        <div class="page import">
            <BackToMore />
            <header class="page-head"><h1>{ text.get("import-title") }</h1></header>
            <section class="panel">
                <p>{ text.get("import-explained") }</p>
                <label class="button primary file-button">
                    <input type="file" accept=".csv,.txt,text/csv" onchange={on_file} disabled={*is_busy} />
                    <span>{ text.get("import-choose") }</span>
                </label>
                if let Some(file) = &*file { <p class="quiet">{ &file.name }</p> }
                if *is_busy { <p role="status" class="quiet slow">{ text.get("import-reading") }</p> }
            </section>
            if let Some(code) = &*problem {
                <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
            }
            if let Some(report) = &*report {
                <section class="panel report" aria-labelledby="report-title">
                    <h2 id="report-title">{ if report.applied { text.get("import-done") } else { text.get("import-would") } }</h2>
                    if report.applied {
                        <Message tone={Tone::Good}><p>{ text.get("import-done-explained") }</p></Message>
                    }
                    { counts(report, &text) }
                    if !report.fact_columns.is_empty() {
                        <p>{ text.get_with("import-fact-columns", [("columns", report.fact_columns.join(", ").into())]) }</p>
                    }
                    { missing(report, &chosen, &text, *is_busy, &choose) }
                    if !report.applied {
                        <div class="save-line">
                            if report.created + report.completed == 0 { <p class="save-reason">{ text.get("import-nothing") }</p> }
                            <button type="button" class="button primary" onclick={apply}
                                disabled={*is_busy || report.created + report.completed == 0}>
                                { text.get_with("import-apply", [("count", (report.created + report.completed).into())]) }
                            </button>
                        </div>
                    }
                    { problems(&report.problems, &text) }
                </section>
            }
        </div>
    }
}

fn counts(report: &ImportReport, text: &Text) -> Html {
    let count = |name: String, number: u32, is_bad: bool| {
        html! {
            <div class={classes!("count", (is_bad && number > 0).then_some("is-late"))}><dt>{ name }</dt><dd>{ number }</dd></div>
        }
    };
    html! {
        <dl class="counts">
            { count(text.get("import-rows"), report.rows, false) }
            { count(text.get("import-created"), report.created, false) }
            { count(text.get("import-completed"), report.completed, false) }
            { count(text.get("import-unchanged"), report.unchanged, false) }
            { count(text.get("import-rejected"), report.rejected, true) }
        </dl>
    }
}

fn missing(
    report: &ImportReport,
    chosen: &[Creation],
    text: &Text,
    is_busy: bool,
    choose: &Callback<Vec<Creation>>,
) -> Html {
    let mut offered: Vec<&Creation> = chosen.iter().chain(&report.missing).collect();
    offered.sort();
    offered.dedup();
    if offered.is_empty() || report.applied {
        return html! {};
    }
    let all: Vec<Creation> = offered.iter().copied().cloned().collect();
    let has_more = all.len() > chosen.len();
    html! {
        <fieldset class="checks">
            <legend class="field-label">{ text.get("import-missing") }</legend>
            <p class="quiet">{ text.get("import-missing-explained") }</p>
            if all.len() > 1 {
                <button type="button" class="button tick-all" disabled={is_busy || !has_more}
                    onclick={choose.reform(move |_: MouseEvent| all.clone())}>{ text.get("import-create-all") }</button>
            }
            { for offered.into_iter().map(|creation| {
                let (key, words) = creation_words(creation, text);
                let mut toggled = chosen.to_vec();
                if toggled.contains(creation) {
                    toggled.retain(|one| one != creation);
                } else {
                    toggled.push(creation.clone());
                }
                let onchange = choose.reform(move |_: Event| toggled.clone());
                html! {
                    <label {key} class="check">
                        <input type="checkbox" checked={chosen.contains(creation)} disabled={is_busy} {onchange} />
                        <span>{ words }</span>
                    </label>
                }
            }) }
        </fieldset>
    }
}

fn creation_words(creation: &Creation, text: &Text) -> (String, String) {
    match creation {
        Creation::Store { code } => (
            format!("store/{code}"),
            text.get_with("import-create-store", [("code", code.as_str().into())]),
        ),
        Creation::Consultant { name, store } => (
            format!("person/{store}/{name}"),
            text.get_with(
                "import-create-consultant",
                [
                    ("name", name.as_str().into()),
                    ("store", store.as_str().into()),
                ],
            ),
        ),
    }
}

fn problems(problems: &[Problem], text: &Text) -> Html {
    if problems.is_empty() {
        return html! {};
    }
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label={text.get("import-problems")}>
            <table class="table">
                <caption>{ text.get_with("import-problems-count", [("count", problems.len().into())]) }</caption>
                <thead><tr>
                    <th scope="col">{ text.get("import-line") }</th>
                    <th scope="col">{ text.get("import-column") }</th>
                    <th scope="col">{ text.get("import-value") }</th>
                    <th scope="col">{ text.get("import-what") }</th>
                </tr></thead>
                <tbody>
                    { for problems.iter().take(PROBLEMS_SHOWN).map(|problem| html! {
                        <tr class={problem.is_fatal.then_some("is-fatal")}>
                            <td class="number">{ problem.line }</td>
                            <td>{ problem.column.clone().unwrap_or_default() }</td>
                            <td>{ &problem.value }</td>
                            <td>
                                <span class={if problem.is_fatal { "tag is-problem" } else { "tag" }}>
                                    { if problem.is_fatal { text.get("import-fatal") } else { text.get("import-kept") } }
                                </span>
                                { " " }{ text.coded("import", &problem.code) }
                            </td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
