//! What `cargo xtask test` has built for the browser stories.

use std::env;
use std::path::PathBuf;

/// The programs that a story plays with.
pub struct Stage {
    /// The folder of the bundled web app.
    pub web: PathBuf,
    /// The `floorbook` program.
    pub server: PathBuf,
}

impl Stage {
    /// Finds the stage, or says that the story is skipped: a plain `cargo test` has not built the
    /// web app. `cargo xtask test --only browser` has.
    #[allow(
        clippy::print_stderr,
        reason = "a skipped test says that it was skipped"
    )]
    pub fn find(story: &str) -> Option<Self> {
        let path = |name: &str| env::var_os(name).map(PathBuf::from);
        match (path("FLOORBOOK_WEB"), path("FLOORBOOK_SERVER")) {
            (Some(web), Some(server)) => Some(Self { web, server }),
            (None, _) | (_, None) => {
                eprintln!("skipped `{story}`: run `cargo xtask test --only browser`");
                None
            }
        }
    }
}
