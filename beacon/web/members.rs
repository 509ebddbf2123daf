//! The beacons of the network: `/api/v1/members`, and the links to them: `/api/v1/network`.

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::Response,
};
use tokio::sync::oneshot;

use super::{
    Question,
    ask::ask,
    asked::{LIMIT_DEFAULT, LIMIT_MAX, Pairs, descends, number, one_of, pairs},
    collections::part,
    etag::tagged_json,
    form::liveness_word,
    form_member::{MemberDetailForm, MembersForm, NetworkForm},
    problem::Problem,
    server::Shared,
    words::{BeaconIdText, LivenessWord, MemberOrderWord, OrderWord},
};
use crate::{
    model::BeaconId,
    node::view::{Liveness, MemberDetail, MemberFilter, MemberOrder, MembersView, NetworkView},
};

/// What is asked about the network, with the way back for the answer.
#[derive(Debug)]
pub enum NetworkQuestion {
    /// A page of the beacons.
    Members {
        /// Which.
        filter: MemberFilter,
        /// The way back.
        reply: oneshot::Sender<MembersView>,
    },
    /// One beacon; `None` where it is not known.
    Member {
        /// Which.
        id: BeaconId,
        /// The way back.
        reply: oneshot::Sender<Option<MemberDetail>>,
    },
    /// The links, and what has gone over them.
    Links(oneshot::Sender<NetworkView>),
}

const LIVENESSES: [Liveness; 4] = [Liveness::Alive, Liveness::Suspect, Liveness::Away, Liveness::Gone];

/// A page of the beacons of the network
#[utoipa::path(
    get,
    path = "/api/v1/members",
    params(
        ("state" = Option<LivenessWord>, Query, description = "`alive`, `suspect`, `away` or `gone`."),
        ("query" = Option<String>, Query, description = "Part of the name, the zone or an address, or the beginning of the id."),
        ("sort" = Option<MemberOrderWord>, Query, description = "`name`, `state`, `heard`, `used`, `budget`, `latency` or `zone`; \
            where it is not said, `name`."),
        ("order" = Option<OrderWord>, Query, description = "`asc` or `desc`."),
        ("offset" = Option<usize>, Query, maximum = 4_294_967_295_u64),
        ("limit" = Option<usize>, Query, maximum = 1000, description = "At most 1000; 100 where it is not said."),
    ),
    responses((status = 200, body = MembersForm), (status = 304)),
)]
pub(super) async fn members(
    State(shared): State<Arc<Shared>>,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let filter = filter(query)?;
    let question = |reply| Question::Network(NetworkQuestion::Members { filter, reply });
    let view = ask(&shared.questions, question).await?;
    tagged_json(&headers, &MembersForm::new(view, &shared.version))
}

/// One beacon, and how many torrents it has
#[utoipa::path(get, path = "/api/v1/members/{id}", params(("id" = BeaconIdText, Path)), responses((status = 200, body = MemberDetailForm), (status = 304)))]
pub(super) async fn member(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let text = part(id)?;
    let id: BeaconId = text.parse().map_err(|_no_id| Problem::NoSuchMember(text))?;
    let view = ask(&shared.questions, |reply| Question::Network(NetworkQuestion::Member { id, reply })).await?;
    let view = view.ok_or_else(|| Problem::NoSuchMember(id.to_string()))?;
    tagged_json(&headers, &MemberDetailForm::new(view, &shared.version))
}

/// The links to other beacons, and what has gone over them
#[utoipa::path(get, path = "/api/v1/network", responses((status = 200, body = NetworkForm), (status = 304)))]
pub(super) async fn network(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Problem> {
    let view = ask(&shared.questions, |reply| Question::Network(NetworkQuestion::Links(reply))).await?;
    tagged_json(&headers, &NetworkForm::from(view))
}

fn filter(query: Pairs) -> Result<MemberFilter, Problem> {
    let mut filter = MemberFilter { limit: LIMIT_DEFAULT, ..MemberFilter::default() };
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "state" | "query" | "sort" | "order" | "offset" | "limit" if value.trim().is_empty() => {}
            "state" => filter.state = Some(one_of("state", value, &LIVENESSES, liveness_word)?),
            "query" => value.trim().clone_into(&mut filter.text),
            "sort" => filter.order = one_of("sort", value, &MemberOrder::ALL, MemberOrder::word)?,
            "order" => filter.descending = descends(value)?,
            "offset" => filter.offset = number("offset", value, u32::MAX as usize)?,
            "limit" => filter.limit = number("limit", value, LIMIT_MAX)?,
            _ => {
                return Err(Problem::UnknownParameter { name, known: "state, query, sort, order, offset and limit" });
            }
        }
    }
    Ok(filter)
}
