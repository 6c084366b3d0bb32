//! `cargo xtask run`: from sources to a running Floorbook.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use xshell::{Shell, cmd};

use crate::bundle::{self, Kind};
use crate::paths::Paths;

/// What `cargo xtask run` can be told.
#[derive(Args)]
pub struct Options {
    /// Fills the store with invented customers, in a data folder of its own
    #[arg(long)]
    demo: bool,
    /// The port to listen on
    #[arg(long, env = "FLOORBOOK_PORT", default_value_t = 8080)]
    port: u16,
    /// The address to listen on; tablets reach any address but this one over TLS only
    #[arg(long, default_value = "127.0.0.1")]
    address: String,
    /// The data folder [default: ./floorbook-data, with --demo ./floorbook-data-demo]
    #[arg(long, env = "FLOORBOOK_DATA")]
    data: Option<PathBuf>,
}

/// Builds quickly, then becomes the server.
pub fn run(shell: &Shell, paths: &Paths, options: &Options) -> Result<()> {
    let web = bundle::build(shell, paths, Kind::Quick)?;
    eprintln!("Building the server");
    cmd!(
        shell,
        "cargo build --package floorbook-server --bin floorbook"
    )
    .quiet()
    .run()
    .context("The server does not build")?;
    let mut server = Command::new(paths.dev_server());
    server.arg("serve");
    server
        .arg("--address")
        .arg(listen_address(&options.address, options.port));
    server.arg("--data").arg(data_folder(options));
    server.arg("--web").arg(&web);
    if options.demo {
        server.arg("--demo");
    }
    eprintln!("Starting Floorbook; Ctrl-C ends it");
    become_program(server)
}

/// An address given with a port of its own keeps it.
fn listen_address(address: &str, port: u16) -> String {
    let has_port = address.parse::<std::net::SocketAddr>().is_ok();
    match address.parse::<std::net::IpAddr>() {
        Ok(ip) => std::net::SocketAddr::new(ip, port).to_string(),
        Err(_) if has_port => address.to_owned(),
        Err(_) => format!("{address}:{port}"),
    }
}

fn data_folder(options: &Options) -> PathBuf {
    let usual = if options.demo {
        "floorbook-data-demo"
    } else {
        "floorbook-data"
    };
    options
        .data
        .clone()
        .unwrap_or_else(|| PathBuf::from(".").join(usual))
}

/// The server takes the place of this process, so that a signal has one receiver.
#[cfg(unix)]
fn become_program(mut program: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(program.exec()).with_context(|| format!("{} does not start", display(&program)))
}

#[cfg(not(unix))]
fn become_program(mut program: Command) -> Result<()> {
    let status = program
        .status()
        .with_context(|| format!("{} does not start", display(&program)))?;
    anyhow::ensure!(status.success(), "The server ended with {status}");
    Ok(())
}

fn display(program: &Command) -> String {
    program.get_program().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_added_where_the_address_has_none() {
        assert_eq!(listen_address("127.0.0.1", 8080), "127.0.0.1:8080");
        assert_eq!(listen_address("0.0.0.0:9000", 8080), "0.0.0.0:9000");
        assert_eq!(listen_address("::1", 8080), "[::1]:8080");
        assert_eq!(listen_address("localhost", 8080), "localhost:8080");
    }
}
