//! The `floorbook` program.
fn main() {}
