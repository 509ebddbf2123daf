//! A stand-in for a running beacon that gives canned answers, for what the other stand-in has no loop for.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
};

use super::test_env::{Ran, TestEnv};
use crate::web::ApiToken;

/// A running stand-in with a configuration that leads to it; it ends with the value.
pub(super) struct Canned {
    pub(super) env: TestEnv,
    address: String,
    answers: Arc<Answers>,
    runtime: Option<Runtime>,
}

#[derive(Default)]
struct Answers {
    token: String,
    /// By method and path without its query.
    bodies: BTreeMap<String, Value>,
    /// The streams of events that are given one after the other; each ends.
    streams: Mutex<Vec<&'static str>>,
    /// What has been asked, with query and body.
    asked: Mutex<Vec<String>>,
}

impl Canned {
    /// Answers `GET /api/v1` and the rest of a path, or another method where it stands before a path.
    pub(super) fn new(env: TestEnv, answers: &[(&str, Value)]) -> Self {
        Self::with_events(env, answers, &[])
    }

    /// The same, with streams of events.
    pub(super) fn with_events(env: TestEnv, answers: &[(&str, Value)], streams: &[&'static str]) -> Self {
        fs::create_dir_all(env.path("data")).expect("a directory");
        let token = ApiToken::load_or_create(&env.path("data")).expect("a token").reveal().to_owned();
        let key = |path: &str| match path.split_once(' ') {
            Some((method, path)) => format!("{method} /api/v1{path}"),
            None => format!("GET /api/v1{path}"),
        };
        let bodies = answers.iter().map(|(path, body)| (key(path), body.clone())).collect();
        let streams = Mutex::new(streams.iter().rev().copied().collect());
        let answers = Arc::new(Answers { token, bodies, streams, asked: Mutex::default() });
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        let app = Router::new().fallback(answer).with_state(Arc::clone(&answers));
        runtime.spawn(async move { axum::serve(listener, app).await });
        env.write("config.json", format!("{{ \"dashboard\": \"{address}\", \"data_dir\": \"data\" }}"));
        Self { env, address, answers, runtime: Some(runtime) }
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.env.run(args)
    }

    pub(super) fn shown(&self, args: &[&str]) -> String {
        self.run(args).shown().replace(&self.address, "DASHBOARD")
    }

    /// What has been asked since the last time.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.answers.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A stream that is still read is not waited for.
            runtime.shutdown_background();
        }
    }
}

async fn answer(State(answers): State<Arc<Answers>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let (method, path) = (&parts.method, parts.uri.path());
    let bears = format!("Bearer {}", answers.token);
    let is_owner = parts.headers.get(header::AUTHORIZATION).is_some_and(|sent| *sent == *bears);
    let owner = if is_owner { " (token)" } else { "" };
    let asked =
        format!("{method} {}{query}{owner} {}", path.trim_start_matches("/api/v1"), String::from_utf8_lossy(&body));
    answers.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked.trim_end().to_owned());
    if path == "/api/v1/events" {
        let stream = answers.streams.lock().unwrap_or_else(PoisonError::into_inner).pop();
        return match stream {
            Some(stream) => ([(header::CONTENT_TYPE, "text/event-stream")], Body::from(stream)).into_response(),
            None => (StatusCode::SERVICE_UNAVAILABLE, json!({ "title": "no more events" }).to_string()).into_response(),
        };
    }
    match answers.bodies.get(&format!("{method} {path}")) {
        Some(body) => body.to_string().into_response(),
        None => {
            (StatusCode::NOT_FOUND, json!({ "detail": format!("nothing is at {path}") }).to_string()).into_response()
        }
    }
}
