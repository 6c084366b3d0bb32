//! Searching many rows: what holds for every name, and that a keystroke stays cheap.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on may panic, in its helpers too; how long something takes is measured"
)]

use std::io::{self, Write};
use std::time::{Duration, Instant};

use floorbook_shared::view::row::CustomerRow;
use floorbook_shared::view::search::{Query, SearchKey};
use floorbook_shared::view::spelling;
use pinyin::{ToPinyin, ToPinyinMulti};
use proptest::prelude::*;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗仇单曾解区查朴任盖缪尉覃吕";
const GIVEN: &str = "小明淑珍建国伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛超霞平刚桂华乐行重朝";

fn sign_of(signs: &'static str) -> impl Strategy<Value = char> {
    proptest::sample::select(signs.chars().collect::<Vec<_>>())
}

fn name() -> impl Strategy<Value = String> {
    let given = proptest::collection::vec(sign_of(GIVEN), 1..3);
    (sign_of(SURNAMES), given)
        .prop_map(|(surname, given)| std::iter::once(surname).chain(given).collect())
}

fn key(name: &str) -> SearchKey {
    SearchKey::of(&CustomerRow {
        name: name.to_owned(),
        ..CustomerRow::default()
    })
}

/// All ways to read a name aloud.
fn readings(name: &str) -> Vec<Vec<&'static str>> {
    name.chars().fold(vec![Vec::new()], |ways, sign| {
        let plain = sign.to_pinyin_multi().into_iter().flatten();
        let plain: Vec<&str> = plain.map(pinyin::Pinyin::plain).collect();
        let longer = |way: Vec<&'static str>| {
            plain.clone().into_iter().map(move |reading| {
                let mut way = way.clone();
                way.push(reading);
                way
            })
        };
        ways.into_iter().flat_map(longer).collect()
    })
}

proptest! {
    #[test]
    fn a_name_is_found_by_every_reading_and_every_shortening(name in name(), cut in any::<u8>()) {
        let key = key(&name);
        for way in readings(&name) {
            // Each bit shortens one syllable to its initial.
            let mut typed = String::new();
            for (index, reading) in way.iter().enumerate() {
                let is_short = cut >> index & 1 == 1;
                typed.push_str(if is_short { reading.get(..1).unwrap() } else { reading });
            }
            prop_assert!(Query::read(&typed).matches(&key), "{} by {}", name, typed);
            prop_assert!(Query::read(&way.join(" ")).matches(&key), "{} by {:?}", name, way);
            prop_assert!(Query::read(&typed.to_uppercase()).matches(&key));
            let from_second: String = way.get(1..).unwrap().concat();
            prop_assert!(Query::read(&from_second).matches(&key));
        }
    }

    #[test]
    fn every_beginning_of_what_finds_a_name_finds_it_too(name in name()) {
        let key = key(&name);
        for way in readings(&name) {
            let typed = way.concat();
            for (end, _) in typed.char_indices() {
                let beginning = typed.get(..end).unwrap();
                prop_assert!(Query::read(beginning).matches(&key), "{} by {}", name, beginning);
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_read_and_a_part_of_a_name_finds_it(typed in any::<String>(), name in name()) {
        let _ = Query::read(&typed).matches(&key(&name));
        let _ = spelling::sort_key(&typed);
        prop_assert!(Query::read(&name).matches(&key(&name)));
        let mixed: String = name.chars().enumerate().map(|(index, sign)| match sign.to_pinyin() {
            Some(reading) if index > 0 => reading.first_letter().to_owned(),
            Some(_) | None => sign.to_string(),
        }).collect();
        prop_assert!(Query::read(&mixed).matches(&key(&name)), "{} by {}", name, mixed);
    }

    #[test]
    fn what_a_name_is_found_by_is_spelled_along_it(name in name(), typed in "[a-z]{1,8}") {
        // The other way round: a match explains every letter by a character of its own or the
        // rest of a reading, so nothing longer than all readings together is ever found.
        let longest: usize = name
            .chars()
            .map(|sign| {
                let plain = sign.to_pinyin_multi().into_iter().flatten();
                plain.map(|reading| reading.plain().len()).max().unwrap_or(0)
            })
            .sum();
        if Query::read(&typed).matches(&key(&name)) {
            prop_assert!(typed.len() <= longest + 1);
            let first = typed.get(..1).unwrap();
            let begins = name.chars().any(|sign| {
                let mut plain = sign.to_pinyin_multi().into_iter().flatten();
                plain.any(|reading| reading.plain().starts_with(first))
            });
            prop_assert!(begins || spelling::sort_key(&name).starts_with(first));
        }
    }
}

/// Ten thousand rows as a book holds them.
fn book() -> Vec<CustomerRow> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let sign = |signs: &[char], number: usize| signs.get(number % signs.len()).copied().unwrap();
    let row = |number: usize| CustomerRow {
        number: format!("HZ1-F01-{number:04}"),
        name: [
            sign(&surnames, number),
            sign(&given, number / 7),
            sign(&given, number / 131),
        ]
        .iter()
        .collect(),
        phones: vec![format!(
            "138 {:04} {:04}",
            number % 9_999,
            number * 7 % 9_999
        )],
        wechat: format!("wx_{number}"),
        area: "杭州西湖区".into(),
        compound: format!("绿城桂花园{}幢{}单元", number % 40, number % 4),
        source: "朋友介绍".into(),
        remarks:
            "喜欢浅色布艺沙发，孩子还小，要好打理的面料；下个月装修完工，想先看茶几和电视柜的搭配"
                .into(),
        ..CustomerRow::default()
    };
    (0..10_000).map(row).collect()
}

#[test]
fn a_keystroke_over_ten_thousand_rows_is_far_below_fifty_milliseconds() {
    let book = book();
    let began = Instant::now();
    let keys: Vec<SearchKey> = book.iter().map(SearchKey::of).collect();
    let keyed = began.elapsed();
    let mut slowest = Duration::ZERO;
    for typed in [
        "w",
        "wa",
        "wang",
        "wangx",
        "wangxm",
        "lch",
        "guihuayuan",
        "小明",
        "138 00",
        "0571",
        "zhang 桂花 13",
        "anananananananananan",
        "沙发",
        "zzzzzz",
    ] {
        let began = Instant::now();
        let query = Query::read(typed);
        let found = keys.iter().filter(|key| query.matches(key)).count();
        let took = began.elapsed();
        let _ = writeln!(io::stderr(), "{typed}: {found} found in {took:?}");
        slowest = slowest.max(took);
    }
    let _ = writeln!(
        io::stderr(),
        "keys of all rows in {keyed:?}, slowest keystroke {slowest:?}"
    );
    // Without optimisation everything takes some ten times as long.
    let allowed = if cfg!(debug_assertions) { 500 } else { 50 };
    assert!(slowest < Duration::from_millis(allowed), "{slowest:?}");
    assert!(keyed < Duration::from_secs(5), "{keyed:?}");
}
