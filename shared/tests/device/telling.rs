//! What the screen is told, and when.

use floorbook_shared::view::row::CustomerRow;

use super::*;

#[test]
fn that_something_is_saved_is_told_before_the_card_is_shown_anew() {
    let (mut host, id) = tablet_with_a_card();
    host.request(Request::ShowCard { document: id });
    let cities = |host: &Host| {
        let told = host.notices.iter().filter_map(|notice| {
            if let Notice::Card { card, .. } = notice {
                return Some(card.customer.field(CustomerField::City).to_owned());
            }
            None
        });
        told.collect::<Vec<_>>()
    };
    let before = cities(&host).len();
    host.run(id, set(CustomerField::City, "杭州"));
    assert!(matches!(host.last_answer(), Some(Notice::Saved { .. })));
    assert_eq!(
        cities(&host).len(),
        before,
        "whoever waits reads that first"
    );
    host.pass(100);
    assert_eq!(cities(&host)[before..], ["杭州"]);
    // Nothing is owed to a card that left the screen.
    host.run(id, set(CustomerField::City, "上海"));
    host.request(Request::HideCard { document: id });
    host.pass(100);
    assert_eq!(cities(&host).len(), before + 1);
}

/// The rows of a card that the screen was told, the latest last.
fn told(host: &Host, id: DocumentId) -> Vec<CustomerRow> {
    let told = host.notices.iter().filter_map(|notice| {
        if let Notice::Rows { rows } = notice {
            return Some(rows.iter().filter_map(|row| row.read()));
        }
        None
    });
    let rows = told.flatten().filter(|row| row.document == id);
    rows.map(|row| row.row).collect()
}

#[test]
fn a_row_of_an_older_program_is_computed_anew_and_told_only_if_it_says_something_else() {
    let mut writer = Host::signed_in();
    let id = document(1);
    writer.run(id, open_card("李女士"));
    let newest = writer.rows[&id].row.clone();
    for (name, times) in [("李女士", 1), ("李", 2)] {
        let old = CustomerRow {
            view_version: 1,
            name: name.to_owned(),
            ..newest.clone()
        };
        let mut item = place(id, writer.chunks(id));
        item.row = serde_json::to_vec(&old).unwrap();
        let mut host = Host::signed_in();
        host.connect();
        host.receive(welcome());
        host.receive(host.frame(vec![item], 1));
        let rows = told(&host, id);
        assert_eq!(rows.len(), times, "{rows:?}");
        assert_eq!(rows.first(), Some(&old));
        host.restart();
        assert_eq!(host.rows[&id].row, newest);
        assert_eq!(told(&host, id).len(), 1, "nothing is left to compute");
    }
}

#[test]
fn a_card_on_the_screen_that_left_and_came_back_is_told_again() {
    let mut server = Host::signed_in();
    let id = document(1);
    server.run(id, open_card("李女士"));
    let before = server.chunks(id);
    server.run(id, set(CustomerField::Name, "王先生"));
    let after = server.chunks(id);

    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.receive(host.frame(vec![place(id, before.clone())], 1));
    host.request(Request::ShowCard { document: id });
    let left = FrameItem {
        state: FeedState::Left,
        chunks: Vec::new(),
        row: Vec::new(),
        ..place(id, before)
    };
    host.receive(host.frame(vec![left], 2));
    let is_gone = |notice: &Notice| matches!(notice, Notice::Removed { documents } if documents.contains(&id));
    assert!(host.notices.iter().any(is_gone));
    host.notices.clear();

    host.receive(host.frame(vec![place(id, after)], 3));
    let told = host.notices.iter().find_map(|notice| {
        if let Notice::Card { card, .. } = notice {
            return Some(card.customer.field(CustomerField::Name).to_owned());
        }
        None
    });
    assert_eq!(told.as_deref(), Some("王先生"));
}
