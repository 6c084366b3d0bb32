//! The bytes of a file as text.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::api::IMPORT_MAX_BYTES;
use crate::import::problem::FileError;

/// One unreadable place per this many characters is the most that still counts as text.
const CHARS_PER_DAMAGE: usize = 50;
/// Beginnings of files that people mistake for CSV.
const MAGIC: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "a workbook (xlsx) or another zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
];
/// Beginnings of text files that are no CSV, in lower case.
const MARKUP: [(&str, &str); 5] = [
    ("<!doctype", "a web page"),
    ("<html", "a web page"),
    ("<table", "a web page"),
    ("<?xml", "an XML file"),
    ("{\\rtf", "a text document (rtf)"),
];

/// The encoding that a file was read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte order mark, as spreadsheets write it.
    Utf8WithMark,
    /// UTF-16 with a byte order mark ("Unicode text").
    Utf16,
    /// GB18030, which includes GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// The name of the encoding, for the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8WithMark => "UTF-8 (BOM)",
            Self::Utf16 => "UTF-16",
            Self::Gb18030 => "GB18030/GBK",
        }
    }
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, lines ending with `\n`; U+FFFD where bytes were unreadable.
    pub text: String,
    /// What it was read in.
    pub encoding: Encoding,
}

/// Reads bytes as text: UTF-8, else UTF-16 with its mark, else GB18030.
///
/// A few unreadable bytes are marked in the text, so that they cost their row and not the file.
pub fn decode(bytes: &[u8]) -> Result<Decoded, FileError> {
    if bytes.is_empty() {
        return Err(FileError::Empty);
    }
    if bytes.len() > IMPORT_MAX_BYTES {
        return Err(FileError::TooLarge {
            bytes: bytes.len(),
            max: IMPORT_MAX_BYTES,
        });
    }
    for (magic, format) in MAGIC {
        if bytes.starts_with(magic) {
            return Err(FileError::NotText { format });
        }
    }
    let (text, encoding) = read(bytes)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(FileError::Empty);
    }
    let start: String = text.trim_start().chars().take(16).collect();
    let start = start.to_ascii_lowercase();
    for (markup, format) in MARKUP {
        if start.starts_with(markup) {
            return Err(FileError::NotText { format });
        }
    }
    let is_control =
        |character: &char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
    let strange = text.chars().filter(is_control).count() + damages(text);
    if text.contains('\0') || strange * CHARS_PER_DAMAGE > text.chars().count() {
        return Err(FileError::NotText {
            format: "binary data",
        });
    }
    Ok(Decoded {
        text: unify_line_ends(text),
        encoding,
    })
}

/// Chooses the encoding and reads.
fn read(bytes: &[u8]) -> Result<(String, Encoding), FileError> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Ok((lossy(rest), Encoding::Utf8WithMark));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        let (text, _) = UTF_16LE.decode_without_bom_handling(rest);
        return Ok((text.into_owned(), Encoding::Utf16));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        let (text, _) = UTF_16BE.decode_without_bom_handling(rest);
        return Ok((text.into_owned(), Encoding::Utf16));
    }
    if bytes.contains(&0) {
        return Err(FileError::NotText {
            format: "binary data",
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Encoding::Utf8));
    }
    // Chinese text in one encoding is hardly ever valid in the other, so the reading with fewer
    // unreadable places is the right one: a UTF-8 file with one torn character stays UTF-8.
    let as_utf8 = lossy(bytes);
    let (as_gb, _) = GB18030.decode_without_bom_handling(bytes);
    let is_mostly_utf8 = {
        let chars = as_utf8.chars().filter(|c| !c.is_ascii()).count();
        damages(&as_utf8) * CHARS_PER_DAMAGE < chars
    };
    if is_mostly_utf8 || damages(&as_utf8) < damages(&as_gb) {
        Ok((as_utf8, Encoding::Utf8))
    } else {
        Ok((as_gb.into_owned(), Encoding::Gb18030))
    }
}

/// Reads UTF-8 with U+FFFD for what is none.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Number of unreadable places.
fn damages(text: &str) -> usize {
    text.matches(char::REPLACEMENT_CHARACTER).count()
}

/// Ends every line with `\n`, also where a line ends with `\r\n` or (old programs) `\r` alone.
fn unify_line_ends(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    if text.contains('\n') {
        text
    } else {
        text.replace('\r', "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        decode(bytes).unwrap_err().code()
    }

    #[test]
    fn every_usual_encoding_gives_the_same_text() {
        let text = "姓名,电话\r\n李女士,138\r\n";
        let expected = "姓名,电话\n李女士,138\n";
        let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let with_mark = format!("\u{feff}{text}");
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (with_mark.into_bytes(), Encoding::Utf8WithMark),
            (GB18030.encode(text).0.into_owned(), Encoding::Gb18030),
            (utf16, Encoding::Utf16),
        ] {
            let decoded = decode(&bytes).unwrap();
            assert_eq!(decoded.text, expected, "{encoding:?}");
            assert_eq!(decoded.encoding, encoding);
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(code(b""), "file_empty");
        assert_eq!(code(b"\xef\xbb\xbf \n"), "file_empty");
        assert_eq!(code(b"PK\x03\x04abc"), "file_not_text");
        assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1"), "file_not_text");
        assert_eq!(code(b"name,phone\0\0"), "file_not_text");
        assert_eq!(code(b" <HTML><table>"), "file_not_text");
        assert_eq!(code(&[0x01, 0x02, 0x03, 0x80, 0xff]), "file_not_text");
        assert_eq!(code(&vec![b'a'; IMPORT_MAX_BYTES + 1]), "file_too_large");
    }

    #[test]
    fn one_torn_character_does_not_turn_utf8_into_gbk() {
        let mut bytes = "姓名,电话\n".repeat(30).into_bytes();
        bytes.pop();
        bytes.extend_from_slice(&"名".as_bytes()[..2]);
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.encoding, Encoding::Utf8);
        assert!(decoded.text.ends_with('\u{fffd}'));
    }
}
