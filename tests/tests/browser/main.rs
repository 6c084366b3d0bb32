//! Stories in a real browser. `cargo xtask test --only browser` builds what they play with; a
//! plain `cargo test` skips them and says so.

mod harness;
mod shell;
