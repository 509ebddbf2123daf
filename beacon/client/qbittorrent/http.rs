//! One request to the Web API and its answer: no cookies to handle, no sessions, every size and time bounded.

use std::{error::Error as _, sync::Arc, time::Duration};

use reqwest::{
    Client, Method, Response, Url,
    header::{AUTHORIZATION, HeaderMap, LOCATION, WWW_AUTHENTICATE},
    multipart::{Form, Part},
    redirect::Policy,
    tls::Certificate,
};
use thiserror::Error;

use super::settings::{QbittorrentSettings, SettingsError};

/// A request: an endpoint such as `torrents/info`, and what goes with it.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) endpoint: &'static str,
    query: Vec<(&'static str, String)>,
    body: Body,
    answer_max: usize,
}

#[derive(Debug, Clone)]
enum Body {
    None,
    Form(Vec<(&'static str, String)>),
    Upload { fields: Vec<(&'static str, String)>, name: String, file: Arc<[u8]> },
}

/// An answer that arrived whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
    /// Whether HTTP's own kind of login is asked for, which qBittorrent never does.
    pub(super) challenged: bool,
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub(super) enum HttpError {
    /// No connection: the request did not reach anyone.
    #[error("{0}")]
    NotSent(String),
    /// The request may have been carried out.
    #[error("{0}")]
    NotAnswered(String),
    /// More than was asked for.
    #[error("the answer to `{endpoint}` is larger than {max} bytes")]
    TooLarge { endpoint: &'static str, max: usize },
}

/// The connections to one Web UI.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    base: Url,
}

/// Answers that are neither lists nor files are far smaller than this.
const ANSWER_MAX: usize = 8 << 20;
/// A list of torrents: about 1.5 kB each, so this is room for more than a hundred thousand.
pub(super) const LIST_MAX: usize = 256 << 20;
/// The Web UI drops idle connections after 7 s; ours are dropped before, so that none is used that is about to close.
const IDLE_MAX: Duration = Duration::from_secs(5);
/// Time to connect; a Web UI is near.
const CONNECT_MAX: Duration = Duration::from_secs(10);

impl Call {
    pub(super) fn get(endpoint: &'static str) -> Self {
        Self { endpoint, query: Vec::new(), body: Body::None, answer_max: ANSWER_MAX }
    }

    pub(super) fn post(endpoint: &'static str) -> Self {
        Self { body: Body::Form(Vec::new()), ..Self::get(endpoint) }
    }

    pub(super) fn upload(endpoint: &'static str, name: String, file: Arc<[u8]>) -> Self {
        Self { body: Body::Upload { fields: Vec::new(), name, file }, ..Self::get(endpoint) }
    }

    /// Adds a parameter, wherever this kind of request carries them.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let fields = match &mut self.body {
            Body::None => &mut self.query,
            Body::Form(fields) | Body::Upload { fields, .. } => fields,
        };
        fields.push((name, value.into()));
        self
    }

    /// Allows a larger answer.
    pub(super) fn answer_max(mut self, bytes: usize) -> Self {
        self.answer_max = bytes;
        self
    }
}

impl Answer {
    /// Whether the status is one of success; from 5.2 on an empty result is often a 204.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as a short text, for messages.
    pub(super) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(400)]);
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect()
    }
}

impl Http {
    pub(super) fn new(settings: &QbittorrentSettings) -> Result<Self, SettingsError> {
        let base = settings.base()?;
        // Fails only where the process has a provider already, which then is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(bearer) = settings.bearer()? {
            headers.insert(AUTHORIZATION, bearer);
        }

        let mut builder = Client::builder()
            .default_headers(headers)
            .cookie_store(true)
            .referer(false)
            // A redirect would carry the password to who knows where.
            .redirect(Policy::none())
            // The client is ours and near; a proxy for the web must not come between.
            .no_proxy()
            .http1_only()
            .connect_timeout(CONNECT_MAX.min(settings.timeout))
            .timeout(settings.timeout)
            .pool_idle_timeout(IDLE_MAX);
        if base.scheme() == "http" {
            // Without this the system's certificates are loaded, and where it has none nothing works at all.
            builder = builder.tls_certs_only(std::iter::empty::<Certificate>());
        }
        let client = builder.build().map_err(|error| SettingsError::Http(causes(&error)))?;
        Ok(Self { client, base })
    }

    /// The address as it is shown in messages.
    pub(super) fn shown(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    /// Sends a request and reads its answer to the end.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, HttpError> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}api/v2/{}", self.base.path(), call.endpoint));
        let method = if matches!(call.body, Body::None) { Method::GET } else { Method::POST };
        let mut request = self.client.request(method, url);
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        request = match &call.body {
            Body::None => request,
            Body::Form(fields) => request.form(fields),
            Body::Upload { fields, name, file } => request.multipart(form(fields, name, file)),
        };
        let response = request.send().await.map_err(|error| failure(&error))?;
        let status = response.status().as_u16();
        let location = response
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(200).collect());
        let challenged = response.headers().contains_key(WWW_AUTHENTICATE);
        let body = read(response, call).await?;
        Ok(Answer { status, location, challenged, body })
    }
}

fn form(fields: &[(&'static str, String)], name: &str, file: &Arc<[u8]>) -> Form {
    let fields = fields.iter().fold(Form::new(), |form, (name, value)| form.text(*name, value.clone()));
    fields.part("torrents", Part::bytes(file.to_vec()).file_name(name.to_owned()))
}

async fn read(mut response: Response, call: &Call) -> Result<Vec<u8>, HttpError> {
    let too_large = || HttpError::TooLarge { endpoint: call.endpoint, max: call.answer_max };
    let announced = response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced > call.answer_max {
        return Err(too_large());
    }

    let mut body = Vec::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > call.answer_max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failure(error: &reqwest::Error) -> HttpError {
    if error.is_connect() {
        HttpError::NotSent(causes(error))
    } else if error.is_timeout() {
        HttpError::NotAnswered("it did not answer in time".to_owned())
    } else {
        HttpError::NotAnswered(causes(error))
    }
}

/// The innermost cause, which is the one that says something ("connection refused"), and never the URL.
fn causes(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut text = None;
    while let Some(inner) = cause {
        text = Some(inner.to_string());
        cause = inner.source();
    }
    text.unwrap_or_else(|| "the connection failed".to_owned())
}
