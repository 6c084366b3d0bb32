//! How a tablet is opened and locked, in the words of the screen.

use floorbook_tests::browser::{Locator, css, role};

use crate::tablet::{PASSWORD, Tablet};

/// The PIN of everyone in the stories.
pub const PIN: &str = "284719";
/// A PIN that is nobody's.
pub const WRONG_PIN: &str = "739152";

impl Tablet {
    /// Chooses the PIN that opens this tablet from now on.
    pub fn choose_pin(&self) {
        self.page.wait_for(&role("heading", "Choose a PIN"));
        self.type_pin(PIN);
        self.page.wait_for(&role("group", "Once more"));
        self.type_pin(PIN);
        self.page.wait_for(&places());
    }

    /// Types digits on the keyboard, then Enter.
    pub fn type_pin(&self, pin: &str) {
        self.page.wait_for(&css(".pin-pad[aria-busy=false]"));
        for digit in pin.chars() {
            self.page.press(&digit.to_string());
        }
        self.page
            .wait_for(&css(&format!("[data-digits='{}']", pin.len())));
        self.page.press("Enter");
    }

    /// Signs in with name and password on a tablet that asks for them.
    pub fn enter_password(&self, name: &str) {
        self.page.fill("Your name", name);
        self.page.fill("Password", PASSWORD);
        self.assert_no_barriers();
        self.page.click("button", "Sign in");
    }

    /// Locks the tablet by the menu of who is here.
    pub fn lock(&self, name: &str) {
        self.menu(name, "Lock");
        self.page.wait_for(&lock_screen());
    }

    /// Chooses something in the menu of who is here.
    pub fn menu(&self, name: &str, item: &str) {
        self.page
            .click("button", &format!("{name}: lock, switch, sign out"));
        self.page.click("menuitem", item);
    }

    /// Opens a locked tablet for a person.
    pub fn unlock(&self, name: &str) {
        self.page.wait_for(&lock_screen());
        self.page.click_on(&tile(name));
        self.type_pin(PIN);
        self.page.wait_for(&places());
    }

    /// Signs another person in on a locked tablet.
    pub fn sign_in_also(&self, name: &str) {
        self.page.wait_for(&lock_screen());
        self.page.click_on(&css(".person-tile.is-other"));
        self.enter_password(name);
        self.choose_pin();
    }
}

/// The question who uses this tablet.
pub fn lock_screen() -> Locator {
    role("heading", "Who is using this tablet?")
}

/// The tile of a person on the lock screen.
pub fn tile(name: &str) -> Locator {
    role("button", name).inside(css(".person-tiles"))
}

/// The places of the app, which stand there for whoever opened the tablet.
pub fn places() -> Locator {
    role("navigation", "Places")
}
