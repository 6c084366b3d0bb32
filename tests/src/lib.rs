//! Harness of the Floorbook tests.
