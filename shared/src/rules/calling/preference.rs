//! When a customer asked to be called, read from words: `周末下午`, `20:00-21:00`, `after 18`.

use jiff::civil::Weekday;

use super::{MINUTES_OF_DAY, Moment};
use crate::record::width::fold;

/// Longest text that is read as a preferred time, in characters; anything longer is a remark.
const TEXT_MAX_CHARS: usize = 60;

/// Times at which a customer asked to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Which weekdays, Monday first.
    days: [bool; 7],
    /// From what minute of the day until what minute.
    windows: Vec<(u16, u16)>,
}

/// Words for days, the longer ones first where one is part of the other.
const DAYS: &[(&str, &[i8])] = &[
    ("工作日", &[1, 2, 3, 4, 5]),
    ("周一到周五", &[1, 2, 3, 4, 5]),
    ("周一至周五", &[1, 2, 3, 4, 5]),
    ("weekday", &[1, 2, 3, 4, 5]),
    ("周末", &[6, 7]),
    ("weekend", &[6, 7]),
    ("周一", &[1]),
    ("周二", &[2]),
    ("周三", &[3]),
    ("周四", &[4]),
    ("周五", &[5]),
    ("周六", &[6]),
    ("周日", &[7]),
    ("周天", &[7]),
    ("monday", &[1]),
    ("tuesday", &[2]),
    ("wednesday", &[3]),
    ("thursday", &[4]),
    ("friday", &[5]),
    ("saturday", &[6]),
    ("sunday", &[7]),
];

/// Words for parts of the day. The noon stands first: `afternoon` holds `noon`.
const PARTS: &[(&str, (u16, u16))] = &[
    ("上午", (9 * 60, 12 * 60)),
    ("早上", (8 * 60, 10 * 60)),
    ("中午", (12 * 60, 14 * 60)),
    ("下午", (14 * 60, 18 * 60)),
    ("傍晚", (17 * 60, 19 * 60)),
    ("晚上", (18 * 60, 21 * 60)),
    ("下班后", (18 * 60, 21 * 60)),
    ("morning", (9 * 60, 12 * 60)),
    ("afternoon", (14 * 60, 18 * 60)),
    ("lunch", (12 * 60, 14 * 60)),
    ("evening", (18 * 60, 21 * 60)),
];

impl Preference {
    /// Reads words; `None` if they tell no time.
    pub fn read(words: &str) -> Option<Self> {
        if words.chars().count() > TEXT_MAX_CHARS {
            return None;
        }
        let mut words = fold(words).to_lowercase().replace("星期", "周");
        words = words.replace("礼拜", "周").replace("点半", ":30");
        let mut days = [false; 7];
        let mut rest = words.clone();
        for (word, numbers) in DAYS {
            if rest.contains(word) {
                rest = rest.replace(word, " ");
                for day in numbers
                    .iter()
                    .filter_map(|day| usize::try_from(*day - 1).ok())
                {
                    if let Some(wanted) = days.get_mut(day) {
                        *wanted = true;
                    }
                }
            }
        }
        let has_days = days.contains(&true);
        let mut windows = clock_windows(&rest);
        if windows.is_empty() {
            let parts = PARTS.iter().filter(|(word, _)| rest.contains(word));
            windows = parts.map(|(_, window)| *window).collect();
        }
        if !has_days && windows.is_empty() {
            return None;
        }
        if !has_days {
            days = [true; 7];
        }
        if windows.is_empty() {
            // Days alone, at hours at which people are awake.
            windows.push((9 * 60, 21 * 60));
        }
        Some(Self { days, windows })
    }

    /// Whether the customer asked to be called then.
    pub fn holds(&self, at: Moment) -> bool {
        let day = usize::try_from(weekday_number(at.date.weekday()) - 1).ok();
        let is_day = day.and_then(|day| self.days.get(day)) == Some(&true);
        let mut windows = self.windows.iter();
        is_day && windows.any(|(from, until)| (*from..*until).contains(&at.minute))
    }
}

const fn weekday_number(weekday: Weekday) -> i8 {
    weekday.to_monday_one_offset()
}

/// `20:00-21:00`, `20-21点`, `晚上8点后`, `after 18`, `before 10`.
fn clock_windows(words: &str) -> Vec<(u16, u16)> {
    let is_late = ["下午", "晚上", "傍晚", "pm", "evening", "afternoon"]
        .iter()
        .any(|word| words.contains(word));
    let times: Vec<u16> = clock_times(words)
        .into_iter()
        .map(|minute| {
            if is_late && minute < 12 * 60 {
                minute + 12 * 60
            } else {
                minute
            }
        })
        .collect();
    let says = |marks: &[&str]| marks.iter().any(|mark| words.contains(mark));
    match times.as_slice() {
        [] => Vec::new(),
        [from] if says(&["后", "以后", "after", "from"]) => vec![(*from, (21 * 60).max(*from))],
        [until] if says(&["前", "before", "until"]) => vec![((8 * 60).min(*until), *until)],
        // One time alone: about then.
        [time] => vec![(
            time.saturating_sub(30),
            (time.saturating_add(30)).min(MINUTES_OF_DAY),
        )],
        times => times
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [from, until] if from < until => Some((*from, *until)),
                _ => None,
            })
            .collect(),
    }
}

/// Hours of the day as written: `20`, `20:30`, `20点`; numbers that are no hour are passed over.
fn clock_times(words: &str) -> Vec<u16> {
    let mut times = Vec::new();
    let mut rest = words;
    while let Some(start) = rest.find(|sign: char| sign.is_ascii_digit()) {
        let (_, from_here) = rest.split_at(start);
        let (hour, behind) = digits(from_here);
        let (minute, behind) = match behind.strip_prefix([':', '点', '时', 'h']) {
            Some(after) if after.starts_with(|sign: char| sign.is_ascii_digit()) => digits(after),
            Some(after) => (Some(0), after),
            None => (Some(0), behind),
        };
        if let (Some(hour @ 0..=24), Some(minute @ 0..=59)) = (hour, minute) {
            let time = hour * 60 + minute;
            if time <= MINUTES_OF_DAY {
                times.push(time);
            }
        }
        rest = behind;
    }
    times
}

fn digits(text: &str) -> (Option<u16>, &str) {
    let end = text
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, behind) = text.split_at(end);
    (digits.parse().ok(), behind)
}
