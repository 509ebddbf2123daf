//! Asking the running beacon through its API.

use std::{
    error::Error,
    io::{self, IsTerminal as _},
    net::{IpAddr, SocketAddr},
    path::Path,
    time::Duration,
};

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::{CliError, Env, Options, slow::Slow};
use crate::{
    config::Settings,
    model::{ByteSize, readable},
    web::{ApiToken, TokenError},
};

/// How long an answer may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What is said beside whatever a beacon that only observes has planned.
pub(super) const DRY_RUN: &str = "this is a dry run: nothing is done until `beacon mode apply`";

/// The answer of the running beacon to `GET path`.
pub(super) fn ask(env: &Env, options: &Options, path: &str) -> Result<Value, CliError> {
    let mut answer = request(&options.settings(env)?, path, |client, url| client.get(url))?;
    if !options.json {
        make_readable(&mut answer);
    }
    Ok(answer)
}

/// The same with settings that were read already.
pub(super) fn ask_at(settings: &Settings, path: &str) -> Result<Value, CliError> {
    request(settings, path, |client, url| client.get(url))
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
    let mut answer = ordered(&settings, method, path, body)?;
    if options.json {
        return env.data(answer);
    }
    make_readable(&mut answer);
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
    let _slow = Slow::uncounted(io::stderr().is_terminal(), format!("waiting for the beacon at {dashboard}"));
    let read = runtime.block_on(async {
        // The page is on this machine; a proxy is for elsewhere.
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let response = build(&client, &url).send().await?;
        let status = response.status();
        Ok((status, response.bytes().await?))
    });
    let (status, bytes) = read.map_err(|error: reqwest::Error| unreachable(innermost(&error)))?;
    answer(&url, &settings.data_dir, status, &bytes)
}

/// What a beacon answered, or why it refused.
pub(super) fn answer(url: &str, data_dir: &Path, status: StatusCode, bytes: &[u8]) -> Result<Value, CliError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| CliError::Unreachable {
        url: url.to_owned(),
        reason: format!("what answers there is not a beacon: {error}"),
    })?;
    if status.is_success() {
        return Ok(value);
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let said = text("detail").or_else(|| text("title")).unwrap_or_else(|| status.to_string());
    if status == StatusCode::UNAUTHORIZED {
        let token = data_dir.join(ApiToken::FILE_NAME);
        return Err(CliError::OtherBeacon { url: url.to_owned(), token });
    }
    let way_out = text("way_out").map(|way_out| format!("; {way_out}")).unwrap_or_default();
    Err(CliError::Refused(readable(&format!("{said}{way_out}"))))
}

/// Makes all texts of an answer fit for a terminal: other beacons have chosen some of them. What is called `text` keeps its lines.
pub(super) fn make_readable(value: &mut Value) {
    match value {
        Value::String(text) => *text = readable(text),
        Value::Array(items) => items.iter_mut().for_each(make_readable),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "text" => {
                        *text = text.split('\n').map(readable).collect::<Vec<_>>().join("\n");
                    }
                    other => make_readable(other),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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
pub(super) fn innermost(error: &dyn Error) -> String {
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
