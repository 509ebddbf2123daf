//! The overview, the plan, and what supervisors probe.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::node::view::{ClientState, Page};

use super::{
    Question,
    ask::ask,
    asked::{Known, LIMIT_MAX, Pairs},
    etag::tagged_json,
    form::{PlanForm, StatusForm, TrackerForm, client_state},
    problem::Problem,
    server::Shared,
};

const OF_PLAN: Known = Known { names: "offset and limit", limit_max: LIMIT_MAX, limit_default: LIMIT_MAX };

/// That all is well.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProbeForm {
    /// `ok` or `ready`.
    #[schema(pattern = "^(ok|ready)$")]
    status: &'static str,
}

/// The overview
#[utoipa::path(get, path = "/api/v1/status", responses((status = 200, body = StatusForm), (status = 304)))]
pub(super) async fn status(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let (view, figures) = tokio::join!(ask(&shared.questions, Question::Status), shared.host.figures());
    let form =
        StatusForm::new(view?, figures, &shared.version, shared.options.read_only, TrackerForm::of(&shared.tracker));
    tagged_json(&headers, &form)
}

/// What the beacon would do or is about to do
#[utoipa::path(
    get, path = "/api/v1/plan",
    params(
        ("offset" = Option<usize>, Query, maximum = 4_294_967_295_u64),
        ("limit" = Option<usize>, Query, maximum = 1000, description = "At most 1000, as where it is not said."),
    ),
    responses((status = 200, body = PlanForm)),
)]
pub(super) async fn plan(State(shared): State<Arc<Shared>>, query: Pairs) -> Result<Json<PlanForm>, Problem> {
    let Page { offset, limit, .. } = OF_PLAN.read(query)?.page;
    let view = ask(&shared.questions, |reply| Question::Plan { offset, limit, reply }).await?;
    Ok(Json(view.into()))
}

/// Whether the beacon runs
///
/// It is not asked itself, so that probing often costs nothing.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = ProbeForm)))]
pub(super) async fn healthz(State(shared): State<Arc<Shared>>) -> Result<Json<ProbeForm>, Problem> {
    if shared.questions.is_closed() { Err(Problem::Stopping) } else { Ok(Json(ProbeForm { status: "ok" })) }
}

/// Whether the beacon can do its work: it runs, and its client answers
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = ProbeForm)))]
pub(super) async fn readyz(State(shared): State<Arc<Shared>>) -> Result<Json<ProbeForm>, Problem> {
    match ask(&shared.questions, Question::Status).await?.client.state {
        ClientState::Ready => Ok(Json(ProbeForm { status: "ready" })),
        other => {
            let (word, problem) = client_state(other);
            Err(Problem::ClientNotReady(problem.unwrap_or_else(|| word.to_owned())))
        }
    }
}
