//! Serving what the user has already. The guard has let the request in before any of this runs.

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::InfoHash;

use super::{
    Question,
    ask::ask_within,
    body::{Body, RequestForm},
    collections::part,
    orders::OrderedForm,
    problem::Problem,
    server::Shared,
    words::InfoHashText,
};

/// How long it may take: the client is given the torrent, and says that it has it.
const PATIENCE: Duration = Duration::from_mins(1);

/// The body of `POST /api/v1/torrents/{info_hash}/share`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShareForm {
    /// The file or directory that the torrent was made of, on the beacon's machine.
    #[schema(value_type = String)]
    path: PathBuf,
}

impl RequestForm for ShareForm {
    const EXAMPLE: &'static str = "JSON like {\"path\": \"/home/me/letters\"}";
}

/// Serve a torrent from files that are there already
#[utoipa::path(
    post, path = "/api/v1/torrents/{info_hash}/share", params(("info_hash" = InfoHashText, Path)), request_body = ShareForm,
    responses((status = 200, body = OrderedForm), (status = 409, description = "It is not there, or the client does not take it."))
)]
pub(super) async fn share(
    State(shared): State<Arc<Shared>>,
    info_hash: Result<Path<String>, PathRejection>,
    Body(form): Body<ShareForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    let question = |reply| Question::Share { info_hash, path: form.path, reply };
    let message = ask_within(PATIENCE, &shared.questions, question).await??;
    Ok(Json(OrderedForm { message }))
}
