//! A tablet that was emptied because somebody here wanted it: the store is told, at once or when
//! it next can be reached.

use floorbook_shared::id::DeviceId;
use floorbook_shared::secret::Secret;

use crate::screen::{http, platform};

/// Takes note that the store is to be told of this tablet.
pub fn note(device: DeviceId) {
    platform::keep(platform::RESET_KEY, &device.to_string());
}

/// Tells the store, if that is still owed, in the name of whose session it is.
pub async fn tell_if_owed(session: Option<&Secret>) {
    let kept = platform::kept(platform::RESET_KEY);
    if let Some(device) = kept.and_then(|kept| kept.parse().ok()) {
        tell(device, session).await;
    }
}

/// Tells the store that nothing is on this tablet any more. Without an answer it is told again
/// with the network, or when the page is opened next.
pub async fn tell(device: DeviceId, session: Option<&Secret>) {
    let is_settled = match http::tell_emptied(device, session).await {
        Ok(()) => true,
        // This browser is no tablet, or another one.
        Err(problem) => problem.code == "not_enrolled",
    };
    if is_settled {
        platform::keep(platform::RESET_KEY, "");
    }
}
