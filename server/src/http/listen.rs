//! Listening for connections, and what one may take before its request is there.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Address, Handle, Server};

use super::connections::{Connections, CountingAcceptor};
use super::routes;
use crate::state::AppState;

/// How long the head of a request may take, the wait for it on an open connection included.
pub const HEAD_TIME_LIMIT: Duration = Duration::from_secs(30);

/// Largest head of a request, in bytes; ours have a few hundred.
const HEAD_MAX_BYTES: usize = 32 * 1024;

/// Ends the listening from outside.
pub type Stop = Handle<SocketAddr>;

/// Serves everything until it is stopped.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: &Arc<AppState>,
    tls: Option<RustlsConfig>,
    stop: Stop,
    head_time_limit: Duration,
) -> io::Result<()> {
    let service =
        routes::router(Arc::clone(state)).into_make_service_with_connect_info::<SocketAddr>();
    let connections = Connections::new(&state.trusted_proxies);
    // An acknowledgement and the frame behind it are two small packets: the second must not wait
    // until the tablet's system has confirmed the first, which takes it 40 ms.
    match tls {
        Some(config) => {
            let server = axum_server::from_tcp_rustls(listener, config)?
                .map(|tls| tls.acceptor(CountingAcceptor::new(NoDelayAcceptor, connections)))
                .handle(stop);
            limited(server, head_time_limit).serve(service).await
        }
        None => {
            let server = axum_server::from_tcp(listener)?
                .acceptor(CountingAcceptor::new(NoDelayAcceptor, connections))
                .handle(stop);
            limited(server, head_time_limit).serve(service).await
        }
    }
}

/// Whoever sends the head of a request byte by byte, or without end, is hung up on: at the first
/// request of a connection and at every later one.
fn limited<A: Address, Acceptor>(
    mut server: Server<A, Acceptor>,
    head_time_limit: Duration,
) -> Server<A, Acceptor> {
    server
        .http_builder()
        .http1()
        .header_read_timeout(head_time_limit)
        .max_buf_size(HEAD_MAX_BYTES);
    server.first_request_timeout(head_time_limit)
}
