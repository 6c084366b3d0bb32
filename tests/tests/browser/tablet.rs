//! A tablet with the app on it: what a consultant does, in the words of the screen.

use std::path::Path;

use floorbook_tests::browser::{Browser, Locator, Page, css, label, role, text};
use floorbook_tests::server_process::ServerProcess;
use floorbook_tests::stage::Stage;
use serde_json::Value;
use tempfile::TempDir;

use crate::two_tablets::EXTRACT;

/// The password of everyone in the stories.
pub const PASSWORD: &str = "a sofa by the window";
/// Who sets up the store.
pub const FOUNDER: &str = "周敏";
/// Who joins by a one-time link.
pub const COLLEAGUE: &str = "李娜";

/// Finds the stage or skips the story; starts a server.
pub fn stage(story: &str) -> Option<ServerProcess> {
    Stage::find(story).map(|stage| ServerProcess::start(&stage))
}

/// One tablet: a browser with a profile of its own and the tab that is in front.
pub struct Tablet {
    /// The tab in front. Before the browser, because it speaks through it.
    pub page: Page,
    /// The browser.
    pub browser: Browser,
    origin: String,
    cookies: Value,
    profile: TempDir,
}

impl Tablet {
    /// Unpacks a new tablet and opens an address.
    pub fn open(url: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let browser = Browser::launch(profile.path());
        let page = browser.page(url);
        // Chosen where the app keeps it: a tap could meet the page while it still arranges itself.
        page.eval::<bool>("(localStorage.setItem('floorbook-language', 'en'), true)");
        page.reload();
        page.wait_until(
            "the page in English",
            "document.documentElement.lang === 'en'",
        );
        let origin = page.eval("location.origin");
        Self {
            page,
            browser,
            origin,
            cookies: Value::Null,
            profile,
        }
    }

    /// Founds the store with the link that the server has printed, and waits until all is there.
    pub fn set_up(server: &ServerProcess) -> Self {
        let tablet = Self::open(&server.setup_link());
        let page = &tablet.page;
        page.fill("Store code", "HZ1");
        page.fill("Store name", "杭州旗舰店");
        page.fill("Time zone", "Asia/Shanghai");
        page.fill("Your name", FOUNDER);
        page.fill("Choose a password", PASSWORD);
        tablet.assert_no_barriers();
        page.click("button", "Set up the store");
        tablet.choose_pin();
        tablet.settled()
    }

    /// Founds a store whose book is full: the list is never drawn as a whole, and something was
    /// said and planned. Answers how many cards there are.
    pub fn with_full_book(server: &ServerProcess) -> (Self, u32) {
        let tablet = Self::set_up(server);
        tablet.choose_import(Path::new(EXTRACT));
        let cards = tablet.apply_import() + 1;
        tablet.make_manager_of_all(FOUNDER);
        tablet.new_card("王小明", "138 0000 0001");
        tablet.log_call("看了餐桌，要和太太商量", "问餐桌定了没有");
        tablet.wait_for_customers(cards);
        tablet.wait_until_all_at_store();
        (tablet, cards)
    }

    /// Unpacks a new tablet and enrols it at an address, by a code of the command line.
    pub fn enrol(server: &ServerProcess, url: &str) -> Self {
        let tablet = Self::open(&format!(
            "{url}/enrol#{}",
            code_of(&server.enrolment_link())
        ));
        tablet.page.wait_for(&role("heading", "Enrol this tablet"));
        tablet.assert_no_barriers();
        tablet.page.click("button", "Enrol");
        tablet.page.wait_for(&text("Enrolled as"));
        tablet.assert_no_barriers();
        tablet.page.click("button", "Sign in");
        tablet.page.wait_for(&role("heading", "Sign in"));
        tablet
    }

    /// Joins by a one-time code, on a new tablet.
    pub fn join(server: &ServerProcess, code: &str) -> Self {
        Self::join_at(server, &server.url(), code)
    }

    /// Joins by a one-time code, on a new tablet at an address.
    pub fn join_at(server: &ServerProcess, url: &str, code: &str) -> Self {
        let tablet = Self::enrol(server, url);
        tablet.page.goto(&format!("{url}/join#{code}"));
        tablet.join_here();
        tablet.settled()
    }

    /// Chooses password and PIN where a one-time link has led.
    pub fn join_here(&self) {
        self.page.wait_for(&role("heading", "Welcome"));
        self.page.fill("Choose a password", PASSWORD);
        self.assert_no_barriers();
        self.page.click("button", "Set password and sign in");
        self.choose_pin();
    }

    /// Signs a person in on a new tablet.
    pub fn sign_in(server: &ServerProcess, name: &str) -> Self {
        Self::sign_in_at(server, &server.url(), name)
    }

    /// Signs a person in on a new tablet at an address.
    pub fn sign_in_at(server: &ServerProcess, url: &str, name: &str) -> Self {
        let tablet = Self::enrol(server, url);
        tablet.enter_password(name);
        tablet.choose_pin();
        tablet.settled()
    }

