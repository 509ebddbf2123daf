//! What can be ordered: pin, unpin, drain, stay. The guard has let the request in before any of this runs.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    model::{InfoHash, Instant},
    node::{Order, view::Drain},
};

use super::{Question, ask::ask, collections::part, problem::Problem, rfc3339::parse_rfc3339, server::Shared};

/// The most bytes of a request's body: an order is one line.
pub(super) const BODY_BYTES_MAX: usize = 4096;

/// The part of the path that names a torrent, or why it cannot be read.
type Part = Result<Path<String>, PathRejection>;

/// What came of an order.
#[derive(Debug, Serialize)]
pub(super) struct OrderedForm {
    /// In a sentence.
    pub(super) message: String,
}

/// The body of `POST /api/v1/drain`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DrainForm {
    /// When the beacon comes back by itself, as RFC 3339 writes it.
    until: Option<String>,
}

/// `POST /api/v1/torrents/{info_hash}/pin`.
pub(super) async fn pin(state: State<Arc<Shared>>, info_hash: Part) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    order(state, Order::Pin(info_hash)).await
}

/// `DELETE /api/v1/torrents/{info_hash}/pin`.
pub(super) async fn unpin(state: State<Arc<Shared>>, info_hash: Part) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    order(state, Order::Unpin(info_hash)).await
}

/// `POST /api/v1/drain`, with `{"until": "2027-01-31T00:00:00Z"}` or nothing as its body.
pub(super) async fn drain(
    state: State<Arc<Shared>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<OrderedForm>, Problem> {
    let body = body.map_err(|_too_large_or_cut_off| Problem::BodyTooLarge(BODY_BYTES_MAX))?;
    order(state, Order::Drain(Drain { until: until(&body)? })).await
}

/// `DELETE /api/v1/drain`.
pub(super) async fn stay(state: State<Arc<Shared>>) -> Result<Json<OrderedForm>, Problem> {
    order(state, Order::Stay).await
}

async fn order(State(shared): State<Arc<Shared>>, order: Order) -> Result<Json<OrderedForm>, Problem> {
    let message = ask(&shared.questions, |reply| Question::Order { order, reply }).await??;
    Ok(Json(OrderedForm { message }))
}

fn until(body: &[u8]) -> Result<Option<Instant>, Problem> {
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let form: DrainForm = serde_json::from_slice(body).map_err(|error| Problem::BadBody(error.to_string()))?;
    let instant = |text: String| parse_rfc3339(&text).ok_or(Problem::BadTime(text));
    form.until.map(instant).transpose()
}
