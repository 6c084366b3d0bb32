//! Pictures of people, tablets and books: the ways in, administration, handovers, the ways out.

use std::path::PathBuf;

use floorbook_tests::browser::{css, role, text};
use floorbook_tests::cable::Cable;
use floorbook_tests::server_process::ServerProcess;

use super::album::{Album, page, tapped};
use super::asked_for;
use crate::locking::{WRONG_PIN, lock_screen, tile};
use crate::tablet::{FOUNDER, Tablet, code_of, stage};
use crate::two_tablets::{EXTRACT, sample};

/// Consultants of the sample, in one store.
const CONSULTANTS: [&str; 2] = ["林秀欣", "胡丽蓉"];

#[test]
fn screenshots_of_people_and_tablets() {
    let story = "screenshots_of_people_and_tablets";
    let Some(album) = asked_for(story) else {
        return;
    };
    let Some(mut server) = stage(story) else {
        return;
    };
    let tablet = furnished(&server);
    let card: String = tablet.page.eval("location.pathname");
    let cable = Cable::to(server.address());
    let second = ways_in(&album, &server, &cable);
    // One that is away and to be retired, one whose clock is wrong.
    let late = Tablet::sign_in(&server, FOUNDER);
    late.page.set_clock_ahead(11 * 60 * 1_000);
    late.reload(FOUNDER);
    late.wait_until_all_at_store();
    cable.pull();
    tablet.give_up("F02", "Retire");

    let person = path_of(&tablet, "People", CONSULTANTS[0]);
    let here = path_of(&tablet, "Tablets", "F01");
    let away = path_of(&tablet, "Tablets", "F02");
    let store = path_of(&tablet, "Stores", "杭州旗舰店");
    let scenes = [
        tapped("who", "/more", &[".who"], "[role=menu]"),
        page("people", "/more/people", ".plain-row"),
        page("person", &person, ".posts"),
        tapped(
            "person-link",
            &person,
            &["[aria-labelledby=link-title] .button"],
            ".one-time svg",
        ),
        tapped(
            "person-disable",
            &person,
            &[".detail-pane .button.danger"],
            "dialog#disable",
        ),
        tapped(
            "person-hand-over",
            &person,
            &[
                "[aria-labelledby=customers-title] .message-line .button",
                "dialog#handover .colleague",
                "dialog#handover .chips-row label:nth-child(2)",
            ],
            "dialog#handover .bullets",
        ),
        page("person-new", "/more/people/new", "#person-name"),
        page("stores", "/more/stores", ".plain-row"),
        page("store", &store, "#lease-days"),
        page("tablets", "/more/tablets", ".plain-row"),
        page("tablet", &here, ".facts"),
        page("tablet-retiring", &away, ".facts"),
        tapped(
            "tablet-stolen",
            &away,
            &[".detail-pane .button.danger"],
            "dialog#stolen",
        ),
        page("tablet-new", "/more/tablets/new", ".steps"),
        tapped(
            "tablet-code",
            "/more/tablets/new",
            &[".detail-pane .button.primary"],
            ".one-time svg",
        ),
        page("rescue", "/more/rescue", ".file-button"),
        page("more", "/more", ".ways"),
        tapped("reset", "/more", &[".more .danger"], "dialog#reset"),
        page("handovers", "/more/handovers", ".handover-row"),
        page("card-handovers", &card, ".timeline"),
        tapped(
            "handover",
            &card,
            &[".card-actions .hand-over"],
            "dialog#handover",
        ),
        tapped(
            "handover-filled",
            &card,
            &[
                ".card-actions .hand-over",
                "dialog#handover .colleague:nth-child(2)",
                "dialog#handover .chips-row label:nth-child(1)",
            ],
            "dialog#handover .bullets",
        ),
        tapped(
            "select",
            "/customers",
            &[
                ".select-begin",
                "[data-index='0']",
                "[data-index='2']",
                "[data-index='3']",
            ],
            ".select-bar",
        ),
    ];
    album.tour(&tablet, "in-sync", &scenes);
    lock_screens(&album, &tablet, &mut server);
    cable.plug_in();
    // It would try again by itself, after so long a time without a network not at once.
    second.page.click_on(&css(".status-chip"));
    second.page.click("button", "Test the connection");
    second
        .page
        .wait_for(&role("heading", "This tablet is retired"));
    album.take_both_languages(&second, "retired");
    tablet.declare_stolen("F03");
    late.page
        .wait_for(&role("heading", "This tablet was emptied"));
    album.take_both_languages(&late, "erased");
    album.assert_no_barriers();
}

