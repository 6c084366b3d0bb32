//! Harness of the Floorbook tests.
//!
//! - [`api`]: drives the server's router without a port.
//! - [`bench`]: the benchmark of synchronisation, run by `cargo xtask bench sync`.
//! - [`browser`]: a real Chromium, driven over its DevTools protocol.
//! - [`crash`]: a machine whose power fails at a chosen write.
//! - [`headless`]: tablets without a screen, against a real server.
//! - [`server_process`]: the real `floorbook` program on a free port.
//! - [`stage`]: what `cargo xtask test` has built for the browser stories.
//! - [`static_files`]: a server of the web app's files alone.
//! - [`storage_conformance`]: what every storage of a tablet must do, the browser's and stand-ins.
//! - [`tablets`]: tablets and sessions written with the server's library.
//! - [`tablet_storage`]: stand-ins for the storage of a tablet.
//! - [`wait`]: waiting for a state instead of for a time.
//! - [`world`]: the simulator: tablets, server, network and disks from a seed.

pub mod api;
pub mod bench;
pub mod browser;
pub mod cable;
pub mod crash;
pub mod headless;
pub mod loopback;
pub mod server_process;
pub mod stage;
pub mod static_files;
pub mod storage_conformance;
pub mod tablet_storage;
pub mod tablets;
pub mod wait;
pub mod world;
