//! Enrolling tablets, giving them up, and sessions on them.

use floorbook_shared::api::{Erased, TabletState};

use super::*;

#[test]
fn tablets_are_numbered_and_nobody_signs_in_elsewhere() {
    let database = founded();
    let li = PersonId::from_bytes([1; 16]);
    assert_eq!(
        refusal(database.sign_in(li, &new_session(2, "second"))),
        Refusal::NotEnrolled
    );
    assert_eq!(enrol(&database, 2, NOW), "F02");
    let second = database.sign_in(li, &new_session(2, "second")).unwrap();
    assert_eq!(
        (second.tablet_code.as_str(), second.device),
        ("F02", device(2))
    );
    let tablets = database.tablets().unwrap();
    let people: Vec<_> = tablets.iter().map(|tablet| tablet.people.clone()).collect();
    assert_eq!(people, [vec![li], vec![li]]);
    assert!(database.tablet(device(2), token(2)).unwrap().is_some());
    assert!(database.tablet(device(2), token(1)).unwrap().is_none());
}

#[test]
fn an_enrolment_code_enrols_one_tablet_and_nothing_else() {
    let database = founded();
    let code = secret("code");
    let issue = |at: Timestamp| {
        let expires = at.plus_millis(HOUR);
        let by = By::command_line(at);
        database.issue_enrolment(CodeGrant { code, expires }, by)
    };
    issue(NOW).unwrap();
    let hash = PasswordHash::from_phc("$hash".to_owned());
    let joined = database.join(code, &hash, &new_session(1, "joined"));
    assert_eq!(refusal(joined), Refusal::CodeInvalid, "no invitation");
    assert!(database.invitation(code, NOW).unwrap().is_none());
    database.enrol(code, &tablet(2, NOW)).unwrap();
    let again = database.enrol(code, &tablet(3, NOW));
    assert_eq!(refusal(again), Refusal::CodeInvalid, "used");
    issue(NOW).unwrap();
    let late = database.enrol(code, &tablet(3, NOW.plus_millis(HOUR)));
    assert_eq!(refusal(late), Refusal::CodeInvalid, "expired");

    database
        .add_person(&wang(Some("invitation")), COMMAND_LINE)
        .unwrap();
    let other = database.enrol(secret("invitation"), &tablet(3, NOW));
    assert_eq!(refusal(other), Refusal::CodeInvalid, "another kind");
}

#[test]
fn open_enrolment_codes_are_bounded_and_the_oldest_give_way() {
    let database = founded();
    for number in 0..30 {
        let at = NOW.plus_millis(number);
        let grant = CodeGrant {
            code: secret(&number.to_string()),
            expires: at.plus_millis(HOUR),
        };
        database
            .issue_enrolment(grant, By::command_line(at))
            .unwrap();
    }
    let enrol = |number: u8| database.enrol(secret(&number.to_string()), &tablet(number, NOW));
    assert_eq!(refusal(enrol(9)), Refusal::CodeInvalid);
    enrol(10).unwrap();
    enrol(29).unwrap();
}

#[test]
fn a_code_is_looked_at_before_the_cards_are() {
    let database = founded();
    // Cards that nobody could look through.
    let gone = |write: &redb::WriteTransaction| {
        write.delete_table(tables::ROWS).unwrap();
        Ok(())
    };
    database.write(gone).unwrap();
    let enrolled = database.enrol(secret("guessed"), &tablet(2, NOW));
    assert_eq!(refusal(enrolled), Refusal::CodeInvalid);
}

#[test]
fn a_tablet_that_is_given_up_delivers_and_one_that_is_stolen_ends_at_once() {
    let database = founded();
    let first = || database.session(secret("first"), device(1), NOW).unwrap();
    let state = |byte| {
        let found = database.tablet(device(byte), token(byte)).unwrap();
        found.unwrap().state
    };
    let li = PersonId::from_bytes([1; 16]);
    assert!(database.retire_tablet(device(1), COMMAND_LINE).unwrap());
    assert!(!database.retire_tablet(device(1), COMMAND_LINE).unwrap());
    assert_eq!(state(1), TabletState::Retiring);
    assert!(first().is_some(), "what waits is still sent");
    let anew = database.sign_in(li, &new_session(1, "anew"));
    assert_eq!(refusal(anew), Refusal::NotEnrolled);
    let erased = |waiting| Erased { at: NOW, waiting };
    database.note_erased(device(1), erased(0)).unwrap();
    assert_eq!(state(1), TabletState::Retired);
    assert!(first().is_none());

    enrol(&database, 2, NOW);
    database.sign_in(li, &new_session(2, "second")).unwrap();
    assert!(database.declare_stolen(device(2), COMMAND_LINE).unwrap());
    assert_eq!(state(2), TabletState::Stolen);
    let second = database.session(secret("second"), device(2), NOW).unwrap();
    assert!(second.is_none());
    database.note_erased(device(2), erased(7)).unwrap();
    database.note_erased(device(2), erased(3)).unwrap();
    assert_eq!(state(2), TabletState::Stolen);
    let told = database.tablets().unwrap();
    assert_eq!(told[1].erased, Some(erased(7)), "the first time counts");
    assert_eq!(told[1].emptied, None, "told is not done");
    database.note_emptied(device(2), COMMAND_LINE).unwrap();
    assert_eq!(database.tablets().unwrap()[1].emptied, Some(NOW));
    let nobody = database.retire_tablet(device(9), COMMAND_LINE);
    assert_eq!(refusal(nobody), Refusal::NoSuchTablet);
}

#[test]
fn a_session_is_of_one_tablet_and_ends_when_it_is_not_used() {
    const DAY: i64 = 24 * HOUR;
    let database = founded();
    enrol(&database, 2, NOW);
    let li = PersonId::from_bytes([1; 16]);
    let new = NewSession {
        expires: NOW.plus_millis(90 * DAY),
        ..new_session(1, "long")
    };
    database.sign_in(li, &new).unwrap();
    let is_open = |byte, day: i64| {
        let at = NOW.plus_millis(day * DAY);
        let found = database.session(secret("long"), device(byte), at).unwrap();
        found.is_some()
    };
    assert!(is_open(1, 29));
    assert!(!is_open(2, 0), "of another tablet");
    assert!(!is_open(1, 30), "not used");
    for day in [25, 50, 75] {
        let at = NOW.plus_millis(day * DAY);
        database.use_session(secret("long"), at).unwrap();
    }
    assert!(is_open(1, 89));
    assert!(!is_open(1, 90), "used, but too old");
}
