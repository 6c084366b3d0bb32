//! Errors of routes, by constructor; each becomes an `ApiError` with a stable code.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floorbook_shared::api::ApiError;

use crate::access::accounts::AccountError;
use crate::database::{DatabaseError, Refusal};

/// What a route answers when it can't do what was asked.
#[derive(Debug)]
pub struct HttpError {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_seconds: Option<u32>,
}

/// The code of an error, beside the answer that carries it: for what looks at answers on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode(pub &'static str);

impl HttpError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Makes an error with a code of the caller's.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_seconds: None,
        }
    }

    fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_seconds = Some(seconds);
        self
    }
}

/// Code of [`signed_out`].
pub const SIGNED_OUT: &str = "signed_out";
/// Code of [`not_enrolled`].
pub const NOT_ENROLLED: &str = Refusal::NotEnrolled.code();
/// Code of [`not_allowed`].
pub const NOT_ALLOWED: &str = "not_allowed";

/// Nobody is signed in.
pub fn signed_out() -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, SIGNED_OUT, "sign in first")
}

/// The browser is not enrolled, or not any more.
pub fn not_enrolled() -> HttpError {
    Refusal::NotEnrolled.into()
}

/// The person may not do this.
pub fn not_allowed() -> HttpError {
    HttpError::new(
        StatusCode::FORBIDDEN,
        NOT_ALLOWED,
        "none of your roles allows this",
    )
}

/// There is no such thing.
pub fn not_found() -> HttpError {
    HttpError::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "there is nothing at this address",
    )
}

/// The route has other methods.
pub fn method_not_allowed() -> HttpError {
    let message = "this address does not take this method";
    HttpError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        message,
    )
}

/// The program has no web app.
pub fn no_web_app() -> HttpError {
    let message = "this Floorbook was built without its web app; start it with --web DIR";
    HttpError::new(StatusCode::NOT_FOUND, "no_web_app", message)
}

/// The body is not what the route takes.
pub fn malformed(message: impl Into<String>) -> HttpError {
    HttpError::new(StatusCode::BAD_REQUEST, "malformed", message)
}

/// The body is too large.
pub fn too_large() -> HttpError {
    let message = "the request is larger than this route takes";
    HttpError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

/// The request has no JSON body.
pub fn not_json() -> HttpError {
    let message = "the request must have Content-Type: application/json";
    HttpError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", message)
}

/// Another website sent the request.
pub fn foreign_origin() -> HttpError {
    let message = "the request came from another website";
    HttpError::new(StatusCode::FORBIDDEN, "foreign_origin", message)
}

/// The route took too long.
pub fn too_slow() -> HttpError {
    HttpError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "the server took too long; try again",
    )
    .retry_after(5)
}

/// A fault of ours: `what` goes to the log, not to the browser.
pub fn internal(what: &str) -> HttpError {
    tracing::error!(what, "internal error");
    let message = "the server failed; its log says why";
    HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
}

impl From<Refusal> for HttpError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::AlreadySetUp
            | Refusal::NameTaken
            | Refusal::StoreCodeTaken
            | Refusal::StoreNameTaken
            | Refusal::LastAdministrator
            | Refusal::HandoverRunning => StatusCode::CONFLICT,
            Refusal::NoSuchPerson | Refusal::NoSuchTablet | Refusal::NoSuchHandover => {
                StatusCode::NOT_FOUND
            }
            Refusal::NotEnrolled | Refusal::PasswordChanged => StatusCode::UNAUTHORIZED,
            Refusal::NoSuchStore
            | Refusal::NoPost
            | Refusal::NoBook
            | Refusal::OtherStore
            | Refusal::NotTheirCustomer => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::CodeInvalid => StatusCode::FORBIDDEN,
        };
        Self::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<DatabaseError> for HttpError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Refused(refusal) => refusal.into(),
            DatabaseError::Full(_) => {
                tracing::error!(%error, "the disk is full");
                let message = "the server's disk is full; nothing was changed";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", message)
            }
            DatabaseError::InUse(_)
            | DatabaseError::Newer { .. }
            | DatabaseError::Older { .. }
            | DatabaseError::Storage(_)
            | DatabaseError::Ledger(_)
            | DatabaseError::LedgerMismatch(_)
            | DatabaseError::Damaged { .. } => {
                tracing::error!(%error, "the database failed");
                let message = "the server can't read or write its data; its log says why";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_failed", message)
            }
        }
    }
}

impl From<AccountError> for HttpError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Database(error) => error.into(),
            AccountError::Invalid(invalid) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                invalid.code(),
                invalid.to_string(),
            ),
            AccountError::Rescue(problem) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                problem.code(),
                problem.to_string(),
            ),
            AccountError::WrongPassword => Self::new(
                StatusCode::UNAUTHORIZED,
                "wrong_password",
                error.to_string(),
            ),
            AccountError::TooManyTries { retry_seconds } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_tries",
                error.to_string(),
            )
            .retry_after(retry_seconds),
            AccountError::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string()).retry_after(5)
            }
            AccountError::Internal(what) => internal(&what),
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        tracing::debug!(status = self.status.as_u16(), code = self.code, "refused");
        let body = ApiError {
            code: self.code.to_owned(),
            message: self.message,
        };
        let mut response = (self.status, Json(body)).into_response();
        response.extensions_mut().insert(ErrorCode(self.code));
        if let Some(seconds) = self.retry_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
