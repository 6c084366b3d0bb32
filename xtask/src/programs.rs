//! Builds the client's two programs and makes the JavaScript that loads each of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;
use xshell::{Shell, cmd};

use crate::bundle::Kind;
use crate::paths::Paths;
use crate::release;

/// The target that browsers run.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The client's programs: what a person sees, and what keeps the data.
pub const PROGRAMS: [&str; 2] = ["screen", "worker"];

/// What the quick build has beyond a release: the worker's storage is open to the tests.
pub const QUICK_FEATURES: [&str; 2] = ["--features", "storage-suite"];

/// One program, ready for a browser.
pub struct Program {
    /// The JavaScript module that loads it.
    pub script: Vec<u8>,
    /// The program itself.
    pub wasm: Vec<u8>,
}

/// Adds the browser target to the toolchain if it is missing.
pub fn ensure_wasm_target(shell: &Shell) -> Result<()> {
    let library = cmd!(shell, "rustc --print target-libdir --target {WASM_TARGET}")
        .quiet()
        .read();
    if library.is_ok_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    eprintln!("Adding the target {WASM_TARGET} to the Rust toolchain");
    cmd!(shell, "rustup target add {WASM_TARGET}")
        .run()
        .with_context(|| {
            format!(
                "The web app needs the Rust target {WASM_TARGET}, and it could not be added: run \
             `rustup target add {WASM_TARGET}` with a network, or install it as your system does"
            )
        })
}

/// Compiles both programs.
pub fn compile(shell: &Shell, kind: Kind) -> Result<()> {
    let profile = kind.profile();
    eprintln!("Building the web app (profile {profile})");
    let flags = if matches!(kind, Kind::Dist | Kind::Profiled) {
        release::flags(shell, WASM_TARGET)?
    } else {
        QUICK_FEATURES.map(str::to_owned).to_vec()
    };
    cmd!(
        shell,
        "cargo build --package floorbook-client --bins --target {WASM_TARGET}"
    )
    .args(["--profile", profile])
    .args(flags)
    .quiet()
    .run()
    .context("The web app does not build")
}

/// Makes the loadable form of a compiled program; does nothing if it is already made.
pub fn bind(paths: &Paths, kind: Kind, name: &str) -> Result<Program> {
    let compiled = paths.target.join(WASM_TARGET).join(kind.profile());
    let compiled = compiled.join(format!("{name}.wasm"));
    let folder = paths
        .target
        .join("web-glue")
        .join(kind.profile())
        .join(name);
    let stamp = folder.join("made-from");
    let made_from = made_from(&compiled)?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(made_from.as_str()) {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        generate(&compiled, &folder, kind)?;
        // A snippet would be loaded under a name without a hash, so an old page could meet a new
        // snippet. None of our libraries has one; this line says when that changes.
        ensure!(
            !folder.join("snippets").exists(),
            "{name} brings JavaScript snippets along"
        );
        fs::write(&stamp, made_from)?;
    }
    Ok(Program {
        script: fs::read(folder.join(format!("{name}.js")))?,
        wasm: fs::read(folder.join(format!("{name}_bg.wasm")))?,
    })
}

/// What the loadable form depends on: the compiled program, which names the tool's version too.
fn made_from(compiled: &Path) -> Result<String> {
    let bytes = fs::read(compiled).with_context(|| format!("{} is missing", compiled.display()))?;
    Ok(blake3::hash(&bytes).to_hex().to_string())
}

/// Makes sure that each program has only its own half.
///
/// The screen has to be there long before a megabyte of Automerge is, and a worker that draws
/// would be a mistake. A library is recognised by the names of its source files, which its panics
/// carry along.
pub fn check_halves(paths: &Paths, kind: Kind) -> Result<()> {
    for (name, foreign) in [("screen", "automerge"), ("worker", "yew")] {
        let program = bind(paths, kind, name)?;
        let mark = format!("/{foreign}-");
        let is_inside = program
            .wasm
            .windows(mark.len())
            .any(|bytes| bytes == mark.as_bytes());
        ensure!(
            !is_inside,
            "The program `{name}` contains code of `{foreign}`"
        );
    }
    Ok(())
}

fn generate(compiled: &Path, folder: &Path, kind: Kind) -> Result<()> {
    let mut tool = Bindgen::new();
    tool.input_path(compiled)
        .web(true)?
        .typescript(false)
        // The boot modules name the file with its hash.
        .omit_default_module_path(true)
        .remove_producers_section(true)
        // Names make a stack trace readable, and cost a fifth of the size.
        .remove_name_section(matches!(kind, Kind::Dist));
    tool.generate(folder)
}
