//! Stories in a real browser. `cargo xtask test --only browser` builds what they play with; a
//! plain `cargo test` skips them and says so.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on may panic, in its helpers too"
)]

mod at_rest;
mod bench;
mod classes;
mod damage;
mod handing_over;
mod harness;
mod history;
mod keyboard;
mod leases;
mod leaving;
mod locking;
mod look_ups;
mod looks;
mod poison;
mod review;
mod revoking;
mod screenshots;
mod script;
mod service;
mod sharing;
mod shell;
mod storage;
mod store_settings;
mod tablet;
mod tabs;
mod today;
mod two_tablets;
mod visits;
mod walk_in;