    /// Waits until all is at the store and the app opens without it.
    fn settled(self) -> Self {
        self.wait_until_all_at_store();
        self.page.wait_for_service_worker();
        self
    }

    /// Adds a consultant as an administrator does and returns the one-time code.
    pub fn invite(&self, name: &str) -> String {
        self.invite_as(name, &[])
    }

    /// Adds a consultant who has other roles as well, and returns the one-time code.
    pub fn invite_as(&self, name: &str, roles: &[&str]) -> String {
        self.go("More");
        self.page.click("link", "People");
        self.page.click("link", "Add a person");
        self.page.fill("Name", name);
        for role in roles {
            self.page.click("checkbox", role);
        }
        self.page.click("button", "Add and make a link");
        self.page
            .wait_for(&role("heading", &format!("One-time link for {name}")));
        self.assert_no_barriers();
        code_of(&self.page.value("One-time link"))
    }

    /// Makes a person manager of every store, so that they see and change all cards.
    pub fn make_manager_of_all(&self, name: &str) {
        self.go("More");
        self.page.click("link", "People");
        self.page
            .click_on(&role("link", name).inside(css(".plain-rows")));
        self.page.wait_for(&css(".posts fieldset"));
        let unmanaged = "[...document.querySelectorAll('.posts fieldset')].findIndex((store) => \
             [...store.querySelectorAll('label')].find((label) => \
             label.textContent === 'Manager')?.control.checked === false)";
        loop {
            let index: i32 = self.page.eval(unmanaged);
            if index < 0 {
                break;
            }
            let store = format!(".posts fieldset:nth-of-type({})", index + 1);
            self.page
                .click_on(&role("checkbox", "Manager").inside(css(&store)));
            self.page
                .wait_until("the next store", &format!("{unmanaged} !== {index}"));
        }
        self.page
            .click_on(&role("button", "Save").inside(css("form:has(.posts)")));
        self.page.wait_until(
            "that it is saved",
            "document.querySelector('form:has(.posts) [type=submit]').disabled",
        );
    }

    /// Shows what an import of a file would do, and agrees to everybody and every store in it.
    pub fn choose_import(&self, file: &Path) {
        self.go("More");
        self.page.click("link", "Import customers");
        self.page.choose_file("input[type=file]", file);
        self.page
            .wait_for(&role("heading", "What the import would do"));
        self.page.click("button", "Tick all");
        // Ticking makes the report anew, and until it is there nothing can be ticked or written.
        self.page
            .wait_for(&css(".report .checks input:checked:enabled"));
    }

    /// Does the import that is shown and answers how many cards are new.
    pub fn apply_import(&self) -> u32 {
        self.page.click_on(&css(".report button.primary"));
        self.page.wait_for(&role("heading", "Imported"));
        let created = self.page.text(".report .count:nth-child(2) dd");
        created.parse().unwrap()
    }

    /// Waits until the list counts so many customers.
    pub fn wait_for_customers(&self, count: u32) {
        self.go("Customers");
        self.page.fill("Find a customer", "");
        self.page.wait_for(&text(&format!("{count} customers")));
    }

    /// Goes to a place of the rail.
    pub fn go(&self, place: &str) {
        self.page
            .click_on(&role("link", place).inside(role("navigation", "Places")));
    }

    /// Finds a customer by searching and opens the card.
    pub fn open_card(&self, name: &str) {
        self.go("Customers");
        self.page.fill("Find a customer", name);
        self.page.click_on(&row(name));
        self.page.wait_for(&role("heading", name));
        self.page.wait_for(&role("tab", "Timeline"));
    }

    /// Opens a card with a name and a phone, logs no visit with it, and waits until it is saved: one
    /// change.
    pub fn new_card(&self, name: &str, phone: &str) {
        self.go("Customers");
        self.page.click("link", "New card");
        self.page.fill("Name", name);
        self.page.fill("Phone", phone);
        self.save_new_card();
        self.page.wait_for(&role("heading", name));
        self.wait_until_saved();
    }

    /// Saves the new card that is filled in: nothing is planned, and no visit is logged.
    pub fn save_new_card(&self) {
        let form = || css(".new-card-form");
        self.page
            .click_on(&role("checkbox", "Log this visit as a contact").inside(form()));
        self.page
            .click_on(&role("radio", "None, because…").inside(form()));
        let why = label("Why is there no next step").inside(form());
        self.page.fill_in(&why, "看情况");
        self.page.click("button", "Save card");
    }

    /// Shows a part of the card that is open.
    pub fn show(&self, part: &str) {
        self.page.click("tab", part);
    }

    /// Changes fields in a section of the open card and waits until they are saved.
    pub fn edit(&self, section: &str, fields: &[(&str, &str)]) {
        self.show("File");
        let edit = format!("Edit {section}");
        self.page.click("button", &edit);
        for (field, value) in fields {
            self.page
                .fill_in(&label(field).inside(css(".section-form")), value);
        }
        self.page
            .click_on(&role("button", "Save").inside(css(".section-form")));
        // The form goes when the change is on the disk, not before.
        self.page.wait_for(&role("button", &edit));
        self.wait_until_saved();
    }

