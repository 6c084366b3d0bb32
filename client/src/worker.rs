//! The worker: the shell around the document engine.

/// Starts listening to the screen.
pub fn start() {
    console_error_panic_hook::set_once();
}
