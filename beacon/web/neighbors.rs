//! Neighbors that are named while the beacon runs: `/api/v1/neighbors`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::{
    Invited, JoinRefusal, Joined, Question,
    ask::ask,
    body::{Body, RequestForm},
    collections::part,
    orders::OrderedForm,
    problem::Problem,
    server::Shared,
};
use crate::{
    model::{DialAddress, Invitation},
    node::{NeighborError, NeighborView},
};

/// What is asked about neighbors, with the way back for the answer.
#[derive(Debug)]
pub enum NeighborsQuestion {
    /// All that were named, and how it stands with them.
    List(oneshot::Sender<Vec<NeighborView>>),
    /// Name one more. The answer says what comes of it, or why it cannot be.
    Add(DialAddress, oneshot::Sender<Result<String, NeighborError>>),
    /// Take one back.
    Remove(DialAddress, oneshot::Sender<Result<String, NeighborError>>),
    /// A line by which others join the network of this beacon, with its key where that is wanted and there is one.
    Invite {
        /// Whether the secret is given away.
        with_key: bool,
        /// The way back.
        reply: oneshot::Sender<Invited>,
    },
    /// Join the network that an invitation is to.
    Join(Invitation, oneshot::Sender<Result<Joined, JoinRefusal>>),
}

/// The neighbors that the user named.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NeighborsForm {
    /// Those of the configuration first.
    neighbors: Vec<NeighborForm>,
}

/// A neighbor that the user named.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NeighborForm {
    /// Where it is dialed.
    address: String,
    /// Who named it: `config` or `order`.
    source: &'static str,
    /// How it stands: `linked`, `dialing`, or `waiting`, where it has failed and is dialed again in a while.
    state: &'static str,
    /// Who is at the other end, where there is a link.
    beacon: Option<String>,
    /// How often in a row it did not answer as it should.
    failures: u32,
    /// Seconds until it is dialed again, where it has failed.
    retry_in_s: Option<u64>,
    /// Why it failed the last time, where that is known.
    problem: Option<String>,
}

/// A neighbor to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNeighborForm {
    /// `host:port`, `[v6]:port`, or either behind `ID@`, which says who must answer.
    address: String,
}

impl RequestForm for NewNeighborForm {
    const EXAMPLE: &'static str = "JSON like {\"address\": \"198.51.100.7:9000\"}";
}

impl From<NeighborView> for NeighborForm {
    fn from(view: NeighborView) -> Self {
        Self {
            address: view.address.to_string(),
            source: view.source.word(),
            state: view.state.word(),
            beacon: view.beacon.map(|beacon| beacon.to_string()),
            failures: view.failures,
            retry_in_s: view.retry_in.map(|wait| wait.as_secs()),
            problem: view.problem,
        }
    }
}

/// The neighbors that the user named
///
/// Those of the configuration, and those that were added while the beacon ran. All others are found by themselves.
#[utoipa::path(get, path = "/api/v1/neighbors", responses((status = 200, body = NeighborsForm)))]
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Result<Json<NeighborsForm>, Problem> {
    let views = ask(&shared.questions, |reply| Question::Neighbors(NeighborsQuestion::List(reply))).await?;
    Ok(Json(NeighborsForm { neighbors: views.into_iter().map(Into::into).collect() }))
}

/// Add a neighbor
///
/// It is dialed now, and after every start.
#[utoipa::path(
    post, path = "/api/v1/neighbors", request_body = NewNeighborForm,
    responses((status = 200, body = OrderedForm), (status = 409, description = "It is one already, or there are too many."))
)]
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Body(form): Body<NewNeighborForm>,
) -> Result<Json<OrderedForm>, Problem> {
    let address: DialAddress = form.address.trim().parse()?;
    let question = |reply| Question::Neighbors(NeighborsQuestion::Add(address, reply));
    let message = ask(&shared.questions, question).await??;
    Ok(Json(OrderedForm { message }))
}

/// Remove a neighbor that was added
///
/// It is dialed no more than any other beacon is; a connection that is up stays until it ends by itself.
#[utoipa::path(
    delete, path = "/api/v1/neighbors/{address}",
    params(("address" = String, Path, description = "As it is listed.")),
    responses((status = 200, body = OrderedForm), (status = 409, description = "The configuration names it."))
)]
pub(super) async fn remove(
    State(shared): State<Arc<Shared>>,
    address: Result<Path<String>, PathRejection>,
) -> Result<Json<OrderedForm>, Problem> {
    let address: DialAddress = part(address)?.parse()?;
    let question = |reply| Question::Neighbors(NeighborsQuestion::Remove(address, reply));
    let message = ask(&shared.questions, question).await??;
    Ok(Json(OrderedForm { message }))
}

/// What to do where a neighbor is not added or removed.
pub(super) const fn way_out(error: &NeighborError) -> &'static str {
    match error {
        NeighborError::Already(_) => "it needs not be added again",
        NeighborError::Itself(_) => "give the address of another beacon",
        NeighborError::TooMany => "remove one that is not needed; a few lead to all others",
        NeighborError::Unknown(_) => "those that were named are listed at /api/v1/neighbors",
        NeighborError::Configured(_) => "take it out there, and start the beacon again",
    }
}
