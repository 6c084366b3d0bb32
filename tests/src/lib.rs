//! Harness of the Floorbook tests.
//!
//! - [`browser`]: a real Chromium, driven over its DevTools protocol.
//! - [`server_process`]: the real `floorbook` program on a free port.
//! - [`stage`]: what `cargo xtask test` has built for the browser stories.
//! - [`static_files`]: a server of the web app's files alone.
//! - [`wait`]: waiting for a state instead of for a time.

pub mod browser;
pub mod server_process;
pub mod stage;
pub mod static_files;
pub mod wait;
