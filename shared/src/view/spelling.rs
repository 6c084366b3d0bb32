//! How Chinese texts are spelled: every reading of every character, for searching and sorting.
//!
//! A text becomes a list of units, one for each character. A unit names all that may be typed for
//! it: the character itself and its readings. What was typed then runs along the units, with a
//! whole reading or its initial for each, so that `wxm`, `wangxm` and `xiaoming` find 王小明.

use pinyin::ToPinyinMulti;

/// Ends a unit; folded texts never hold it.
const UNIT: char = '\u{1}';
/// Parts what may be typed for a unit; folded texts never hold it.
const OR: char = '\u{2}';
/// A unit of its own that nothing typed runs across.
const BREAK: char = '\u{3}';

/// Longest typed text that is compared by spelling, in bytes: one bit for each place in it.
const TYPED_MAX_BYTES: usize = 63;

/// Surnames whose reading differs from the most usual one of the character, or is missing in the
/// tables of readings.
const SURNAMES: &[(&str, &[&str])] = &[
    ("尉迟", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("长孙", &["zhang", "sun"]),
    ("澹台", &["tan", "tai"]),
    ("令狐", &["ling", "hu"]),
    ("鲜于", &["xian", "yu"]),
    ("宰父", &["zai", "fu"]),
    ("单于", &["chan", "yu"]),
    ("仇", &["qiu"]),
    ("单", &["shan"]),
    ("曾", &["zeng"]),
    ("解", &["xie"]),
    ("区", &["ou"]),
    ("查", &["zha"]),
    ("朴", &["piao"]),
    ("盖", &["ge"]),
    ("任", &["ren"]),
    ("缪", &["miao"]),
    ("繁", &["po"]),
    ("覃", &["qin"]),
    ("乜", &["nie"]),
    ("冼", &["xian"]),
    ("洗", &["xian"]),
    ("员", &["yun"]),
    ("种", &["chong"]),
    ("句", &["gou"]),
    ("秘", &["bi"]),
    ("折", &["she"]),
    ("那", &["na"]),
    ("黑", &["he"]),
    ("祭", &["zhai"]),
    ("召", &["shao"]),
    ("哈", &["ha"]),
    ("郇", &["xun"]),
    ("逄", &["pang"]),
    ("宓", &["mi"]),
    ("翟", &["zhai"]),
    ("柏", &["bai"]),
    ("车", &["che"]),
    ("沈", &["shen"]),
    ("石", &["shi"]),
    ("乐", &["yue"]),
    ("宁", &["ning"]),
    ("薄", &["bo"]),
    ("晁", &["chao"]),
    ("谌", &["chen"]),
    ("都", &["du"]),
    ("费", &["fei"]),
    ("葛", &["ge"]),
    ("谷", &["gu"]),
    ("过", &["guo"]),
    ("和", &["he"]),
    ("华", &["hua"]),
    ("纪", &["ji"]),
    ("贾", &["jia"]),
    ("隽", &["juan"]),
    ("牟", &["mu"]),
    ("能", &["nai"]),
    ("强", &["qiang"]),
    ("瞿", &["qu"]),
    ("撒", &["sa"]),
    ("佘", &["she"]),
    ("盛", &["sheng"]),
    ("宿", &["su"]),
    ("隗", &["wei"]),
    ("尉", &["wei"]),
    ("相", &["xiang"]),
    ("行", &["xing"]),
    ("燕", &["yan"]),
    ("应", &["ying"]),
    ("於", &["yu"]),
    ("俞", &["yu"]),
    ("臧", &["zang"]),
    ("占", &["zhan"]),
];

/// Texts as units, ready to compare with what is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    units: String,
}

impl Spelling {
    /// Adds a name, which begins with a surname. Nothing typed matches across two texts.
    pub fn add_name(&mut self, folded: &str) {
        self.add(folded, surname_of(folded));
    }

    /// Adds any other text.
    pub fn add_text(&mut self, folded: &str) {
        self.add(folded, &[]);
    }

