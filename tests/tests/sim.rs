//! The simulator: thousands of seeded histories, and the named tests that find planted faults.
//!
//! `cargo xtask sim --seed 7` runs one history again; `--seeds 100000` runs many.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]

#[path = "sim/compaction.rs"]
mod compaction;
#[path = "sim/judging.rs"]
mod judging;
#[path = "sim/pages.rs"]
mod pages;
// Here as well, so that planted faults of the vault are found by name.
#[path = "../../shared/tests/people.rs"]
mod people;
#[path = "sim/receipts.rs"]
mod receipts;
#[path = "sim/rights.rs"]
mod rights;
#[path = "sim/session.rs"]
mod session;
#[path = "sim/shop.rs"]
mod shop;

use floorbook_tests::world::{Statistics, Weather, World};

/// Histories in a normal run; `FLOORBOOK_SIM_SEEDS` makes it more.
const SEEDS: u64 = 700;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs some histories in one sort of weather; returns the most that happened in any of them.
fn run(seeds: u64, weather: Weather) -> Statistics {
    let mut most = Statistics::default();
    for seed in 0..seeds {
        let statistics = World::run(seed, weather);
        most.full_frames = most.full_frames.max(statistics.full_frames);
        most.frames_ahead = most.frames_ahead.max(statistics.frames_ahead);
        most.refused = most.refused.max(statistics.refused);
        most.damaged = most.damaged.max(statistics.damaged);
        most.restored = most.restored.max(statistics.restored);
        most.gone = most.gone.max(statistics.gone);
        most.brought_back = most.brought_back.max(statistics.brought_back);
        most.moved = most.moved.max(statistics.moved);
        most.left = most.left.max(statistics.left);
        most.rights = most.rights.max(statistics.rights);
        most.turns = most.turns.max(statistics.turns);
        most.wrong = most.wrong.max(statistics.wrong);
        most.forged = most.forged.max(statistics.forged);
        most.late = most.late.max(statistics.late);
        most.for_good = most.for_good.max(statistics.for_good);
        most.covers_of_all = most.covers_of_all.max(statistics.covers_of_all);
        most.covers_of_some = most.covers_of_some.max(statistics.covers_of_some);
        most.ended_early = most.ended_early.max(statistics.ended_early);
        most.ended_by_time = most.ended_by_time.max(statistics.ended_by_time);
        most.interrupted = most.interrupted.max(statistics.interrupted);
        most.retired = most.retired.max(statistics.retired);
        most.stolen = most.stolen.max(statistics.stolen);
        most.excused = most.excused.max(statistics.excused);
        most.leavers = most.leavers.max(statistics.leavers);
        most.of_leavers = most.of_leavers.max(statistics.of_leavers);
        most.between_slices = most.between_slices.max(statistics.between_slices);
    }
    most
}

#[test]
fn every_history_ends_with_everything_everywhere() {
    let first = number("FLOORBOOK_SIM_SEED").unwrap_or(0);
    let seeds = number("FLOORBOOK_SIM_SEEDS").unwrap_or(SEEDS);
    let steps = number("FLOORBOOK_SIM_STEPS").unwrap_or(400);
    for seed in first..first + seeds {
        let rough = Weather::rough(2 + (seed % 3) as usize, steps as usize);
        let weather = Weather {
            refusals: seed % 4 == 1,
            damage: seed % 5 == 2,
            // What is damaged on the only tablet that has it can't come back after a restore.
            restores: seed % 5 == 3 && seed % 4 != 1,
            moves: seed % 6 == 4,
            rights: matches!(seed % 6, 1 | 4),
            is_shared: seed % 7 == 3,
            handovers: matches!(seed % 6, 2 | 5),
            revokes: seed % 6 == 5 && seed % 4 != 1,
            ..rough
        };
        World::run(seed, weather);
    }
}

#[test]
fn people_take_turns_on_a_tablet_and_everything_of_everyone_arrives() {
    let weather = Weather {
        kills: true,
        network: true,
        away: true,
        work: 20,
        is_shared: true,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.turns > 3 && most.wrong > 0, "{most:?}");
}

#[test]
fn what_is_refused_while_its_author_is_not_there_waits_for_them() {
    let weather = Weather {
        refusals: true,
        kills: true,
        away: true,
        work: 25,
        is_shared: true,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.refused > 0 && most.turns > 3, "{most:?}");
}

#[test]
fn leases_that_end_cost_a_sign_in_and_no_work() {
    let weather = Weather {
        clocks: true,
        kills: true,
        is_shared: true,
        away: true,
        work: 20,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.wrong > 0, "{most:?}");
}

#[test]
fn on_a_shared_tablet_everyone_sees_their_own_books_alone() {
    let weather = Weather {
        kills: true,
        network: true,
        moves: true,
        rights: true,
        is_shared: true,
        work: 20,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.turns > 3 && most.rights > 3, "{most:?}");
}

#[test]
fn acknowledged_changes_survive_a_killed_server() {
    let weather = Weather {
        kills: true,
        ..Weather::fair(2, 300)
    };
    run(15, weather);
}

#[test]
fn saved_entries_survive_a_killed_tablet() {
    let weather = Weather {
        kills: true,
        storage: true,
        ..Weather::fair(2, 400)
    };
    run(25, weather);
}

#[test]
fn every_saved_entry_reaches_the_server() {
    let weather = Weather {
        kills: true,
        network: true,
        away: true,
        work: 25,
        ..Weather::fair(3, 300)
    };
    run(40, weather);
}