    /// Chooses a chip of a group in the contact sheet.
    pub fn choose(&self, group: &str, chip: &str) {
        let group = role("group", group).inside(css("dialog#contact"));
        self.page.click_on(&role("radio", chip).inside(group));
    }

    /// Logs a call with a note and a next step for tomorrow, and waits until it is saved.
    pub fn log_call(&self, note: &str, next: &str) {
        let sheet = || css("dialog#contact");
        self.page.click_on(&css(".log-contact"));
        self.choose("How", "Call");
        self.choose("What came of it", "Progress");
        self.page
            .fill_in(&label("What was said").inside(sheet()), note);
        self.choose("When", "Tomorrow");
        self.page
            .click_on(&role("button", "Call to follow up").inside(sheet()));
        self.page.fill_in(&label("What").inside(sheet()), next);
        self.page.click_on(&role("button", "Save").inside(sheet()));
        // The sheet goes when the contact is on the disk, not before.
        self.page.wait_until_gone(&sheet());
        self.wait_until_saved();
    }

    /// Logs a call that nobody answered and after which nothing is planned.
    pub fn log_fruitless_call(&self, why: &str) {
        let sheet = || css("dialog#contact");
        self.page.click_on(&css(".log-contact"));
        self.choose("How", "Call");
        self.choose("What came of it", "Not reached");
        self.choose("When", "None, because…");
        let reason = label("Why is there no next step").inside(sheet());
        self.page.fill_in(&reason, why);
        self.page.click_on(&role("button", "Save").inside(sheet()));
        self.page.wait_until_gone(&sheet());
        self.wait_until_saved();
    }

    /// Waits until it is said that something is on this tablet's disk, and until all that comes with
    /// it is drawn: the word stands there first.
    pub fn wait_until_saved(&self) {
        self.page.wait_for(&saved());
        self.page.wait_for_the_rest();
    }

    /// Waits until everything is at the store and compared.
    pub fn wait_until_all_at_store(&self) {
        // What was just saved may not be counted yet.
        self.page.wait_for_the_rest();
        self.page
            .wait_for(&css("[data-standing=in-sync], [data-standing=attention]"));
        if self.page.shows(&standing("attention")) {
            self.page.click_on(&css(".status-chip"));
            panic!("{}", self.page.text("dialog#status"));
        }
    }

    /// Waits until the tablet says that it has no connection.
    pub fn wait_until_offline(&self) {
        self.page.wait_for(&standing("offline"));
    }

    /// Waits until the chip says that so many changes are on this tablet alone.
    pub fn wait_until_offline_with(&self, changes: u32) {
        self.wait_until_offline();
        self.page
            .wait_for(&text(&format!("· {changes} on this tablet")));
    }

    /// Loads the page again; the keys were in its memory alone, so the tablet is opened again.
    pub fn reload(&self, name: &str) {
        self.page.reload();
        self.unlock(name);
    }

    /// The folder in which the browser keeps everything.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Ends the browser as a person does, so that it writes what it wants to keep.
    pub fn close(&mut self) {
        self.cookies = self.browser.cookies();
        self.browser.close();
    }

    /// Ends the browser as an empty battery would.
    pub fn kill(&mut self) {
        self.cookies = self.browser.cookies();
        self.browser.kill();
    }

    /// Starts the browser again at an address that is not of the app.
    pub fn reopen_outside(&mut self) {
        self.browser.reopen();
        // A session that is half a minute old is on the disk; the stories do not wait for it.
        self.browser.set_cookies(&self.cookies);
        self.page = self.browser.page(&format!("{}/healthz", self.origin));
    }

    /// Starts the browser again and opens the app for a person.
    pub fn reopen(&mut self, name: &str) {
        self.browser.reopen();
        self.browser.set_cookies(&self.cookies);
        self.page = self.browser.page(&self.origin);
        // A killed browser has often not kept the last choice of the language yet.
        self.page.click("button", "English");
        self.unlock(name);
    }

    /// Looks for barriers in light and in dark.
    pub fn assert_no_barriers(&self) {
        assert_no_barriers(&self.page);
    }
}

/// Looks for barriers on a page in light and in dark.
pub fn assert_no_barriers(page: &Page) {
    for dark in [false, true] {
        page.set_dark(dark);
        page.assert_no_barriers();
    }
    page.set_dark(false);
}

/// The word that something is on this tablet's disk.
fn saved() -> Locator {
    text("Saved on this tablet").inside(css(".saved-place"))
}

/// The row of a customer in the list.
pub fn row(name: &str) -> Locator {
    role("link", name).inside(css("[data-list=customers]"))
}

/// The status chip while it says so.
pub fn standing(name: &str) -> Locator {
    css(&format!("[data-standing={name}]"))
}

/// The code of a one-time link, which may be opened at another address.
pub fn code_of(link: &str) -> String {
    let (_, code) = link.split_once('#').unwrap();
    code.to_owned()
}
