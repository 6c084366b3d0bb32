//! The works W1 to W7.

pub mod fan_out;
pub mod kills;
pub mod memory;
pub mod reconnect;
pub mod writes;

use anyhow::Result;

use super::ground::Place;
use super::measure::Measure;

/// Cards in the stores of W1 and W2; smaller stores are cut out of the one of ten thousand.
const CARDS: [usize; 4] = [10_000, 5_000, 1_000, 50_000];
const CARDS_OF_W3: usize = 5_000;
const CARDS_OF_W4: usize = 200;
const CARDS_OF_W5: usize = 1_000;
const CARDS_OF_W6: usize = 10_000;
/// Cards of every store in a smoke test that names no number.
const CARDS_OF_SMOKE: usize = 50;

/// Which works are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Their names; empty for all.
    pub only: Vec<String>,
    /// Cards of every store, instead of the usual numbers.
    pub cards: Option<usize>,
}

impl Wanted {
    fn has(&self, work: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only.eq_ignore_ascii_case(work))
    }
}

/// Runs the wanted works one after another; `tell` gets each measurement at once.
///
/// # Errors
/// If a work does not come to its end.
pub async fn run(
    place: &Place,
    wanted: &Wanted,
    tell: &mut (dyn FnMut(Measure) -> Result<()> + Send),
) -> Result<()> {
    let cards = |usual: usize| match wanted.cards {
        Some(cards) => cards,
        None => place.count(usual, CARDS_OF_SMOKE),
    };
    let mut sizes: Vec<usize> = CARDS.into_iter().map(cards).collect();
    sizes.dedup();
    let wants_first = wanted.has("W1");
    let wants_again = wanted.has("W2") || wanted.has("W2r");
    if wants_first || wants_again {
        for cards in sizes {
            for measure in reconnect::first_and_again(place, cards, wants_again).await? {
                if wanted.has(measure.work) {
                    tell(measure)?;
                }
            }
        }
    }
    if wanted.has("W3") {
        tell(reconnect::after_offline_work(place, cards(CARDS_OF_W3)).await?)?;
    }
    if wanted.has("W4") {
        tell(fan_out::measure(place, cards(CARDS_OF_W4)).await?)?;
    }
    if wanted.has("W5") {
        tell(writes::measure(place, cards(CARDS_OF_W5)).await?)?;
    }
    if wanted.has("W6") {
        for measure in memory::measure(place, cards(CARDS_OF_W6)).await? {
            tell(measure)?;
        }
    }
    if wanted.has("W7") {
        tell(kills::measure(place, cards(CARDS_OF_W5)).await?)?;
    }
    Ok(())
}
