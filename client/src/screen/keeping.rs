//! Whether the browser keeps this tablet's data when space is short, and how much space there is.

use floorbook_shared::device::message::Request;
use floorbook_shared::sync::message::StorageFacts;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{StorageEstimate, StorageManager};
use yew::prelude::*;

use crate::screen::state::{Action, App};
use crate::screen::worker_link::Link;

/// What the browser says about keeping the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// It has not answered, or can't be asked.
    #[default]
    Unknown,
    /// Only a person can delete the data.
    Granted,
    /// The browser may delete the data of sites that were not used for long when space is short.
    NotGranted,
}

impl Keeping {
    /// Code of the sentence about it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Granted => "granted",
            Self::NotGranted => "not-granted",
        }
    }
}

/// Space for this site's data, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Space {
    /// What is used.
    pub used: f64,
    /// What there is in all.
    pub all: f64,
}

/// Asks at each start whether the data are kept, and asks for it once someone is signed in: only
/// then is there something to lose, and browsers say yes more easily.
#[hook]
pub fn use_keeping(app: &App, link: &Link) {
    let dispatcher = app.dispatcher();
    let link = link.clone();
    use_effect_with(app.identity.is_some(), move |is_signed_in| {
        let is_signed_in = *is_signed_in;
        spawn_local(async move {
            let keeping = ask(is_signed_in).await;
            dispatcher.dispatch(Action::Keeping(keeping));
            if let Some(space) = estimate().await {
                link.ask(Request::NoteStorage {
                    facts: facts(keeping, space),
                });
            }
        });
    });
}

/// As the tablet reports it to the store.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are whole and not negative"
)]
fn facts(keeping: Keeping, space: Space) -> StorageFacts {
    StorageFacts {
        is_persistent: keeping == Keeping::Granted,
        used_bytes: space.used as u64,
        quota_bytes: space.all as u64,
    }
}

/// Whether the data are kept; `is_wanted` asks for it too.
pub async fn ask(is_wanted: bool) -> Keeping {
    let Some(manager) = manager() else {
        return Keeping::Unknown;
    };
    let mut answer = answer(manager.persisted()).await;
    if answer == Keeping::NotGranted && is_wanted {
        answer = self::answer(manager.persist()).await;
    }
    answer
}

async fn answer(asked: Result<js_sys::Promise, wasm_bindgen::JsValue>) -> Keeping {
    let Ok(promise) = asked else {
        return Keeping::Unknown;
    };
    match JsFuture::from(promise).await.map(|value| value.as_bool()) {
        Ok(Some(true)) => Keeping::Granted,
        Ok(Some(false)) => Keeping::NotGranted,
        Ok(None) | Err(_) => Keeping::Unknown,
    }
}

/// How much space there is, as the browser tells it while this is on the screen.
#[hook]
pub fn use_space() -> Option<Space> {
    let space = use_state(|| None);
    {
        let space = space.setter();
        use_effect_with((), move |()| {
            spawn_local(async move { space.set(estimate().await) });
        });
    }
    *space
}

async fn estimate() -> Option<Space> {
    let asked = manager()?.estimate().ok()?;
    let estimate: StorageEstimate = JsFuture::from(asked).await.ok()?.unchecked_into();
    Some(Space {
        used: estimate.get_usage()?,
        all: estimate.get_quota()?,
    })
}

fn manager() -> Option<StorageManager> {
    let navigator = web_sys::window()?.navigator();
    // Outside of a secure context there is none.
    let manager = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
    manager.dyn_into().ok()
}
