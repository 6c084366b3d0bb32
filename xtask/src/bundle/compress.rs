//! Compresses beforehand what the server sends most often.

use anyhow::Result;

/// The best and slowest level: it is paid once per release.
const QUALITY: i32 = 11;

/// Says whether a file is text or a program; pictures are compressed already.
pub fn compresses_well(path: &str) -> bool {
    let endings = [
        ".js",
        ".wasm",
        ".css",
        ".html",
        ".svg",
        ".webmanifest",
        ".json",
        ".ftl",
    ];
    endings.iter().any(|ending| path.ends_with(ending))
}

/// Compresses with brotli.
pub fn compress(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}
