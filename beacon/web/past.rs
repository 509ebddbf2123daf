//! What was: what happened, and how the torrents stood in the course of time.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Serialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::{
    Question,
    ask::ask,
    asked::{LIMIT_DEFAULT, LIMIT_MAX, Pairs, number, pairs},
    etag::tagged_json,
    form::forms,
    problem::Problem,
    rfc3339::{parse_rfc3339, rfc3339},
    server::Shared,
    words::{CollectionIdText, InfoHashText, Time},
};
use crate::{
    model::{CollectionId, InfoHash, Instant},
    node::view::{EventView, HistoryView, TrendPoint, TrendView},
};

/// What is asked about the past, with the way back for the answer: `Err` says why it cannot be read.
#[derive(Debug)]
pub enum PastQuestion {
    /// What happened, the latest first.
    History {
        /// Only what was about this torrent.
        info_hash: Option<InfoHash>,
        /// Only what is of this kind.
        kind: Option<String>,
        /// How many of those that match to skip.
        offset: usize,
        /// The most to show.
        limit: usize,
        /// The way back.
        reply: oneshot::Sender<Result<HistoryView, String>>,
    },
    /// How torrents stood.
    Trend {
        /// Of one collection, or all; `Ok(None)` where there is no such collection.
        collection: Option<CollectionId>,
        /// Since when.
        since: Instant,
        /// The most points.
        points: u32,
        /// The way back.
        reply: oneshot::Sender<Result<Option<TrendView>, String>>,
    },
}

/// How many points a trend has where the request does not say.
const POINTS_DEFAULT: usize = 500;
/// The most points of a trend: as many as a wide screen shows.
const POINTS_MAX: usize = 1000;

/// `GET /api/v1/history`.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryForm {
    total: usize,
    /// The latest first.
    events: Vec<HistoryEventForm>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryEventForm {
    #[schema(value_type = Time)]
    at: String,
    /// `info` or `warning`.
    kind: String,
    #[schema(value_type = Option<InfoHashText>)]
    info_hash: Option<String>,
    name: Option<String>,
    text: String,
}

/// `GET /api/v1/trend`.
#[derive(Debug, Serialize, ToSchema)]
struct TrendForm {
    #[schema(value_type = Time)]
    from: String,
    #[schema(value_type = Time)]
    to: String,
    /// The earliest first; each holds until the next. The first may be from before `from`: so it was then.
    points: Vec<TrendPointForm>,
}

/// How torrents stood at one moment.
#[derive(Debug, Serialize, ToSchema)]
struct TrendPointForm {
    #[schema(value_type = Time)]
    at: String,
    missing: u32,
    under: u32,
    met: u32,
    over: u32,
    bytes_total: u64,
    bytes_wanted: u64,
    bytes_stored: u64,
    bytes_mirrored: u64,
}

/// What happened, the latest first
#[utoipa::path(
    get,
    path = "/api/v1/history",
    params(
        ("info_hash" = Option<InfoHashText>, Query, description = "Only what was about this torrent."),
        ("kind" = Option<String>, Query, description = "`info` or `warning`."),
        ("offset" = Option<usize>, Query, maximum = 4_294_967_295_u64),
        ("limit" = Option<usize>, Query, maximum = 1000, description = "At most 1000; 100 where it is not said."),
    ),
    responses((status = 200, body = HistoryForm), (status = 304)),
)]
pub(super) async fn history(
    State(shared): State<Arc<Shared>>,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (mut info_hash, mut kind, mut offset, mut limit) = (None, None, 0, LIMIT_DEFAULT);
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "info_hash" | "kind" | "offset" | "limit" if value.trim().is_empty() => {}
            "info_hash" => info_hash = Some(value.parse()?),
            "kind" => kind = Some(value),
            "offset" => offset = number("offset", value, u32::MAX as usize)?,
            "limit" => limit = number("limit", value, LIMIT_MAX)?,
            _ => return Err(Problem::UnknownParameter { name, known: "info_hash, kind, offset and limit" }),
        }
    }
    let question = |reply| Question::Past(PastQuestion::History { info_hash, kind, offset, limit, reply });
    let view = ask(&shared.questions, question).await?.map_err(Problem::Unreadable)?;
    tagged_json(&headers, &HistoryForm::from(view))
}

/// How the torrents stood in the course of time
#[utoipa::path(
    get,
    path = "/api/v1/trend",
    params(
        ("collection" = Option<CollectionIdText>, Query, description = "The id of a collection; all torrents where it is not said."),
        ("since" = Option<Time>, Query, description = "A moment as RFC 3339 writes it; as far back as is known where it is not said."),
        ("points" = Option<usize>, Query, maximum = 1000, description = "The most points, at most 1000; 500 where it is not said."),
    ),
    responses((status = 200, body = TrendForm), (status = 304), (status = 404, description = "There is no such collection.")),
)]
pub(super) async fn trend(
    State(shared): State<Arc<Shared>>,
    query: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (mut collection, mut since, mut points) = (None::<CollectionId>, Instant::ZERO, POINTS_DEFAULT);
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "collection" | "since" | "points" if value.trim().is_empty() => {}
            "collection" => collection = Some(value.parse()?),
            "since" => since = parse_rfc3339(&value).ok_or(Problem::BadTime(value))?,
            "points" => points = number("points", value, POINTS_MAX)?,
            _ => return Err(Problem::UnknownParameter { name, known: "collection, since and points" }),
        }
    }
    let points = u32::try_from(points).unwrap_or(u32::MAX);
    let question = |reply| Question::Past(PastQuestion::Trend { collection, since, points, reply });
    let view = ask(&shared.questions, question).await?.map_err(Problem::Unreadable)?;
    let unknown = collection.map_or(Problem::Stopping, Problem::NoSuchCollection);
    tagged_json(&headers, &TrendForm::from(view.ok_or(unknown)?))
}

impl From<HistoryView> for HistoryForm {
    fn from(view: HistoryView) -> Self {
        Self { total: view.total, events: forms(view.events) }
    }
}

impl From<EventView> for HistoryEventForm {
    fn from(view: EventView) -> Self {
        Self {
            at: rfc3339(view.at),
            kind: view.kind,
            info_hash: view.info_hash.map(|info_hash| info_hash.to_string()),
            name: view.name,
            text: view.text,
        }
    }
}

impl From<TrendView> for TrendForm {
    fn from(view: TrendView) -> Self {
        Self { from: rfc3339(view.from), to: rfc3339(view.to), points: forms(view.points) }
    }
}

impl From<TrendPoint> for TrendPointForm {
    fn from(point: TrendPoint) -> Self {
        Self {
            at: rfc3339(point.at),
            missing: point.missing,
            under: point.under,
            met: point.met,
            over: point.over,
            bytes_total: point.bytes_total.bytes(),
            bytes_wanted: point.bytes_wanted.bytes(),
            bytes_stored: point.bytes_stored.bytes(),
            bytes_mirrored: point.bytes_mirrored.bytes(),
        }
    }
}
