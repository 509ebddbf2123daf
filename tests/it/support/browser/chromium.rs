//! The processes of one browser: chromedriver, and the Chromium that it starts.

use std::{
    net::Ipv4Addr,
    process::{Command, Stdio},
    str::FromStr,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, error::CmdError, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::{
    runtime::{self, Runtime},
    time::timeout,
};

use crate::support::{address::free_port, http::request, process::Process, wait::until};

const START_TIME_MAX: Duration = Duration::from_secs(20);
const END_TIME_MAX: Duration = Duration::from_secs(5);

/// What Chromium is started with beside a profile of its own. It asks nobody outside for anything, runs as root too, as
/// in containers, and tells scripts the roles and names that a screen reader would be told.
const ARGUMENTS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--no-proxy-server",
    "--force-color-profile=srgb",
    "--window-size=1280,900",
    "--enable-blink-features=ComputedAccessibilityInfo",
];

/// One Chromium with its driver. All of it ends when dropped.
pub(super) struct Chromium {
    runtime: Runtime,
    pub(super) client: Client,
    pub(super) pid: Option<u64>,
    _driver: Process,
    _dir: TempDir,
}

impl Chromium {
    /// Starts both, with more arguments for Chromium.
    pub(super) fn start(more: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let address = free_port(Ipv4Addr::LOCALHOST);
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={}", address.port())).env("HOME", dir.path()).current_dir(dir.path());
        let driver = Process::start("chromedriver", &mut command, dir.path().join("driver.log"));
        until("chromedriver is ready", START_TIME_MAX, || {
            let answer = request(address, "GET", "/status", &[], b"").map_err(|error| error.to_string())?;
            if answer.text().contains(r#""ready":true"#) { Ok(()) } else { Err(answer.text()) }
        });
        let profile = format!("--user-data-dir={}", dir.path().join("profile").display());
        let arguments: Vec<&str> =
            ARGUMENTS.into_iter().chain(more.iter().copied()).chain([profile.as_str()]).collect();
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { panic!("no object") };
        let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(connect(&format!("http://{address}/"), capabilities));
        let pid = client.capabilities().and_then(|told| told.get("goog:processID")).and_then(Value::as_u64);
        Self { runtime, client, pid, _driver: driver, _dir: dir }
    }

    /// Waits for what was asked of the driver.
    pub(super) fn wait<T>(&self, answer: impl Future<Output = Result<T, CmdError>>) -> Result<T, String> {
        self.runtime.block_on(answer).map_err(|error| error.to_string())
    }

    /// A command that only Chromium's driver has.
    pub(super) fn command(&self, path: &'static str, body: &Value) -> Result<Value, String> {
        self.wait(self.client.issue_cmd(OwnCommand { path, body: body.to_string() }))
    }
}

async fn connect(driver: &str, capabilities: Map<String, Value>) -> Client {
    let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(driver).await;
    client.unwrap_or_else(|error| panic!("Chromium does not start: {error}; `tests/run` installs it"))
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let closed = self.runtime.block_on(async { timeout(END_TIME_MAX, self.client.clone().close()).await });
        // A Chromium that does not answer would outlive its driver.
        if let (Ok(Err(_)) | Err(_), Some(pid)) = (closed, self.pid) {
            drop(Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status());
        }
    }
}

#[derive(Debug)]
struct OwnCommand {
    path: &'static str,
    body: String,
}

impl WebDriverCompatibleCommand for OwnCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _request: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.clone()))
    }
}
