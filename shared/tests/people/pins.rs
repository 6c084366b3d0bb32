//! PINs: what they open, how often they may be tried, and choosing another.

use super::*;

#[test]
fn a_tablet_that_starts_shows_people_and_nothing_else() {
    let mut host = locked_with_work();
    host.restart();
    assert!(host.rows.is_empty() && host.identity.is_none());
    let shown = here(&host, 1);
    assert_eq!((shown.name.as_str(), shown.waiting), ("顾问1", 2));
    assert_eq!(shown.closed, None);
    host.unlock(1);
    assert_eq!(host.rows.len(), 1);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    host.lock();
    assert!(host.rows.is_empty() && host.identity.is_none());
    assert!(host.device.document_ids().is_empty());
    host.run(document(1), set(CustomerField::Name, "王先生"));
    let Some(Notice::NotSaved { code, .. }) = host.last_answer() else {
        panic!("nobody is here")
    };
    assert_eq!(code, "signed_out");
}

#[test]
fn a_wrong_pin_opens_nothing_and_the_right_one_begins_the_tries_anew() {
    let mut host = locked_with_work();
    for left in (7..10).rev() {
        host.unlock_with(1, wrong());
        assert_eq!(host.last_problem(), Some(UnlockProblem::Wrong));
        assert_eq!(here(&host, 1).tries_left, left);
    }
    host.restart();
    assert_eq!(here(&host, 1).tries_left, 7, "a restart gains nothing");
    host.unlock(1);
    assert_eq!(host.last_problem(), None);
    assert_eq!(here(&host, 1).tries_left, 10);
}

#[test]
fn a_try_is_on_disk_before_anyone_learns_whether_the_pin_is_right() {
    let mut host = locked_with_work();
    host.holds_writes = true;
    host.notices.clear();
    host.unlock_with(1, wrong());
    host.unlock(1);
    let is_verdict =
        |notice: &Notice| matches!(notice, Notice::NotUnlocked { .. } | Notice::Unlocked { .. });
    assert!(!host.notices.iter().any(is_verdict), "{:?}", host.notices);
    host.holds_writes = false;
    host.settle();
    assert!(host.notices.iter().any(is_verdict));
    // A try that can't be counted is not made.
    host.lock();
    host.write_error = Some("quota");
    host.unlock(1);
    assert_eq!(host.last_problem(), Some(UnlockProblem::Storage));
    assert!(host.identity.is_none());
}

#[test]
fn ten_wrong_pins_close_the_keyring_and_an_online_sign_in_brings_everything_back() {
    let mut host = locked_with_work();
    for _ in 0..9 {
        host.unlock_with(1, wrong());
    }
    assert_eq!(host.last_problem(), Some(UnlockProblem::Wrong));
    host.unlock_with(1, wrong());
    assert_eq!(host.last_problem(), Some(UnlockProblem::TriesUsedUp));
    host.unlock(1);
    assert_eq!(host.last_problem(), Some(UnlockProblem::TriesUsedUp));
    host.restart();
    assert_eq!(here(&host, 1).closed, Some(Closed::TriesUsedUp));
    assert_eq!(here(&host, 1).waiting, 2, "the work is not lost");
    host.sign_in(1);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    assert_eq!(here(&host, 1).closed, None);
    host.restart();
    assert_eq!(host.rows.len(), 1);
}

#[test]
fn drafts_and_the_tray_outlive_a_forgotten_pin() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.draft("card/new", "半句话");
    host.connect();
    host.receive(welcome());
    host.receive(refused(2, "forbidden_write"));
    host.lock();
    host.request(Request::SignIn {
        signed_in: Box::new(host::signed_in(1)),
        secret: "another 暗号".into(),
    });
    assert_eq!(host.drafts, [("card/new".to_owned(), "半句话".to_owned())]);
    assert_eq!(host.device.status().refused.len(), 1);
    host.lock();
    host.unlock(1);
    assert_eq!(
        host.last_problem(),
        Some(UnlockProblem::Wrong),
        "the old PIN"
    );
}

#[test]
fn a_weak_pin_is_not_taken() {
    let mut host = Host::empty();
    host.request(Request::SignIn {
        signed_in: Box::new(host::signed_in(1)),
        secret: "123456".into(),
    });
    let weak = SignInProblem::Weak {
        code: "pin_trivial".to_owned(),
    };
    assert!(
        host.notices
            .contains(&Notice::NotSignedIn { problem: weak })
    );
    assert!(host.identity.is_none() && host.stored.is_empty());
}

#[test]
fn a_pin_is_changed_by_who_knows_the_old_one() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.request(Request::ChangeSecret {
        current: wrong(),
        secret: "284731".into(),
    });
    assert_eq!(host.last_problem(), Some(UnlockProblem::Wrong));
    assert_eq!(here(&host, 1).tries_left, 9, "also a try");
    host.request(Request::ChangeSecret {
        current: pin(1),
        secret: "284731".into(),
    });
    host.run(document(1), set(CustomerField::Name, "王先生"));
    host.lock();
    host.unlock(1);
    assert_eq!(host.last_problem(), Some(UnlockProblem::Wrong));
    host.unlock_with(1, "284731".into());
    assert_eq!(
        host.card(document(1)).customer.field(CustomerField::Name),
        "王先生"
    );
}

#[test]
fn a_worker_that_was_started_again_opens_the_keyring_without_a_pin() {
    let mut host = locked_with_work();
    host.unlock(1);
    let key = host.notices.iter().rev().find_map(|notice| {
        if let Notice::Unlocked { key, .. } = notice {
            Some(key.clone())
        } else {
            None
        }
    });
    let key = key.expect("it was told");
    host.worker = None;
    host.restart();
    host.request(Request::Reopen {
        person: person(1),
        key: key.clone(),
    });
    assert_eq!(host.rows.len(), 1);
    assert_eq!(here(&host, 1).tries_left, 10, "no try");
    host.sign_in(2);
    host.request(Request::Reopen {
        person: person(2),
        key,
    });
    assert_eq!(host.last_problem(), Some(UnlockProblem::Wrong));
}
