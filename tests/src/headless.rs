//! Tablets without a screen: the real engine on a stand-in for the storage, with a real socket to
//! a real server, the machine's clock and its randomness.
//!
//! - [`driver`]: a tablet in a folder, for the program `device`.
//! - [`sign_in`]: a session, over HTTP as the screen does it.
//! - [`tablet`]: engine and storage together, without a network.
//! - [`runner`]: a tablet that lives: socket, timer, requests from outside.
//! - [`reading`]: what is on a tablet: heads and documents.

pub mod driver;
pub mod reading;
pub mod runner;
pub mod sign_in;
pub mod tablet;

mod socket;
