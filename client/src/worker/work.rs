//! Notes which document is being worked on, where a trap does not reach it.

use floorbook_shared::id::DocumentId;
use js_sys::{Reflect, global};
use wasm_bindgen::JsValue;

/// Name of the note; the boot script reads it.
const NOTE: &str = "floorbookWorksOn";

/// Notes the document; none for what concerns none in particular.
pub(super) fn note(document: Option<DocumentId>) {
    let value = document.map_or(JsValue::NULL, |id| JsValue::from_str(&id.to_string()));
    if Reflect::set(&global(), &NOTE.into(), &value).is_err() {
        // A worker's global object takes properties.
    }
}
