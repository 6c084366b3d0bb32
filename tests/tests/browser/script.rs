//! Script in every text field: shown as it was typed, and never run.

use floorbook_tests::browser::{css, label, role, text};

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, stage};

/// Sets a mark if anything of it runs.
const SCRIPT: &str =
    r#"<img src=x onerror="window.ran=1"><script>window.ran=1</script>"><svg onload=window.ran=1>"#;

/// Watches for marks and for what the page's policy had to forbid.
const WATCH: &str = "window.ran = 0; window.forbidden = [];
    document.addEventListener('securitypolicyviolation', (event) => window.forbidden.push(event.violatedDirective));
    true";

impl Tablet {
    fn watch_for_script(&self) {
        assert!(self.page.eval::<bool>(WATCH));
    }

    /// Nothing ran, nothing had to be forbidden, and no markup of it is in the page.
    fn assert_nothing_ran(&self, place: &str) {
        let ran: u32 = self.page.eval("window.ran");
        let forbidden: Vec<String> = self.page.eval("window.forbidden");
        let made: usize = self
            .page
            .eval("document.querySelectorAll('[onerror], [onload], img[src=x]').length");
        assert_eq!((ran, made), (0, 0), "{place}");
        assert!(forbidden.is_empty(), "{place}: {forbidden:?}");
    }
}

#[test]
fn script_in_every_text_field_is_shown_as_it_was_typed_and_never_runs() {
    let Some(server) = stage("script_in_every_text_field") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    tablet.watch_for_script();

    // A card whose every field is hostile.
    let name = format!("王{SCRIPT}");
    tablet.new_card(&name, "138 0000 0001");
    tablet.assert_nothing_ran("new card");
    tablet.edit(
        "How to reach them",
        &[("WeChat", SCRIPT), ("E-mail", SCRIPT)],
    );
    tablet.edit(
        "Address",
        &[("City", SCRIPT), ("Compound", SCRIPT), ("Region", SCRIPT)],
    );
    tablet.edit("Remarks", &[("Remarks", SCRIPT)]);
    tablet.show("Timeline");
    tablet.log_call(SCRIPT, SCRIPT);
    tablet.show("Service");
    page.click("button", "Note an issue");
    page.fill("Issue", SCRIPT);
    page.click("button", "Save");
    page.wait_for(&css("[data-issue=open]"));
    for part in ["Timeline", "File", "Intentions", "Service", "History"] {
        tablet.show(part);
        page.wait_for(&css("[role=tabpanel]"));
        tablet.assert_nothing_ran(part);
    }
    let shown = format!("document.body.textContent.includes({})", quoted(SCRIPT));
    page.wait_until("the text as it was typed", &shown);

    // Every list that shows the card.
    for place in ["Today", "Customers", "More"] {
        tablet.go(place);
        page.wait_for(&css("h1, [data-list=customers]"));
        tablet.assert_nothing_ran(place);
    }
    tablet.go("Customers");
    page.fill("Find a customer", "<script>");
    page.wait_for(&css("[data-list=customers] [data-index='0']"));
    tablet.assert_nothing_ran("search");
    page.fill("Find a customer", "");

    // A colleague with a hostile name, and the word of a handover.
    tablet.invite("李<svg onload=window.ran=1>");
    tablet.assert_nothing_ran("people");
    let code = tablet.invite(COLLEAGUE);
    let colleague = Tablet::join(&server, &code);
    colleague.watch_for_script();
    tablet.open_card_at(0);
    page.click_on(&role("button", "Hand over").inside(css(".card-actions")));
    let sheet = || css("dialog#handover");
    page.wait_for(&sheet());
    page.click_on(&role("radio", COLLEAGUE).inside(sheet()));
    page.click_on(&role("radio", "For good").inside(sheet()));
    page.fill_in(&label("A word for the colleague").inside(sheet()), SCRIPT);
    page.click_on(&role("button", "Hand over").inside(sheet()));
    page.wait_until_gone(&sheet());
    tablet.assert_nothing_ran("handover");

    // It arrives on another tablet, which shows it as harmlessly.
    colleague.open_card_at(0);
    colleague
        .page
        .wait_for(&text(&format!("Handed over from {FOUNDER}")));
    for part in ["File", "Service", "History", "Timeline"] {
        colleague.show(part);
        colleague.assert_nothing_ran(part);
    }
    colleague
        .page
        .wait_until("the text on the other tablet", &shown);
}

impl Tablet {
    /// Opens the card at a place of the list.
    fn open_card_at(&self, place: usize) {
        self.go("Customers");
        let row = format!("[data-list=customers] [data-index='{place}']");
        self.page.click_on(&css(&row));
        self.page.wait_for(&role("tab", "Timeline"));
    }
}

/// A text as a literal of JavaScript.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
