//! Both languages say the same things, and everything that the source asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use floorbook_shared::access::Role;
use floorbook_shared::import::problem::ProblemCode;
use floorbook_shared::record::consent::ConsentTopic;
use floorbook_shared::record::contact::{Channel, Outcome, Purpose, Satisfaction};
use floorbook_shared::record::customer::{Class, CustomerField, CustomerKind};
use floorbook_shared::record::entry::{EntryField, EntryKind, IssueState};
use floorbook_shared::record::material::Material;
use floorbook_shared::rules::agenda::{Group, Why};
use floorbook_shared::rules::calling::{Level, Occupation, Reason};
use floorbook_shared::rules::dealings::{DealingTime, Grade, LifeCycle, Weight};
use floorbook_shared::rules::qualification::Qualification;
use floorbook_shared::view::listing::{Mark, Order};

use super::*;
use crate::screen::choices::{ENDINGS, FOCUS, OCCASIONS, RELATIONS};

/// Codes that come from elsewhere: a code that is missing here still shows as `…-unknown`.
const CODES: &[(&str, &[&str])] = &[
    (
        "error",
        &[
            "already_set_up",
            "handover_running",
            "invalid_auto_lock_minutes",
            "invalid_cadence",
            "invalid_calling_hours",
            "invalid_class_rules",
            "invalid_quality_rules",
            "invalid_dealing_rules",
            "invalid_standards",
            "invalid_customers",
            "invalid_lease_hours",
            "invalid_note",
            "invalid_until",
            "last_administrator",
            "no_book",
            "no_such_handover",
            "no_such_tablet",
            "not_enrolled",
            "not_their_customer",
            "other_store",
            "same_person",
            "store_name_taken",
            "busy",
            "disk_full",
            "file_empty",
            "file_not_text",
            "file_too_large",
            "file_unreadable",
            "foreign_origin",
            "internal",
            "invalid_name",
            "invalid_store_code",
            "invalid_time_zone",
            "malformed",
            "name_column_missing",
            "name_taken",
            "no_connection",
            "no_rescue_file",
            "rescue_damaged",
            "no_such_person",
            "no_post",
            "no_such_store",
            "not_allowed",
            "not_found",
            "not_json",
            "not_set_up",
            "password_too_common",
            "password_too_long",
            "password_too_short",
            "server_answer",
            "signed_out",
            "storage_failed",
            "store_code_taken",
            "too_large",
            "too_many_columns",
            "too_many_rows",
            "import_running",
            "import_broke_off",
            "invalid_creation",
            "lookup_too_little",
            "lookup_too_long",
            "too_many_tries",
            "wrong_code",
            "wrong_password",
        ],
    ),
    (
        "failed",
        &[
            "no_worker",
            "storage_closed",
            "storage_deleted",
            "storage_failed",
            "storage_newer",
            "storage_quota",
            "worker_stopped",
        ],
    ),
    (
        "secret",
        &[
            "passphrase_long",
            "passphrase_short",
            "passphrase_trivial",
            "pin_short",
            "pin_trivial",
        ],
    ),
    ("book", &["accounts", "cards", "common", "cover", "office"]),
    ("kept", &["leap_day", "short_month", "no_leap_month"]),
    ("consent-choice", &["given", "refused", "not_asked"]),
    ("stage", &["covering", "done", "moving", "returning"]),
    ("tablet-state", &["erased", "retired", "retiring", "stolen"]),
    ("keeping", &["granted", "not-granted", "unknown"]),
    ("storage", &["closed", "failed", "quota"]),
    (
        "problem",
        &[
            "card_missing",
            "document",
            "entry_missing",
            "name_missing",
            "next_step_missing",
            "no_feed",
            "signed_out",
            "storage_closed",
            "storage_failed",
            "storage_quota",
            "too_long",
            "too_many",
            "undo_changed_since",
            "undo_kind",
            "undo_unknown",
            "unknown_class",
            "unreadable",
            "worker_restarted",
            "worker_stopped",
        ],
    ),
    (
        "refused",
        &[
            "broken_order",
            "card_missing",
            "changed_meanwhile",
            "document_full",
            "document_unreadable",
            "entry_missing",
            "forbidden_write",
            "foreign_actor",
            "foreign_author",
            "forged_seal",
            "missing_changes",
            "name_missing",
            "next_step_missing",
            "no_change",
            "no_right",
            "too_large",
            "too_long",
            "too_many",
            "unknown_class",
            "unknown_feed",
            "unknown_kind",
            "unloadable",
            "unreadable",
            "wrong_incarnation",
        ],
    ),
];