#[test]
fn repeats_and_overtaking_change_nothing() {
    let weather = Weather {
        network: true,
        work: 30,
        ..Weather::fair(3, 800)
    };
    run(15, weather);
}

#[test]
fn documents_and_the_place_behind_them_are_stored_together() {
    let weather = Weather {
        network: true,
        kills: true,
        storage: true,
        ..Weather::fair(3, 400)
    };
    run(25, weather);
}

#[test]
fn rows_follow_what_arrives() {
    run(10, Weather::fair(3, 300));
}

#[test]
fn a_refusal_takes_nothing_else_along() {
    let weather = Weather {
        refusals: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(3, 400)
    };
    assert!(run(25, weather).refused > 0);
}

#[test]
fn settled_conflicts_reach_everyone() {
    let weather = Weather {
        away: true,
        work: 30,
        ..Weather::fair(3, 300)
    };
    run(15, weather);
}

#[test]
fn a_newcomers_cards_reach_everyone() {
    let weather = Weather {
        newcomers: true,
        ..Weather::fair(2, 500)
    };
    run(30, weather);
}

#[test]
fn a_clock_that_jumps_never_stops_the_sync() {
    let weather = Weather {
        network: true,
        clocks: true,
        ..Weather::fair(3, 400)
    };
    run(15, weather);
}

#[test]
fn a_storage_that_fails_is_no_empty_storage() {
    let weather = Weather {
        kills: true,
        storage: true,
        away: true,
        ..Weather::fair(2, 500)
    };
    run(40, weather);
}

#[test]
fn damaged_chunks_and_rows_heal_from_the_store() {
    let weather = Weather {
        damage: true,
        away: true,
        work: 30,
        ..Weather::fair(2, 600)
    };
    assert!(run(20, weather).damaged > 0);
}

#[test]
fn a_restored_backup_loses_nothing_that_a_tablet_holds() {
    let weather = Weather {
        restores: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(3, 600)
    };
    assert!(run(40, weather).restored > 0);
}

#[test]
fn what_a_tablet_took_with_it_comes_back_from_the_others() {
    let weather = Weather {
        restores: true,
        departures: true,
        away: true,
        work: 25,
        ..Weather::fair(4, 900)
    };
    let most = run(25, weather);
    assert!(most.gone > 1 && most.brought_back > 0, "{most:?}");
    // Also while cards move and tablets see different books.
    let weather = Weather {
        network: true,
        moves: true,
        ..weather
    };
    assert!(run(25, weather).brought_back > 0);
}

#[test]
fn a_restore_undoes_no_handover_no_change_of_rights_and_no_revocation() {
    let weather = Weather {
        restores: true,
        rights: true,
        handovers: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 700)
    };
    let most = run(15, weather);
    assert!(most.restored > 0 && most.rights > 3, "{most:?}");
    assert!(most.for_good > 0 && most.covers_of_some > 0, "{most:?}");
    let weather = Weather {
        revokes: true,
        rights: false,
        ..weather
    };
    let most = run(10, weather);
    assert!(most.restored > 0 && most.leavers > 0, "{most:?}");
    assert!(most.retired > 0 && most.stolen > 0, "{most:?}");
}

#[test]
fn a_card_that_moved_is_where_its_book_is_and_nowhere_else() {
    let weather = Weather {
        moves: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 600)
    };
    let most = run(40, weather);
    assert!(most.moved > 0 && most.left > 0);
}

#[test]
fn whoever_may_see_a_book_holds_it_and_nobody_else_does() {
    let weather = Weather {
        rights: true,
        moves: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 600)
    };
    let most = run(40, weather);
    assert!(most.rights > 8 && most.left > 0);
    assert!(most.late > 0 && most.forged > 0);
}

#[test]
fn customers_change_hands_while_tablets_are_away_and_nothing_is_lost() {
    let weather = Weather {
        handovers: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 700)
    };
    let most = run(14, weather);
    assert!(
        most.for_good > 0 && most.late > 0 && most.left > 0,
        "{most:?}"
    );
    assert!(
        most.covers_of_all > 0 && most.covers_of_some > 0,
        "{most:?}"
    );
    assert!(most.ended_early > 0 && most.ended_by_time > 0, "{most:?}");
    assert!(most.interrupted > 0 && most.between_slices > 0, "{most:?}");
    // Also where people share tablets, rights change, and the network is as it is.
    let weather = Weather {
        is_shared: true,
        network: true,
        rights: true,
        ..weather
    };
    let most = run(8, weather);
    assert!(most.turns > 3 && most.covers_of_some > 0, "{most:?}");
}

#[test]
fn a_tablet_that_is_given_up_is_empty_and_its_work_is_at_the_store() {
    let weather = Weather {
        revokes: true,
        is_shared: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 700)
    };
    let most = run(20, weather);
    assert!(most.retired > 0 && most.stolen > 0, "{most:?}");
    assert!(most.excused > 0 && most.leavers > 0, "{most:?}");
    assert!(most.of_leavers > 0, "{most:?}");
    // Also while customers change hands, and the network is as it is.
    let weather = Weather {
        handovers: true,
        network: true,
        ..weather
    };
    let most = run(12, weather);
    assert!(most.retired > 0 && most.covers_of_some > 0, "{most:?}");
}

#[test]
fn a_tablet_that_was_away_for_weeks_gets_everything_in_many_frames() {
    let weather = Weather {
        away: true,
        long_texts: true,
        work: 50,
        ..Weather::fair(3, 1_800)
    };
    let most = run(2, weather);
    assert!(most.full_frames > 1);
}
