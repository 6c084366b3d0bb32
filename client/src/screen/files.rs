//! Files that a person picks, as the server wants them.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// A file that was read.
#[derive(Clone, PartialEq)]
pub struct ReadFile {
    /// Its name.
    pub name: String,
    /// Base64.
    pub content: String,
}

/// Reads a file as base64, by the browser's own means; gives the code of what is wrong.
pub async fn read(file: &File, most: usize) -> Result<ReadFile, &'static str> {
    #[expect(clippy::cast_precision_loss, reason = "limits of files are exact")]
    if file.size() > most as f64 {
        return Err("too_large");
    }
    let buffer = JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| "file_unreadable")?;
    let buffer: js_sys::ArrayBuffer = buffer.unchecked_into();
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    Ok(ReadFile {
        name: file.name(),
        content: base64(&bytes),
    })
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let first = three.first().copied().unwrap_or(0);
        let second = three.get(1).copied().unwrap_or(0);
        let third = three.get(2).copied().unwrap_or(0);
        let bits = u32::from_be_bytes([0, first, second, third]);
        for place in 0..4_usize {
            if place <= three.len() {
                let index = (bits >> (18 - 6 * place)) & 0x3f;
                written.push(char::from(SIGNS[index as usize]));
            } else {
                written.push('=');
            }
        }
    }
    written
}
