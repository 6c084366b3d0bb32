//! One tab.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::devtools::Connection;
use super::locate::Locator;
use super::watch;
use crate::wait;

/// The size and kind of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Fingers instead of a mouse.
    pub has_touch: bool,
}

impl Viewport {
    /// A tablet of ten inches, lying.
    pub const TABLET: Self = Self {
        width: 1280,
        height: 800,
        has_touch: true,
    };
    /// A tablet of ten inches, standing.
    pub const TABLET_PORTRAIT: Self = Self {
        width: 800,
        height: 1280,
        has_touch: true,
    };
    /// A telephone.
    pub const PHONE: Self = Self {
        width: 390,
        height: 844,
        has_touch: true,
    };
    /// A manager's laptop.
    pub const LAPTOP: Self = Self {
        width: 1440,
        height: 900,
        has_touch: false,
    };
}

/// One tab of a [`super::Browser`].
pub struct Page {
    connection: Rc<RefCell<Connection>>,
    session: String,
}

impl Page {
    /// Takes over a new tab: it reports errors and has the screen of a tablet.
    pub(super) fn new(connection: Rc<RefCell<Connection>>, session: String) -> Result<Self> {
        let page = Self {
            connection,
            session,
        };
        page.call("Page.enable", json!({}))?;
        for (method, parameters) in watch::reports() {
            page.call(method, parameters)?;
        }
        page.try_set_viewport(Viewport::TABLET)?;
        Ok(page)
    }

    /// Goes to an address and waits until the page is loaded.
    #[track_caller]
    pub fn goto(&self, url: &str) {
        let gone = self.must(self.call("Page.navigate", json!({ "url": url })));
        if let Some(error) = gone["errorText"].as_str() {
            panic!("{url}: {error}");
        }
        self.wait_until("the page is loaded", "document.readyState === 'complete'");
    }

    /// Loads the page again and waits until it is loaded.
    #[track_caller]
    pub fn reload(&self) {
        self.eval::<Value>("window.isBeforeReload = true");
        self.must(self.call("Page.reload", json!({})));
        let is_loaded = "!window.isBeforeReload && document.readyState === 'complete'";
        self.wait_until("the page is loaded again", is_loaded);
    }

    /// Puts the tab in front of the others; one that is behind draws nothing.
    #[track_caller]
    pub fn bring_to_front(&self) {
        self.must(self.call("Page.bringToFront", json!({})));
    }

    /// Closes the tab.
    #[track_caller]
    pub fn close(self) {
        self.must(self.call("Page.close", json!({})));
    }

    /// Waits until what the locator means is on the screen.
    #[track_caller]
    pub fn wait_for(&self, locator: &Locator) {
        let script = locator.script("() => true");
        let look = || self.try_eval::<Option<bool>>(&script);
        self.must_with_page(wait::until(&locator.to_string(), look));
    }

    /// Waits until nothing that the locator means is on the screen.
    #[track_caller]
    pub fn wait_until_gone(&self, locator: &Locator) {
        let script = locator.script("() => true");
        self.must_with_page(wait::until(&format!("the end of {locator}"), || {
            let found: Option<bool> = self.try_eval(&script)?;
            Ok(found.is_none().then_some(()))
        }));
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait_until(&self, what: &str, expression: &str) {
        self.must_with_page(wait::until(what, || {
            Ok(self.try_eval::<bool>(expression)?.then_some(()))
        }));
    }

    /// Waits until the app's shell is kept on this machine, so that it opens without a server.
    #[track_caller]
    pub fn wait_for_service_worker(&self) {
        let is_active = "navigator.serviceWorker.getRegistration()\
            .then((registration) => registration?.active?.state === 'activated')";
        self.wait_until("an active service worker", is_active);
    }

    /// Says whether what the locator means is on the screen now.
    #[track_caller]
    pub fn shows(&self, locator: &Locator) -> bool {
        self.eval::<Option<bool>>(&locator.script("() => true"))
            .is_some()
    }

    /// The words that what a selector finds shows, once it is there.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.text_of(&super::locate::css(selector))
    }

