//! The body of a request, read as the form that it should have.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// What a request may have as its body.
pub(super) trait RequestForm: DeserializeOwned {
    /// What a good one looks like, for the way out of errors.
    const EXAMPLE: &'static str;

    /// The most bytes of it. An order is one line.
    const BYTES_MAX: usize = 4096;

    /// What a request without a body means, where it means something.
    fn of_nothing() -> Option<Self> {
        None
    }
}

/// A body in its form.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<S: Sync, T: RequestForm> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let too_large = |_too_large_or_cut_off| Problem::BodyTooLarge(T::BYTES_MAX);
        let bytes = to_bytes(body, T::BYTES_MAX).await.map_err(too_large)?;
        if bytes.trim_ascii().is_empty()
            && let Some(form) = T::of_nothing()
        {
            return Ok(Self(form));
        }
        check_type(&parts.headers)?;
        let bad = |error: serde_json::Error| Problem::BadBody { reason: error.to_string(), example: T::EXAMPLE };
        serde_json::from_slice(&bytes).map(Self).map_err(bad)
    }
}

/// Only JSON is read. Small programs say nothing of what they send, and that is JSON then, too.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::NotJson(text.to_owned()))
}
