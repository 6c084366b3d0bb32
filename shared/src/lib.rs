//! The core of Floorbook.
