//! Serving what the user has already. The guard has let the request in before any of this runs.

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
};
use serde::Deserialize;

use crate::model::InfoHash;

use super::{
    Question,
    ask::ask_within,
    collections::part,
    orders::{BODY_BYTES_MAX, OrderedForm},
    problem::Problem,
    server::Shared,
};

/// How long it may take: the client is given the torrent, and says that it has it.
const PATIENCE: Duration = Duration::from_mins(1);

/// The body of `POST /api/v1/torrents/{info_hash}/share`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareForm {
    /// The file or directory that the torrent was made of, on the beacon's machine.
    path: PathBuf,
}

/// `POST /api/v1/torrents/{info_hash}/share`, with `{"path": "/home/me/letters"}` as its body.
pub(super) async fn share(
    State(shared): State<Arc<Shared>>,
    info_hash: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<OrderedForm>, Problem> {
    let info_hash: InfoHash = part(info_hash)?.parse()?;
    let body = body.map_err(|_too_large_or_cut_off| Problem::BodyTooLarge(BODY_BYTES_MAX))?;
    let form: ShareForm = serde_json::from_slice(&body).map_err(|error| Problem::BadBody(error.to_string()))?;
    let question = |reply| Question::Share { info_hash, path: form.path, reply };
    let message = ask_within(PATIENCE, &shared.questions, question).await??;
    Ok(Json(OrderedForm { message }))
}
