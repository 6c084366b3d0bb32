//! The screen: what a person sees and touches.
//!
//! - [`text`], [`when`], [`standing`], [`restarts`], [`posts`], [`tablet_health`]: words, days, the
//!   truth about sending, how often a worker is started again, who does what where, what is wrong
//!   with a tablet; native too.
//! - [`choices`], [`entry_draft`], [`look_ups`], [`money`], [`referrals`]: words to be tapped,
//!   half-typed entries, whom colleagues may know, amounts, who introduced whom; native too.
//! - `state`: what the screen knows, fed by the worker's notices.
//! - `pages` (one per place), `components` (properties in, callbacks out), `hooks` (behaviour).
//!
//! It reads records and views of the shared crate and never opens a document.

pub mod choices;
pub mod entry_draft;
pub mod look_ups;
pub mod money;
pub mod posts;
pub mod referrals;
pub mod restarts;
pub mod standing;
pub mod tablet_health;
pub mod text;
pub mod when;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod asking;
#[cfg(target_arch = "wasm32")]
mod clock;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod files;
#[cfg(target_arch = "wasm32")]
mod hooks;
#[cfg(target_arch = "wasm32")]
mod http;
#[cfg(target_arch = "wasm32")]
mod keeping;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod platform;
#[cfg(target_arch = "wasm32")]
mod recent;
#[cfg(target_arch = "wasm32")]
mod reset;
#[cfg(target_arch = "wasm32")]
mod route;
#[cfg(target_arch = "wasm32")]
mod service_worker;
#[cfg(target_arch = "wasm32")]
mod state;
#[cfg(target_arch = "wasm32")]
mod worker_link;

#[cfg(target_arch = "wasm32")]
pub use app::start;
