//! What a page of the log says of one document.

use crate::id::DeviceId;
use crate::sync::message::FrameItem;

/// A document of a page. The same page serves every tablet that stands at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageItem {
    /// What is said of it.
    pub item: FrameItem,
    /// Which tablet made each of its chunks; empty for a whole document, which every tablet gets.
    pub makers: Vec<DeviceId>,
}

impl PageItem {
    /// What a tablet gets of it: what it made is there already. `None` if that is all.
    pub(super) fn without_own(self, device: DeviceId) -> Option<FrameItem> {
        let Self { mut item, makers } = self;
        if makers.is_empty() {
            return Some(item);
        }
        let mut makers = makers.into_iter();
        item.chunks.retain(|_| makers.next() != Some(device));
        (!item.chunks.is_empty()).then_some(item)
    }
}
