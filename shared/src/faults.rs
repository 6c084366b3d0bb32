//! Planted faults: switchable mistakes that prove that the tests can fail.
//!
//! Without the feature `faults` the function below is a constant `false`, so a release carries
//! none of them. `cargo xtask mutants` switches one on and expects a named test to fail.

/// Whether the planted fault of this name is switched on (environment `FLOORBOOK_FAULT`).
#[cfg(feature = "faults")]
pub fn is_planted(name: &str) -> bool {
    use std::sync::OnceLock;
    static PLANTED: OnceLock<Option<String>> = OnceLock::new();
    PLANTED
        .get_or_init(|| std::env::var("FLOORBOOK_FAULT").ok())
        .as_deref()
        == Some(name)
}

/// Whether the planted fault of this name is switched on: never, without the feature `faults`.
#[cfg(not(feature = "faults"))]
#[inline(always)]
pub const fn is_planted(_name: &str) -> bool {
    false
}
