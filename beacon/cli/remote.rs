//! Asking the running beacon through its API.

use std::{
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::{CliError, Env, Options};
use crate::{
    config::Settings,
    model::ByteSize,
    web::{ApiToken, TokenError},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is said beside whatever a beacon that only observes has planned.
pub(super) const DRY_RUN: &str = "this is a dry run: nothing is done until the configuration says \"mode\": \"apply\" and the beacon is started again";

/// The answer of the running beacon to `GET path`.
pub(super) fn ask(env: &Env, options: &Options, path: &str) -> Result<Value, CliError> {
    request(&options.settings(env)?, path, |client, url| client.get(url))
}

/// Orders something from the running beacon, with the token from its data directory, and says what it answers.
pub(super) fn order(
    env: &mut Env,
    options: &Options,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let answer = ordered(&settings, method, path, body)?;
    if options.json {
        return env.data(answer);
    }
    env.data(text(&answer, "/message"))?;
    // Who orders something wants to see it done. The order itself was taken, whatever comes of asking.
    let status = request(&settings, "/api/v1/status", |client, url| client.get(url));
    if status.is_ok_and(|status| text(&status, "/beacon/mode") == "dry-run") {
        env.talk(DRY_RUN);
    }
    Ok(())
}

/// The answer to an order, which is sent with the token from the data directory.
pub(super) fn ordered(
    settings: &Settings,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, CliError> {
    let token = match ApiToken::load(&settings.data_dir) {
        Ok(token) => token,
        // Without one no beacon has ever run there, and none could answer.
        Err(TokenError::Read { path, source }) if source.kind() == io::ErrorKind::NotFound => {
            return Err(CliError::NoToken(path));
        }
        Err(error) => return Err(error.into()),
    };
    request(settings, path, |client, url| {
        let request = client.request(method, url).bearer_auth(token.reveal());
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    })
}

fn request(
    settings: &Settings,
    path: &str,
    build: impl FnOnce(&reqwest::Client, &str) -> RequestBuilder,
) -> Result<Value, CliError> {
    let dashboard = local(settings.dashboard);
    let url = format!("http://{dashboard}{path}");
    let unreachable = |reason: String| CliError::Unreachable { url: url.clone(), reason };
    if dashboard.port() == 0 {
        return Err(unreachable("the configuration lets the system choose the port of `dashboard`".to_owned()));
    }
    // Fails only where the process has a provider already, which then is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| unreachable(error.to_string()))?;
    let answer = runtime.block_on(async {
        // The page is on this machine; a proxy is for elsewhere.
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let response = build(&client, &url).send().await?;
        let status = response.status();
        Ok((status, response.bytes().await?))
    });
    let (status, bytes) = answer.map_err(|error: reqwest::Error| unreachable(innermost(&error)))?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| unreachable(format!("what answers there is not a beacon: {error}")))?;
    if status.is_success() {
        return Ok(value);
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let said = text("detail").or_else(|| text("title")).unwrap_or_else(|| status.to_string());
    if status == StatusCode::UNAUTHORIZED {
        let token = settings.data_dir.join(ApiToken::FILE_NAME);
        return Err(CliError::OtherBeacon { url, token });
    }
    let way_out = text("way_out").map(|way_out| format!("; {way_out}")).unwrap_or_default();
    Err(CliError::Refused(format!("{said}{way_out}")))
}

/// Where a page that is served on all addresses is reached from this machine.
pub(super) const fn local(dashboard: SocketAddr) -> SocketAddr {
    let ip = match dashboard.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, dashboard.port())
}

/// What is at the bottom of an error: people need "connection refused", not the layers above it.
fn innermost(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// A text of an answer; empty where there is none.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A number of an answer; 0 where there is none.
pub(super) fn number(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
}

/// A list of an answer; empty where there is none.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A size of an answer, as people read it.
pub(super) fn size(value: &Value, pointer: &str) -> String {
    let bytes = value.pointer(pointer).and_then(Value::as_u64);
    bytes.map_or_else(|| "unknown".to_owned(), |bytes| ByteSize::from_bytes(bytes).to_string())
}

/// A path with a query, encoded as it must be.
pub(super) fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params("http://localhost/", pairs);
    format!("{path}?{}", url.as_ref().ok().and_then(|url| url.query()).unwrap_or_default())
}

/// What people call a torrent of an answer: its name, or its info-hash where it has none.
pub(super) fn title(value: &Value) -> &str {
    match text(value, "/name") {
        "" => text(value, "/info_hash"),
        name => name,
    }
}
