//! Opens the storage to the conformance suite of the tests: the quick build alone has this, so that
//! what the suite proves about a browser is proved of the code that tablets run.

use floorbook_shared::device::storage::{Read, StorageError, Transaction};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;

use super::storage::Storage;

/// Reads as the engine would. Takes and answers JSON.
#[wasm_bindgen]
pub async fn suite_read(read: String) -> String {
    let result = async { open().await?.read(&parse::<Read>(&read)?).await };
    answer(&result.await)
}

/// Writes as the engine would. Takes and answers JSON.
#[wasm_bindgen]
pub async fn suite_write(transaction: String) -> String {
    let result = async {
        let transaction = parse::<Transaction>(&transaction)?;
        open().await?.write(&transaction).await
    };
    answer(&result.await)
}

/// Each time anew: reopening is part of what is proved.
async fn open() -> Result<Storage, StorageError> {
    Storage::open(|| {}).await
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(|error| StorageError {
        code: "suite".to_owned(),
        detail: error.to_string(),
    })
}

fn answer(result: &impl serde::Serialize) -> String {
    serde_json::to_string(result).unwrap_or_default()
}
