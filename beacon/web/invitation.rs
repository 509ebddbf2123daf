//! Inviting others into the network, and joining one: `/api/v1/invitation`.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{
    NeighborsQuestion, Question,
    ask::ask,
    asked::Pairs,
    body::{Body, RequestForm},
    problem::Problem,
    server::Shared,
};
use crate::{model::Invitation, node::NeighborError};

/// An invitation into the network of this beacon, with what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The invitation; without any address where none is known at which others could reach this beacon.
    pub invitation: Invitation,
    /// Whether the network has a key, be it in the invitation or not.
    pub is_closed: bool,
    /// What whoever passes it on should know.
    pub warning: Option<String>,
}

/// What came of joining.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// In a sentence or more, with what is left to do.
    pub message: String,
    /// Whether the beacon is in that network only once its configuration is changed and it is started again.
    pub restart_needed: bool,
}

/// Why an invitation is not taken. Nothing has been changed then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JoinRefusal {
    /// Its own.
    #[error("this is the invitation of this beacon itself")]
    Itself,
    /// A closed network, without its key.
    #[error("that network is closed, and the invitation does not have its key")]
    KeyLacking,
    /// Another closed network than this beacon's.
    #[error("this beacon is in another closed network, and a beacon is in one network only")]
    OtherNetwork,
    /// The open network, to which this beacon does not belong.
    #[error("the invitation is to the open network, and this beacon is in a closed one")]
    OpenNetwork,
    /// A key file with another key.
    #[error("{} has another key, and is left as it is", .0.display())]
    OtherKey(PathBuf),
    /// A key file that cannot be written or read.
    #[error("the key cannot be put into {}: {reason}", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// None of its addresses becomes a neighbor.
    #[error(transparent)]
    Neighbor(#[from] NeighborError),
    /// What is to be kept cannot be written down.
    #[error("it cannot be written down: {0}")]
    Store(String),
}

/// An invitation to pass on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitationForm {
    /// One line of text.
    invitation: String,
    /// The addresses in it, the most likely first.
    addresses: Vec<String>,
    /// Who answers there.
    id: String,
    /// Whether the key of the network is in it.
    has_key: bool,
    /// Whether the network has a key, be it in the invitation or not.
    is_closed: bool,
    /// What whoever passes it on should know.
    warning: Option<String>,
}

/// An invitation that somebody sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinForm {
    /// The line, in whatever shape mail programs left it.
    invitation: String,
}

/// What came of joining.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JoinedForm {
    /// In a sentence or more, with what is left to do.
    message: String,
    /// Whether the beacon is in that network only once its configuration is changed and it is started again.
    restart_needed: bool,
}

impl RequestForm for JoinForm {
    const EXAMPLE: &'static str = "JSON like {\"invitation\": \"beacon:?v=1&id=…&at=198.51.100.7:9000\"}";
    const BYTES_MAX: usize = 4 * Invitation::CHARS_MAX;
}

/// An invitation into the network of this beacon
///
/// With `key=true` it has the secret of a closed network: whoever has the line can join.
#[utoipa::path(
    get, path = "/api/v1/invitation",
    params(("key" = Option<bool>, Query, description = "Whether the network's key is in it.")),
    responses(
        (status = 200, body = InvitationForm),
        (status = 409, description = "No address is known at which others could reach this beacon."),
    )
)]
pub(super) async fn show(State(shared): State<Arc<Shared>>, query: Pairs) -> Result<Json<InvitationForm>, Problem> {
    let with_key = with_key(query)?;
    let question = |reply| Question::Neighbors(NeighborsQuestion::Invite { with_key, reply });
    let Invited { invitation, is_closed, warning } = ask(&shared.questions, question).await?;
    if invitation.addresses.is_empty() {
        return Err(Problem::NoAddress);
    }
    Ok(Json(InvitationForm {
        invitation: invitation.to_string(),
        addresses: invitation.addresses.iter().map(ToString::to_string).collect(),
        id: invitation.id.to_string(),
        has_key: invitation.key.is_some(),
        is_closed,
        warning,
    }))
}

/// Join the network that an invitation is to
///
/// Its addresses become neighbors. A key is never mixed in: where this beacon is in the open network, it is written into a file
/// of its own, which the configuration has to name before it counts.
#[utoipa::path(
    post, path = "/api/v1/invitation", request_body = JoinForm,
    responses((status = 200, body = JoinedForm), (status = 409, description = "It is to another network."))
)]
pub(super) async fn join(
    State(shared): State<Arc<Shared>>,
    Body(form): Body<JoinForm>,
) -> Result<Json<JoinedForm>, Problem> {
    let invitation: Invitation = form.invitation.parse()?;
    let question = |reply| Question::Neighbors(NeighborsQuestion::Join(invitation, reply));
    let Joined { message, restart_needed } = ask(&shared.questions, question).await??;
    Ok(Json(JoinedForm { message, restart_needed }))
}

/// What to do where an invitation is not taken.
pub fn way_out(refusal: &JoinRefusal) -> &'static str {
    match refusal {
        JoinRefusal::Itself => "send it to somebody else, and paste what another beacon's `beacon invite` prints",
        JoinRefusal::KeyLacking => "ask for one that `beacon invite --with-key` prints, or for the key file",
        JoinRefusal::OtherNetwork => {
            "run another beacon for it, with a configuration and a data directory of its own; or let `network_key_file` name the other key, and start the beacon again"
        }
        JoinRefusal::OpenNetwork => {
            "run another beacon for it, with a configuration and a data directory of its own; or take `network_key_file` out of the configuration, and start the beacon again"
        }
        JoinRefusal::OtherKey(_) => "move the file away if its key is not needed any more, then try again",
        JoinRefusal::Unwritable { .. } | JoinRefusal::Store(_) => {
            "see that the data directory can be written to, then try again"
        }
        JoinRefusal::Neighbor(error) => super::neighbors::way_out(error),
    }
}

fn with_key(query: Pairs) -> Result<bool, Problem> {
    let Query(pairs) = query.map_err(|rejection| Problem::BadQuery(rejection.body_text()))?;
    let mut with_key = false;
    for (name, value) in pairs {
        match (name.as_str(), value.as_str()) {
            ("key", "true") => with_key = true,
            ("key", "false" | "") => with_key = false,
            ("key", _) => {
                return Err(Problem::BadParameter { name: "key", value, allowed: "true and false".to_owned() });
            }
            _ => return Err(Problem::UnknownParameter { name, known: "key" }),
        }
    }
    Ok(with_key)
}
