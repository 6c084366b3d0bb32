//! The Floorbook server.
