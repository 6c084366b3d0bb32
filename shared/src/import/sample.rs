//! Files that the tests of the import read.

use encoding_rs::GBK;

/// Rows of the sample that cover its oddities.
pub(crate) const EXTRACT: &[u8] = include_bytes!("testdata/customers_extract.csv");

/// The whole sample: `customers.csv` in the folder that `FLOORBOOK_SAMPLE` names, or beside the
/// repository. Says so if there is none.
#[expect(
    clippy::print_stdout,
    reason = "a skipped test says that it was skipped"
)]
pub(crate) fn sample() -> Option<Vec<u8>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var("FLOORBOOK_SAMPLE").unwrap_or_else(|_| beside.to_owned());
    let read = std::fs::read(format!("{folder}/customers.csv"));
    if read.is_err() {
        println!("skipped: no sample data (set FLOORBOOK_SAMPLE to the folder of customers.csv)");
    }
    read.ok()
}

/// The copy that an older system would write: GBK, with `?` for what GBK lacks.
pub(crate) fn gbk_copy(utf8: &[u8], marks_per_rare: usize) -> Vec<u8> {
    let text = std::str::from_utf8(utf8)
        .unwrap()
        .trim_start_matches('\u{feff}');
    let mut copy = Vec::new();
    for character in text.chars() {
        let one = character.to_string();
        let (bytes, _, has_failed) = GBK.encode(&one);
        if has_failed {
            let marks = if u32::from(character) > 0xffff {
                marks_per_rare
            } else {
                1
            };
            copy.extend(std::iter::repeat_n(b'?', marks));
        } else {
            copy.extend_from_slice(&bytes);
        }
    }
    copy
}
