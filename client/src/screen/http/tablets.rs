//! Tablets.

use floorbook_shared::api::{
    EmptiedTablet, EnrolRequest, EnrolmentCode, Holdings, RenameTablet, RescueReport,
    RescueRequest, Tablet, TabletStanding,
};
use floorbook_shared::id::DeviceId;
use floorbook_shared::secret::Secret;

use gloo_net::http::Request;

use super::{Answer, deliver, get, patch_only, post, post_empty, post_only, signed};

/// Enrols this browser.
pub async fn enrol(code: Secret, name: String) -> Answer<TabletStanding> {
    post("/api/enrol", &EnrolRequest { code, name }).await
}

/// The tablets of the chain.
pub async fn tablets() -> Answer<Vec<Tablet>> {
    get("/api/tablets").await
}

/// Makes a one-time code that enrols a tablet.
pub async fn enrolment_code() -> Answer<EnrolmentCode> {
    post_empty("/api/tablets/code").await
}

/// Changes what a tablet is called.
pub async fn rename_tablet(tablet: DeviceId, name: String) -> Answer<()> {
    patch_only(&format!("/api/tablets/{tablet}"), &RenameTablet { name }).await
}

/// Gives a tablet up once what waits on it has arrived.
pub async fn retire_tablet(tablet: DeviceId) -> Answer<()> {
    post_only(&format!("/api/tablets/{tablet}/retire")).await
}

/// Has a tablet emptied at its next contact, whatever waits on it.
pub async fn declare_stolen(tablet: DeviceId) -> Answer<()> {
    post_only(&format!("/api/tablets/{tablet}/stolen")).await
}

/// What a tablet holds or held; the audit notes who asked.
pub async fn holdings(tablet: DeviceId) -> Answer<Holdings> {
    post_empty(&format!("/api/tablets/{tablet}/holdings")).await
}

/// Tells the store that nothing is on this tablet any more, in the name of whose session it is.
pub async fn tell_emptied(device: DeviceId, session: Option<&Secret>) -> Answer<()> {
    let request = signed(Request::post("/api/emptied"), session);
    deliver(request.json(&EmptiedTablet { device }))
        .await
        .map(|_| ())
}

/// Takes the work in that a tablet could not send: a file as base64.
pub async fn take_rescue_in(content: String) -> Answer<RescueReport> {
    post("/api/rescue", &RescueRequest { content }).await
}
