//! Builds the program again when the web app that goes into it has changed: the macro that takes
//! the files in can't tell cargo about them.
#![allow(
    clippy::print_stdout,
    reason = "a build script speaks to cargo through stdout"
)]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=FLOORBOOK_WEB_DIR");
    if std::env::var_os("CARGO_FEATURE_EMBED").is_some()
        && let Ok(folder) = std::env::var("FLOORBOOK_WEB_DIR")
    {
        println!("cargo::rerun-if-changed={folder}");
    }
}
