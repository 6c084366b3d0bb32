//! A server that only has the files of the web app, under the same security policy as the real
//! one: for stories about the app's shell.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use tokio::sync::oneshot;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    connect-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; \
    manifest-src 'self'";

/// A running server; it ends when it is dropped.
pub struct StaticFiles {
    address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl StaticFiles {
    /// Serves `folder` on a free port.
    #[track_caller]
    pub fn serve(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket for tokio");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let files = ServeDir::new(folder).fallback(ServeFile::new(folder.join("index.html")));
        let policy = HeaderValue::from_static(POLICY);
        let router =
            Router::new()
                .fallback_service(files)
                .layer(SetResponseHeaderLayer::overriding(
                    CONTENT_SECURITY_POLICY,
                    policy,
                ));
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || run(listener, router, stopped));
        Self {
            address,
            running: Some((stop, thread)),
        }
    }

    /// The address that a browser opens, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends the server with all its connections; nothing answers on its port afterwards.
    pub fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            // Sending fails only if the server has ended already.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl Drop for StaticFiles {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket for tokio");
        let serving = axum::serve(listener, router).into_future();
        // Not a graceful end, which would wait for the browser to close its connections.
        tokio::select! {
            ended = serving => ended.expect("the server runs until it is stopped"),
            _ = stopped => {}
        }
    });
}
