//! Importing customers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use floorbook_shared::access::Action;
use floorbook_shared::api::ImportRequest;
use floorbook_shared::import::problem::FileError;
use floorbook_shared::import::{Creation, ImportReport};

use super::error::{self, HttpError};
use super::extract::{JsonBody, Session};
use crate::import::{ImportError, ImportOrder, import};
use crate::state::AppState;

/// `POST /api/import/customers`.
pub async fn customers(
    State(state): State<Arc<AppState>>,
    session: Session,
    JsonBody(request): JsonBody<ImportRequest>,
) -> Result<Json<ImportReport>, HttpError> {
    for creation in &request.create {
        session.require(match creation {
            Creation::Store { .. } => Action::ManageStores,
            Creation::Consultant { .. } => Action::ManagePeople,
        })?;
    }
    let content = STANDARD
        .decode(&request.content)
        .map_err(|_| error::malformed("the file is not base64"))?;
    let order = ImportOrder {
        content,
        create: request.create,
        apply: request.apply,
        owner: session.person,
        may_create: session.require(Action::ManagePeople).is_ok(),
        by: session.by(state.now()),
    };
    // A task of its own: a browser that goes away must not end an import halfway.
    let work = tokio::spawn(async move { import(&state, order, &|_| {}).await });
    let report = work.await.map_err(|_| error::internal("import task"))??;
    Ok(Json(report))
}

impl From<ImportError> for HttpError {
    fn from(error: ImportError) -> Self {
        let status = match error {
            ImportError::Account(error) => return error.into(),
            ImportError::File(FileError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            ImportError::File(_) | ImportError::InvalidCreation(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            ImportError::NotSetUp | ImportError::Busy => StatusCode::CONFLICT,
            ImportError::BrokeOff { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        let code = error.code().unwrap_or("internal");
        Self::new(status, code, error.to_string())
    }
}
