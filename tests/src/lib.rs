//! Harness of the Floorbook tests.

pub mod api;
