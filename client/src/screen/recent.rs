//! Who used this tablet last, so that their tile comes first. Ids alone: the names are with the
//! keyrings.

use floorbook_shared::device::message::PersonHere;
use floorbook_shared::id::PersonId;

use crate::screen::platform;

/// People that are remembered; a tablet has a handful.
const MOST: usize = 20;

/// Takes note of who opened the tablet.
pub fn note(person: PersonId) {
    let mut order = order();
    order.retain(|known| *known != person);
    order.insert(0, person);
    order.truncate(MOST);
    let words: Vec<String> = order.iter().map(ToString::to_string).collect();
    platform::keep(platform::RECENT_KEY, &words.join(","));
}

/// Forgets everybody, on a tablet that was emptied.
pub fn forget() {
    platform::keep(platform::RECENT_KEY, "");
}

/// The people of this tablet, who used it last first.
pub fn first(people: &[PersonHere]) -> Vec<PersonHere> {
    let order = order();
    let mut sorted = people.to_vec();
    sorted.sort_by_key(|here| {
        let place = order.iter().position(|person| *person == here.person);
        place.unwrap_or(MOST)
    });
    sorted
}

fn order() -> Vec<PersonId> {
    let kept = platform::kept(platform::RECENT_KEY).unwrap_or_default();
    kept.split(',').filter_map(|id| id.parse().ok()).collect()
}
