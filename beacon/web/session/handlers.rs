//! `/api/v1/session`: asking whether one is logged in, logging in, logging out; and codes to log in with.

use std::sync::Arc;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    codes,
    sessions::{NotLetIn, Sessions},
};
use crate::web::{
    body::{Body, RequestForm},
    connections::RemoteAddress,
    guard::is_known,
    problem::Problem,
    server::Shared,
};

const HOW: &str = "open the link that `beacon page` prints on the beacon's machine, or enter what is in the file `api.token` of its data directory";
const HOW_NOT: &str = "this beacon is read-only here: it can be looked at, and nobody can log in to order anything";

/// Whether one is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct SessionForm {
    /// Whether the request may order something.
    logged_in: bool,
    /// Whether nobody can order anything here.
    read_only: bool,
    /// How to log in, in a sentence.
    login: &'static str,
}

/// What lets one in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::web) enum LoginForm {
    /// The token.
    Token(String),
    /// A code that is good once.
    Code(String),
}

/// That one is in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct LoggedInForm {
    /// Always true.
    logged_in: bool,
}

/// A code to log in with.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CodeForm {
    /// The code.
    code: String,
    /// How long it is good.
    expires_in_s: u64,
}

impl RequestForm for LoginForm {
    const EXAMPLE: &'static str = "{\"token\": \"beacon1-…\"} or {\"code\": \"…\"}";
}

/// Whether one is logged in
#[utoipa::path(get, path = "/api/v1/session", responses((status = 200, body = SessionForm)))]
pub(in crate::web) async fn show(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let sessions = &shared.sessions;
    let read_only = shared.options.read_only;
    let logged_in = !read_only && is_known(&headers, sessions);
    let form = SessionForm { logged_in, read_only, login: if read_only { HOW_NOT } else { HOW } };
    let renewed = sessions.renewed(&headers).filter(|_| logged_in);
    with_cookie(Json(form).into_response(), renewed)
}

/// Log in
#[utoipa::path(
    post, path = "/api/v1/session", request_body = LoginForm,
    responses((status = 200, body = LoggedInForm), (status = 401), (status = 429, description = "There were too many wrong ones."))
)]
pub(in crate::web) async fn log_in(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(RemoteAddress(remote)): ConnectInfo<RemoteAddress>,
    Body(form): Body<LoginForm>,
) -> Result<Response, Problem> {
    let is_right = |sessions: &Sessions| match &form {
        LoginForm::Token(token) => sessions.is_token(token.trim()),
        LoginForm::Code(code) => sessions.take_code(code.trim()),
    };
    let cookie = shared.sessions.let_in(remote.ip(), is_right).map_err(|refusal| match refusal {
        NotLetIn::Wrong => Problem::NotLetIn,
        NotLetIn::Wait(wait) => Problem::TooManyAttempts(wait.as_secs() + 1),
    })?;
    Ok(with_cookie(Json(LoggedInForm { logged_in: true }).into_response(), Some(cookie)))
}

/// Log out
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204)))]
pub(in crate::web) async fn log_out(State(shared): State<Arc<Shared>>) -> Response {
    with_cookie(StatusCode::NO_CONTENT.into_response(), Some(shared.sessions.log_out()))
}

/// Make a code with which a browser logs in once
#[utoipa::path(post, path = "/api/v1/session/codes", responses((status = 200, body = CodeForm)))]
pub(in crate::web) async fn new_code(State(shared): State<Arc<Shared>>) -> Result<Json<CodeForm>, Problem> {
    let code = shared.sessions.new_code().ok_or(Problem::Busy)?;
    Ok(Json(CodeForm { code, expires_in_s: codes::LIFE.as_secs() }))
}

fn with_cookie(response: Response, cookie: Option<String>) -> Response {
    let value = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok());
    (AppendHeaders(value.map(|value| (header::SET_COOKIE, value))), response).into_response()
}
