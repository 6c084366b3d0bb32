//! The web app: types, cache rules, versions, and paths that lead nowhere.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use floorbook_server::http::web::WebApp;
use floorbook_tests::api::*;

/// A web app in a folder, beside a file that nobody may read.
pub(super) fn web_app() -> (tempfile::TempDir, TestApp) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, content: &str| {
        let file = folder.path().join(path);
        let parent = file.parent().expect("a parent");
        std::fs::create_dir_all(parent).expect("a folder");
        std::fs::write(file, content).expect("a file");
    };
    write("secret.txt", "secret");
    write("web/index.html", "<!doctype html>");
    write("web/sw.js", "// worker");
    write("web/.hidden", "hidden");
    write("web/assets/app-1.wasm", "plain");
    write("web/assets/app-1.wasm.br", "squeezed");
    write("web/texts/zh.ftl", "hello = 你好");
    let mut web = WebApp::new(Some(folder.path().join("web")));
    web.keep_versions(&folder.path().join("data"))
        .expect("kept");
    (folder, TestApp::with_web(web))
}

#[tokio::test]
async fn the_web_app_is_served_with_types_and_cache_rules() {
    let (_folder, app) = web_app();
    let mut browser = app.browser();
    for (path, kind, cache) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/customers/0190", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        (
            "/assets/app-1.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        ("/texts/zh.ftl", "text/plain; charset=utf-8", "no-cache"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("cache-control"), cache, "{path}");
    }
    let brotli = [("accept-encoding", "gzip, br")];
    let answer = browser
        .send(Method::GET, "/assets/app-1.wasm", &brotli, Body::empty())
        .await;
    assert_eq!(
        (answer.text().as_str(), answer.header("content-encoding")),
        ("squeezed", "br")
    );
    assert_eq!(answer.header("content-type"), "application/wasm");
    let tag = browser.get("/").await.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    let answer = browser.send(Method::GET, "/", &known, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    for path in ["/sync/x", "/api", "/missing.js", "/assets/missing.js"] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn assets_of_the_version_before_stay_available() {
    let (folder, _) = web_app();
    let assets = folder.path().join("web/assets");
    std::fs::remove_file(assets.join("app-1.wasm")).unwrap();
    std::fs::remove_file(assets.join("app-1.wasm.br")).unwrap();
    std::fs::write(assets.join("app-2.wasm"), "new").unwrap();
    let mut web = WebApp::new(Some(folder.path().join("web")));
    web.keep_versions(&folder.path().join("data")).unwrap();
    let app = TestApp::with_web(web);
    assert_eq!(
        app.browser().get("/assets/app-1.wasm").await.text(),
        "plain"
    );
    assert_eq!(app.browser().get("/assets/app-2.wasm").await.text(), "new");
}

#[tokio::test]
async fn path_tricks_lead_nowhere() {
    let (_folder, app) = web_app();
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt",
        "//etc/passwd.txt",
        "/.hidden",
        "/assets/.%00./x.js",
        "/etc/passwd%00.html",
    ] {
        let answer = app.browser().get(path).await;
        assert_ne!(answer.text(), "secret", "{path}");
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{path}: {}",
            answer.text()
        );
    }
}
