//! What can be ordered: pin, unpin, fetch once, act or only look, drain, stay. The guard has let the request in before any of this runs.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    model::InfoHash,
    node::{
        Order,
        view::{Drain, Mode},
    },
};

use super::{
    Question,
    ask::ask,
    body::{Body, RequestForm},
    collections::part,
    problem::Problem,
    rfc3339::parse_rfc3339_or_past,
    server::Shared,
    words::{InfoHashText, ModeWord, Time},
};

/// The part of the path that names a torrent, or why it cannot be read.
type Part = Result<Path<String>, PathRejection>;

/// What came of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderedForm {
    /// In a sentence.
    pub(super) message: String,
}

/// The body of `POST /api/v1/drain`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DrainOrderForm {
    /// When the beacon comes back by itself, as RFC 3339 writes it.
    #[schema(value_type = Option<Time>)]
    until: Option<String>,
}

/// The body of `POST /api/v1/mode`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModeOrderForm {
    #[schema(value_type = ModeWord)]
    mode: String,
}

impl RequestForm for ModeOrderForm {
    const EXAMPLE: &'static str = "JSON like {\"mode\": \"apply\"}";
}

impl RequestForm for DrainOrderForm {
    const EXAMPLE: &'static str = "nothing, or JSON like {\"until\": \"2027-01-31T00:00:00Z\"}";

    fn of_nothing() -> Option<Self> {
        Some(Self::default())
    }
}

/// Fetch a torrent and keep it here whatever the counts
#[utoipa::path(post, path = "/api/v1/torrents/{info_hash}/pin", params(("info_hash" = InfoHashText, Path)), responses((status = 200, body = OrderedForm), (status = 409, description = "It cannot be done as things are.")))]
pub(super) async fn pin(state: State<Arc<Shared>>, info_hash: Part) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    order(state, Order::Pin(info_hash)).await
}

/// Treat a pinned torrent like all others again
#[utoipa::path(delete, path = "/api/v1/torrents/{info_hash}/pin", params(("info_hash" = InfoHashText, Path)), responses((status = 200, body = OrderedForm), (status = 409, description = "It cannot be done as things are.")))]
pub(super) async fn unpin(state: State<Arc<Shared>>, info_hash: Part) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    order(state, Order::Unpin(info_hash)).await
}

/// Fetch a torrent here once
///
/// Afterwards the counts decide whether it stays.
#[utoipa::path(post, path = "/api/v1/torrents/{info_hash}/request", params(("info_hash" = InfoHashText, Path)), responses((status = 200, body = OrderedForm), (status = 409, description = "It cannot be done as things are.")))]
pub(super) async fn request(state: State<Arc<Shared>>, info_hash: Part) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    order(state, Order::Request(info_hash)).await
}

/// Take back that a torrent is to be fetched here once
#[utoipa::path(delete, path = "/api/v1/torrents/{info_hash}/request", params(("info_hash" = InfoHashText, Path)), responses((status = 200, body = OrderedForm), (status = 409, description = "It cannot be done as things are.")))]
pub(super) async fn unrequest(state: State<Arc<Shared>>, info_hash: Part) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    order(state, Order::Unrequest(info_hash)).await
}

/// Act, or only say what would be done
///
/// It holds over restarts, until `mode` in the configuration is changed.
#[utoipa::path(
    post, path = "/api/v1/mode", request_body = ModeOrderForm,
    responses((status = 200, body = OrderedForm))
)]
pub(super) async fn mode(
    state: State<Arc<Shared>>,
    Body(form): Body<ModeOrderForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let mode = Mode::of_word(&form.mode);
    let allowed = || format!("{}, {}", Mode::Apply.word(), Mode::DryRun.word());
    let mode = mode.ok_or_else(|| Problem::BadParameter { name: "mode", value: form.mode, allowed: allowed() })?;
    order(state, Order::Mode(mode)).await
}

/// Leave gracefully: others take over what is here
#[utoipa::path(
    post, path = "/api/v1/drain", request_body = Option<DrainOrderForm>,
    responses((status = 200, body = OrderedForm), (status = 409, description = "It cannot be done as things are."))
)]
pub(super) async fn drain(
    state: State<Arc<Shared>>,
    Body(form): Body<DrainOrderForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let instant = |text: String| parse_rfc3339_or_past(&text).ok_or(Problem::BadTime(text));
    let until = form.until.map(instant).transpose()?;
    order(state, Order::Drain(Drain { until })).await
}

/// Stay after all
#[utoipa::path(delete, path = "/api/v1/drain", responses((status = 200, body = OrderedForm), (status = 409, description = "It cannot be done as things are.")))]
pub(super) async fn stay(state: State<Arc<Shared>>) -> Result<Json<OrderedForm>, Problem> {
    order(state, Order::Stay).await
}

async fn order(State(shared): State<Arc<Shared>>, order: Order) -> Result<Json<OrderedForm>, Problem> {
    let message = ask(&shared.questions, |reply| Question::Order { order, reply }).await??;
    Ok(Json(OrderedForm { message }))
}
