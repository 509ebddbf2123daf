//! The overview, the plan, and what supervisors probe.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::node::view::ClientState;

use super::{
    Question,
    ask::ask,
    form::{PlanForm, StatusForm, TrackerForm, client_state},
    problem::Problem,
    server::Shared,
};

/// `GET /api/v1/status`.
pub(super) async fn status(State(shared): State<Arc<Shared>>) -> Result<Json<StatusForm>, Problem> {
    let (view, figures) = tokio::join!(ask(&shared.questions, Question::Status), shared.host.figures());
    Ok(Json(StatusForm::new(view?, figures, &shared.version, TrackerForm::of(&shared.tracker))))
}

/// `GET /api/v1/plan`.
pub(super) async fn plan(State(shared): State<Arc<Shared>>) -> Result<Json<PlanForm>, Problem> {
    ask(&shared.questions, Question::Plan).await.map(|view| Json(view.into()))
}

/// `GET /healthz`: the beacon runs. It does not ask the loop, so that probing often costs nothing.
pub(super) async fn healthz(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Problem> {
    if shared.questions.is_closed() { Err(Problem::Stopping) } else { Ok(Json(json!({ "status": "ok" }))) }
}

/// `GET /readyz`: the beacon runs and its client answers, so it can do its work.
pub(super) async fn readyz(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Problem> {
    match ask(&shared.questions, Question::Status).await?.client.state {
        ClientState::Ready => Ok(Json(json!({ "status": "ready" }))),
        other => {
            let (word, problem) = client_state(other);
            Err(Problem::ClientNotReady(problem.unwrap_or_else(|| word.to_owned())))
        }
    }
}
