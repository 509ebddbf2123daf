//! Posting a message to a URL.

use std::{error::Error as _, time::Duration};

use reqwest::{
    Client,
    header::{CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT},
    redirect::Policy,
};
use ring::hmac;

use super::{NotifyError, body::Body};
use crate::{config::Webhook, model::readable};

/// How long a receiver may take; chats answer at once.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an answer that are read, for the log.
const ANSWER_BYTES_MAX: usize = 300;
/// Where the signature stands.
const SIGNATURE: HeaderName = HeaderName::from_static("beacon-signature");

/// What posts. Nobody is followed to another address, since headers and body may be secret.
pub(super) fn client() -> Result<Client, NotifyError> {
    // Fails only where the process has a provider already, which then is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE).build();
    client.map_err(|error| NotifyError::NoSender(cause(&error)))
}

/// Posts it; what was answered.
pub(super) async fn post(client: &Client, webhook: &Webhook, body: &Body) -> Result<String, NotifyError> {
    let (bytes, kind) = body.encode(webhook.format);
    let mut request = client
        .post(webhook.url.reveal())
        .header(USER_AGENT, concat!("beacon/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, kind);
    if let Some(key) = &webhook.key {
        request = request.header(SIGNATURE, signature(key.reveal(), &bytes));
    }
    let mut request = request.body(bytes).build().map_err(|error| NotifyError::NoSender(cause(&error)))?;
    for (name, value) in &webhook.headers {
        // Both were read as headers when the configuration was.
        if let (Ok(name), Ok(mut value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value.reveal()))
        {
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
    }
    let unreachable = |error: reqwest::Error| NotifyError::Unreachable(cause(&error));
    let mut response = client.execute(request).await.map_err(unreachable)?;
    let status = response.status();
    let mut answer = Vec::new();
    while answer.len() < ANSWER_BYTES_MAX
        && let Ok(Some(chunk)) = response.chunk().await
    {
        answer.extend_from_slice(&chunk);
    }
    answer.truncate(ANSWER_BYTES_MAX);
    let said = readable(String::from_utf8_lossy(&answer).trim());
    match status.as_u16() {
        200..=299 => Ok(format!("it answers {}{}", status.as_u16(), behind_colon(&said))),
        code @ 300..=399 => Err(NotifyError::Redirects(code)),
        code => Err(NotifyError::Refused { status: code, said: behind_colon(&said) }),
    }
}

/// `sha256=` and the HMAC-SHA256 of the body in hexadecimal, as many receivers of webhooks know it.
pub(super) fn signature(key: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    format!("sha256={}", data_encoding::HEXLOWER.encode(hmac::sign(&key, body).as_ref()))
}

/// What was said, as the end of a sentence.
pub(super) fn behind_colon(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// What is at the bottom of an error, which does not have the URL in it.
fn cause(error: &reqwest::Error) -> String {
    let mut last = error.source();
    while let Some(deeper) = last.and_then(std::error::Error::source) {
        last = Some(deeper);
    }
    match last {
        _ if error.is_timeout() => format!("no answer within {} s", PATIENCE.as_secs()),
        Some(last) => last.to_string(),
        None => "the request cannot be made".to_owned(),
    }
}
