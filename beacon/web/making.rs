//! Making torrents through the API: `POST /api/v1/torrents/create` begins a job, `GET /api/v1/jobs/{id}` tells how far it
//! is, `DELETE` ends it.

use std::{fmt, path::PathBuf, sync::Arc};

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{
    body::{Body, RequestForm},
    collections::part,
    problem::Problem,
    server::Shared,
    words::{InfoHashText, JobStateWord},
};

/// Whoever makes torrents in the background.
pub trait MakesTorrents: fmt::Debug + Send + Sync {
    /// Begins, unless that is not allowed or too much.
    fn begin(&self, wanted: MakeForm) -> Result<JobView, MakeRefusal>;
    /// A job that has not been forgotten.
    fn job(&self, id: u64) -> Option<JobView>;
    /// Ends a job, if it has not ended by itself.
    fn cancel(&self, id: u64) -> Option<JobView>;
}

/// What is wanted: the body of the request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeForm {
    /// The file or directory on the beacon's machine, from the root.
    #[schema(value_type = String)]
    pub path: PathBuf,
    /// What to call it, instead of by the name of the file or directory.
    pub name: Option<String>,
    /// Bytes of a piece.
    #[schema(maximum = 4_294_967_296_u64)]
    pub piece_length: Option<u64>,
    /// Whether only its own trackers may tell of peers.
    #[serde(default)]
    pub private: bool,
    /// Which versions of the protocol it is for.
    #[serde(default)]
    pub version: MakeVersion,
    /// The collection to put it into, by id or name.
    pub collection: Option<String>,
    /// The copies wanted of it, where they are not the collection's.
    #[schema(minimum = 1, maximum = 65_535)]
    pub target: Option<u16>,
}

/// Which versions of the protocol a torrent is to be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MakeVersion {
    /// Version 1.
    #[default]
    V1,
    /// Version 2.
    V2,
    /// Both.
    Hybrid,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobView {
    /// By which it is asked for.
    pub id: u64,
    /// `running`, `done` or `failed`.
    #[schema(value_type = JobStateWord)]
    pub state: &'static str,
    /// What it makes a torrent of. What is not UTF-8 in paths is replaced, here and below.
    pub path: String,
    /// Bytes that have been read.
    pub bytes_done: u64,
    /// Bytes that are to be read; 0 while the tree is walked.
    pub bytes_total: u64,
    /// What has been made.
    pub result: Option<MadeView>,
    /// Why nothing has.
    pub error: Option<String>,
}

/// A torrent that has been made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MadeView {
    /// The .torrent file.
    pub file: String,
    /// Its name.
    pub name: String,
    /// By which beacons know it.
    #[schema(value_type = InfoHashText)]
    pub info_hash: String,
    /// A link to it.
    pub magnet: String,
    /// Bytes of all files.
    pub size: u64,
    /// What lies in the directory and is not in the torrent, a sentence each; of many, the first.
    pub left_out: Vec<String>,
    /// How much else is left out.
    pub left_out_more: usize,
    /// The file of the collection that it is in.
    pub collection: Option<String>,
}

/// Why a job is not begun.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MakeRefusal {
    /// No directory is allowed.
    #[error("this beacon makes no torrents for the page: `create_from` in its configuration names no directory")]
    SwitchedOff,
    /// Nothing is there, or something that is not allowed; which, is nobody's business.
    #[error("`{}` is not there, or not in a directory that `create_from` names", .0.display())]
    NotAllowed(PathBuf),
    /// As many as may be are under way.
    #[error("{0} torrents are being made, which is the most at a time")]
    Busy(usize),
    /// No collection is called so.
    #[error("this beacon has no collection `{0}`")]
    NoSuchCollection(String),
    /// What is wanted makes no sense.
    #[error("{0}")]
    Senseless(String),
}

impl RequestForm for MakeForm {
    const EXAMPLE: &'static str =
        "JSON like {\"path\": \"/srv/letters\", \"collection\": \"Town archive\", \"target\": 3}";
}

/// Begin to make a torrent
#[utoipa::path(
    post, path = "/api/v1/torrents/create", request_body = MakeForm,
    responses(
        (status = 202, body = JobView),
        (status = 404, description = "No collection is called so."),
    )
)]
pub(super) async fn begin(
    State(shared): State<Arc<Shared>>,
    Body(wanted): Body<MakeForm>,
) -> Result<(StatusCode, Json<JobView>), Problem> {
    // To look at the paths and the collections is work for a disk.
    let begun = tokio::task::spawn_blocking(move || shared.maker.begin(wanted)).await;
    let job = begun.map_err(|_the_beacon_ends| Problem::Stopping)??;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// How far a job is
#[utoipa::path(get, path = "/api/v1/jobs/{id}", params(("id" = u64, Path, maximum = 9_007_199_254_740_991_u64)), responses((status = 200, body = JobView)))]
pub(super) async fn job(State(shared): State<Arc<Shared>>, id: Id) -> Result<Json<JobView>, Problem> {
    let id = number(id)?;
    shared.maker.job(id).map(Json).ok_or(Problem::NoSuchJob(id))
}

/// End a job
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", params(("id" = u64, Path, maximum = 9_007_199_254_740_991_u64)), responses((status = 200, body = JobView)))]
pub(super) async fn cancel(State(shared): State<Arc<Shared>>, id: Id) -> Result<Json<JobView>, Problem> {
    let id = number(id)?;
    shared.maker.cancel(id).map(Json).ok_or(Problem::NoSuchJob(id))
}

type Id = Result<Path<String>, PathRejection>;

fn number(id: Id) -> Result<u64, Problem> {
    let text = part(id)?;
    text.parse().map_err(|_no_number| Problem::BadPath(format!("`{text}` is not the number of a job")))
}