    fn add(&mut self, folded: &str, surname: &[&'static str]) {
        let mut surname = surname.iter();
        let mut readings = Vec::new();
        for sign in folded.chars() {
            if sign <= ' ' {
                continue;
            }
            self.units.push(sign);
            readings.clear();
            readings.extend(surname.next().copied());
            readings_of(sign, &mut readings);
            for reading in &readings {
                self.push_reading(reading);
            }
            self.units.push(UNIT);
        }
        self.units.push(BREAK);
        self.units.push(UNIT);
    }

    fn push_reading(&mut self, reading: &str) {
        // 吕 is typed as lü, as lv on most keyboards, as lu, and as lyu in a passport.
        let ways: &[&str] = if reading.contains('ü') {
            &["ü", "v", "u", "yu"]
        } else {
            &[""]
        };
        for way in ways {
            self.units.push(OR);
            for sign in reading.chars() {
                match sign {
                    'ü' => self.units.push_str(way),
                    // ê is said as e.
                    'ê' => self.units.push('e'),
                    other => self.units.push(other),
                }
            }
        }
    }

    /// Whether somewhere along the characters what was typed can be read: whole readings and
    /// initials in any mixture, the last reading also in part. `typed` is folded, without blanks.
    pub fn matches(&self, typed: &str) -> bool {
        let typed = typed.as_bytes();
        if typed.is_empty() || typed.len() > TYPED_MAX_BYTES {
            return false;
        }
        // Bit n: the units so far can be read as the first n bytes.
        let mut reached: u64 = 1;
        for unit in self.units.as_bytes().split(|byte| *byte == UNIT as u8) {
            let mut next: u64 = 1;
            let mut left = reached;
            while left != 0 {
                let place = left.trailing_zeros();
                left &= left - 1;
                let Some(rest) = typed.get(place as usize..) else {
                    continue;
                };
                match step(unit, rest) {
                    Step::End => return true,
                    Step::On(lengths) => next |= lengths << place,
                }
            }
            reached = next;
        }
        false
    }
}

/// What a unit takes of the rest that was typed.
enum Step {
    /// All of it.
    End,
    /// Bit n: n bytes of it.
    On(u64),
}

fn step(unit: &[u8], rest: &[u8]) -> Step {
    let mut lengths = 0;
    for (index, way) in unit.split(|byte| *byte == OR as u8).enumerate() {
        if way.is_empty() || way.first() != rest.first() {
            continue;
        }
        // The first is the character itself, which has no initial. The last reading may be
        // typed in part, a character not.
        let is_reading = index > 0;
        if way == rest || is_reading && way.starts_with(rest) {
            return Step::End;
        }
        if rest.starts_with(way) {
            lengths |= 1 << way.len();
        }
        if is_reading {
            lengths |= 1 << 1;
            let has_two = way.get(1) == Some(&b'h') && rest.get(1) == Some(&b'h');
            lengths |= u64::from(has_two) << 2;
        }
    }
    Step::On(lengths)
}

/// By what names are sorted: surnames as they are said, everything else by its usual reading.
pub fn sort_key(folded_name: &str) -> String {
    let mut key = String::new();
    let mut surname = surname_of(folded_name).iter();
    let mut readings = Vec::new();
    for sign in folded_name.chars() {
        readings.clear();
        readings.extend(surname.next().copied());
        readings_of(sign, &mut readings);
        match readings.first() {
            Some(reading) => {
                // A blank stands before every letter, so 李明 comes before 林.
                key.push_str(reading);
                key.push(' ');
                key.push(sign);
            }
            None => key.push(sign),
        }
    }
    key
}

/// The readings of the surname that a name begins with, if they are not the usual ones.
fn surname_of(name: &str) -> &'static [&'static str] {
    SURNAMES
        .iter()
        .find(|(surname, _)| name.starts_with(surname))
        .map_or(&[], |(_, readings)| readings)
}

/// Adds the readings of a character that are not there yet, without tones.
fn readings_of(sign: char, readings: &mut Vec<&'static str>) {
    for reading in sign.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain();
        if !plain.is_empty() && !readings.contains(&plain) {
            readings.push(plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, typed: &str, found: bool) {
        let mut spelling = Spelling::default();
        spelling.add_name(name);
        assert_eq!(spelling.matches(typed), found, "{name} by {typed}");
    }

    #[test]
    fn a_name_is_found_by_readings_initials_and_mixtures() {
        for typed in [
            "w",
            "wxm",
            "wangxm",
            "wxiaoming",
            "wangxiaoming",
            "xiaoming",
            "ming",
            "wangxiaom",
            "xm",
            "wan",
            "王xm",
            "王xiaoming",
            "wang小明",
            "小ming",
        ] {
            check("王小明", typed, true);
        }
        for typed in ["wm", "wanxm", "mw", "wangm", "xiaomingw", "王m", "an", ""] {
            check("王小明", typed, false);
        }
        check("张淑珍", "zhsz", true);
        check("张淑珍", "zhshzh", true);
        check("张淑珍", "zsz", true);
    }

    #[test]
    fn surnames_are_found_as_they_are_said() {
        for (name, typed) in [
            ("仇英", "qiuying"),
            ("单田芳", "shantf"),
            ("曾国藩", "zengguofan"),
            ("解晓东", "xiexd"),
            ("区志强", "ouzhiqiang"),
            ("查良镛", "zhaly"),
            ("朴树", "piaoshu"),
            ("尉迟恭", "yuchigong"),
            ("尉迟恭", "ycg"),
            ("万俟雅言", "moqiyy"),
            ("长孙无忌", "zhangsun"),
            ("黑伯理", "hebl"),
            ("任盈盈", "renyy"),
            ("盖叫天", "gejt"),
            ("吕布", "lvbu"),
            ("吕布", "lübu"),
            ("吕布", "lubu"),
            ("吕布", "lyubu"),
        ] {
            check(name, typed, true);
        }
    }

    #[test]
    fn any_reading_of_a_character_finds_it() {
        for typed in ["dandan", "shandan", "chandan"] {
            check("单丹", typed, true);
        }
        check("李乐", "lile", true);
        check("李乐", "liyue", true);
        check("重庆人家", "chongqing", true);
        check("重庆人家", "zhongqing", true);
    }

    #[test]
    fn nothing_matches_across_two_texts() {
        let mut spelling = Spelling::default();
        spelling.add_name("王小");
        spelling.add_text("明月");
        assert!(!spelling.matches("wxm"));
        assert!(spelling.matches("mingyue"));
    }

    #[test]
    fn names_are_sorted_as_they_are_said() {
        let mut names = [
            "仇英", "安", "周", "曾国", "单田", "蔡", "区志", "Anna", "陈",
        ];
        names.sort_by_key(|name| sort_key(&name.to_lowercase()));
        assert_eq!(
            names,
            [
                "安", "Anna", "蔡", "陈", "区志", "仇英", "单田", "曾国", "周"
            ]
        );
    }

    #[test]
    fn many_ways_to_read_a_long_text_cost_no_more_than_its_length() {
        let mut spelling = Spelling::default();
        spelling.add_text(&"嗯安".repeat(250));
        assert!(!spelling.matches(&format!("{}x", "an".repeat(31))));
    }
}
