//! TLS by certificate files, read again when they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// How often the files are looked at.
const POLL: Duration = Duration::from_secs(60);

/// The two files of a server's certificate.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

impl TlsFiles {
    /// Reads both files.
    pub fn read(&self) -> Result<Arc<ServerConfig>> {
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| {
                format!("can't read the certificate {}", self.certificate.display())
            })?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .with_context(|| format!("can't read the private key {}", self.key.display()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("the certificate and the private key do not belong together")?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn modified(&self) -> [Option<SystemTime>; 2] {
        [modified(&self.certificate), modified(&self.key)]
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|meta| meta.modified())
        .ok()
}

/// Takes new certificates into use when the files change or the process gets SIGHUP. Files that
/// can't be read leave the old certificate in use.
pub async fn reload_forever(files: TlsFiles, config: RustlsConfig) {
    let mut known = files.modified();
    let mut hangup = Hangup::new();
    loop {
        let asked = tokio::select! {
            () = tokio::time::sleep(POLL) => false,
            () = hangup.next() => true,
        };
        let now = files.modified();
        if now == known && !asked {
            continue;
        }
        known = now;
        match files.read() {
            Ok(new) => {
                config.reload_from_config(new);
                tracing::info!("took the certificate files into use again");
            }
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "the new certificate files can't be used; the old certificate stays"
            ),
        }
    }
}

/// The signal SIGHUP, where there is one.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}
