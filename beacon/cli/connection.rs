//! A connection to the running beacon for whoever asks more than once.

use std::{io, path::PathBuf, time::Duration};

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use super::{
    CliError,
    remote::{PATIENCE, answer, innermost, local},
};
use crate::{
    config::Settings,
    web::{ApiToken, TokenError},
};

/// A connection to the running beacon for whoever asks more than once.
#[derive(Debug)]
pub(super) struct Connection {
    client: Client,
    origin: String,
    data_dir: PathBuf,
}

/// How long the beacon may be silent within a stream: it gives a sign of life every 15 seconds.
pub(super) const SILENCE_MAX: Duration = Duration::from_secs(45);

impl Connection {
    /// To the beacon with these settings. Nothing is sent yet.
    pub(super) fn open(settings: &Settings) -> Result<Self, CliError> {
        let origin = format!("http://{}", local(settings.dashboard));
        let unreachable = |reason| CliError::Unreachable { url: origin.clone(), reason };
        if settings.dashboard.port() == 0 {
            return Err(unreachable("the configuration lets the system choose the port of `dashboard`".to_owned()));
        }
        // Fails only where the process has a provider already, which then is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The page is on this machine; a proxy is for elsewhere.
        let client = Client::builder().no_proxy().connect_timeout(PATIENCE).read_timeout(SILENCE_MAX).build();
        let client = client.map_err(|error| unreachable(innermost(&error)))?;
        Ok(Self { client, origin, data_dir: settings.data_dir.clone() })
    }

    /// Does something that asks, until it is done.
    pub(super) fn run<T>(&self, something: impl AsyncFnOnce(&Self) -> Result<T, CliError>) -> Result<T, CliError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| self.unreachable(error.to_string()))?;
        runtime.block_on(something(self))
    }

    /// The answer to `GET path`.
    pub(super) async fn get(&self, path: &str) -> Result<Value, CliError> {
        let response = self.send(self.client.get(self.url(path)).timeout(PATIENCE)).await?;
        self.answer(path, response).await
    }

    /// The answer to `GET path` where only who knows the token may ask.
    pub(super) async fn secret(&self, path: &str) -> Result<Value, CliError> {
        let token = match ApiToken::load(&self.data_dir) {
            Err(TokenError::Read { path, source }) if source.kind() == io::ErrorKind::NotFound => {
                return Err(CliError::NoToken(path));
            }
            token => token?,
        };
        let request = self.client.get(self.url(path)).bearer_auth(token.reveal()).timeout(PATIENCE);
        let response = self.send(request).await?;
        self.answer(path, response).await
    }

    /// Begins to follow what changes, after the event with this id where there is one.
    pub(super) async fn events(&self, last_id: Option<&str>) -> Result<Response, CliError> {
        let request = self.client.get(self.url("/api/v1/events")).header("accept", "text/event-stream");
        let response = self.send(match last_id {
            Some(id) => request.header("last-event-id", id),
            None => request,
        });
        let response = response.await?;
        if response.status().is_success() {
            return Ok(response);
        }
        self.answer("/api/v1/events", response)
            .await
            .and_then(|_| Err(self.unreachable("it does not say what changes".to_owned())))
    }

    /// That it does not answer, and why.
    pub(super) fn unreachable(&self, reason: String) -> CliError {
        CliError::Unreachable { url: self.origin.clone(), reason }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, CliError> {
        request.send().await.map_err(|error| self.unreachable(innermost(&error)))
    }

    async fn answer(&self, path: &str, response: Response) -> Result<Value, CliError> {
        let status = response.status();
        let bytes = response.bytes().await.map_err(|error| self.unreachable(innermost(&error)))?;
        answer(&self.url(path), &self.data_dir, status, &bytes)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}