fn keys(language: Language) -> BTreeSet<String> {
    let lines = language.sources().iter().flat_map(|source| source.lines());
    lines
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .filter(|key| key.starts_with(|first: char| first.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

fn source_files(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            let source = fs::read_to_string(&path).unwrap();
            let code = source
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            found.push(code.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// The literals that directly follow `opening` (and blanks) in `source`.
fn literals<'a>(source: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(opening).skip(1).filter_map(|rest| {
        let literal = rest.trim_start().strip_prefix('"')?;
        literal.split_once('"').map(|(key, _)| key)
    })
}

#[track_caller]
fn check_key(known: &BTreeSet<String>, key: &str) {
    assert!(known.contains(key), "no words for `{key}`");
}

#[test]
fn both_files_are_read_without_a_problem() {
    for language in Language::ALL {
        for source in language.sources() {
            let problems = FluentResource::try_new((*source).to_owned());
            assert!(
                problems.is_ok(),
                "{}: {:?}",
                language.tag(),
                problems.err().map(|found| found.1)
            );
        }
    }
}

#[test]
fn no_key_stands_twice() {
    for language in Language::ALL {
        let mut bundle = FluentBundle::new(vec![language.identifier()]);
        for source in language.sources() {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap();
            let added = bundle.add_resource(resource);
            assert!(added.is_ok(), "{}: {added:?}", language.tag());
        }
    }
}

#[test]
fn both_languages_have_the_same_keys() {
    let chinese = keys(Language::Chinese);
    let english = keys(Language::English);
    let only_one: Vec<_> = chinese.symmetric_difference(&english).collect();
    assert!(only_one.is_empty(), "in one language only: {only_one:?}");
}

/// The values that the words of a key name.
fn values(language: Language, key: &str) -> BTreeSet<String> {
    let source = language.sources().join("\n");
    let start = source.find(&format!("\n{key} =")).unwrap();
    let body: String = source[start + 1..]
        .lines()
        .enumerate()
        .take_while(|(number, line)| *number == 0 || line.starts_with(' '))
        .map(|(_, line)| line)
        .collect();
    body.split('$')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|sign| sign.is_alphanumeric())
                .collect()
        })
        .collect()
}

#[test]
fn both_languages_use_the_same_values() {
    for key in keys(Language::Chinese) {
        assert_eq!(
            values(Language::Chinese, &key),
            values(Language::English, &key),
            "{key}"
        );
    }
}

#[test]
fn every_literal_key_in_the_source_has_words() {
    let known = keys(Language::Chinese);
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    source_files(&root.join("src/screen"), &mut files);
    source_files(&root.join("src"), &mut files);
    let mut used = 0;
    for source in &files {
        for key in literals(source, ".get(").chain(literals(source, ".get_with(")) {
            check_key(&known, key);
            used += 1;
        }
    }
    assert!(
        used > 100,
        "the scan found only {used} keys: has the way of asking changed?"
    );
}

#[test]
fn words_are_given_the_values_that_they_name() {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    source_files(&root.join("src/screen"), &mut files);
    let mut looked_at = 0;
    for call in files
        .iter()
        .flat_map(|source| source.split(".get_with(").skip(1))
    {
        let key = call.trim_start().strip_prefix('"');
        let key = key.and_then(|rest| Some(rest.split_once('"')?.0));
        let list = call.split_once(",").map(|(_, rest)| rest.trim_start());
        let list = list.and_then(|rest| rest.strip_prefix('[')?.split_once(']'));
        let (Some(key), Some((list, _))) = (key, list) else {
            continue;
        };
        let given: BTreeSet<&str> = literals(list, "(").collect();
        for value in values(Language::English, key) {
            assert!(given.contains(value.as_str()), "`{key}` needs {value}");
        }
        looked_at += 1;
    }
    assert!(
        looked_at > 50,
        "only {looked_at}: has the way of asking changed?"
    );
}