/// A store with the whole sample, two consultants on one tablet, and a card that changed hands.
fn furnished(server: &ServerProcess) -> Tablet {
    let tablet = Tablet::set_up(server);
    tablet.choose_import(&sample().unwrap_or_else(|| PathBuf::from(EXTRACT)));
    let imported = tablet.apply_import();
    tablet.make_manager_of_all(FOUNDER);
    tablet.wait_for_customers(imported);
    tablet.lock(FOUNDER);
    for name in CONSULTANTS {
        let link = server.invitation_link(name);
        tablet.page.goto(&link);
        tablet.join_here();
        tablet.wait_until_all_at_store();
        tablet.lock(name);
    }
    tablet.unlock(FOUNDER);
    tablet.open_card("胡薇慧");
    tablet.hand_over(CONSULTANTS[1], "For good", "休产假，明年四月回来");
    let [from, to] = CONSULTANTS;
    tablet
        .page
        .wait_for(&text(&format!("Handed over from {from} to {to}")));
    tablet.hand_over(CONSULTANTS[0], "A week", "外出培训");
    tablet
        .page
        .wait_for(&text(&format!("{from} looks after them for {to}")));
    tablet.log_call("确认了尺寸，等面料小样。", "寄面料小样");
    tablet.wait_until_all_at_store();
    tablet
}

/// Enrolling, signing in, joining, choosing a PIN.
fn ways_in(album: &Album, server: &ServerProcess, cable: &Cable) -> Tablet {
    let tablet = Tablet::open(&cable.url());
    tablet.page.wait_for(&css("#enrol-code"));
    album.take_both_languages(&tablet, "enrol-needed");
    let code = code_of(&server.enrolment_link());
    tablet.page.goto(&format!("{}/enrol#{code}", cable.url()));
    tablet.page.reload();
    tablet.page.wait_for(&role("heading", "Enrol this tablet"));
    album.take_both_languages(&tablet, "enrol");
    tablet.page.click("button", "Enrol");
    tablet.page.wait_for(&text("Enrolled as"));
    album.take_both_languages(&tablet, "enrolled");
    tablet.page.click("button", "Sign in");
    tablet.page.wait_for(&role("heading", "Sign in"));
    album.take_both_languages(&tablet, "sign-in");
    let code = code_of(&server.invitation_link(CONSULTANTS[1]));
    tablet.page.goto(&format!("{}/join#{code}", cable.url()));
    tablet.page.wait_for(&role("heading", "Welcome"));
    album.take_both_languages(&tablet, "join");
    tablet.page.goto(&cable.url());
    tablet.enter_password(CONSULTANTS[0]);
    tablet.page.wait_for(&role("heading", "Choose a PIN"));
    album.take_both_languages(&tablet, "pin-choose");
    tablet.type_pin("123456");
    tablet.page.wait_for(&css(".tone-problem"));
    album.take_both_languages(&tablet, "pin-weak");
    tablet.choose_pin();
    tablet.wait_until_all_at_store();
    tablet
}

/// The lock screen with work that waits, the keys, and signing out over unsent work.
fn lock_screens(album: &Album, tablet: &Tablet, server: &mut ServerProcess) {
    server.kill9();
    tablet.wait_until_offline();
    tablet.lock(FOUNDER);
    tablet.unlock(CONSULTANTS[0]);
    tablet.new_card("王小明", "138 0000 0001");
    album.tour(
        tablet,
        "offline",
        &[
            tapped(
                "status-offline",
                "/more",
                &[".status-chip"],
                "dialog#status",
            ),
            tapped(
                "sign-out-refused",
                "/more",
                &[".who", "[role=menuitem]:last-child"],
                "dialog#sign-out .tone-warning",
            ),
            tapped(
                "pin-change",
                "/more",
                &[".who", "[role=menuitem]:nth-last-child(2)"],
                "dialog[open]",
            ),
        ],
    );
    tablet.page.reload();
    tablet.page.wait_for(&lock_screen());
    album.take_both_languages(tablet, "lock");
    tablet.page.click_on(&tile(CONSULTANTS[0]));
    album.take_both_languages(tablet, "unlock");
    tablet.type_pin(WRONG_PIN);
    tablet.page.wait_for(&css(".tone-problem"));
    album.take_both_languages(tablet, "unlock-wrong");
    tablet.page.click("button", "I have a passphrase");
    album.take_both_languages(tablet, "unlock-passphrase");
    tablet.page.click("button", "I have a PIN");
    for left in (2..=8).rev() {
        tablet.type_pin(WRONG_PIN);
        tablet
            .page
            .wait_for(&text(&format!("{left} tries are left")));
    }
    tablet.type_pin(WRONG_PIN);
    tablet.page.wait_for(&text("only one try is left"));
    album.take_both_languages(tablet, "unlock-last");
    tablet.type_pin(WRONG_PIN);
    tablet.page.wait_for(&text("Too many wrong tries"));
    album.take_both_languages(tablet, "unlock-ended");
    tablet.page.click("button", "Someone else");
    tablet.page.wait_for(&lock_screen());
    album.take_both_languages(tablet, "lock-attention");
    server.restart();
    tablet.unlock(FOUNDER);
    tablet.wait_until_all_at_store();
}

/// Where the page of somebody or something is.
fn path_of(tablet: &Tablet, place: &str, name: &str) -> String {
    tablet.go("More");
    tablet.page.click("link", place);
    tablet
        .page
        .click_on(&role("link", name).inside(css(".plain-rows")));
    tablet.page.wait_for(&css(".detail-pane h1"));
    tablet.page.eval("location.pathname")
}
