//! The program of the dedicated worker: documents, storage and the connection.

#[cfg(target_arch = "wasm32")]
fn main() {
    floorbook_client::worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
