//! The program of the page: what a person sees and touches.

#[cfg(target_arch = "wasm32")]
fn main() {
    floorbook_client::screen::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
