//! What the browser gives: time, randomness, small kept settings.

use floorbook_shared::id::{DocumentId, EntryId, Randomness};
use floorbook_shared::time::Timestamp;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, HtmlElement, Url};

/// Where the name of the store is kept, to stand on the lock screen.
pub const STORE_KEY: &str = "floorbook-store";
/// Where it is kept who used this tablet last.
pub const RECENT_KEY: &str = "floorbook-recent";
/// Where it is kept that the store is to be told that this tablet was emptied.
pub const RESET_KEY: &str = "floorbook-reset";
/// Where the chosen language is kept.
pub const LANGUAGE_KEY: &str = "floorbook-language";
/// Where the chosen theme is kept.
pub const THEME_KEY: &str = "floorbook-theme";

/// The browser's source of random bytes.
struct BrowserRandomness;

impl Randomness for BrowserRandomness {
    fn fill(&mut self, target: &mut [u8]) {
        if getrandom::fill(target).is_err() {
            // Every browser that runs this program has it; without it the time alone remains.
        }
    }
}

/// Now, by this tablet's clock.
pub fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of a date are whole and small"
    )]
    let millis = js_sys::Date::now() as i64;
    Timestamp::from_millis(millis)
}

/// A new id for an entry.
pub fn new_entry() -> EntryId {
    EntryId::new(now(), &mut BrowserRandomness)
}

/// A new id for a card.
pub fn new_document() -> DocumentId {
    DocumentId::new(now(), &mut BrowserRandomness)
}

/// A small setting that was kept on this tablet.
pub fn kept(key: &str) -> Option<String> {
    web_sys::window()?
        .local_storage()
        .ok()??
        .get_item(key)
        .ok()?
}

/// Keeps a small setting on this tablet. Never anything about a customer.
pub fn keep(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.local_storage())
        && storage.set_item(key, value).is_err()
    {
        // A private window may refuse; the choice then lasts until it closes.
    }
}

/// What stands after `#` in the address: one-time codes, which never reach a server's log.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    hash.unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Has the browser print the page.
pub fn print() {
    if let Some(window) = web_sys::window()
        && window.print().is_err()
    {
        // The browser's own menu prints it all the same.
    }
}

/// Whether this is a page in a browser of Apple's tablets, whose home screen apps have a storage
/// of their own: what is enrolled here would not be there.
pub fn is_apple_browser_page() -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let read = |name: &str| js_sys::Reflect::get(&window.navigator(), &name.into()).ok();
    // Only their browser knows this property: whether the page runs from the home screen.
    let standalone = read("standalone").and_then(|value| value.as_bool());
    let touches = read("maxTouchPoints").and_then(|value| value.as_f64());
    standalone == Some(false) && touches.unwrap_or(0.0) > 1.0
}

/// The address of this site, without a path.
pub fn origin() -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default()
}

/// Loads the page again.
pub fn reload() {
    if let Some(window) = web_sys::window()
        && window.location().reload().is_err()
    {
        // The page is being left anyway.
    }
}

/// The element that has the focus.
pub fn focused() -> Option<HtmlElement> {
    web_sys::window()?
        .document()?
        .active_element()?
        .dyn_into()
        .ok()
}

/// Moves the focus to an element, if it can take it.
pub fn focus(element: &HtmlElement) {
    if element.focus().is_err() {
        // It left the page meanwhile.
    }
}

/// The pixels of a text of the usual size: sixteen, unless somebody chose another size in the
/// browser.
pub fn rem() -> f64 {
    const USUAL: f64 = 16.0;
    let size = || {
        let window = web_sys::window()?;
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        let size = style.get_property_value("font-size").ok()?;
        size.trim_end_matches("px").parse().ok()
    };
    size().unwrap_or(USUAL)
}

/// Sets an attribute of the root element, such as the language or the theme.
pub fn set_root(name: &str, value: &str) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root
        && root.set_attribute(name, value).is_err()
    {
        // The names are constants of this program and valid.
    }
}

/// Sets the title of the page.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Offers a file for saving; a browser that can't leaves everything as it was.
pub fn save_file(name: &str, bytes: &[u8]) {
    let offer = || -> Result<(), JsValue> {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence(&parts)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = document {
            let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
            link.set_href(&address);
            link.set_download(name);
            link.click();
        }
        // The browser reads it after the click.
        Timeout::new(60_000, move || drop(Url::revoke_object_url(&address))).forget();
        Ok(())
    };
    drop(offer());
}
