//! The harness itself: a story that cannot fail would prove nothing.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use floorbook_tests::browser::{Browser, css, label, role, text};
use floorbook_tests::stage::Stage;
use floorbook_tests::static_files::StaticFiles;
use tempfile::TempDir;

const FORM: &str = r#"<!doctype html><html lang="en"><title>Form</title><main>
<h1>Card</h1>
<label>Name <input id="name" value="old"></label>
<label for="day">Day</label><input id="day" type="date">
<label for="class">Class</label><select id="class"><option>A<option>B</select>
<button id="save" disabled>Save</button>
<section aria-label="Other"><button aria-label="Save the other">x</button></section>
<p hidden>secret</p><output></output></main>
<script type="module" src="/form.js"></script>"#;

/// Saving becomes possible with the first change, and shows what stands in the form.
const FORM_SCRIPT: &str = r#"
const [name, day, kind, save] = ["name", "day", "class", "save"].map((id) => document.getElementById(id));
kind.addEventListener("change", () => { save.disabled = false; });
save.addEventListener("click", () => {
  document.querySelector("output").textContent = `saved ${name.value} ${day.value} ${kind.value}`;
});"#;

fn open(files: &[(&str, &str)]) -> (StaticFiles, Browser, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    fs::create_dir(&web).unwrap();
    for (name, content) in files {
        fs::write(web.join(name), content).unwrap();
    }
    let browser = Browser::launch(&folder.path().join("profile"));
    (StaticFiles::serve(&web), browser, folder)
}

#[test]
fn a_form_is_filled_as_a_person_would() {
    let Some(_) = Stage::find("a_form_is_filled_as_a_person_would") else {
        return;
    };
    let (server, browser, folder) = open(&[("index.html", FORM), ("form.js", FORM_SCRIPT)]);
    let page = browser.page(&server.url());

    page.fill("Name", "王小明");
    page.fill("Day", "2026-11-22");
    page.select("Class", "B");
    page.click("button", "Save");

    page.wait_for(&text("saved 王小明 2026-11-22 B"));
    assert_eq!(page.value("Name"), "王小明");
    assert_eq!(page.text_of(&role("heading", "")), "Card");
    assert!(page.shows(&role("button", "Save the other").inside(role("region", "Other"))));
    assert!(!page.shows(&text("secret")));
    assert!(!page.shows(&label("Address")));
    page.wait_until_gone(&css("p"));
    page.screenshot(&folder.path().join("form.png"), 800, 600, true);
    assert!(fs::metadata(folder.path().join("form.png")).unwrap().len() > 1000);
    page.set_locale("en-US");
    page.reload();
    assert_eq!(page.eval::<String>("navigator.language"), "en-US");
}

#[test]
fn errors_in_a_page_and_in_its_worker_fail_the_story() {
    let Some(_) = Stage::find("errors_in_a_page_and_in_its_worker") else {
        return;
    };
    let page = r#"<!doctype html><title>x</title><p style="color: red">x</p>
        <script type="module" src="/page.js"></script>"#;
    let script = r#"new Worker("/worker.js"); Promise.reject(new Error("of the page"));"#;
    let worker = r#"console.error("said"); throw new Error("of the worker");"#;
    let files = [
        ("index.html", page),
        ("page.js", script),
        ("worker.js", worker),
    ];
    let (server, browser, _folder) = open(&files);
    let page = browser.page(&server.url());
    let mut errors = Vec::new();
    for expected in [
        "of the page",
        "said",
        "of the worker",
        "Content Security Policy",
    ] {
        floorbook_tests::wait::until(expected, || {
            page.try_eval::<bool>("true")?;
            errors.extend(browser.take_errors());
            Ok(errors
                .iter()
                .any(|error| error.contains(expected))
                .then_some(()))
        })
        .unwrap();
    }
    page.eval::<bool>("setTimeout(() => { throw new Error('late') }) > 0");
    page.eval::<bool>("new Promise((done) => setTimeout(() => done(true), 1))");
    let failed = catch_unwind(AssertUnwindSafe(|| drop(browser)));
    assert!(failed.is_err());
}

#[test]
fn barriers_are_found() {
    let Some(_) = Stage::find("barriers_are_found") else {
        return;
    };
    let page = r#"<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><input></main>"#;
    let (server, browser, _folder) = open(&[("index.html", page)]);
    let found = browser.page(&server.url()).axe();
    let rules: Vec<&str> = found
        .iter()
        .map(|violation| violation.id.as_str())
        .collect();
    assert_eq!(rules, ["label"]);
}

#[test]
fn what_keys_do_not_reach_and_what_is_cut_off_is_found() {
    let Some(_) = Stage::find("what_keys_do_not_reach_and_what_is_cut_off") else {
        return;
    };
    let page = r#"<!doctype html><html lang="en"><title>x</title>
        <link rel="stylesheet" href="/bad.css"><button>One</button><button>Two</button>
        <button tabindex="-1" id="unreached">x</button><button id="ringless">x</button>
        <button id="lower">x</button><p id="cut">Words that are cut off</p>
        <div id="lid"></div>"#;
    let style = r#"#ringless { outline: none } #cut { overflow: hidden; white-space: nowrap; width: 3em }
        #lower { position: absolute; top: 9em } #lid { position: absolute; top: 8em; width: 9em; height: 9em }"#;
    let (server, browser, _folder) = open(&[("index.html", page), ("bad.css", style)]);
    let page = browser.page(&server.url());

    let walk = || page.assert_tab_reaches_everything();
    let failed = catch_unwind(AssertUnwindSafe(walk)).unwrap_err();
    let said = failed.downcast_ref::<String>().unwrap();
    for expected in [
        "nothing shows the focus: <button id=\"ringless\"",
        "<div id=\"lid\"></div> covers the focus",
        "never reached:\n  <button tabindex=\"-1\" id=\"unreached\"",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    let troubles = page.layout_troubles().join("\n");
    for expected in [
        "cuts off “Words that are cut off”",
        "<div id=\"lid\"></div> covers <button id=\"lower\"",
    ] {
        assert!(troubles.contains(expected), "{expected} in {troubles}");
    }
}

#[test]
fn no_process_of_a_killed_browser_is_left() {
    let Some(_) = Stage::find("no_process_of_a_killed_browser_is_left") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut browser = Browser::launch(folder.path());
    assert!(processes_of(folder.path()) > 1);
    browser.kill();
    floorbook_tests::wait::until("the end of all its processes", || {
        Ok((processes_of(folder.path()) == 0).then_some(()))
    })
    .unwrap();
}

/// How many processes name this profile folder.
fn processes_of(profile: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command);
        count += usize::from(command.contains(&*profile.to_string_lossy()));
    }
    count
}
