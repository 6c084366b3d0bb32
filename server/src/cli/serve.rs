//! `floorbook serve`.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum_server::tls_rustls::RustlsConfig;
use clap::Args;
use floorbook_shared::api::ENROLMENT_MINUTES;

use super::DataArguments;
use crate::access::password::PasswordCost;
use crate::access::tablets;
use crate::admin;
use crate::admin::tablets::enrol_path;
use crate::clock::{SystemClock, SystemRandomness};
use crate::database::model::By;
use crate::demo::{self, DemoPerson};
use crate::folder;
use crate::handover;
use crate::http::listen;
use crate::http::web::WebApp;
use crate::state::{AppState, Parts};
use crate::sync::caught;
use crate::tls::{self, TlsFiles};

/// How long running requests may go on after a signal to stop.
const SHUTDOWN_TIME_LIMIT: Duration = Duration::from_secs(10);

/// Threads for what blocks: reading the database, compressing, hashing. Each one that ever ran
/// keeps memory of its own, and more of them than this read no faster.
const BLOCKING_THREADS_MAX: usize = 4;

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address to listen on; port 0 takes any free port.
    #[arg(
        long,
        env = "FLOORBOOK_ADDRESS",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR"
    )]
    address: SocketAddr,
    #[command(flatten)]
    data: DataArguments,
    /// Begins a new ledger because the old one is lost for good.
    #[arg(long)]
    new_ledger: bool,
    /// Draws a new master secret because the old one is lost for good: everybody signs in anew, and
    /// work that waits on tablets is refused.
    #[arg(long)]
    new_master: bool,
    /// Address of a reverse proxy whose `X-Forwarded-For` or `Forwarded` is believed; may be given
    /// several times. From anyone else these headers are ignored.
    #[arg(
        long = "trusted-proxy",
        env = "FLOORBOOK_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "ADDR"
    )]
    trusted_proxies: Vec<IpAddr>,
    /// Folder of the web app, instead of the one inside the program (development).
    #[arg(long, value_name = "DIR")]
    web: Option<PathBuf>,
    /// Certificate chain, PEM.
    #[arg(
        long,
        env = "FLOORBOOK_TLS_CERT",
        requires = "tls_key",
        value_name = "FILE"
    )]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM.
    #[arg(
        long,
        env = "FLOORBOOK_TLS_KEY",
        requires = "tls_cert",
        value_name = "FILE"
    )]
    tls_key: Option<PathBuf>,
    /// Makes a demonstration with made-up customers and prints how to sign in; needs a data folder
    /// of its own.
    #[arg(long)]
    demo: bool,
}

