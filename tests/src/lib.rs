//! Harness of the Floorbook tests.
//!
//! - [`api`]: drives the server's router without a port.
//! - [`browser`]: a real Chromium, driven over its DevTools protocol.
//! - [`crash`]: a machine whose power fails at a chosen write.
//! - [`server_process`]: the real `floorbook` program on a free port.
//! - [`stage`]: what `cargo xtask test` has built for the browser stories.
//! - [`static_files`]: a server of the web app's files alone.
//! - [`wait`]: waiting for a state instead of for a time.
//! - [`world`]: the simulator: tablets, server, network and disks from a seed.

pub mod api;
pub mod browser;
pub mod crash;
pub mod server_process;
pub mod stage;
pub mod static_files;
pub mod wait;
pub mod world;
