//! The benchmark of synchronisation: the real server process, headless tablets with the real
//! engine, and a counting proxy between them. `cargo xtask bench sync` runs it.
//!
//! - [`cards`]: what happened to each customer, from a seed.
//! - [`store`]: data folders with N cards, made once.
//! - [`server`] and [`proxy`]: the process, and what goes in and out of it.
//! - [`ground`]: a copied store with its server, proxy and tablets.
//! - [`watch`]: when something was on a tablet's disk.
//! - [`works`]: W1 to W7.
//! - [`measure`]: what came out.
//! - [`screen`]: the other benchmark, of the app in a real browser; `cargo xtask bench screen`.
//!
//! Everything shares one machine: read times as ratios within one run.

pub mod cards;
pub mod ground;
pub mod measure;
pub mod proxy;
pub mod screen;
pub mod server;
pub mod store;
pub mod watch;
pub mod works;