#[test]
fn every_known_value_has_words() {
    let known = keys(Language::Chinese);
    for class in Class::ALL {
        check_key(&known, &format!("class-{}", class.letter()));
    }
    for channel in Channel::ALL {
        check_key(&known, &format!("channel-{}", channel.key()));
    }
    for outcome in Outcome::ALL {
        check_key(&known, &format!("outcome-{}", outcome.key()));
    }
    for field in CustomerField::ALL {
        check_key(&known, &format!("field-{}", field.key()));
    }
    for kind in CustomerKind::ALL {
        check_key(&known, &format!("kind-{}", kind.key()));
    }
    for field in EntryField::ALL {
        check_key(&known, &format!("entry-{}", field.key()));
    }
    for state in IssueState::ALL {
        check_key(&known, &format!("issue-state-{}", state.key()));
    }
    for satisfaction in Satisfaction::ALL {
        check_key(&known, &format!("satisfaction-{}", satisfaction.key()));
    }
    for material in Material::ALL {
        check_key(&known, &format!("material-{}", material.key()));
        check_key(&known, &format!("care-{}", material.key()));
    }
    for topic in ConsentTopic::ALL {
        check_key(&known, &format!("consent-{}", topic.key()));
        if *topic != ConsentTopic::Sensitive {
            check_key(&known, &format!("do-not-{}", topic.key()));
        }
    }
    for kind in EntryKind::ALL {
        check_key(&known, &format!("entry-day-{}", kind.key()));
    }
    for combination in Qualification::ALL {
        check_key(&known, &format!("qualification-{}", combination.key()));
    }
    for field in [EntryField::Money, EntryField::Authority, EntryField::Need] {
        check_key(&known, &format!("man-{}", field.key()));
    }
    for offered in [&FOCUS, &RELATIONS, &OCCASIONS, &ENDINGS] {
        for (_, code) in offered.words {
            check_key(&known, &format!("{}-{code}", offered.kind));
        }
        check_key(&known, &format!("{}-unknown", offered.kind));
    }
    for purpose in Purpose::ALL {
        check_key(&known, &format!("purpose-{}", purpose.key()));
    }
    for life_cycle in LifeCycle::ALL {
        check_key(&known, &format!("life-cycle-{}", life_cycle.key()));
    }
    for weight in Weight::ALL {
        check_key(&known, &format!("weight-{}", weight.key()));
        check_key(&known, &format!("weight-label-{}", weight.key()));
    }
    for grade in Grade::ALL {
        check_key(&known, &format!("grade-{}", grade.key()));
    }
    for time in DealingTime::ALL {
        check_key(&known, &format!("dealing-{}", time.key()));
    }
    for order in Order::ALL {
        check_key(&known, &format!("order-{}", order.key()));
    }
    for mark in Mark::ALL {
        check_key(&known, &format!("mark-filter-{}", mark.key()));
    }
    for role in Role::ALL {
        check_key(&known, &format!("role-{}", role.word()));
    }
    for code in ProblemCode::ALL {
        check_key(&known, &format!("import-{}", code.code()));
    }
    for group in Group::ALL {
        check_key(&known, &format!("agenda-{}", group.key()));
    }
    for script in Why::SCRIPTS {
        check_key(&known, &format!("script-{script}"));
    }
    for reason in Reason::KEYS {
        check_key(&known, &format!("call-reason-{reason}"));
    }
    for level in [Level::No, Level::BetterNot, Level::Fine, Level::Best] {
        check_key(&known, &format!("call-level-{}", level.key()));
    }
    for occupation in Occupation::ALL {
        check_key(&known, &format!("occupation-{}", occupation.key()));
    }
    for (kind, codes) in CODES {
        for code in *codes {
            check_key(&known, &format!("{kind}-{}", code));
        }
    }
}

#[test]
fn every_kind_of_code_has_words_for_an_unknown_one() {
    let known = keys(Language::Chinese);
    let mut files = Vec::new();
    source_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    for source in &files {
        for kind in literals(source, ".coded(") {
            check_key(&known, &format!("{kind}-unknown"));
        }
    }
}

#[test]
fn care_tips_and_talking_points_are_two_or_three_lines() {
    for language in Language::ALL {
        let text = Text::new(language);
        let care = Material::ALL
            .iter()
            .map(|material| ("care", material.key()));
        let talk = FOCUS.words.iter().map(|(_, code)| (FOCUS.kind, *code));
        for (kind, code) in care.chain(talk) {
            let lines = text.coded(kind, code).lines().count();
            assert!((2..=3).contains(&lines), "{kind}-{code}: {lines}");
        }
    }
}

#[test]
fn an_unknown_code_is_shown_and_not_swallowed() {
    let text = Text::new(Language::English);
    assert!(
        text.coded("error", "from_next_year")
            .contains("from_next_year")
    );
}

#[test]
fn numbers_choose_singular_and_plural_in_english() {
    let text = Text::new(Language::English);
    assert_eq!(
        text.get_with("customers-count", [("count", 1_usize.into())]),
        "1 customer"
    );
    assert_eq!(
        text.get_with("customers-count", [("count", 2_usize.into())]),
        "2 customers"
    );
}
