//! `cargo xtask dist`: one program with everything inside.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::bundle::{self, Kind};
use crate::paths::{Paths, program_name};
use crate::{programs, release};

/// Builds the web app and then the server around it.
///
/// The server is built alone: in a build of the whole workspace the tests' planted faults would
/// be unified in.
pub fn dist(shell: &Shell, paths: &Paths) -> Result<()> {
    let web = bundle::build(shell, paths, Kind::Dist)?;
    programs::check_halves(paths, Kind::Dist)?;
    report_web(&web)?;
    eprintln!("Building the server with the web app inside (profile dist)");
    cmd!(
        shell,
        "cargo build --package floorbook-server --bin floorbook"
    )
    .args(["--profile", "dist", "--features", "embed"])
    .args(release::flags(shell, &host(shell)?)?)
    .env("FLOORBOOK_WEB_DIR", &web)
    .quiet()
    .run()
    .context("The server does not build with the web app inside")?;
    // Cargo already puts the program where it belongs: the profile is named like the folder.
    let program = paths.target.join("dist").join(program_name("floorbook"));
    println!("{} ({} kB)", program.display(), kilobytes(&program)?);
    Ok(())
}

/// The target that this machine builds for when nothing else is said.
fn host(shell: &Shell) -> Result<String> {
    let said = cmd!(shell, "rustc --version --verbose").quiet().read()?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names its host")?.to_owned())
}

/// Says what a tablet has to fetch at its first opening.
fn report_web(web: &Path) -> Result<()> {
    let mut sent = 0;
    for entry in fs::read_dir(web.join("assets"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "br") {
            let size = kilobytes(&path)?;
            sent += size;
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            println!("{size:>6} kB  {name}");
        }
    }
    println!("{sent:>6} kB  in all, compressed");
    Ok(())
}

fn kilobytes(path: &Path) -> Result<u64> {
    let bytes = fs::metadata(path)
        .with_context(|| format!("{} is missing", path.display()))?
        .len();
    Ok(bytes.div_ceil(1000))
}