pub(super) fn run(arguments: ServeArguments) -> Result<ExitCode> {
    start_log();
    caught::summarise_caught_panics();
    let tls = match (arguments.tls_cert, arguments.tls_key) {
        (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => bail!("give both --tls-cert and --tls-key"),
    };
    if tls.is_none() && !arguments.address.ip().is_loopback() {
        bail!(
            "refusing to serve {} without TLS: passwords would be readable in the network, and \
             browsers allow offline use on tablets only over TLS; make a certificate with \
             `floorbook cert --host NAME_OR_IP --out DIR` and give it with --tls-cert and --tls-key",
            arguments.address
        );
    }
    let tls_config = tls.as_ref().map(TlsFiles::read).transpose()?;
    let place = arguments.data.place();
    let data = arguments.data.data;
    folder::prepare(&data)
        .with_context(|| format!("can't use the data folder {}", data.display()))?;
    let database = Arc::new(place.open_or_create(arguments.new_ledger)?);
    let master = place.open_master(database.as_ref(), arguments.new_master)?;
    let mut web = WebApp::new(arguments.web);
    web.keep_versions(&data)
        .context("can't keep the files of the web app in the data folder")?;
    let state = AppState::new(Parts {
        database,
        clock: Box::new(SystemClock),
        randomness: Box::new(SystemRandomness),
        password_cost: PasswordCost::STANDARD,
        web,
        is_tls: tls.is_some(),
        master,
        trusted_proxies: arguments.trusted_proxies,
    })?;
    let listener = TcpListener::bind(arguments.address)
        .with_context(|| format!("can't listen on {}", arguments.address))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let origin = format!("{scheme}://{}", listener.local_addr()?);

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        #[cfg(unix)]
        {
            let socket = folder::admin_socket(&data);
            let listener = admin::socket::open(&socket)
                .with_context(|| format!("can't open the socket {}", socket.display()))?;
            tokio::spawn(admin::socket::serve(listener, Arc::clone(&state)));
        }
        let handle = listen::Stop::new();
        tokio::spawn(stop_on_signal(handle.clone(), Arc::clone(&state)));
        let demo = if arguments.demo {
            demo::prepare(&state).await?
        } else {
            Vec::new()
        };
        // A cover that ended while the server was off must open no book to anybody.
        handover::end_due(&state).await?;
        tokio::spawn(handover::tend_forever(Arc::clone(&state)));
        tokio::spawn(Arc::clone(&state).note_refusals_forever());
        announce(&state, &origin, &demo).await?;
        serve(listener, handle, &state, tls.zip(tls_config)).await?;
        // Connections that have left HTTP are not waited for above.
        let goodbyes = tokio::time::timeout(SHUTDOWN_TIME_LIMIT, state.sockets.all_closed());
        if goodbyes.await.is_err() {
            tracing::warn!("some sockets did not end in time");
        }
        state.note_refusals(true).await;
        anyhow::Ok(())
    })?;
    #[cfg(unix)]
    let _ = std::fs::remove_file(folder::admin_socket(&data));
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn serve(
    listener: TcpListener,
    handle: listen::Stop,
    state: &Arc<AppState>,
    tls: Option<(TlsFiles, Arc<rustls::ServerConfig>)>,
) -> Result<()> {
    let config = tls.map(|(files, config)| {
        let config = RustlsConfig::from_config(config);
        tokio::spawn(tls::reload_forever(files, config.clone()));
        config
    });
    Ok(listen::serve(listener, state, config, handle, listen::HEAD_TIME_LIMIT).await?)
}

/// Prints the lines that people and tests wait for.
async fn announce(state: &AppState, origin: &str, demo: &[DemoPerson]) -> Result<()> {
    let mut lines = format!("Floorbook listens on {origin}\n");
    if !demo.is_empty() {
        let code = tablets::issue_code(state, By::command_line(state.now())).await?;
        lines.push_str(&format!(
            "Open first, within {ENROLMENT_MINUTES} minutes: {origin}{}  (for another tablet: \
             floorbook tablet code)\n",
            enrol_path(code.code.expose())
        ));
    }
    for person in demo {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
        let role = roles.join(", ");
        lines.push_str(&format!(
            "Sign in as {} / password {}  ({role}, {})\n",
            person.name,
            person.password.expose(),
            person.store,
        ));
    }
    if !state.with_database(|database| database.is_set_up()).await? {
        lines.push_str(&format!(
            "Set up: {origin}/setup#{}\n",
            state.draw_setup_code()
        ));
    }
    let mut stdout = io::stdout();
    stdout.write_all(lines.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

async fn stop_on_signal(handle: listen::Stop, state: Arc<AppState>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
    tracing::info!("stopping");
    state.stop();
    handle.graceful_shutdown(Some(SHUTDOWN_TIME_LIMIT));
}

/// Logs to stderr, filtered by `RUST_LOG`; as JSON lines unless a person watches.
fn start_log() {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // A second call, in a test, keeps the first log.
    let _ = if io::stderr().is_terminal() {
        log.try_init()
    } else {
        log.json().try_init()
    };
    // The text of a panic may quote a card or a name: a release tells its place only.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        if cfg!(debug_assertions) {
            tracing::error!(place, text = %panic, "panic");
        } else {
            tracing::error!(place, "panic");
        }
    }));
}