    /// The words that what a locator means shows, once it is there.
    #[track_caller]
    pub fn text_of(&self, locator: &Locator) -> String {
        let script = locator.script("(element) => element.innerText.trim()");
        self.must_with_page(wait::until(&locator.to_string(), || self.try_eval(&script)))
    }

    /// What stands in the field with a label.
    #[track_caller]
    pub fn value(&self, of_label: &str) -> String {
        let locator = super::locate::label(of_label);
        let script = locator.script("(element) => element.value");
        self.must_with_page(wait::until(&locator.to_string(), || self.try_eval(&script)))
    }

    /// The value of an expression; a promise is waited for.
    #[track_caller]
    pub fn eval<T: DeserializeOwned>(&self, expression: &str) -> T {
        self.must(self.try_eval(expression))
    }

    /// The value of an expression, or what went wrong.
    ///
    /// # Errors
    ///
    /// Fails if the expression throws, if the page is just being replaced, or if the value is of
    /// another type.
    pub fn try_eval<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let parameters = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let answer = self.call("Runtime.evaluate", parameters)?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let description = thrown["exception"]["description"].as_str();
            bail!("{}", description.unwrap_or("the expression throws"));
        }
        // `undefined` has no value at all.
        let value = answer["result"].get("value").cloned().unwrap_or_default();
        serde_json::from_value(value).with_context(|| format!("the value of {expression:.80}"))
    }

    /// Gives the page a screen.
    #[track_caller]
    pub fn set_viewport(&self, viewport: Viewport) {
        self.must(self.try_set_viewport(viewport));
    }

    /// Lets the browser ask for a language: `zh-CN`, `en-US`. Takes effect with the next loading.
    #[track_caller]
    pub fn set_locale(&self, locale: &str) {
        let version = self.must(self.call("Browser.getVersion", json!({})));
        let agent = json!({ "userAgent": version["userAgent"], "acceptLanguage": locale });
        self.must(self.call("Emulation.setUserAgentOverride", agent));
        self.must(self.call("Emulation.setLocaleOverride", json!({ "locale": locale })));
    }

    /// Light or dark, as the system would ask for it.
    #[track_caller]
    pub fn set_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.must(self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        ));
    }

    /// Gives an origin so many bytes on the disk, or as many as usual.
    #[track_caller]
    pub fn limit_storage(&self, origin: &str, bytes: Option<u64>) {
        let mut parameters = json!({ "origin": origin });
        if let Some(bytes) = bytes {
            parameters["quotaSize"] = bytes.into();
        }
        self.must(self.call("Storage.overrideQuotaForOrigin", parameters));
    }

    /// Sets the clock of this tablet: so many milliseconds ahead of the real one, or behind it.
    /// Pages and workers that begin later have the same clock.
    #[track_caller]
    pub fn set_clock_ahead(&self, millis: i64) {
        let script = format!(
            "(() => {{ const clock = globalThis.clockOfTheMachine ??= Date.now; \
             Date.now = () => clock() + {millis}; return true; }})()"
        );
        let at_the_start = json!({ "source": script });
        self.must(self.call("Page.addScriptToEvaluateOnNewDocument", at_the_start));
        self.eval::<bool>(&script);
        let workers = {
            let mut connection = self.connection.borrow_mut();
            connection.watch().begin_workers_with(&script);
            connection.watch().workers_of(&self.session)
        };
        for worker in workers {
            let now = json!({ "expression": script });
            let mut connection = self.connection.borrow_mut();
            // One of a page before this one has ended.
            let _ended = connection.call(Some(&worker), "Runtime.evaluate", now);
        }
    }

    /// Makes the processor so many times slower.
    #[track_caller]
    pub fn slow_down(&self, times: u32) {
        self.must(self.call("Emulation.setCPUThrottlingRate", json!({ "rate": times })));
    }

    /// Takes a picture of the page as a screen of this size shows it, in light or dark.
    #[track_caller]
    pub fn screenshot(&self, path: &Path, width: u32, height: u32, dark: bool) {
        self.set_viewport(Viewport {
            width,
            height,
            has_touch: true,
        });
        self.set_dark(dark);
        self.come_to_rest();
        let picture = self.must(self.call("Page.captureScreenshot", json!({ "format": "png" })));
        let bytes = STANDARD.decode(picture["data"].as_str().unwrap_or_default());
        let bytes = bytes.expect("the browser sends base64");
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder for the picture");
        }
        std::fs::write(path, bytes).expect("a place for the picture");
    }

    /// Waits until everything is drawn that the screen was told together with what it shows now.
    ///
    /// An answer is drawn alone, and what comes with it in a task that the next frame starts (20 ms
    /// later), or that starts without a frame where there are none (250 ms;
    /// `client/src/screen/worker_link.rs`). This one begins behind it and is slower, so it comes later,
    /// however busy the machine is; then one more frame is drawn.
    #[track_caller]
    pub fn wait_for_the_rest(&self) {
        self.eval::<Value>(
            "new Promise((done) => { \
               const frame = () => new Promise(requestAnimationFrame); \
               const task = (millis) => new Promise((then) => setTimeout(then, millis)); \
               const drawn = frame().then(() => task(25)).then(frame).then(frame); \
               Promise.race([drawn, task(300)]).then(() => done(null)); \
             })",
        );
    }

    /// Waits until what changes its looks has done so.
    #[track_caller]
    pub(super) fn come_to_rest(&self) {
        // The next frame but one is drawn under the new sizes and colours; changes of colour that
        // take time have begun by then. One that is replaced before its end has ended as well; one
        // in a closed part of the page may never end.
        self.eval::<Value>(
            "document.fonts.ready.then(() => new Promise((done) => \
             requestAnimationFrame(() => requestAnimationFrame(() => done(null)))))\
             .then(() => Promise.allSettled(document.getAnimations()\
               .filter(({ effect }) => effect.target.checkVisibility())\
               .map(({ finished }) => finished)))\
             .then(() => null)",
        );
    }

    /// Sends one command of the DevTools protocol to this tab.
    ///
    /// # Errors
    ///
    /// Fails if the browser refuses it or is gone.
    pub fn call(&self, method: &str, parameters: Value) -> Result<Value> {
        self.connection
            .borrow_mut()
            .call(Some(&self.session), method, parameters)
    }

    /// Sends one command of the DevTools protocol to the dedicated worker of this tab.
    ///
    /// # Errors
    ///
    /// Fails if there is no worker, or the browser refuses it.
    pub fn call_worker(&self, method: &str, parameters: Value) -> Result<Value> {
        let mut connection = self.connection.borrow_mut();
        for worker in connection.watch().workers_of(&self.session) {
            let probe = json!({ "expression": "1" });
            // One of a page before this one has ended, and answers nothing any more.
            if connection
                .call(Some(&worker), "Runtime.evaluate", probe)
                .is_ok()
            {
                return connection.call(Some(&worker), method, parameters);
            }
        }
        bail!("{method}: the page has no worker")
    }

    #[track_caller]
    pub(super) fn must<T>(&self, result: Result<T>) -> T {
        result.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// As `must`, and shows what is on the page: the reason usually stands there.
    #[track_caller]
    pub(super) fn must_with_page<T>(&self, result: Result<T>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => {
                let shown: Result<String> =
                    self.try_eval("location.href + '\\n' + document.body.innerText");
                panic!("{error:#}\n--- on the page:\n{}", shown.unwrap_or_default())
            }
        }
    }

    fn try_set_viewport(&self, viewport: Viewport) -> Result<()> {
        let Viewport {
            width,
            height,
            has_touch,
        } = viewport;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": has_touch,
        });
        self.call("Emulation.setDeviceMetricsOverride", metrics)?;
        let touch = json!({ "enabled": has_touch });
        self.call("Emulation.setTouchEmulationEnabled", touch)?;
        Ok(())
    }
}
