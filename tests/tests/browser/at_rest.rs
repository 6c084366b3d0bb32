//! What is on the disk of a tablet: no name, no phone, no word of a customer, while the app runs
//! and after it was closed. The search proves first that it would find them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use floorbook_shared::import::records::{Record, Records};
use floorbook_tests::browser::text;
use floorbook_tests::wait;

use crate::tablet::{FOUNDER, Tablet, stage};
use crate::two_tablets::EXTRACT;

/// A card typed in by hand, because the browser itself keeps what is typed into forms, titles and
/// addresses.
const TYPED: [&str; 4] = [
    "欧阳若溪测",
    "13904172658",
    "望江南苑八幢",
    "想看胡桃木餐边柜",
];

/// Values of the control, made as the values of the app are: they are looked for the same way.
const CONTROLS: [&str; 4] = ["诸葛清岚控", "13702946185", "司马远舟控", "13605817294"];

/// Writes the controls in the clear into a database of the same origin, as text and as bytes.
fn plant(database: &str, store: &str) -> String {
    let values = serde_json::json!(CONTROLS);
    format!(
        "new Promise((done, failed) => {{ \
            const opening = indexedDB.open('{database}'); \
            opening.onupgradeneeded = () => opening.result.createObjectStore('{store}'); \
            opening.onerror = () => failed(opening.error); \
            opening.onsuccess = () => {{ \
                const database = opening.result; \
                const writing = database.transaction('{store}', 'readwrite', {{ durability: 'strict' }}); \
                const store = writing.objectStore('{store}'); \
                for (const value of {values}) {{ \
                    store.put(new TextEncoder().encode(value), 'control/bytes/' + value.length + value.codePointAt(4)); \
                    store.put(value, 'control/text/' + value.length + value.codePointAt(4)); \
                }} \
                writing.oncomplete = () => {{ database.close(); done(true); }}; \
                writing.onabort = () => failed(writing.error); \
            }}; \
        }})"
    )
}

#[test]
fn the_profile_on_the_disk_holds_no_readable_name_or_phone() {
    let Some(server) = stage("the_profile_on_the_disk_holds") else {
        return;
    };
    let mut tablet = Tablet::set_up(&server);
    tablet.choose_import(Path::new(EXTRACT));
    let imported = tablet.apply_import();
    tablet.make_manager_of_all(FOUNDER);
    tablet.wait_for_customers(imported);
    let [name, phone, compound, note] = TYPED;
    tablet.new_card(name, phone);
    tablet.edit("Address", &[("Compound", compound)]);
    tablet.log_call(note, "发样册");
    // A form that was left half-typed, and a search.
    tablet.go("Customers");
    tablet.page.fill("Find a customer", name);
    tablet.page.wait_for(&text("1 customer"));
    tablet.page.click("link", "New card");
    tablet.page.fill("Name", name);
    tablet.page.fill("Phone", phone);
    tablet.wait_until_all_at_store();
    let secrets = secrets();
    assert!(secrets.len() > 40, "only {} words", secrets.len());

    // While the app runs. A second database of the same origin is the control.
    assert!(tablet.page.eval::<bool>(&plant("control", "values")));
    wait_for_controls(&tablet);
    assert_nothing_readable(&tablet, &secrets);

    // After it was closed, when the browser has written all that it wants to keep.
    tablet.close();
    assert_nothing_readable(&tablet, &secrets);
    assert_eq!(found_in(tablet.profile(), &CONTROLS).len(), CONTROLS.len());

    // And the control in the very place where the app keeps its rows.
    tablet.reopen_outside();
    let forget = "new Promise((done) => { \
        indexedDB.deleteDatabase('control').onsuccess = () => done(true); })";
    assert!(tablet.page.eval::<bool>(forget));
    assert!(tablet.page.eval::<bool>(&plant("floorbook", "rows")));
    wait_for_controls(&tablet);
    tablet.close();
    assert_nothing_readable(&tablet, &secrets);
}

/// Names, phones, addresses and remarks of the customers, long enough not to be there by chance.
fn secrets() -> Vec<String> {
    let mut words: BTreeSet<String> = TYPED.iter().map(|&word| word.to_owned()).collect();
    let extract = fs::read_to_string(EXTRACT).unwrap();
    let mut rows = Records::new(&extract, ',').filter_map(|record| match record {
        Record::Row { cells, .. } => Some(cells),
        Record::Damaged { .. } => None,
    });
    let headers = rows.next().unwrap();
    let wanted = ["姓名", "电话1", "电话2", "微信", "详细地址", "备注"];
    for (header, value) in rows.flat_map(|cells| headers.clone().into_iter().zip(cells)) {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let is_phone = digits.len() >= 11;
        // Two signs of Chinese in UTF-16 are four bytes, which stand in any large file.
        let is_long = value.chars().filter(|sign| !sign.is_ascii()).count() >= 3;
        // Beside handles there are words such as "as the phone", which the program knows as well.
        let is_telling = if header == "微信" {
            value.len() >= 8 && value.is_ascii()
        } else {
            is_long
        };
        if wanted.contains(&header.as_str()) && (is_phone || is_telling) {
            words.insert(value);
            words.extend(is_phone.then_some(digits));
        }
    }
    words.into_iter().collect()
}

/// Waits until the search finds every control; a browser may take its time to write.
fn wait_for_controls(tablet: &Tablet) {
    wait::until("the controls on the disk", || {
        let found = found_in(tablet.profile(), &CONTROLS);
        Ok((found.len() == CONTROLS.len()).then_some(()))
    })
    .unwrap();
}

fn assert_nothing_readable(tablet: &Tablet, secrets: &[String]) {
    let words: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let found = found_in(tablet.profile(), &words);
    assert!(
        found.is_empty(),
        "readable on the disk:\n{}",
        found.join("\n")
    );
}

/// The words that stand in the files of a folder, as UTF-8 or as UTF-16, each with one place.
fn found_in(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut spellings: HashMap<[u8; 2], Vec<(usize, Vec<u8>)>> = HashMap::new();
    for (index, word) in words.iter().enumerate() {
        let wide = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for spelling in [word.as_bytes().to_vec(), wide] {
            let begins = [spelling[0], spelling[1]];
            spellings.entry(begins).or_default().push((index, spelling));
        }
    }
    // Most bytes of a profile begin nothing: one look tells.
    let mut may_begin = vec![false; 1 << 16];
    for begins in spellings.keys() {
        may_begin[usize::from(u16::from_le_bytes(*begins))] = true;
    }
    let mut found = BTreeMap::new();
    gather(folder, &mut |path, bytes| {
        for (place, pair) in bytes.windows(2).enumerate() {
            let pair = [pair[0], pair[1]];
            if may_begin[usize::from(u16::from_le_bytes(pair))] {
                for (index, spelling) in &spellings[&pair] {
                    if bytes[place..].starts_with(spelling) {
                        let where_found = || format!("“{}” in {}", words[*index], path.display());
                        found.entry(*index).or_insert_with(where_found);
                    }
                }
            }
        }
    });
    found.into_values().collect()
}

/// Shows all files of a folder; one that goes while it is read has nothing to say.
fn gather(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, look);
        } else if let Ok(bytes) = fs::read(&path) {
            look(&path, &bytes);
        }
    }
}
