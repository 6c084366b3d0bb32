//! What is wrong with a tablet, the most serious first.

use std::cmp::Reverse;

use floorbook_shared::api::{Tablet, TabletState};
use floorbook_shared::time::Timestamp;

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 24 * 60 * MINUTE_MILLIS;
/// A clock that is further off than this puts wrong times on entries.
const CLOCK_MINUTES_MAX: i64 = 2;
/// A tablet that was not heard of for so many days is looked for.
const SILENT_DAYS: i64 = 7;
/// Of the storage, this share may be used before somebody should look.
const FULL_PERCENT: u64 = 90;

/// Something that somebody should look at; more serious is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Its browser may clear its data when space is short.
    NotPersistent,
    /// Its storage is nearly full.
    NearlyFull,
    /// Its clock is off by so many minutes; ahead is positive.
    Clock(i64),
    /// It was not heard of for so many days.
    Silent(i64),
    /// It is being retired and has not handed in everything.
    Retiring,
    /// It was told to empty itself and has not told that it did.
    NotConfirmed,
    /// It was declared stolen and has not been heard of since.
    StolenNotErased,
}

/// What is wrong with a tablet, the most serious first; nothing with one that told that it is empty.
pub fn troubles(tablet: &Tablet, now: Timestamp) -> Vec<Trouble> {
    let mut found = Vec::new();
    match tablet.standing.state {
        TabletState::Retired | TabletState::Stolen if tablet.emptied.is_some() => return found,
        TabletState::Stolen if tablet.erased.is_none() => return vec![Trouble::StolenNotErased],
        TabletState::Retired | TabletState::Stolen => return vec![Trouble::NotConfirmed],
        TabletState::Retiring => found.push(Trouble::Retiring),
        TabletState::Active => {}
    }
    let heard = tablet.last_contact.unwrap_or(tablet.enrolled);
    let silent_days = (now.as_millis() - heard.as_millis()) / DAY_MILLIS;
    if silent_days >= SILENT_DAYS {
        found.push(Trouble::Silent(silent_days));
    }
    if let Some(report) = &tablet.report {
        let minutes = report.clock_offset_millis / MINUTE_MILLIS;
        if minutes.abs() >= CLOCK_MINUTES_MAX {
            found.push(Trouble::Clock(minutes));
        }
        if let Some(storage) = report.storage {
            let share = storage.used_bytes.saturating_mul(100) / storage.quota_bytes.max(1);
            if share >= FULL_PERCENT {
                found.push(Trouble::NearlyFull);
            }
            if !storage.is_persistent {
                found.push(Trouble::NotPersistent);
            }
        }
    }
    found.sort_unstable_by_key(|trouble| Reverse(*trouble));
    found
}

/// Sorts trouble to the top, then by code; what was given up stands at the end.
pub fn sort(tablets: &mut [Tablet], now: Timestamp) {
    tablets.sort_by_cached_key(|tablet| {
        let is_gone = match tablet.standing.state {
            TabletState::Retired | TabletState::Stolen => tablet.emptied.is_some(),
            TabletState::Active | TabletState::Retiring => false,
        };
        let worst = troubles(tablet, now).first().copied();
        (is_gone, Reverse(worst), tablet.standing.code.clone())
    });
}

#[cfg(test)]
mod tests {
    use floorbook_shared::api::{Erased, TabletReport, TabletStanding};
    use floorbook_shared::id::DeviceId;
    use floorbook_shared::sync::message::StorageFacts;

    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn tablet(code: &str, state: TabletState) -> Tablet {
        Tablet {
            standing: TabletStanding {
                device: DeviceId::from_bytes([7; 16]),
                code: code.to_owned(),
                name: String::new(),
                state,
            },
            enrolled: NOON,
            enrolled_by: None,
            people: Vec::new(),
            last_contact: Some(NOON),
            report: Some(TabletReport {
                program: "0.1.0".to_owned(),
                clock_offset_millis: 0,
                waiting: 0,
                storage: Some(StorageFacts {
                    is_persistent: true,
                    used_bytes: 10,
                    quota_bytes: 100,
                }),
            }),
            erased: None,
            emptied: None,
            feeds: Vec::new(),
            open_feeds: Vec::new(),
        }
    }

    #[test]
    fn a_healthy_tablet_has_no_trouble() {
        assert_eq!(troubles(&tablet("F01", TabletState::Active), NOON), []);
    }

    #[test]
    fn trouble_is_told_the_most_serious_first() {
        let mut sick = tablet("F01", TabletState::Active);
        sick.last_contact = Some(NOON.plus_millis(-9 * DAY_MILLIS));
        if let Some(report) = &mut sick.report {
            report.clock_offset_millis = -5 * MINUTE_MILLIS;
            report.storage = Some(StorageFacts {
                is_persistent: false,
                used_bytes: 95,
                quota_bytes: 100,
            });
        }
        assert_eq!(
            troubles(&sick, NOON),
            [
                Trouble::Silent(9),
                Trouble::Clock(-5),
                Trouble::NearlyFull,
                Trouble::NotPersistent
            ]
        );
    }

    #[test]
    fn a_tablet_that_was_told_to_empty_itself_is_trouble_until_it_tells_that_it_did() {
        let mut stolen = tablet("F01", TabletState::Stolen);
        assert_eq!(troubles(&stolen, NOON), [Trouble::StolenNotErased]);
        stolen.erased = Some(Erased {
            at: NOON,
            waiting: 2,
        });
        assert_eq!(troubles(&stolen, NOON), [Trouble::NotConfirmed]);
        stolen.emptied = Some(NOON);
        assert_eq!(troubles(&stolen, NOON), []);
    }

    #[test]
    fn trouble_stands_on_top_and_what_was_given_up_at_the_end() {
        let mut silent = tablet("F03", TabletState::Active);
        silent.last_contact = Some(NOON.plus_millis(-8 * DAY_MILLIS));
        let mut gone = tablet("F00", TabletState::Retired);
        gone.emptied = Some(NOON);
        let mut tablets = [
            gone,
            tablet("F01", TabletState::Active),
            tablet("F02", TabletState::Stolen),
            silent,
        ];
        sort(&mut tablets, NOON);
        let codes = tablets.map(|tablet| tablet.standing.code);
        assert_eq!(codes, ["F02", "F03", "F01", "F00"]);
    }
}
