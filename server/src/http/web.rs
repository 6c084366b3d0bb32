//! The web app: files from a folder (development) or from inside the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error;
use crate::state::AppState;

mod archive;

pub use archive::KEPT_VERSIONS;

/// Files with the hash of their content in their name, which never change.
const ASSETS: &str = "assets/";

/// The web app of this server.
#[derive(Debug, Default)]
pub struct WebApp {
    /// Folder of the app in development, instead of what is inside the program.
    directory: Option<PathBuf>,
    /// Folder with the assets of this version and the ones before.
    archive: Option<PathBuf>,
}

#[cfg(feature = "embed")]
#[derive(rust_embed::Embed)]
#[folder = "$FLOORBOOK_WEB_DIR"]
struct Embedded;

impl WebApp {
    /// The app in `directory`, or else the one inside the program.
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self {
            directory,
            archive: None,
        }
    }

    /// Copies the assets of this version into the data folder, so that tablets that still run the
    /// version before find its files after an update, and forgets versions that are too old.
    pub fn keep_versions(&mut self, data: &Path) -> std::io::Result<()> {
        let folder = data.join("web");
        let mut assets = Vec::new();
        for name in self.asset_names()? {
            if let Some(content) = self.read_own(&format!("{ASSETS}{name}")) {
                assets.push((name, content));
            }
        }
        archive::keep(&folder, assets)?;
        self.archive = Some(folder.join("assets"));
        Ok(())
    }

    fn asset_names(&self) -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        if let Some(directory) = &self.directory {
            let entries = match std::fs::read_dir(directory.join("assets")) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
                Err(error) => return Err(error),
            };
            for entry in entries {
                let name = entry?.file_name().to_string_lossy().into_owned();
                names.extend(is_plain(&name).then_some(name));
            }
        } else {
            #[cfg(feature = "embed")]
            names.extend(
                Embedded::iter()
                    .filter_map(|path| path.strip_prefix(ASSETS).map(str::to_owned))
                    .filter(|name| is_plain(name)),
            );
        }
        names.sort();
        Ok(names)
    }

    /// Reads a file of this version.
    fn read_own(&self, path: &str) -> Option<Vec<u8>> {
        match &self.directory {
            Some(directory) => std::fs::read(directory.join(path)).ok(),
            None => {
                #[cfg(feature = "embed")]
                return Embedded::get(path).map(|file| file.data.into_owned());
                #[cfg(not(feature = "embed"))]
                None
            }
        }
    }

    /// Reads a file of this version or an asset of an earlier one.
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.read_own(path).or_else(|| {
            let name = path.strip_prefix(ASSETS)?;
            std::fs::read(self.archive.as_ref()?.join(name)).ok()
        })
    }

    /// The file, and whether it is its brotli twin.
    fn find(&self, path: &str, takes_brotli: bool) -> Option<(Vec<u8>, bool)> {
        if takes_brotli && let Some(content) = self.read(&format!("{path}.br")) {
            return Some((content, true));
        }
        self.read(path).map(|content| (content, false))
    }
}

/// Serves the web app: a file, or the app's page for the routes that live in the browser.
pub async fn serve(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let first = path.split('/').next().unwrap_or_default();
    if matches!(first, "api" | "sync" | "healthz") {
        return error::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return error::method_not_allowed().into_response();
    }
    let Some(path) = file_of(&path) else {
        return error::not_found().into_response();
    };
    let takes_brotli = takes_brotli(request.headers());
    let found = {
        let (state, path) = (Arc::clone(&state), path.clone());
        tokio::task::spawn_blocking(move || state.web.find(&path, takes_brotli)).await
    };
    match found {
        Ok(Some((content, is_brotli))) => file(&path, content, is_brotli, request.headers()),
        Ok(None) if path == "index.html" => error::no_web_app().into_response(),
        Ok(None) => error::not_found().into_response(),
        Err(error) => error::internal(&error.to_string()).into_response(),
    }
}

/// Which file a path means; none for anything but plain names, which rules tricks out.
fn file_of(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("index.html".to_owned());
    }
    if !path.trim_end_matches('/').split('/').all(is_plain) {
        return None;
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    // A path without an extension is a route of the app in the browser.
    if last.contains('.') {
        Some(path.to_owned())
    } else {
        Some("index.html".to_owned())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("br") && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0"))
        })
}

fn file(path: &str, content: Vec<u8>, is_brotli: bool, request: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", &blake3::hash(&content).to_hex()[..32]);
    let is_known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value
                .split(',')
                .any(|known| known.trim().trim_start_matches("W/") == tag)
        });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(content));
        let kind = HeaderValue::from_static(content_type(path));
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if is_brotli {
            let brotli = HeaderValue::from_static("br");
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, brotli);
        }
        response
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let cache = if path.starts_with(ASSETS) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "ftl" | "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_name_files() {
        for (path, expected) in [
            ("", Some("index.html")),
            ("sw.js", Some("sw.js")),
            ("assets/app-1.wasm", Some("assets/app-1.wasm")),
            ("customers/0190-ab", Some("index.html")),
            ("customers/", Some("index.html")),
            ("../secret.txt", None),
            ("assets/../../secret.txt", None),
            ("assets/%2e%2e/secret.txt", None),
            ("assets//etc/passwd", None),
            (".git/config", None),
            ("a\\b.txt", None),
        ] {
            assert_eq!(file_of(path).as_deref(), expected, "{path}");
        }
    }
}
