//! The Floorbook tablet app.
